//! Parameters and buffers under torch's names, as candle's variables.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;

use candle_core::{Device, Tensor, Var};
use rmlbench_worker::Fault;
use rmlbench_worker::networks::Weights;

use crate::answer::{Built, of_candle};

/// A parameter, or a buffer: what training changes, but by no gradient.
pub struct Held {
    pub var: Var,
    pub buffer: bool,
}

/// Everything a network has taken, by name.
#[derive(Default)]
pub struct Taken(RefCell<BTreeMap<String, Held>>);

impl Taken {
    pub fn into_inner(self) -> BTreeMap<String, Held> {
        self.0.into_inner()
    }
}

/// A place among the names of the weights, as candle's `VarBuilder` is.
#[derive(Clone)]
pub struct Store<'a> {
    weights: &'a Weights,
    taken: &'a Taken,
    path: String,
    tracked: bool,
}

impl<'a> Store<'a> {
    pub fn new(weights: &'a Weights, taken: &'a Taken) -> Self {
        Self {
            weights,
            taken,
            path: String::new(),
            tracked: true,
        }
    }

    /// The same values, in the same memory, of which candle records no operations.
    pub fn detached(&self) -> Self {
        Self {
            tracked: false,
            ..self.clone()
        }
    }

    /// The place `name` below this one.
    pub fn at(&self, name: impl Display) -> Self {
        Self {
            path: format!("{}{name}.", self.path),
            ..self.clone()
        }
    }

    /// A parameter.
    pub fn parameter(&self, name: &str, shape: &[usize]) -> Built<Tensor> {
        let var = self.take(name, shape, false)?;
        Ok(if self.tracked {
            var.into_inner()
        } else {
            var.as_detached_tensor()
        })
    }

    /// A buffer, as the variable that `BatchNorm` sets.
    pub fn buffer(&self, name: &str, shape: &[usize]) -> Built<Tensor> {
        Ok(self.take(name, shape, true)?.into_inner())
    }

    /// The two sides of a weight that is a matrix.
    pub fn sides(&self, name: &str) -> Built<[usize; 2]> {
        let path = format!("{}{name}", self.path);
        let shape = self.weights.shape(&path)?;
        shape.try_into().map_err(|_| {
            let allowed = "must have 2 axes";
            Fault::data(&path, shape.to_vec(), allowed)
        })
    }

    fn take(&self, name: &str, shape: &[usize], buffer: bool) -> Built<Var> {
        let path = format!("{}{name}", self.path);
        let mut taken = self.taken.0.borrow_mut();
        if let Some(held) = taken.get(&path) {
            return Ok(held.var.clone());
        }
        let values = if buffer {
            self.weights.take_buffer(&path, shape)
        } else {
            self.weights.take(&path, shape)
        }?;
        let var = Var::from_vec(values, shape, &Device::Cpu).map_err(of_candle)?;
        let held = Held {
            var: var.clone(),
            buffer,
        };
        taken.insert(path, held);
        Ok(var)
    }
}
