//! What support vector machines are made of: kernels, their gamma, weights of classes.

use serde::{Deserialize, Serialize};

use crate::supervised::Spread;

/// The kernel function.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kernel {
    /// `exp(-gamma |x - z|^2)`
    Rbf,
    /// `x . z`
    Linear,
    /// `(gamma x . z + coef0)^degree`
    Poly,
    /// `tanh(gamma x . z + coef0)`
    Sigmoid,
}

/// What the kernels multiply with.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged, expecting = "must be scale, auto or a number above 0")]
pub enum Gamma {
    Rule(GammaRule),
    Number(f64),
}

/// How gamma follows from the training data.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GammaRule {
    /// `1 / (columns variance)`, and 1 where there is no variance.
    Scale,
    /// `1 / columns`
    Auto,
}

impl Gamma {
    /// The number to multiply with; `spread` of the training data is asked for where needed.
    pub fn number(self, columns: usize, spread: impl FnOnce() -> Spread) -> f64 {
        match self {
            Gamma::Number(number) => number,
            Gamma::Rule(GammaRule::Auto) => 1.0 / columns as f64,
            Gamma::Rule(GammaRule::Scale) => match spread().variance {
                0.0 => 1.0,
                variance => 1.0 / (columns as f64 * variance),
            },
        }
    }
}

/// How much each class's errors cost.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassWeight {
    /// All the same.
    None,
    /// `n / (k count)`: each class as much as any other.
    Balanced,
}

impl ClassWeight {
    /// The factor of each class of these counts.
    pub fn factors(self, counts: &[usize]) -> Vec<f64> {
        let n: usize = counts.iter().sum();
        let factor = |count: &usize| match self {
            ClassWeight::None => 1.0,
            ClassWeight::Balanced => n as f64 / (counts.len() * count) as f64,
        };
        counts.iter().map(factor).collect()
    }
}
