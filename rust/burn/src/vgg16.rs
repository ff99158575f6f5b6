//! VGG-16: torchvision's features, their mean, and a classifier of width 512.

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
use crate::pixels;

/// Width and number of convolutions of each stage.
const STAGES: [(usize, usize); 5] = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)];

/// Five stages of convolutions and three linear layers.
#[derive(Module, Debug)]
pub struct Vgg16<B: Backend> {
    stages: Vec<Vec<Conv2d<B>>>,
    pool: MaxPool2d,
    fc1: Linear<B>,
    fc2: Linear<B>,
    fc3: Linear<B>,
    dropout: Dropout,
}

impl Vgg16<Train> {
    /// Take its weights.
    pub fn new(image: &Image, layers: &Layers<'_>) -> Result<Self, Fault> {
        let (mut before, mut place) = (image.channels, 0);
        let mut stages = Vec::new();
        for (width, count) in STAGES {
            let mut stage = Vec::new();
            for _ in 0..count {
                let config = Conv2dConfig::new([before, width], [3, 3]).with_padding(padded(1));
                stage.push(layers.conv(&format!("features.{place}"), config)?);
                (before, place) = (width, place + 2);
            }
            stages.push(stage);
            place += 1;
        }
        Ok(Self {
            stages,
            pool: MaxPool2dConfig::new([2, 2]).init(),
            fc1: layers.linear("classifier.0", [512, 512])?,
            fc2: layers.linear("classifier.3", [512, 512])?,
            fc3: layers.linear("classifier.6", [512, image.outputs])?,
            dropout: DropoutConfig::new(image.dropout).init(),
        })
    }
}

impl<B: Backend> Vgg16<B> {
    /// What it says of images.
    pub fn forward(&self, x: Tensor<B, 4>) -> Tensor<B, 2> {
        let x = self.stages.iter().fold(x, |x, stage| {
            let x = stage.iter().fold(x, |x, conv| relu(conv.forward(x)));
            self.pool.forward(x)
        });
        let x = relu(self.fc1.forward(pixels::mean(x)));
        let x = relu(self.fc2.forward(self.dropout.forward(x)));
        self.fc3.forward(self.dropout.forward(x))
    }
}
