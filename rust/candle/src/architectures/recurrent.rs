//! Embedding of tokens, recurrent layers, dropout, and a linear layer.

use candle_core::{D, Error, Module, ModuleT, Result, Tensor};
use candle_nn::rnn::Direction;
use candle_nn::{Embedding, Linear, ops};
use rmlbench_worker::networks::{Examples, Given};

use super::cells::{Kind, Layer};
use crate::answer::Built;
use crate::layers::{Dropping, linear};
use crate::store::Store;

/// Additive attention over the steps (Bahdanau et al., ICLR 2015) without a query.
struct Attention {
    projection: Linear,
    score: Linear,
}

impl Attention {
    fn new(store: &Store, width: usize) -> Built<Self> {
        let score = store.at("score").parameter("weight", &[1, width])?;
        Ok(Self {
            projection: linear(&store.at("projection"), width, width)?,
            score: Linear::new(score, None),
        })
    }
}

impl Module for Attention {
    fn forward(&self, steps: &Tensor) -> Result<Tensor> {
        let scores = steps.apply(&self.projection)?.tanh()?.apply(&self.score)?;
        ops::softmax(&scores, 1)?.broadcast_mul(steps)?.sum(1)
    }
}

pub struct Recurrent {
    embedding: Option<Embedding>,
    layers: Vec<Layer>,
    bidirectional: bool,
    attention: Option<Attention>,
    fc: Linear,
    dropout: Dropping,
    every_step: bool,
}

impl Recurrent {
    /// A network as wide as its weights.
    pub fn new(given: &Given<'_>, store: &Store) -> Built<Self> {
        let kind = match given.algorithm {
            "rnn" => Kind::Plain,
            "gru" => Kind::Gru,
            _ => Kind::Lstm,
        };
        let (embedding, before) = match given.examples {
            Examples::Real(array) => (None, array.shape[2]),
            Examples::Tokens(_) => {
                let place = store.at("embedding");
                let [words, width] = place.sides("weight")?;
                let weight = place.parameter("weight", &[words, width])?;
                (Some(Embedding::new(weight, width)), width)
            }
        };
        let place = store.at("rnn");
        let [_, hidden] = place.sides("weight_hh_l0")?;
        let layer =
            |before, index, direction| Layer::new(&place, kind, [before, hidden], index, direction);
        let mut layers = vec![layer(before, 0, Direction::Forward)?];
        let bidirectional = given.algorithm == "bidirectional_lstm";
        if bidirectional {
            layers.push(layer(before, 0, Direction::Backward)?);
        } else if given.algorithm == "stacked_lstm" {
            layers.push(layer(hidden, 1, Direction::Forward)?);
        }
        let both = if bidirectional { 2 * hidden } else { hidden };
        let attention = if given.algorithm == "attention_lstm" {
            Some(Attention::new(&store.at("attention"), both)?)
        } else {
            None
        };
        Ok(Self {
            embedding,
            layers,
            bidirectional,
            attention,
            fc: linear(&store.at("fc"), both, given.outputs)?,
            dropout: Dropping::new(given.settings.dropout),
            every_step: given.every_step(),
        })
    }

    /// The states of the last layer, of one after the other.
    fn through(&self, steps: &Tensor, train: bool) -> Result<Vec<Tensor>> {
        let [first, others @ ..] = &self.layers[..] else {
            return Ok(Vec::new());
        };
        let mut states = first.states(steps)?;
        for layer in others {
            let between = Tensor::stack(&states, 1)?.apply_t(&self.dropout, train)?;
            states = layer.states(&between)?;
        }
        Ok(states)
    }

    /// What the linear layer sees of the steps.
    fn seen(&self, steps: &Tensor, train: bool) -> Result<Tensor> {
        if self.bidirectional {
            let last = |layer: &Layer| last(layer.states(steps)?);
            let ends = self.layers.iter().map(last).collect::<Result<Vec<_>>>()?;
            return Tensor::cat(&ends, D::Minus1);
        }
        let states = self.through(steps, train)?;
        match &self.attention {
            _ if self.every_step => Tensor::stack(&states, 1),
            Some(attention) => Tensor::stack(&states, 1)?.apply(attention),
            None => last(states),
        }
    }
}

impl ModuleT for Recurrent {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let seen = match &self.embedding {
            Some(embedding) => self.seen(&x.apply(embedding)?, train)?,
            None => self.seen(x, train)?,
        };
        seen.apply_t(&self.dropout, train)?.apply(&self.fc)
    }
}

fn last(mut states: Vec<Tensor>) -> Result<Tensor> {
    states
        .pop()
        .ok_or_else(|| Error::Msg("a sequence has no steps".into()))
}
