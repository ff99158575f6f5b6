//! burn's recurrent layers, each with all its steps and its last state.

use burn_core::module::Module;
use burn_core::tensor::Tensor;
use burn_core::tensor::backend::Backend;
use burn_nn::{BiLstm, BiLstmConfig, Dropout, Gru, GruConfig, Lstm, LstmConfig, Rnn, RnnConfig};
use rmlbench_worker::fault::Fault;

use crate::backend::{DEVICE, Train};
use crate::layers::Layers;

/// Two layers; burn has one layer a module.
#[derive(Module, Debug)]
pub struct Stacked<B: Backend> {
    first: Lstm<B>,
    between: Dropout,
    second: Lstm<B>,
}

/// A recurrent layer, or two.
#[derive(Module, Debug)]
pub enum Steps<B: Backend> {
    Rnn(Rnn<B>),
    Gru(Gru<B>),
    Lstm(Lstm<B>),
    Bidirectional(BiLstm<B>),
    Stacked(Stacked<B>),
}

impl Steps<Train> {
    /// Take the weights of an architecture.
    pub fn new(
        algorithm: &str,
        [before, hidden]: [usize; 2],
        dropout: &Dropout,
        layers: &Layers<'_>,
    ) -> Result<Self, Fault> {
        Ok(match algorithm {
            "rnn" => {
                let mut rnn = RnnConfig::new(before, hidden, true).init(&DEVICE);
                [rnn.gate] = layers.gates("l0", before, hidden)?;
                Self::Rnn(rnn)
            }
            "gru" => {
                let mut gru = GruConfig::new(before, hidden, true).init(&DEVICE);
                [gru.reset_gate, gru.update_gate, gru.new_gate] =
                    layers.gates("l0", before, hidden)?;
                Self::Gru(gru)
            }
            "bidirectional_lstm" => {
                let mut both = BiLstmConfig::new(before, hidden, true).init(&DEVICE);
                both.forward = filled(both.forward, "l0", before, layers)?;
                both.reverse = filled(both.reverse, "l0_reverse", before, layers)?;
                Self::Bidirectional(both)
            }
            "stacked_lstm" => Self::Stacked(Stacked {
                first: lstm("l0", [before, hidden], layers)?,
                between: dropout.clone(),
                second: lstm("l1", [hidden, hidden], layers)?,
            }),
            _ => Self::Lstm(lstm("l0", [before, hidden], layers)?),
        })
    }
}

fn lstm(
    suffix: &str,
    [before, hidden]: [usize; 2],
    layers: &Layers<'_>,
) -> Result<Lstm<Train>, Fault> {
    let lstm = LstmConfig::new(before, hidden, true).init(&DEVICE);
    filled(lstm, suffix, before, layers)
}

/// The layer with the weights of a job.
fn filled(
    mut lstm: Lstm<Train>,
    suffix: &str,
    before: usize,
    layers: &Layers<'_>,
) -> Result<Lstm<Train>, Fault> {
    [
        lstm.input_gate,
        lstm.forget_gate,
        lstm.cell_gate,
        lstm.output_gate,
    ] = layers.gates(suffix, before, lstm.d_hidden)?;
    Ok(lstm)
}

impl<B: Backend> Steps<B> {
    /// How many values a step has.
    pub fn width(&self, hidden: usize) -> usize {
        match self {
            Self::Bidirectional(_) => 2 * hidden,
            _ => hidden,
        }
    }

    /// All steps `[n, t, width]` and the last state `[n, width]`, of both directions together.
    pub fn forward(&self, x: Tensor<B, 3>) -> (Tensor<B, 3>, Tensor<B, 2>) {
        match self {
            Self::Rnn(rnn) => {
                let (steps, state) = rnn.forward(x, None);
                (steps, state.hidden)
            }
            Self::Gru(gru) => {
                let steps = gru.forward(x, None);
                let last = steps.dims()[1] - 1;
                (steps.clone(), steps.narrow(1, last, 1).squeeze_dim(1))
            }
            Self::Lstm(lstm) => {
                let (steps, state) = lstm.forward(x, None);
                (steps, state.hidden)
            }
            Self::Bidirectional(both) => {
                let (steps, state) = both.forward(x, None);
                let directions =
                    (0..2).map(|i| state.hidden.clone().narrow(0, i, 1).squeeze_dim(0));
                (steps, Tensor::cat(directions.collect(), 1))
            }
            Self::Stacked(stacked) => {
                let (steps, _) = stacked.first.forward(x, None);
                let steps = stacked.between.forward(steps);
                let (steps, state) = stacked.second.forward(steps, None);
                (steps, state.hidden)
            }
        }
    }
}
