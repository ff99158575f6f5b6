//! ResNet-18 and ResNet-34 as in torchvision, with dropout before the last layer.

use burn_core::module::Module;
use burn_core::tensor::Tensor;
use burn_core::tensor::activation::relu;
use burn_core::tensor::backend::Backend;
use burn_nn::conv::{Conv2d, Conv2dConfig};
use burn_nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn_nn::{BatchNorm, Dropout, DropoutConfig, Linear};
use rmlbench_worker::fault::Fault;

use crate::backend::Train;
use crate::layers::{Layers, padded};
use crate::network::Image;
use crate::pixels;

/// A convolution without bias, and batch normalisation.
#[derive(Module, Debug)]
pub struct Normed<B: Backend> {
    conv: Conv2d<B>,
    norm: BatchNorm<B>,
}

impl Normed<Train> {
    /// Take its weights under two names.
    fn new(names: [&str; 2], config: Conv2dConfig, layers: &Layers<'_>) -> Result<Self, Fault> {
        let width = config.channels[1];
        Ok(Self {
            conv: layers.conv(names[0], config.with_bias(false))?,
            norm: layers.norm(names[1], width)?,
        })
    }
}

impl<B: Backend> Normed<B> {
    fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 4> {
        self.norm.forward(self.conv.forward(x))
    }
}

/// Two convolutions and the way around them.
#[derive(Module, Debug)]
pub struct Residual<B: Backend> {
    first: Normed<B>,
    second: Normed<B>,
    around: Option<Normed<B>>,
}

impl Residual<Train> {
    fn new(
        name: &str,
        [before, width]: [usize; 2],
        stride: usize,
        layers: &Layers<'_>,
    ) -> Result<Self, Fault> {
        let normed = |conv: &str, norm: &str, config| {
            let (conv, norm) = (format!("{name}.{conv}"), format!("{name}.{norm}"));
            Normed::new([&conv, &norm], config, layers)
        };
        let wide = |before| Conv2dConfig::new([before, width], [3, 3]).with_padding(padded(1));
        let strides = [stride, stride];
        let around = (stride != 1 || before != width).then(|| {
            let config = Conv2dConfig::new([before, width], [1, 1]).with_stride(strides);
            normed("downsample.0", "downsample.1", config)
        });
        Ok(Self {
            first: normed("conv1", "bn1", wide(before).with_stride(strides))?,
            second: normed("conv2", "bn2", wide(width))?,
            around: around.transpose()?,
        })
    }
}

impl<B: Backend> Residual<B> {
    fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 4> {
        let y = self.second.forward(relu(self.first.forward(x.clone())));
        let around = match &self.around {
            Some(around) => around.forward(x),
            None => x,
        };
        relu(y + around)
    }
}

/// A convolution, four stages of blocks, and a linear layer.
#[derive(Module, Debug)]
pub struct ResNet<B: Backend> {
    first: Normed<B>,
    pool: MaxPool2d,
    blocks: Vec<Residual<B>>,
    fc: Linear<B>,
    dropout: Dropout,
}

impl ResNet<Train> {
    /// Take its weights; `counts` are the blocks of each stage.
    pub fn new(counts: [usize; 4], image: &Image, layers: &Layers<'_>) -> Result<Self, Fault> {
        let first = Conv2dConfig::new([image.channels, 64], [7, 7]).with_stride([2, 2]);
        let pool = MaxPool2dConfig::new([3, 3]).with_strides([2, 2]);
        let (mut blocks, mut before) = (Vec::new(), 64);
        for (stage, count) in counts.into_iter().enumerate() {
            let width = 64 << stage;
            for i in 0..count {
                let stride = if stage > 0 && i == 0 { 2 } else { 1 };
                let name = format!("layer{}.{i}", stage + 1);
                blocks.push(Residual::new(&name, [before, width], stride, layers)?);
                before = width;
            }
        }
        Ok(Self {
            first: Normed::new(["conv1", "bn1"], first.with_padding(padded(3)), layers)?,
            pool: pool.with_padding(padded(1)).init(),
            blocks,
            fc: layers.linear("fc", [512, image.outputs])?,
            dropout: DropoutConfig::new(image.dropout).init(),
        })
    }
}

impl<B: Backend> ResNet<B> {
    /// What it says of images.
    pub fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 2> {
        let x = self.pool.forward(relu(self.first.forward(x)));
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        self.fc.forward(self.dropout.forward(pixels::mean(x)))
    }
}
