//! Simonyan and Zisserman, ICLR 2015: torchvision's features; for images of 32 pixels a
//! classifier of width 512 follows their mean, as is usual for CIFAR.

use rmlbench_worker::Fault;
use tch::{TchError, Tensor};

use crate::architectures::Task;
use crate::layers::{Conv, Forward, Linear, means, pool};
use crate::source::Source;

const STAGES: [(usize, usize); 5] = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)];

/// Stages of convolutions, each pooled, and three linear layers.
pub struct Vgg16 {
    stages: Vec<Vec<Conv>>,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    dropout: f64,
}

impl Vgg16 {
    pub fn new(source: &Source, task: Task) -> Result<Self, Fault> {
        Ok(Self {
            stages: stages(source, task.channels)?,
            fc1: Linear::biased(source, "classifier.0", 512, 512)?,
            fc2: Linear::biased(source, "classifier.3", 512, 512)?,
            fc3: Linear::biased(source, "classifier.6", 512, task.outputs)?,
            dropout: task.dropout,
        })
    }
}

/// Each convolution's ReLU and each stage's pooling have a place among the names too.
fn stages(source: &Source, channels: usize) -> Result<Vec<Vec<Conv>>, Fault> {
    let (mut place, mut before) = (0, channels);
    let mut stages = Vec::new();
    for (width, count) in STAGES {
        let mut convs = Vec::new();
        for _ in 0..count {
            let name = format!("features.{place}");
            convs.push(Conv::biased(source, &name, [width, before, 3])?.padded(1));
            (place, before) = (place + 2, width);
        }
        stages.push(convs);
        place += 1;
    }
    Ok(stages)
}

impl Forward for Vgg16 {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let mut x = x.shallow_clone();
        for stage in &self.stages {
            for conv in stage {
                x = conv.forward(&x)?.f_relu_()?;
            }
            x = pool(&x, 2, 2, 0)?;
        }
        let x = self.fc1.forward(&means(&x)?)?.f_relu_()?;
        let x = self
            .fc2
            .forward(&x.f_dropout(self.dropout, training)?)?
            .f_relu_()?;
        self.fc3.forward(&x.f_dropout(self.dropout, training)?)
    }
}
