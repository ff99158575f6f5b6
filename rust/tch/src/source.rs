//! The variables of a network, made of the weights of a job in the order they are asked for.

use rmlbench_worker::Fault;
use rmlbench_worker::networks::Weights;
use tch::nn::{Path, VarStore};
use tch::{Device, TchError, Tensor, kind};

use crate::libtorch::refused;

/// Where an architecture takes its parameters and buffers, in torch's order.
pub struct Source<'a> {
    weights: &'a Weights,
    store: VarStore,
}

impl<'a> Source<'a> {
    /// Nothing taken of these weights yet.
    pub fn new(weights: &'a Weights) -> Self {
        let store = VarStore::new(Device::Cpu);
        Self { weights, store }
    }

    /// Rows and columns of a weight that says how wide a network is.
    pub fn sides(&self, name: &str) -> Result<[usize; 2], Fault> {
        let shape = self.weights.shape(name)?;
        shape.try_into().map_err(|_| {
            let allowed = "must have 2 dimensions";
            Fault::data(name, format!("{shape:?}"), allowed)
        })
    }

    /// What gradients are for.
    pub fn parameter(&self, name: &str, shape: &[usize]) -> Result<Tensor, Fault> {
        let values = tensor(&self.weights.take(name, shape)?, shape).map_err(refused)?;
        let (path, last) = self.place(name);
        // A copy, no view: libtorch takes another way where a view of a constant is the weight.
        path.f_var_copy(last, &values).map_err(refused)
    }

    /// What training changes, but by no gradient.
    pub fn buffer(&self, name: &str, shape: &[usize]) -> Result<Tensor, Fault> {
        let values = tensor(&self.weights.take_buffer(name, shape)?, shape).map_err(refused)?;
        let (path, last) = self.place(name);
        Ok(path.add(last, values, false))
    }

    /// All that was taken.
    pub fn finish(self) -> VarStore {
        self.store
    }

    fn place<'n>(&self, name: &'n str) -> (Path<'_>, &'n str) {
        let (place, last) = name.rsplit_once('.').expect("a layer's name goes before");
        let path = place
            .split('.')
            .fold(self.store.root(), |path, part| path / part);
        (path, last)
    }
}

/// A tensor of values in C order.
pub fn tensor<T: kind::Element>(values: &[T], shape: &[usize]) -> Result<Tensor, TchError> {
    let shape: Vec<i64> = shape.iter().map(|side| *side as i64).collect();
    Tensor::f_from_slice(values)?.f_view(&*shape)
}

/// The values of a tensor in C order.
pub fn values(tensor: &Tensor) -> Result<Vec<f32>, TchError> {
    Vec::try_from(tensor.f_flatten(0, -1)?)
}
