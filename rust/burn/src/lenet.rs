//! LeNet-5 with ReLU and max-pooling.

use burn_core::module::Module;
use burn_core::tensor::Tensor;
use burn_core::tensor::activation::relu;
use burn_core::tensor::backend::Backend;
use burn_nn::conv::{Conv2d, Conv2dConfig};
use burn_nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn_nn::{Dropout, DropoutConfig, Linear};
use rmlbench_worker::fault::Fault;

use crate::backend::Train;
use crate::layers::{Layers, padded};
use crate::network::Image;

/// Two convolutions and three linear layers.
#[derive(Module, Debug)]
pub struct LeNet<B: Backend> {
    conv1: Conv2d<B>,
    conv2: Conv2d<B>,
    fc1: Linear<B>,
    fc2: Linear<B>,
    fc3: Linear<B>,
    pool: MaxPool2d,
    dropout: Dropout,
}

impl LeNet<Train> {
    /// Take its weights.
    pub fn new(image: &Image, layers: &Layers<'_>) -> Result<Self, Fault> {
        let side = |side: usize| (side / 2 - 4) / 2;
        let flat = 16 * side(image.high) * side(image.wide);
        let first = Conv2dConfig::new([image.channels, 6], [5, 5]).with_padding(padded(2));
        Ok(Self {
            conv1: layers.conv("conv1", first)?,
            conv2: layers.conv("conv2", Conv2dConfig::new([6, 16], [5, 5]))?,
            fc1: layers.linear("fc1", [flat, 120])?,
            fc2: layers.linear("fc2", [120, 84])?,
            fc3: layers.linear("fc3", [84, image.outputs])?,
            pool: MaxPool2dConfig::new([2, 2]).init(),
            dropout: DropoutConfig::new(image.dropout).init(),
        })
    }
}

impl<B: Backend> LeNet<B> {
    /// What it says of images.
    pub fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 2> {
        let x = self.pool.forward(relu(self.conv1.forward(x)));
        let x = self.pool.forward(relu(self.conv2.forward(x)));
        let x = relu(self.fc1.forward(x.flatten::<2>(1, 3)));
        let x = relu(self.fc2.forward(self.dropout.forward(x)));
        self.fc3.forward(self.dropout.forward(x))
    }
}
