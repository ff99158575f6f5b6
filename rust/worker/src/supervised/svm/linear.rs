//! Hyper-parameters of the linear support vector machines.

use serde::{Deserialize, Serialize};

use super::{ClassWeight, above_zero, not_negative};
use crate::fault::Fault;
use crate::supervised::Params;

/// What a classification's errors cost.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossOfClasses {
    Hinge,
    SquaredHinge,
}

/// What a regression's errors cost.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossOfValues {
    EpsilonInsensitive,
    SquaredEpsilonInsensitive,
}

/// Linear support vector classification, one against the rest.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LinearSvc {
    #[serde(rename = "C")]
    pub c: f64,
    pub loss: LossOfClasses,
    pub dual: bool,
    pub tol: f64,
    pub fit_intercept: bool,
    pub intercept_scaling: f64,
    pub class_weight: ClassWeight,
    pub max_iter: u64,
}

impl Default for LinearSvc {
    fn default() -> Self {
        Self {
            c: 1.0,
            loss: LossOfClasses::SquaredHinge,
            dual: false,
            tol: 1e-4,
            fit_intercept: true,
            intercept_scaling: 1.0,
            class_weight: ClassWeight::None,
            max_iter: 1000,
        }
    }
}

impl Params for LinearSvc {
    fn check(&self) -> Result<(), Fault> {
        above_zero("C", self.c)?;
        above_zero("tol", self.tol)?;
        above_zero("intercept_scaling", self.intercept_scaling)?;
        at_least_one("max_iter", self.max_iter)?;
        let primal = self.loss == LossOfClasses::SquaredHinge;
        solvable(self.dual, primal, "hinge")
    }
}

/// Linear support vector regression.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LinearSvr {
    #[serde(rename = "C")]
    pub c: f64,
    pub epsilon: f64,
    pub loss: LossOfValues,
    pub dual: bool,
    pub tol: f64,
    pub fit_intercept: bool,
    pub intercept_scaling: f64,
    pub max_iter: u64,
}

impl Default for LinearSvr {
    fn default() -> Self {
        Self {
            c: 1.0,
            epsilon: 0.0,
            loss: LossOfValues::EpsilonInsensitive,
            dual: true,
            tol: 1e-4,
            fit_intercept: true,
            intercept_scaling: 1.0,
            max_iter: 1000,
        }
    }
}

impl Params for LinearSvr {
    fn check(&self) -> Result<(), Fault> {
        above_zero("C", self.c)?;
        not_negative("epsilon", self.epsilon)?;
        above_zero("tol", self.tol)?;
        above_zero("intercept_scaling", self.intercept_scaling)?;
        at_least_one("max_iter", self.max_iter)?;
        let primal = self.loss == LossOfValues::SquaredEpsilonInsensitive;
        solvable(self.dual, primal, "epsilon_insensitive")
    }
}

/// LIBLINEAR solves a loss that has no derivative everywhere by its dual only.
fn solvable(dual: bool, smooth: bool, loss: &str) -> Result<(), Fault> {
    if dual || smooth {
        return Ok(());
    }
    let allowed = format!("must be true with loss {loss}");
    Err(Fault::parameter("dual", dual, allowed))
}

fn at_least_one(name: &str, value: u64) -> Result<(), Fault> {
    if value >= 1 {
        return Ok(());
    }
    Err(Fault::parameter(name, value, "must be at least 1"))
}
