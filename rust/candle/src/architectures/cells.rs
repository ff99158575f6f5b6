//! Recurrent layers of one direction: candle's LSTM and GRU, and the plain one candle lacks.

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::rnn::{Direction, GRUConfig, LSTMConfig, RNN};
use candle_nn::{GRU, LSTM, VarBuilder, gru, lstm};

use crate::answer::{Built, of_candle};
use crate::store::Store;

/// Which cell a layer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Lstm,
    Gru,
}

/// A layer and its direction.
pub struct Layer {
    cell: Cell,
    direction: Direction,
}

enum Cell {
    Plain(Plain),
    Lstm(LSTM),
    Gru(GRU),
}

impl Layer {
    /// Layer `index` of `before` numbers a step and `hidden` in its state.
    pub fn new(
        store: &Store,
        kind: Kind,
        [before, hidden]: [usize; 2],
        index: usize,
        direction: Direction,
    ) -> Built<Self> {
        let gates = match kind {
            Kind::Plain => 1,
            Kind::Lstm => 4,
            Kind::Gru => 3,
        };
        let suffix = match direction {
            Direction::Forward => format!("l{index}"),
            Direction::Backward => format!("l{index}_reverse"),
        };
        let tensors = [
            ("weight_ih", vec![gates * hidden, before]),
            ("weight_hh", vec![gates * hidden, hidden]),
            ("bias_ih", vec![gates * hidden]),
            ("bias_hh", vec![gates * hidden]),
        ];
        let taken = tensors.into_iter().map(|(name, shape)| {
            let name = format!("{name}_{suffix}");
            Ok((name.clone(), store.parameter(&name, &shape)?))
        });
        let taken = taken.collect::<Built<_>>()?;
        let built = VarBuilder::from_tensors(taken, DType::F32, &Device::Cpu);
        let cell = match kind {
            Kind::Plain => Plain::new(before, hidden, built).map(Cell::Plain),
            Kind::Gru => gru(before, hidden, GRUConfig::default(), built).map(Cell::Gru),
            Kind::Lstm => {
                let settings = LSTMConfig {
                    layer_idx: index,
                    direction,
                    ..LSTMConfig::default()
                };
                lstm(before, hidden, settings, built).map(Cell::Lstm)
            }
        };
        let cell = cell.map_err(of_candle)?;
        Ok(Self { cell, direction })
    }

    /// The states `[n, hidden]` after each step of `[n, t, before]`, in the order they are made:
    /// of a layer that reads backwards, the last step's first.
    pub fn states(&self, steps: &Tensor) -> Result<Vec<Tensor>> {
        let turned = match self.direction {
            Direction::Forward => steps.clone(),
            Direction::Backward => steps.flip(&[1])?,
        };
        Ok(match &self.cell {
            Cell::Plain(cell) => cell.seq(&turned)?,
            Cell::Lstm(cell) => cell.seq(&turned)?.into_iter().map(|s| s.h).collect(),
            Cell::Gru(cell) => cell.seq(&turned)?.into_iter().map(|s| s.h).collect(),
        })
    }
}

/// torch's `RNN`, step by step as candle's LSTM: tanh of a linear map of input and state.
struct Plain {
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor,
    b_hh: Tensor,
}

impl Plain {
    fn new(before: usize, hidden: usize, built: VarBuilder) -> Result<Self> {
        Ok(Self {
            w_ih: built.get((hidden, before), "weight_ih_l0")?,
            w_hh: built.get((hidden, hidden), "weight_hh_l0")?,
            b_ih: built.get(hidden, "bias_ih_l0")?,
            b_hh: built.get(hidden, "bias_hh_l0")?,
        })
    }
}

impl RNN for Plain {
    type State = Tensor;

    fn zero_state(&self, batch: usize) -> Result<Tensor> {
        let hidden = self.w_hh.dim(0)?;
        Tensor::zeros((batch, hidden), DType::F32, &Device::Cpu)
    }

    fn step(&self, input: &Tensor, state: &Tensor) -> Result<Tensor> {
        let input = input.matmul(&self.w_ih.t()?)?.broadcast_add(&self.b_ih)?;
        let state = state.matmul(&self.w_hh.t()?)?.broadcast_add(&self.b_hh)?;
        (input + state)?.tanh()
    }

    fn states_to_tensor(&self, states: &[Tensor]) -> Result<Tensor> {
        Tensor::stack(states, 1)
    }
}
