//! The clustering domain: parameters, the start, and the order of a run.

pub mod params;
mod run;
mod start;

pub use params::Count;
pub use run::{entry, predicting};
pub use start::{Given, nearest};

use crate::fault::Fault;
use crate::job::Layout;
use crate::supervised::{Matrix, Params, Resources, Rows};
use crate::tensors::Tensor;

/// How a framework holds the points.
pub trait Form {
    type Data;

    /// Build the points in the asked layout from the loaded C order.
    fn convert(points: &Matrix, layout: Layout) -> Self::Data;
}

/// What a fit found.
pub trait Fitted {
    /// `labels`, and what else there is.
    fn outputs(&self) -> Vec<Tensor>;
}

/// A clustering algorithm of a framework: parameters, start and fit.
pub trait Algorithm {
    type Form: Form;
    type Params: Count;
    /// What a fit begins with; `()` where the algorithm takes nothing.
    type Start;
    type Model: Fitted;

    /// Refuse what the parameters themselves or the framework do not allow.
    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()
    }
    /// Make the start from the loaded points (C order); not timed.
    fn begin(
        params: &Self::Params,
        points: &Matrix,
        given: &Given<'_>,
    ) -> Result<Self::Start, Fault>;
    /// Fit from nothing but the start; ends with the labels of the points.
    fn fit(
        params: &Self::Params,
        data: &<Self::Form as Form>::Data,
        start: &Self::Start,
        resources: Resources,
    ) -> Result<Self::Model, Fault>;
}

/// An algorithm whose model tells the cluster of rows it was not fitted to.
pub trait Predicting: Algorithm {
    /// Rows to predict as the framework wants them.
    type Input<'a>;

    /// Hold rows as `predict` takes them; not timed.
    fn input(rows: Rows<'_>) -> Self::Input<'_>;
    /// The cluster of every row; refuses rows of another width or with values that are not
    /// finite.
    fn predict(model: &Self::Model, input: &Self::Input<'_>) -> Result<Vec<f64>, Fault>;
}

/// The output every clustering has: the cluster of every point, -1 for noise.
pub fn labels_output(labels: impl IntoIterator<Item = i64>) -> Tensor {
    let labels: Vec<i64> = labels.into_iter().collect();
    Tensor::new("labels", &[labels.len()], &labels)
}
