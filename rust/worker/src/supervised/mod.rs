//! Supervised learning, regression and classification: data, parameters, and the order of a run.

mod data;
pub mod folds;
mod labels;
pub mod pairs;
pub mod params;
mod run;
mod spread;
pub mod svm;
pub mod votes;

pub(crate) use data::Inputs;
pub use data::{Matrix, Rows, Train, check_finite};
pub use labels::Labels;
pub use run::{PHASES, entry};
pub use spread::Spread;

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

/// Hyper-parameters; `Default` holds scikit-learn's defaults.
pub trait Params: Default + Serialize + DeserializeOwned {
    /// Refuse hyper-parameters out of range, naming parameter, value and allowed range.
    fn check(&self) -> Result<(), Fault>;

    /// Whether a fit needs the folds of the training rows.
    fn uses_folds(&self) -> bool {
        false
    }
}

/// How a framework holds training data and the rows to predict.
pub trait Form {
    /// Training data as the framework wants it.
    type Data;
    /// Rows to predict as the framework wants them.
    type Input<'a>;

    /// Build the training data in the asked layout from the loaded C order.
    fn convert(train: &Train, layout: Layout) -> Self::Data;
    /// Hold rows as `predict` takes them; not timed.
    fn input<'a>(rows: Rows<'a>) -> Self::Input<'a>;
}

/// A fitted model.
pub trait Fitted<F: Form> {
    /// Predict every row; refuses rows of another width or with values that are not finite.
    fn predict(&self, input: &F::Input<'_>) -> Result<Vec<f64>, Fault>;

    /// Decision values of every row, as many a row (C order); none where the model has none.
    fn decision(&self, _input: &F::Input<'_>) -> Result<Option<Vec<f64>>, Fault> {
        Ok(None)
    }

    /// Probabilities of every class of every row (C order); none where the model has none.
    fn probabilities(&self, _input: &F::Input<'_>) -> Result<Option<Vec<f64>>, Fault> {
        Ok(None)
    }

    /// Fitted attributes as outputs: `coefficients`, `intercept` and what else there is.
    fn attributes(&self) -> Vec<Tensor>;
}

/// A supervised algorithm of a framework: parameters and fit.
pub trait Algorithm {
    type Form: Form;
    type Params: Params;
    type Model: Fitted<Self::Form>;

    /// Refuse what the parameters themselves or the framework do not allow.
    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()
    }
    /// Fit from nothing.
    fn fit(
        params: &Self::Params,
        data: &<Self::Form as Form>::Data,
        resources: Resources,
    ) -> Result<Self::Model, Fault>;

    /// How the objective fell from step to step, as outputs; nothing where it is not known.
    fn trace(
        _params: &Self::Params,
        _data: &<Self::Form as Form>::Data,
        _resources: Resources,
        _model: &Self::Model,
    ) -> Result<Vec<Tensor>, Fault> {
        Ok(Vec::new())
    }
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
