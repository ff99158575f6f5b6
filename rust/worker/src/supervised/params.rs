//! Hyper-parameters of the linear models, shared by all frameworks: scikit-learn's names and
//! defaults.

use serde::{Deserialize, Serialize};

use super::Params;
use crate::fault::Fault;

/// How least squares is solved.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinearSolver {
    /// Backward stable, minimum-norm solution under rank deficiency.
    Lstsq,
    /// Normal equations.
    Cholesky,
}

/// How ridge is solved.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RidgeSolver {
    /// Normal equations.
    Cholesky,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Linear {
    pub solver: LinearSolver,
    pub fit_intercept: bool,
}

impl Default for Linear {
    fn default() -> Self {
        Self {
            solver: LinearSolver::Lstsq,
            fit_intercept: true,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Ridge {
    pub alpha: f64,
    pub solver: RidgeSolver,
    pub fit_intercept: bool,
}

impl Default for Ridge {
    fn default() -> Self {
        Self {
            alpha: 1.0,
            solver: RidgeSolver::Cholesky,
            fit_intercept: true,
        }
    }
}

impl Params for Linear {
    fn check(&self) -> Result<(), Fault> {
        Ok(())
    }
}

impl Params for Ridge {
    fn check(&self) -> Result<(), Fault> {
        not_negative("alpha", self.alpha)
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lasso {
    pub alpha: f64,
    pub tol: f64,
    pub max_iter: u64,
    pub fit_intercept: bool,
}

impl Default for Lasso {
    fn default() -> Self {
        Self {
            alpha: 1.0,
            tol: 1e-4,
            max_iter: 1000,
            fit_intercept: true,
        }
    }
}

impl Params for Lasso {
    fn check(&self) -> Result<(), Fault> {
        self.as_elastic_net().check()
    }
}

impl Lasso {
    /// The lasso is the elastic net with l1_ratio 1.
    pub fn as_elastic_net(&self) -> ElasticNet {
        ElasticNet {
            alpha: self.alpha,
            l1_ratio: 1.0,
            tol: self.tol,
            max_iter: self.max_iter,
            fit_intercept: self.fit_intercept,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ElasticNet {
    pub alpha: f64,
    pub l1_ratio: f64,
    pub tol: f64,
    pub max_iter: u64,
    pub fit_intercept: bool,
}

impl Default for ElasticNet {
    fn default() -> Self {
        Self {
            alpha: 1.0,
            l1_ratio: 0.5,
            tol: 1e-4,
            max_iter: 1000,
            fit_intercept: true,
        }
    }
}

impl Params for ElasticNet {
    fn check(&self) -> Result<(), Fault> {
        not_negative("alpha", self.alpha)?;
        not_negative("tol", self.tol)?;
        if !(0.0..=1.0).contains(&self.l1_ratio) {
            return Err(Fault::parameter(
                "l1_ratio",
                self.l1_ratio,
                "must be between 0 and 1",
            ));
        }
        if self.max_iter < 1 {
            return Err(Fault::parameter(
                "max_iter",
                self.max_iter,
                "must be at least 1",
            ));
        }
        Ok(())
    }
}

fn not_negative(name: &str, value: f64) -> Result<(), Fault> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(Fault::parameter(name, value, "must be at least 0"))
    }
}
