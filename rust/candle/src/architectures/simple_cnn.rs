//! The network of PyTorch's MNIST example, with one share for both dropouts.

use candle_core::{ModuleT, Result, Tensor};
use candle_nn::{Conv2d, Linear};
use rmlbench_worker::networks::Image;

use crate::answer::Built;
use crate::layers::{Dropping, conv, linear, strided};
use crate::pool::{MaxPool, Pool, Window};
use crate::store::Store;

pub struct SimpleCnn<P> {
    conv1: Conv2d,
    conv2: Conv2d,
    pool: MaxPool<P>,
    fc1: Linear,
    fc2: Linear,
    dropout: Dropping,
}

impl<P: Pool> SimpleCnn<P> {
    pub fn new(
        store: &Store,
        [channels, high, wide]: Image,
        outputs: usize,
        dropout: f64,
    ) -> Built<Self> {
        let pixels = ((high - 4) / 2) * ((wide - 4) / 2);
        Ok(Self {
            conv1: conv(&store.at("conv1"), [channels, 32, 3], strided(1, 0))?,
            conv2: conv(&store.at("conv2"), [32, 64, 3], strided(1, 0))?,
            pool: MaxPool::new(Window::HALVING),
            fc1: linear(&store.at("fc1"), 64 * pixels, 128)?,
            fc2: linear(&store.at("fc2"), 128, outputs)?,
            dropout: Dropping::new(dropout),
        })
    }
}

impl<P: Pool> ModuleT for SimpleCnn<P> {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let x = x.apply(&self.conv1)?.relu()?.apply(&self.conv2)?.relu()?;
        let x = x.apply(&self.pool)?.apply_t(&self.dropout, train)?;
        let x = x.flatten_from(1)?.apply(&self.fc1)?.relu()?;
        x.apply_t(&self.dropout, train)?.apply(&self.fc2)
    }
}
