//! The regression domain: data, parameters, and the order of a run.

mod data;
pub mod params;
mod run;

pub use data::{Matrix, Rows, Train, check_finite};
pub use run::{PHASES, entry};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fault::Fault;
use crate::job::Layout;
use crate::tensors::Tensor;

/// What a fit may use.
#[derive(Clone, Copy, Debug)]
pub struct Resources {
    /// Threads to use.
    pub threads: usize,
    /// Seed of anything random.
    pub seed: i64,
}

/// A regression algorithm of a framework: parameters, fit and predict.
pub trait Algorithm {
    /// Hyper-parameters; `Default` holds scikit-learn's defaults.
    type Params: Default + Serialize + DeserializeOwned;
    /// Training data as the framework wants it.
    type Data;
    /// Rows to predict as the framework wants them.
    type Input<'a>;
    type Model;

    /// Refuse hyper-parameters out of range, naming parameter, value and allowed range.
    fn check(params: &Self::Params) -> Result<(), Fault>;
    /// Build the training data in the asked layout from the loaded C order.
    fn convert(train: &Train, layout: Layout) -> Self::Data;
    /// Fit from nothing.
    fn fit(
        params: &Self::Params,
        data: &Self::Data,
        resources: Resources,
    ) -> Result<Self::Model, Fault>;
    /// Hold rows as `predict` takes them; not timed.
    fn input<'a>(rows: Rows<'a>) -> Self::Input<'a>;
    /// Predict every row; refuses rows of another width or with values that are not finite.
    fn predict(model: &Self::Model, input: &Self::Input<'_>) -> Result<Vec<f64>, Fault>;
    /// Fitted attributes as outputs: `coefficients`, `intercept` and what else there is.
    fn attributes(model: &Self::Model) -> Vec<Tensor>;
}

/// The outputs every linear model has.
pub fn linear_attributes(coefficients: &[f64], intercept: f64) -> Vec<Tensor> {
    vec![
        Tensor::new("coefficients", &[coefficients.len()], coefficients),
        Tensor::new("intercept", &[1], &[intercept]),
    ]
}

/// The convergence report of coordinate descent.
pub fn convergence_attributes(n_iter: u64, dual_gap: f64) -> Vec<Tensor> {
    vec![
        Tensor::new("n_iter", &[1], &[n_iter as i64]),
        Tensor::new("dual_gap", &[1], &[dual_gap]),
    ]
}
