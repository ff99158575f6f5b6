//! ResNet: He et al., CVPR 2016, as in torchvision; dropout stands before the last layer.

use candle_core::{ModuleT, Result, Tensor};
use candle_nn::{Conv2d, Linear};
use rmlbench_worker::networks::Image;

use crate::answer::Built;
use crate::layers::{Dropping, Norm, bare_conv, linear, norm, strided};
use crate::pool::{MaxPool, Pool, Window};
use crate::store::Store;

/// Two convolutions and the way around them.
struct Residual {
    conv1: Conv2d,
    bn1: Norm,
    conv2: Conv2d,
    bn2: Norm,
    around: Option<(Conv2d, Norm)>,
}

impl Residual {
    fn new(store: &Store, before: usize, width: usize, stride: usize) -> Built<Self> {
        let around = if stride != 1 || before != width {
            let place = store.at("downsample");
            let conv = bare_conv(&place.at(0), [before, width, 1], strided(stride, 0))?;
            Some((conv, norm(&place.at(1), width)?))
        } else {
            None
        };
        Ok(Self {
            conv1: bare_conv(&store.at("conv1"), [before, width, 3], strided(stride, 1))?,
            bn1: norm(&store.at("bn1"), width)?,
            conv2: bare_conv(&store.at("conv2"), [width, width, 3], strided(1, 1))?,
            bn2: norm(&store.at("bn2"), width)?,
            around,
        })
    }
}

impl ModuleT for Residual {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let y = x.apply(&self.conv1)?.apply_t(&self.bn1, train)?.relu()?;
        let y = y.apply(&self.conv2)?.apply_t(&self.bn2, train)?;
        match &self.around {
            Some((conv, norm)) => (y + x.apply(conv)?.apply_t(norm, train)?)?.relu(),
            None => (y + x)?.relu(),
        }
    }
}

pub struct ResNet<P> {
    conv1: Conv2d,
    bn1: Norm,
    pool: MaxPool<P>,
    blocks: Vec<Residual>,
    fc: Linear,
    dropout: Dropping,
}

impl<P: Pool> ResNet<P> {
    /// `counts` blocks in each of the four stages.
    pub fn new(
        counts: [usize; 4],
        store: &Store,
        [channels, ..]: Image,
        outputs: usize,
        dropout: f64,
    ) -> Built<Self> {
        let mut blocks = Vec::new();
        let mut before = 64;
        for (stage, count) in counts.into_iter().enumerate() {
            let width = 64 << stage;
            for i in 0..count {
                let place = store.at(format!("layer{}", stage + 1)).at(i);
                let stride = if stage > 0 && i == 0 { 2 } else { 1 };
                blocks.push(Residual::new(&place, before, width, stride)?);
                before = width;
            }
        }
        Ok(Self {
            conv1: bare_conv(&store.at("conv1"), [channels, 64, 7], strided(2, 3))?,
            bn1: norm(&store.at("bn1"), 64)?,
            pool: MaxPool::new(Window::overlapping(1)),
            blocks,
            fc: linear(&store.at("fc"), 512, outputs)?,
            dropout: Dropping::new(dropout),
        })
    }
}

impl<P: Pool> ModuleT for ResNet<P> {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let x = x.apply(&self.conv1)?.apply_t(&self.bn1, train)?.relu()?;
        let mut x = x.apply(&self.pool)?;
        for block in &self.blocks {
            x = block.forward_t(&x, train)?;
        }
        let x = x.mean((2, 3))?.apply_t(&self.dropout, train)?;
        x.apply(&self.fc)
    }
}
