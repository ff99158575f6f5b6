//! Hyper-parameters of the support vector machines, shared by all frameworks: scikit-learn's
//! names and defaults.

use serde::{Deserialize, Serialize};

use super::Params;
use super::votes::pairs;
use crate::fault::Fault;

mod linear;
mod outputs;
mod ranges;
mod terms;

pub use linear::{LinearSvc, LinearSvr, LossOfClasses, LossOfValues};
pub use outputs::attributes;
pub use terms::{ClassWeight, Gamma, GammaRule, Kernel};

use ranges::{above_zero, not_negative, number, share};

/// What all kernel machines are told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Common {
    pub kernel: Kernel,
    pub degree: u32,
    pub gamma: Gamma,
    pub coef0: f64,
    pub shrinking: bool,
    /// The violation at which to stop.
    pub tol: f64,
    /// Kernel cache in MiB.
    pub cache_size: f64,
    /// Iterations at most; -1 is no limit.
    pub max_iter: i64,
}

impl Common {
    fn check(&self) -> Result<(), Fault> {
        if let Gamma::Number(gamma) = self.gamma {
            above_zero("gamma", gamma)?;
        }
        if !self.coef0.is_finite() {
            return Err(number("coef0", self.coef0, "must be a finite number"));
        }
        above_zero("tol", self.tol)?;
        above_zero("cache_size", self.cache_size)?;
        if self.max_iter == -1 || self.max_iter >= 1 {
            return Ok(());
        }
        let allowed = "must be at least 1, or -1 for no limit";
        Err(Fault::parameter("max_iter", self.max_iter, allowed))
    }

    /// The limit of iterations, where there is one.
    pub fn limit(&self) -> Option<u64> {
        u64::try_from(self.max_iter).ok()
    }
}

/// A kernel machine's own hyper-parameters and the common ones, all by name.
macro_rules! kernel_machine {
    ($(#[$doc:meta])* $machine:ident {
        $($(#[$meta:meta])* $name:ident: $type:ty = $default:expr,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct $machine {
            $($(#[$meta])* pub $name: $type,)*
            pub kernel: Kernel,
            pub degree: u32,
            pub gamma: Gamma,
            pub coef0: f64,
            pub shrinking: bool,
            pub tol: f64,
            pub cache_size: f64,
            pub max_iter: i64,
        }

        impl Default for $machine {
            fn default() -> Self {
                Self {
                    $($name: $default,)*
                    kernel: Kernel::Rbf,
                    degree: 3,
                    gamma: Gamma::Rule(GammaRule::Scale),
                    coef0: 0.0,
                    shrinking: true,
                    tol: 1e-3,
                    cache_size: 200.0,
                    max_iter: -1,
                }
            }
        }

        impl $machine {
            /// What all kernel machines are told.
            pub fn common(&self) -> Common {
                Common {
                    kernel: self.kernel,
                    degree: self.degree,
                    gamma: self.gamma,
                    coef0: self.coef0,
                    shrinking: self.shrinking,
                    tol: self.tol,
                    cache_size: self.cache_size,
                    max_iter: self.max_iter,
                }
            }
        }
    };
}

kernel_machine!(
    /// C-support vector classification.
    Svc {
        #[serde(rename = "C")]
        c: f64 = 1.0,
        class_weight: ClassWeight = ClassWeight::None,
        /// Whether to fit probabilities too: Platt scaling over the folds of the training file.
        probability: bool = false,
    }
);
kernel_machine!(
    /// nu-support vector classification.
    NuSvc {
        nu: f64 = 0.5,
        class_weight: ClassWeight = ClassWeight::None,
        /// Whether to fit probabilities too: Platt scaling over the folds of the training file.
        probability: bool = false,
    }
);
kernel_machine!(
    /// epsilon-support vector regression.
    Svr {
        #[serde(rename = "C")]
        c: f64 = 1.0,
        epsilon: f64 = 0.1,
    }
);
kernel_machine!(
    /// nu-support vector regression.
    NuSvr {
        #[serde(rename = "C")]
        c: f64 = 1.0,
        nu: f64 = 0.5,
    }
);

impl Params for Svc {
    fn check(&self) -> Result<(), Fault> {
        above_zero("C", self.c)?;
        self.common().check()
    }

    fn uses_folds(&self) -> bool {
        self.probability
    }
}

impl Params for NuSvc {
    /// Balanced classes are refused: nu-SVC has no cost to weigh, and LIBSVM ignores weights.
    fn check(&self) -> Result<(), Fault> {
        share("nu", self.nu)?;
        if self.class_weight != ClassWeight::None {
            let allowed = "must be none: nu-SVC has no cost that classes could weigh";
            return Err(Fault::parameter("class_weight", "balanced", allowed));
        }
        self.common().check()
    }

    fn uses_folds(&self) -> bool {
        self.probability
    }
}

impl Params for Svr {
    fn check(&self) -> Result<(), Fault> {
        above_zero("C", self.c)?;
        not_negative("epsilon", self.epsilon)?;
        self.common().check()
    }
}

impl Params for NuSvr {
    fn check(&self) -> Result<(), Fault> {
        above_zero("C", self.c)?;
        share("nu", self.nu)?;
        self.common().check()
    }
}

/// Refuse a nu that some pair of classes cannot meet: each class holds half of `nu` times the
/// rows of both, at most 1 a row.
pub fn feasible(nu: f64, counts: &[usize]) -> Result<(), Fault> {
    for (i, j) in pairs(counts.len()) {
        let (both, fewer) = (counts[i] + counts[j], counts[i].min(counts[j]));
        if nu * both as f64 / 2.0 > fewer as f64 {
            let most = 2.0 * fewer as f64 / both as f64;
            let allowed = format!("must be at most {most} for classes {i} and {j}");
            return Err(Fault::parameter("nu", nu, allowed));
        }
    }
    Ok(())
}

/// Refuse probabilities for a library that has none to compare.
pub fn without_probability(asked: bool, why: &str) -> Result<(), Fault> {
    if !asked {
        return Ok(());
    }
    let allowed = format!("must be false: {why}");
    Err(Fault::unsupported("probability", true, allowed))
}

#[cfg(test)]
#[path = "svm_tests.rs"]
mod tests;
