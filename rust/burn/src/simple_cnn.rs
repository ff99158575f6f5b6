//! The network of PyTorch's MNIST example.

use burn_core::module::Module;
use burn_core::tensor::Tensor;
use burn_core::tensor::activation::relu;
use burn_core::tensor::backend::Backend;
use burn_nn::conv::{Conv2d, Conv2dConfig};
use burn_nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn_nn::{Dropout, DropoutConfig, Linear};
use rmlbench_worker::fault::Fault;

use crate::backend::Train;
use crate::layers::Layers;
use crate::network::Image;

/// Two convolutions and two linear layers.
#[derive(Module, Debug)]
pub struct SimpleCnn<B: Backend> {
    conv1: Conv2d<B>,
    conv2: Conv2d<B>,
    fc1: Linear<B>,
    fc2: Linear<B>,
    pool: MaxPool2d,
    dropout: Dropout,
}

impl SimpleCnn<Train> {
    /// Take its weights.
    pub fn new(image: &Image, layers: &Layers<'_>) -> Result<Self, Fault> {
        let flat = 64 * ((image.high - 4) / 2) * ((image.wide - 4) / 2);
        Ok(Self {
            conv1: layers.conv("conv1", Conv2dConfig::new([image.channels, 32], [3, 3]))?,
            conv2: layers.conv("conv2", Conv2dConfig::new([32, 64], [3, 3]))?,
            fc1: layers.linear("fc1", [flat, 128])?,
            fc2: layers.linear("fc2", [128, image.outputs])?,
            pool: MaxPool2dConfig::new([2, 2]).init(),
            dropout: DropoutConfig::new(image.dropout).init(),
        })
    }
}

impl<B: Backend> SimpleCnn<B> {
    /// What it says of images.
    pub fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 2> {
        let x = relu(self.conv2.forward(relu(self.conv1.forward(x))));
        let x = self.dropout.forward(self.pool.forward(x));
        let x = relu(self.fc1.forward(x.flatten::<2>(1, 3)));
        self.fc2.forward(self.dropout.forward(x))
    }
}
