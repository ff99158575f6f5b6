//! Recurrent networks: one type whose kind, direction, depth and head differ.

use rmlbench_worker::Fault;
use rmlbench_worker::networks::Given;
use tch::{TchError, Tensor};

use crate::layers::{Forward, Linear};
use crate::rnn::{Cell, Form, Rnn};
use crate::source::Source;

const EMBEDDING: &str = "embedding.weight";

/// `attention` sums all steps, weighted, instead of taking the last.
#[derive(Clone, Copy)]
pub struct Architecture {
    form: Form,
    attention: bool,
}

impl Architecture {
    /// The recurrent architecture of a name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        let (cell, layers, bidirectional, attention) = match name {
            "rnn" => (Cell::Tanh, 1, false, false),
            "lstm" => (Cell::Lstm, 1, false, false),
            "gru" => (Cell::Gru, 1, false, false),
            "bidirectional_lstm" => (Cell::Lstm, 1, true, false),
            "stacked_lstm" => (Cell::Lstm, 2, false, false),
            "attention_lstm" => (Cell::Lstm, 1, false, true),
            _ => return None,
        };
        let form = Form {
            cell,
            layers,
            bidirectional,
        };
        Some(Self { form, attention })
    }
}

/// Additive attention over the steps (Bahdanau et al., ICLR 2015) without a query:
/// softmax of `score(tanh(projection(h)))` weights the `h`.
struct Attention {
    projection: Linear,
    score: Linear,
}

impl Attention {
    fn new(source: &Source, width: usize) -> Result<Self, Fault> {
        Ok(Self {
            projection: Linear::biased(source, "attention.projection", width, width)?,
            score: Linear::plain(source, "attention.score", width, 1)?,
        })
    }

    fn forward(&self, steps: &Tensor) -> Result<Tensor, TchError> {
        let projected = self.projection.forward(steps)?.f_tanh()?;
        let weights = self.score.forward(&projected)?.f_softmax(1, None)?;
        weights.f_mul(steps)?.f_sum_dim_intlist(1, false, None)
    }
}

/// Embedding of tokens, recurrent layers, dropout, and a linear layer.
pub struct Recurrent {
    embedding: Option<Tensor>,
    rnn: Rnn,
    both_ways: bool,
    attention: Option<Attention>,
    fc: Linear,
    dropout: f64,
    every_step: bool,
}

impl Recurrent {
    /// For `width` numbers a step, or tokens where there is none.
    pub fn new(
        source: &Source,
        architecture: Architecture,
        width: Option<usize>,
        given: &Given<'_>,
    ) -> Result<Self, Fault> {
        let dropout = given.settings.dropout;
        let (embedding, inputs) = match width {
            Some(width) => (None, width),
            None => {
                let [words, size] = source.sides(EMBEDDING)?;
                (Some(source.parameter(EMBEDDING, &[words, size])?), size)
            }
        };
        let rnn = Rnn::new(source, architecture.form, inputs, dropout)?;
        let width = rnn.outputs();
        let attention = architecture
            .attention
            .then(|| Attention::new(source, width));
        Ok(Self {
            embedding,
            rnn,
            both_ways: architecture.form.bidirectional,
            attention: attention.transpose()?,
            fc: Linear::biased(source, "fc", width, given.outputs)?,
            dropout,
            every_step: given.every_step(),
        })
    }

    /// What of the steps is answered from.
    fn last(&self, steps: Tensor, state: &Tensor) -> Result<Tensor, TchError> {
        if self.every_step {
            return Ok(steps);
        }
        if let Some(attention) = &self.attention {
            return attention.forward(&steps);
        }
        let last = state.f_select(0, -1)?;
        if self.both_ways {
            return Tensor::f_cat(&[state.f_select(0, -2)?, last], 1);
        }
        Ok(last)
    }
}

impl Forward for Recurrent {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let embedded = match &self.embedding {
            Some(weight) => Tensor::f_embedding(weight, x, -1, false, false)?,
            None => x.shallow_clone(),
        };
        let (steps, state) = self.rnn.forward(&embedded, training)?;
        let last = self.last(steps, &state)?;
        self.fc.forward(&last.f_dropout(self.dropout, training)?)
    }
}
