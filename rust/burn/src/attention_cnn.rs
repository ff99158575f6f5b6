//! Two convolutions with batch normalisation, each followed by squeeze and excitation.

use burn_core::module::Module;
use burn_core::tensor::Tensor;
use burn_core::tensor::activation::{relu, sigmoid};
use burn_core::tensor::backend::Backend;
use burn_nn::conv::{Conv2d, Conv2dConfig};
use burn_nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn_nn::{BatchNorm, Dropout, DropoutConfig, Linear};
use rmlbench_worker::fault::Fault;

use crate::backend::Train;
use crate::layers::{Layers, padded};
use crate::network::Image;
use crate::pixels;

/// Squeeze and excitation: channels weighted by what all pixels say.
#[derive(Module, Debug)]
pub struct Excitation<B: Backend> {
    fc1: Linear<B>,
    fc2: Linear<B>,
}

impl Excitation<Train> {
    fn new(name: &str, channels: usize, layers: &Layers<'_>) -> Result<Self, Fault> {
        Ok(Self {
            fc1: layers.linear(&format!("{name}.fc1"), [channels, channels / 4])?,
            fc2: layers.linear(&format!("{name}.fc2"), [channels / 4, channels])?,
        })
    }
}

impl<B: Backend> Excitation<B> {
    fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 4> {
        let [n, channels, _, _] = x.dims();
        let mean = relu(self.fc1.forward(pixels::mean(x.clone())));
        let weights = sigmoid(self.fc2.forward(mean));
        x * weights.reshape([n, channels, 1, 1])
    }
}

/// The network.
#[derive(Module, Debug)]
pub struct AttentionCnn<B: Backend> {
    conv1: Conv2d<B>,
    bn1: BatchNorm<B>,
    se1: Excitation<B>,
    conv2: Conv2d<B>,
    bn2: BatchNorm<B>,
    se2: Excitation<B>,
    fc: Linear<B>,
    pool: MaxPool2d,
    dropout: Dropout,
}

impl AttentionCnn<Train> {
    /// Take its weights.
    pub fn new(image: &Image, layers: &Layers<'_>) -> Result<Self, Fault> {
        let conv = |channels| {
            let config = Conv2dConfig::new(channels, [3, 3]);
            config.with_padding(padded(1)).with_bias(false)
        };
        Ok(Self {
            conv1: layers.conv("conv1", conv([image.channels, 32]))?,
            bn1: layers.norm("bn1", 32)?,
            se1: Excitation::new("se1", 32, layers)?,
            conv2: layers.conv("conv2", conv([32, 64]))?,
            bn2: layers.norm("bn2", 64)?,
            se2: Excitation::new("se2", 64, layers)?,
            fc: layers.linear("fc", [64, image.outputs])?,
            pool: MaxPool2dConfig::new([2, 2]).init(),
            dropout: DropoutConfig::new(image.dropout).init(),
        })
    }
}

impl<B: Backend> AttentionCnn<B> {
    /// What it says of images.
    pub fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 2> {
        let x = relu(self.bn1.forward(self.conv1.forward(x)));
        let x = self.pool.forward(self.se1.forward(x));
        let x = relu(self.bn2.forward(self.conv2.forward(x)));
        let x = self.pool.forward(self.se2.forward(x));
        self.fc.forward(self.dropout.forward(pixels::mean(x)))
    }
}
