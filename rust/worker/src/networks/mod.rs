//! Neural networks: hyper-parameters, data, weights, and the order of a run.
//!
//! A framework has one type that implements [`Network`], and for each architecture one file with
//! its parameters' names, as `book/protocol.md` lists them.

mod data;
mod run;
pub(crate) mod served;
mod settings;
mod terms;
mod weights;

pub use data::{Array, Examples, Targets};
pub use run::{PHASES, convolutional, recurrent};
pub use settings::{Optimizer, Settings};
pub use terms::Image;
pub use weights::Weights;

use crate::fault::Fault;

/// What a network is built from.
pub struct Given<'a> {
    /// The architecture.
    pub algorithm: &'a str,
    pub settings: &'a Settings,
    /// Training rows.
    pub examples: &'a Examples,
    pub targets: &'a Targets,
    /// Initial parameters and buffers.
    pub weights: &'a Weights,
    /// Classes or tokens to tell apart; 1 for a number.
    pub outputs: usize,
    /// Seed of dropout masks.
    pub seed: i64,
}

/// A framework's network with its optimiser.
pub trait Network: Sized {
    /// Rows to answer for as the framework holds them.
    type Input;
    /// What the network says as the framework holds it.
    type Answer;

    /// Build the architecture, take every weight by name, hold the training rows.
    fn build(given: &Given<'_>) -> Result<Self, Fault>;

    /// One step on some training rows: forward, mean loss, backward, clip, update. The loss of
    /// the batch before the update.
    ///
    /// Classes and tokens: cross-entropy; numbers: squared error; both the mean over everything.
    /// `keep` asks to keep the gradients, as they are before clipping, for [`Self::gradients`].
    fn step(&mut self, rows: &[i64], rate: f64, keep: bool) -> Result<f32, Fault>;

    /// The gradients of the last step that kept them, C order, by name.
    fn gradients(&self) -> Result<Vec<(String, Vec<f32>)>, Fault>;

    /// Parameters and buffers as they are now, C order, by name.
    fn state(&self) -> Result<Vec<(String, Vec<f32>)>, Fault>;

    /// What the network says of training rows in evaluation mode, C order.
    fn of_rows(&self, rows: &[i64]) -> Result<Vec<f32>, Fault>;

    /// Hold rows as `answer` takes them; not timed.
    fn input(&self, examples: Examples) -> Result<Self::Input, Fault>;

    /// What the network says of an input in evaluation mode: a row of `outputs` values an
    /// example, or an example and token.
    fn answer(&self, input: &Self::Input) -> Result<Self::Answer, Fault>;

    /// The values of an answer, C order; not timed.
    fn values(answer: Self::Answer) -> Result<Vec<f32>, Fault>;
}
