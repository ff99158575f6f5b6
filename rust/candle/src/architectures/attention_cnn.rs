//! Two convolutions with batch normalisation, each followed by squeeze and excitation.

use candle_core::{D, Module, ModuleT, Result, Tensor};
use candle_nn::{Conv2d, Linear, ops};
use rmlbench_worker::networks::Image;

use crate::answer::Built;
use crate::layers::{Dropping, Norm, bare_conv, linear, norm, strided};
use crate::pool::{MaxPool, Pool, Window};
use crate::store::Store;

/// Hu et al., CVPR 2018: channels weighted by what all pixels say.
struct Excitation {
    fc1: Linear,
    fc2: Linear,
}

impl Excitation {
    fn new(store: &Store, channels: usize) -> Built<Self> {
        Ok(Self {
            fc1: linear(&store.at("fc1"), channels, channels / 4)?,
            fc2: linear(&store.at("fc2"), channels / 4, channels)?,
        })
    }
}

impl Module for Excitation {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let weights = x.mean((2, 3))?.apply(&self.fc1)?.relu()?.apply(&self.fc2)?;
        let weights = ops::sigmoid(&weights)?;
        x.broadcast_mul(&weights.unsqueeze(D::Minus1)?.unsqueeze(D::Minus1)?)
    }
}

/// Convolution, normalisation, ReLU, excitation, pool.
struct Block<P> {
    conv: Conv2d,
    norm: Norm,
    excitation: Excitation,
    pool: MaxPool<P>,
}

impl<P: Pool> Block<P> {
    fn new(store: &Store, number: usize, before: usize, width: usize) -> Built<Self> {
        let at = |name| store.at(format!("{name}{number}"));
        Ok(Self {
            conv: bare_conv(&at("conv"), [before, width, 3], strided(1, 1))?,
            norm: norm(&at("bn"), width)?,
            excitation: Excitation::new(&at("se"), width)?,
            pool: MaxPool::new(Window::HALVING),
        })
    }
}

impl<P: Pool> ModuleT for Block<P> {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let x = x.apply(&self.conv)?.apply_t(&self.norm, train)?.relu()?;
        x.apply(&self.excitation)?.apply(&self.pool)
    }
}

pub struct AttentionCnn<P> {
    first: Block<P>,
    second: Block<P>,
    fc: Linear,
    dropout: Dropping,
}

impl<P: Pool> AttentionCnn<P> {
    pub fn new(store: &Store, [channels, ..]: Image, outputs: usize, dropout: f64) -> Built<Self> {
        Ok(Self {
            first: Block::new(store, 1, channels, 32)?,
            second: Block::new(store, 2, 32, 64)?,
            fc: linear(&store.at("fc"), 64, outputs)?,
            dropout: Dropping::new(dropout),
        })
    }
}

impl<P: Pool> ModuleT for AttentionCnn<P> {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let x = x
            .apply_t(&self.first, train)?
            .apply_t(&self.second, train)?;
        let x = x.mean((2, 3))?.apply_t(&self.dropout, train)?;
        x.apply(&self.fc)
    }
}
