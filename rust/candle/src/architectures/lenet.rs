//! LeNet: LeCun et al. 1998, Proceedings of the IEEE 86, 2278; ReLU and max-pooling.

use candle_core::{ModuleT, Result, Tensor};
use candle_nn::{Conv2d, Linear};
use rmlbench_worker::networks::Image;

use crate::answer::Built;
use crate::layers::{Dropping, conv, linear, strided};
use crate::pool::{MaxPool, Pool, Window};
use crate::store::Store;

pub struct LeNet<P> {
    conv1: Conv2d,
    conv2: Conv2d,
    pool: MaxPool<P>,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    dropout: Dropping,
}

impl<P: Pool> LeNet<P> {
    pub fn new(
        store: &Store,
        [channels, high, wide]: Image,
        outputs: usize,
        dropout: f64,
    ) -> Built<Self> {
        let pixels = ((high / 2 - 4) / 2) * ((wide / 2 - 4) / 2);
        Ok(Self {
            conv1: conv(&store.at("conv1"), [channels, 6, 5], strided(1, 2))?,
            conv2: conv(&store.at("conv2"), [6, 16, 5], strided(1, 0))?,
            pool: MaxPool::new(Window::HALVING),
            fc1: linear(&store.at("fc1"), 16 * pixels, 120)?,
            fc2: linear(&store.at("fc2"), 120, 84)?,
            fc3: linear(&store.at("fc3"), 84, outputs)?,
            dropout: Dropping::new(dropout),
        })
    }
}

impl<P: Pool> ModuleT for LeNet<P> {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let x = x.apply(&self.conv1)?.relu()?.apply(&self.pool)?;
        let x = x.apply(&self.conv2)?.relu()?.apply(&self.pool)?;
        let x = x.flatten_from(1)?.apply(&self.fc1)?.relu()?;
        let x = x.apply_t(&self.dropout, train)?;
        let x = x.apply(&self.fc2)?.relu()?.apply_t(&self.dropout, train)?;
        x.apply(&self.fc3)
    }
}
