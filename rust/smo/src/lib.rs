//! Support vector machines on dense rows: LIBSVM's sequential minimal optimisation as
//! scikit-learn's dense libsvm runs it.
//!
//! Formulas are those of Chang and Lin, "LIBSVM: a library for support vector machines", ACM TIST
//! 2(3), 27, 2011, and of Fan, Chen and Lin, "Working set selection using second order
//! information for training support vector machines", JMLR 6, 2005. Rows come from `gram.rs` in
//! one of two forms: `Pairwise` keeps scikit-learn's arithmetic and so its iterations, `Product`
//! computes many values at once. `algorithms` holds the machines as workers offer them.

pub mod algorithms;
mod cache;
mod classifier;
mod dot;
mod dual;
mod exp;
mod gram;
mod kernel;
mod matrix;
mod offset;
mod panels;
mod platt;
mod regressor;
mod scan;
mod shrinking;
mod sigmoid;
mod simd;
mod smo;
mod step;
mod support;
#[cfg(test)]
mod tests;
mod variables;
mod votes;
mod working_set;

pub use classifier::{Classifier, Margin};
pub use kernel::{Form, Kernel};
pub use platt::Platt;
pub use regressor::{Regressor, Tube};

use rmlbench_worker::Fault;

use smo::Stopping;

/// What all four machines are told; scikit-learn's names and defaults, but for `gamma`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    pub kernel: Kernel,
    pub form: Form,
    /// The violation at which to stop.
    pub tol: f64,
    /// Kernel cache in MiB, lists included; two rows are kept in any case.
    pub cache_mb: f64,
    pub shrinking: bool,
    pub max_iter: Option<u64>,
    pub threads: usize,
}

impl Settings {
    /// scikit-learn's defaults, on one thread.
    pub fn new(kernel: Kernel, form: Form) -> Self {
        Self {
            kernel,
            form,
            tol: 1e-3,
            cache_mb: 200.0,
            shrinking: true,
            max_iter: None,
            threads: 1,
        }
    }

    /// Refuse settings out of range.
    pub fn check(&self) -> Result<(), Fault> {
        self.kernel.check()?;
        above_zero("tol", self.tol)?;
        above_zero("cache_size", self.cache_mb)?;
        if self.threads < 1 {
            return Err(Fault::parameter(
                "threads",
                self.threads,
                "must be at least 1",
            ));
        }
        Ok(())
    }

    fn cache_bytes(&self) -> usize {
        (self.cache_mb * f64::from(1 << 20)) as usize
    }

    fn stopping(&self) -> Stopping {
        Stopping {
            tol: self.tol,
            shrinking: self.shrinking,
            max_iter: self.max_iter,
        }
    }

    /// Settings of one of `parts` fits that run at the same time: a share of the cache each.
    fn shared_by(&self, parts: usize) -> Self {
        Self {
            cache_mb: self.cache_mb / parts as f64,
            threads: 1,
            ..*self
        }
    }
}

/// Refuse a machine that overflow has made useless, as scikit-learn does.
fn check_fitted(coefficients: &[f64], rhos: impl IntoIterator<Item = f64>) -> Result<(), Fault> {
    let rhos: f64 = rhos.into_iter().sum();
    let sum = coefficients.iter().sum::<f64>() + rhos;
    if sum.is_finite() {
        return Ok(());
    }
    let allowed = "the coefficients are not finite: scale the data";
    Err(Fault::numerical("x_train", "too large", allowed))
}

/// Refuse what is not a finite number above 0.
fn above_zero(name: &str, value: f64) -> Result<(), Fault> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(Fault::parameter(name, value, "must be above 0"))
}

/// Refuse a share that is not above 0 and at most 1.
fn share(name: &str, value: f64) -> Result<(), Fault> {
    if value > 0.0 && value <= 1.0 {
        return Ok(());
    }
    Err(Fault::parameter(
        name,
        value,
        "must be above 0 and at most 1",
    ))
}
