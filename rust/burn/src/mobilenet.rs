//! MobileNetV2 as in torchvision.

use burn_core::module::Module;
use burn_core::tensor::Tensor;
use burn_core::tensor::activation::relu;
use burn_core::tensor::backend::Backend;
use burn_nn::conv::{Conv2d, Conv2dConfig};
use burn_nn::{BatchNorm, Dropout, DropoutConfig, Linear};
use rmlbench_worker::fault::Fault;

use crate::backend::Train;
use crate::layers::{Layers, padded};
use crate::network::Image;
use crate::pixels;

/// Widening, width, number and stride of the blocks of each stage.
const STAGES: [(usize, usize, usize, usize); 7] = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
];

/// A convolution without bias, batch normalisation, and ReLU6 where it is `bounded`.
#[derive(Module, Debug)]
pub struct Normed<B: Backend> {
    conv: Conv2d<B>,
    norm: BatchNorm<B>,
    bounded: bool,
}

impl Normed<Train> {
    /// The convolution is `{name}.{place}`, its normalisation the next.
    fn new(
        (name, place): (&str, usize),
        config: Conv2dConfig,
        bounded: bool,
        layers: &Layers<'_>,
    ) -> Result<Self, Fault> {
        let width = config.channels[1];
        let conv = layers.conv(&format!("{name}.{place}"), config.with_bias(false))?;
        let norm = layers.norm(&format!("{name}.{}", place + 1), width)?;
        Ok(Self {
            conv,
            norm,
            bounded,
        })
    }
}

impl<B: Backend> Normed<B> {
    fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 4> {
        let x = self.norm.forward(self.conv.forward(x));
        if self.bounded {
            relu(x).clamp_max(6.0)
        } else {
            x
        }
    }
}

/// Widen, convolve each channel alone, narrow; the way around where shapes allow.
#[derive(Module, Debug)]
pub struct Inverted<B: Backend> {
    convs: Vec<Normed<B>>,
    around: bool,
}

impl Inverted<Train> {
    fn new(
        name: &str,
        [before, width]: [usize; 2],
        stride: usize,
        expand: usize,
        layers: &Layers<'_>,
    ) -> Result<Self, Fault> {
        let hidden = before * expand;
        let mut convs = Vec::new();
        let inside = |place: usize| format!("{name}.conv.{place}");
        if expand != 1 {
            let config = Conv2dConfig::new([before, hidden], [1, 1]);
            convs.push(Normed::new((&inside(0), 0), config, true, layers)?);
        }
        let alone = Conv2dConfig::new([hidden, hidden], [3, 3])
            .with_stride([stride, stride])
            .with_padding(padded(1))
            .with_groups(hidden);
        let alone = Normed::new((&inside(convs.len()), 0), alone, true, layers)?;
        convs.push(alone);
        let narrow = Conv2dConfig::new([hidden, width], [1, 1]);
        let place = convs.len();
        convs.push(Normed::new(
            (&format!("{name}.conv"), place),
            narrow,
            false,
            layers,
        )?);
        let around = stride == 1 && before == width;
        Ok(Self { convs, around })
    }
}

impl<B: Backend> Inverted<B> {
    fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 4> {
        let through = |x| self.convs.iter().fold(x, |x, conv| conv.forward(x));
        if self.around {
            x.clone() + through(x)
        } else {
            through(x)
        }
    }
}

/// A convolution, blocks, a convolution, and a linear layer.
#[derive(Module, Debug)]
pub struct MobileNet<B: Backend> {
    first: Normed<B>,
    blocks: Vec<Inverted<B>>,
    last: Normed<B>,
    fc: Linear<B>,
    dropout: Dropout,
}

impl MobileNet<Train> {
    /// Take its weights.
    pub fn new(image: &Image, layers: &Layers<'_>) -> Result<Self, Fault> {
        let first = Conv2dConfig::new([image.channels, 32], [3, 3]).with_stride([2, 2]);
        let first = first.with_padding(padded(1));
        let first = Normed::new(("features.0", 0), first, true, layers)?;
        let (mut blocks, mut before) = (Vec::new(), 32);
        for (expand, width, count, stride) in STAGES {
            for i in 0..count {
                let name = format!("features.{}", blocks.len() + 1);
                let stride = if i == 0 { stride } else { 1 };
                blocks.push(Inverted::new(
                    &name,
                    [before, width],
                    stride,
                    expand,
                    layers,
                )?);
                before = width;
            }
        }
        let last = Conv2dConfig::new([before, 1280], [1, 1]);
        let name = format!("features.{}", blocks.len() + 1);
        Ok(Self {
            first,
            blocks,
            last: Normed::new((&name, 0), last, true, layers)?,
            fc: layers.linear("classifier.1", [1280, image.outputs])?,
            dropout: DropoutConfig::new(image.dropout).init(),
        })
    }
}

impl<B: Backend> MobileNet<B> {
    /// What it says of images.
    pub fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 2> {
        let x = self.first.forward(x);
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        let x = pixels::mean(self.last.forward(x));
        self.fc.forward(self.dropout.forward(x))
    }
}
