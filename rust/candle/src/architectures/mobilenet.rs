//! MobileNetV2: Sandler et al., CVPR 2018, as in torchvision.

use candle_core::{ModuleT, Result, Tensor};
use candle_nn::{Activation, Conv2d, Conv2dConfig, Linear};
use rmlbench_worker::networks::Image;

use crate::answer::Built;
use crate::layers::{Dropping, Norm, bare_conv, linear, norm, strided};
use crate::store::Store;

/// How often wider inside, width, number of blocks, stride of the first.
const STAGES: [[usize; 4]; 7] = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
];

/// Convolution without bias, batch normalisation, ReLU6.
struct ConvNormActivation {
    conv: Conv2d,
    norm: Norm,
}

impl ConvNormActivation {
    fn new(store: &Store, sizes: [usize; 3], stride: usize, groups: usize) -> Built<Self> {
        let [_, width, side] = sizes;
        let settings = Conv2dConfig {
            groups,
            ..strided(stride, (side - 1) / 2)
        };
        Ok(Self {
            conv: bare_conv(&store.at(0), sizes, settings)?,
            norm: norm(&store.at(1), width)?,
        })
    }
}

impl ModuleT for ConvNormActivation {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let x = x.apply(&self.conv)?.apply_t(&self.norm, train)?;
        x.apply(&Activation::Relu6)
    }
}

/// Widen, convolve each channel alone, narrow; the way around where shapes allow.
struct Inverted {
    widen: Option<ConvNormActivation>,
    each: ConvNormActivation,
    narrow: Conv2d,
    norm: Norm,
    around: bool,
}

impl Inverted {
    fn new(
        store: &Store,
        before: usize,
        width: usize,
        stride: usize,
        expand: usize,
    ) -> Built<Self> {
        let hidden = before * expand;
        let place = store.at("conv");
        let first = usize::from(expand != 1);
        let widen = if expand != 1 {
            let sizes = [before, hidden, 1];
            Some(ConvNormActivation::new(&place.at(0), sizes, 1, 1)?)
        } else {
            None
        };
        let sizes = [hidden, hidden, 3];
        Ok(Self {
            widen,
            each: ConvNormActivation::new(&place.at(first), sizes, stride, hidden)?,
            narrow: bare_conv(&place.at(first + 1), [hidden, width, 1], strided(1, 0))?,
            norm: norm(&place.at(first + 2), width)?,
            around: stride == 1 && before == width,
        })
    }
}

impl ModuleT for Inverted {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let y = match &self.widen {
            Some(widen) => x.apply_t(widen, train)?,
            None => x.clone(),
        };
        let y = y.apply_t(&self.each, train)?;
        let y = y.apply(&self.narrow)?.apply_t(&self.norm, train)?;
        if self.around { x + y } else { Ok(y) }
    }
}

pub struct MobileNet {
    first: ConvNormActivation,
    blocks: Vec<Inverted>,
    last: ConvNormActivation,
    classifier: Linear,
    dropout: Dropping,
}

impl MobileNet {
    pub fn new(store: &Store, [channels, ..]: Image, outputs: usize, dropout: f64) -> Built<Self> {
        let features = store.at("features");
        let mut blocks = Vec::new();
        let mut before = 32;
        for [expand, width, count, stride] in STAGES {
            for i in 0..count {
                let place = features.at(blocks.len() + 1);
                let stride = if i == 0 { stride } else { 1 };
                blocks.push(Inverted::new(&place, before, width, stride, expand)?);
                before = width;
            }
        }
        let place = features.at(blocks.len() + 1);
        Ok(Self {
            first: ConvNormActivation::new(&features.at(0), [channels, 32, 3], 2, 1)?,
            blocks,
            last: ConvNormActivation::new(&place, [before, 1280, 1], 1, 1)?,
            classifier: linear(&store.at("classifier").at(1), 1280, outputs)?,
            dropout: Dropping::new(dropout),
        })
    }
}

impl ModuleT for MobileNet {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let mut x = self.first.forward_t(x, train)?;
        for block in &self.blocks {
            x = block.forward_t(&x, train)?;
        }
        let x = x.apply_t(&self.last, train)?.mean((2, 3))?;
        x.apply_t(&self.dropout, train)?.apply(&self.classifier)
    }
}
