//! libtorch's recurrent layers.

use rmlbench_worker::Fault;
use tch::{Device, Kind, TchError, Tensor};

use crate::source::Source;

/// What a layer does in one step.
#[derive(Clone, Copy)]
pub enum Cell {
    Tanh,
    Lstm,
    Gru,
}

/// Kind, depth and direction of recurrent layers.
#[derive(Clone, Copy)]
pub struct Form {
    pub cell: Cell,
    pub layers: usize,
    pub bidirectional: bool,
}

/// Recurrent layers over sequences `[n, t, d]`.
pub struct Rnn {
    form: Form,
    weights: Vec<Tensor>,
    hidden: usize,
    dropout: f64,
}

impl Form {
    fn gates(self) -> usize {
        match self.cell {
            Cell::Tanh => 1,
            Cell::Gru => 3,
            Cell::Lstm => 4,
        }
    }

    fn directions(self) -> usize {
        if self.bidirectional { 2 } else { 1 }
    }
}

impl Rnn {
    /// Layers of `inputs` numbers a step; dropout is between layers.
    pub fn new(source: &Source, form: Form, inputs: usize, dropout: f64) -> Result<Self, Fault> {
        let [_, hidden] = source.sides("rnn.weight_hh_l0")?;
        let (mut weights, rows) = (Vec::new(), form.gates() * hidden);
        for layer in 0..form.layers {
            let below = match layer {
                0 => inputs,
                _ => hidden * form.directions(),
            };
            for way in &["", "_reverse"][..form.directions()] {
                let mut take = |what: &str, shape: &[usize]| {
                    let name = format!("rnn.{what}_l{layer}{way}");
                    weights.push(source.parameter(&name, shape)?);
                    Ok::<_, Fault>(())
                };
                take("weight_ih", &[rows, below])?;
                take("weight_hh", &[rows, hidden])?;
                take("bias_ih", &[rows])?;
                take("bias_hh", &[rows])?;
            }
        }
        Ok(Self {
            form,
            weights,
            hidden,
            dropout: if form.layers > 1 { dropout } else { 0.0 },
        })
    }

    /// Numbers a step that come out.
    pub fn outputs(&self) -> usize {
        self.hidden * self.form.directions()
    }

    /// What comes out of the last layer at each step, and of every layer at its last step.
    pub fn forward(&self, x: &Tensor, training: bool) -> Result<(Tensor, Tensor), TchError> {
        let Form {
            layers,
            bidirectional,
            ..
        } = self.form;
        let rows = (layers * self.form.directions()) as i64;
        let layers = layers as i64;
        let shape = [rows, x.size()[0], self.hidden as i64];
        let zeros = Tensor::f_zeros(shape, (Kind::Float, Device::Cpu))?;
        let (weights, share) = (&self.weights, self.dropout);
        match self.form.cell {
            Cell::Tanh => x.f_rnn_tanh(
                &zeros,
                weights,
                true,
                layers,
                share,
                training,
                bidirectional,
                true,
            ),
            Cell::Gru => x.f_gru(
                &zeros,
                weights,
                true,
                layers,
                share,
                training,
                bidirectional,
                true,
            ),
            Cell::Lstm => {
                let start = [zeros.shallow_clone(), zeros];
                let (steps, state, _) = x.f_lstm(
                    &start,
                    weights,
                    true,
                    layers,
                    share,
                    training,
                    bidirectional,
                    true,
                )?;
                Ok((steps, state))
            }
        }
    }
}
