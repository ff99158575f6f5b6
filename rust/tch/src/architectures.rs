//! The architecture of a name.

use rmlbench_worker::Fault;
use rmlbench_worker::networks::Given;

use crate::alexnet::AlexNet;
use crate::attention_cnn::AttentionCnn;
use crate::efficientnet::EfficientNetLite0;
use crate::layers::Forward;
use crate::lenet::LeNet;
use crate::mobilenet::MobileNet;
use crate::recurrent::{Architecture, Recurrent};
use crate::resnet::ResNet;
use crate::simple_cnn::SimpleCnn;
use crate::source::Source;
use crate::vgg16::Vgg16;

/// What a convolutional network is made for.
#[derive(Clone, Copy)]
pub struct Task {
    pub channels: usize,
    pub high: usize,
    pub wide: usize,
    pub outputs: usize,
    pub dropout: f64,
}

/// Take an architecture's variables; refuses examples it cannot take.
pub fn build(source: &Source, given: &Given<'_>) -> Result<Box<dyn Forward>, Fault> {
    if let Some(architecture) = Architecture::named(given.algorithm) {
        let width = given.width();
        return Ok(Box::new(Recurrent::new(
            source,
            architecture,
            width,
            given,
        )?));
    }
    let [channels, high, wide] = given.image().expect("the shape was checked");
    let task = Task {
        channels,
        high,
        wide,
        outputs: given.outputs,
        dropout: given.settings.dropout,
    };
    Ok(match given.algorithm {
        "lenet" => Box::new(LeNet::new(source, task)?),
        "simple_cnn" => Box::new(SimpleCnn::new(source, task)?),
        "attention_cnn" => Box::new(AttentionCnn::new(source, task)?),
        "alexnet" => Box::new(AlexNet::new(source, task)?),
        "vgg16" => Box::new(Vgg16::new(source, task)?),
        "resnet18" => Box::new(ResNet::new(source, [2, 2, 2, 2], task)?),
        "resnet34" => Box::new(ResNet::new(source, [3, 4, 6, 3], task)?),
        "mobilenet" => Box::new(MobileNet::new(source, task)?),
        "efficientnet_lite0" => Box::new(EfficientNetLite0::new(source, task)?),
        other => return Err(Fault::unsupported("algorithm", other, "no such network")),
    })
}
