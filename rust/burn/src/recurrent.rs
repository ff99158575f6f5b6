//! Embedding of tokens, recurrent layers, dropout, and a linear layer.

use burn_core::module::Module;
use burn_core::tensor::Tensor;
use burn_core::tensor::activation::softmax;
use burn_core::tensor::backend::Backend;
use burn_nn::{Dropout, DropoutConfig, Embedding, Linear};
use rmlbench_worker::fault::Fault;
use rmlbench_worker::networks::Given;

use crate::backend::Train;
use crate::layers::Layers;
use crate::recurrent_layers::Steps;
use crate::rows::Rows;

/// Additive attention over the steps: softmax of `score(tanh(projection(h)))` weights the `h`.
#[derive(Module, Debug)]
pub struct Attention<B: Backend> {
    projection: Linear<B>,
    score: Linear<B>,
}

impl Attention<Train> {
    fn new(width: usize, layers: &Layers<'_>) -> Result<Self, Fault> {
        Ok(Self {
            projection: layers.linear("attention.projection", [width, width])?,
            score: layers.linear_without_bias("attention.score", [width, 1])?,
        })
    }
}

impl<B: Backend> Attention<B> {
    fn forward(&self, steps: Tensor<B, 3>) -> Tensor<B, 2> {
        let said = self.projection.forward(steps.clone()).tanh();
        let weights = softmax(self.score.forward(said), 1);
        (weights * steps).sum_dim(1).squeeze_dim(1)
    }
}

/// A recurrent network; `every_step` is answered, or the whole sequence once.
#[derive(Module, Debug)]
pub struct Recurrent<B: Backend> {
    embedding: Option<Embedding<B>>,
    rnn: Steps<B>,
    attention: Option<Attention<B>>,
    fc: Linear<B>,
    dropout: Dropout,
    every_step: bool,
}

impl Recurrent<Train> {
    /// Take its weights, whose shapes say how wide it is.
    pub fn new(given: &Given<'_>, layers: &Layers<'_>) -> Result<Self, Fault> {
        let (embedding, before) = match given.examples.shape()[..] {
            [_, _, width] => (None, width),
            _ => {
                let shape = matrix(layers, "embedding.weight")?;
                (Some(layers.embedding("embedding", shape)?), shape[1])
            }
        };
        let [_, hidden] = matrix(layers, "rnn.weight_hh_l0")?;
        let dropout = DropoutConfig::new(given.settings.dropout).init();
        let rnn = Steps::new(given.algorithm, [before, hidden], &dropout, layers)?;
        let width = rnn.width(hidden);
        let attention =
            (given.algorithm == "attention_lstm").then(|| Attention::new(width, layers));
        Ok(Self {
            embedding,
            rnn,
            attention: attention.transpose()?,
            fc: layers.linear("fc", [width, given.outputs])?,
            dropout,
            every_step: given.every_step(),
        })
    }
}

/// The shape of a weight with two axes.
fn matrix(layers: &Layers<'_>, name: &str) -> Result<[usize; 2], Fault> {
    let shape = layers.weights.shape(name)?;
    match shape[..] {
        [high, wide] if high > 0 && wide > 0 => Ok([high, wide]),
        _ => Err(Fault::data(
            name,
            shape.to_vec(),
            "must have 2 axes that are not empty",
        )),
    }
}

impl<B: Backend> Recurrent<B> {
    /// What it says of sequences or texts; a row a step where every step is answered.
    pub fn forward(&self, rows: Rows<B>) -> Tensor<B, 2> {
        let x = match (rows, &self.embedding) {
            (Rows::Texts(tokens), Some(embedding)) => embedding.forward(tokens),
            (Rows::Sequences(x), None) => x,
            _ => unreachable!("rows were checked when they were read"),
        };
        let (steps, last) = self.rnn.forward(x);
        if self.every_step {
            let said = self.fc.forward(self.dropout.forward(steps));
            return said.flatten(0, 1);
        }
        let last = match &self.attention {
            Some(attention) => attention.forward(steps),
            None => last,
        };
        self.fc.forward(self.dropout.forward(last))
    }
}
