//! Krizhevsky 2014, arXiv:1404.5997, as in torchvision.

use rmlbench_worker::Fault;
use tch::{TchError, Tensor};

use crate::architectures::Task;
use crate::layers::{Conv, Forward, Linear, pool};
use crate::source::Source;

/// Five convolutions, of which those in `POOLED` are pooled, and three linear layers.
pub struct AlexNet {
    convs: [Conv; 5],
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    dropout: f64,
}

const POOLED: [bool; 5] = [true, true, false, false, true];

impl AlexNet {
    pub fn new(source: &Source, task: Task) -> Result<Self, Fault> {
        let conv =
            |place: usize, weight| Conv::biased(source, &format!("features.{place}"), weight);
        Ok(Self {
            convs: [
                conv(0, [64, task.channels, 11])?.strided(4).padded(2),
                conv(3, [192, 64, 5])?.padded(2),
                conv(6, [384, 192, 3])?.padded(1),
                conv(8, [256, 384, 3])?.padded(1),
                conv(10, [256, 256, 3])?.padded(1),
            ],
            fc1: Linear::biased(source, "classifier.1", 256 * 36, 4096)?,
            fc2: Linear::biased(source, "classifier.4", 4096, 4096)?,
            fc3: Linear::biased(source, "classifier.6", 4096, task.outputs)?,
            dropout: task.dropout,
        })
    }
}

impl Forward for AlexNet {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let mut x = x.shallow_clone();
        for (conv, pooled) in self.convs.iter().zip(POOLED) {
            x = conv.forward(&x)?.f_relu_()?;
            if pooled {
                x = pool(&x, 3, 2, 0)?;
            }
        }
        let x = x.f_adaptive_avg_pool2d([6, 6])?.f_flatten(1, -1)?;
        let x = self
            .fc1
            .forward(&x.f_dropout(self.dropout, training)?)?
            .f_relu_()?;
        let x = self
            .fc2
            .forward(&x.f_dropout(self.dropout, training)?)?
            .f_relu_()?;
        self.fc3.forward(&x)
    }
}
