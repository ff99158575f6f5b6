//! AlexNet as in torchvision.

use burn_core::module::Module;
use burn_core::tensor::Tensor;
use burn_core::tensor::activation::relu;
use burn_core::tensor::backend::Backend;
use burn_nn::conv::{Conv2d, Conv2dConfig};
use burn_nn::pool::{AdaptiveAvgPool2d, AdaptiveAvgPool2dConfig, MaxPool2d, MaxPool2dConfig};
use burn_nn::{Dropout, DropoutConfig, Linear};
use rmlbench_worker::fault::Fault;

use crate::backend::Train;
use crate::layers::{Layers, padded};
use crate::network::Image;

/// Five convolutions and three linear layers.
#[derive(Module, Debug)]
pub struct AlexNet<B: Backend> {
    conv1: Conv2d<B>,
    conv2: Conv2d<B>,
    conv3: Conv2d<B>,
    conv4: Conv2d<B>,
    conv5: Conv2d<B>,
    pool: MaxPool2d,
    mean: AdaptiveAvgPool2d,
    fc1: Linear<B>,
    fc2: Linear<B>,
    fc3: Linear<B>,
    dropout: Dropout,
}

impl AlexNet<Train> {
    /// Take its weights.
    pub fn new(image: &Image, layers: &Layers<'_>) -> Result<Self, Fault> {
        let conv = |place: usize, channels, side: usize, pixels| {
            let config = Conv2dConfig::new(channels, [side, side]).with_padding(padded(pixels));
            let stride = if place == 0 { [4, 4] } else { [1, 1] };
            layers.conv(&format!("features.{place}"), config.with_stride(stride))
        };
        Ok(Self {
            conv1: conv(0, [image.channels, 64], 11, 2)?,
            conv2: conv(3, [64, 192], 5, 2)?,
            conv3: conv(6, [192, 384], 3, 1)?,
            conv4: conv(8, [384, 256], 3, 1)?,
            conv5: conv(10, [256, 256], 3, 1)?,
            pool: MaxPool2dConfig::new([3, 3]).with_strides([2, 2]).init(),
            mean: AdaptiveAvgPool2dConfig::new([6, 6]).init(),
            fc1: layers.linear("classifier.1", [256 * 36, 4096])?,
            fc2: layers.linear("classifier.4", [4096, 4096])?,
            fc3: layers.linear("classifier.6", [4096, image.outputs])?,
            dropout: DropoutConfig::new(image.dropout).init(),
        })
    }
}

impl<B: Backend> AlexNet<B> {
    /// What it says of images.
    pub fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 2> {
        let x = self.pool.forward(relu(self.conv1.forward(x)));
        let x = self.pool.forward(relu(self.conv2.forward(x)));
        let x = relu(self.conv4.forward(relu(self.conv3.forward(x))));
        let x = self.pool.forward(relu(self.conv5.forward(x)));
        let x = self.mean.forward(x).flatten::<2>(1, 3);
        let x = relu(self.fc1.forward(self.dropout.forward(x)));
        let x = relu(self.fc2.forward(self.dropout.forward(x)));
        self.fc3.forward(x)
    }
}
