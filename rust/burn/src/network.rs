//! The architectures as one module of burn.

use burn_core::module::Module;
use burn_core::tensor::Tensor;
use burn_core::tensor::backend::Backend;
use rmlbench_worker::fault::Fault;
use rmlbench_worker::networks::Given;

use crate::alexnet::AlexNet;
use crate::attention_cnn::AttentionCnn;
use crate::backend::Train;
use crate::layers::Layers;
use crate::lenet::LeNet;
use crate::mobilenet::MobileNet;
use crate::recurrent::Recurrent;
use crate::resnet::ResNet;
use crate::rows::Rows;
use crate::simple_cnn::SimpleCnn;
use crate::vgg16::Vgg16;

/// A network of any architecture; a run has one, whatever its size.
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Net<B: Backend> {
    LeNet(LeNet<B>),
    SimpleCnn(SimpleCnn<B>),
    AttentionCnn(AttentionCnn<B>),
    AlexNet(AlexNet<B>),
    Vgg16(Vgg16<B>),
    ResNet(ResNet<B>),
    MobileNet(MobileNet<B>),
    Recurrent(Recurrent<B>),
}

/// What a convolutional network is built for.
pub struct Image {
    pub channels: usize,
    pub high: usize,
    pub wide: usize,
    pub outputs: usize,
    pub dropout: f64,
}

/// The network of a job, which takes its weights.
pub fn build(given: &Given<'_>, layers: &Layers<'_>) -> Result<Net<Train>, Fault> {
    let [_, channels, high, wide] = given.examples.shape()[..] else {
        return Ok(Net::Recurrent(Recurrent::new(given, layers)?));
    };
    let image = &Image {
        channels,
        high,
        wide,
        outputs: given.outputs,
        dropout: given.settings.dropout,
    };
    Ok(match given.algorithm {
        "lenet" => Net::LeNet(LeNet::new(image, layers)?),
        "simple_cnn" => Net::SimpleCnn(SimpleCnn::new(image, layers)?),
        "attention_cnn" => Net::AttentionCnn(AttentionCnn::new(image, layers)?),
        "alexnet" => Net::AlexNet(AlexNet::new(image, layers)?),
        "vgg16" => Net::Vgg16(Vgg16::new(image, layers)?),
        "resnet18" => Net::ResNet(ResNet::new([2, 2, 2, 2], image, layers)?),
        "resnet34" => Net::ResNet(ResNet::new([3, 4, 6, 3], image, layers)?),
        _ => Net::MobileNet(MobileNet::new(image, layers)?),
    })
}

impl<B: Backend> Net<B> {
    /// What the network says of rows, `[answers, outputs]`.
    pub fn forward(&self, rows: Rows<B>) -> Tensor<B, 2> {
        let images = match (self, rows) {
            (_, Rows::Images(images)) => images,
            (Self::Recurrent(net), rows) => return net.forward(rows),
            _ => unreachable!("rows were checked when they were read"),
        };
        match self {
            Self::LeNet(net) => net.forward(images),
            Self::SimpleCnn(net) => net.forward(images),
            Self::AttentionCnn(net) => net.forward(images),
            Self::AlexNet(net) => net.forward(images),
            Self::Vgg16(net) => net.forward(images),
            Self::ResNet(net) => net.forward(images),
            Self::MobileNet(net) => net.forward(images),
            Self::Recurrent(_) => unreachable!("rows were checked when they were read"),
        }
    }
}
