//! The network of PyTorch's MNIST example, with one share for both dropouts.

use rmlbench_worker::Fault;
use tch::{TchError, Tensor};

use crate::architectures::Task;
use crate::layers::{Conv, Forward, Linear, pool};
use crate::source::Source;

/// Two convolutions and two linear layers.
pub struct SimpleCnn {
    conv1: Conv,
    conv2: Conv,
    fc1: Linear,
    fc2: Linear,
    dropout: f64,
}

impl SimpleCnn {
    pub fn new(source: &Source, task: Task) -> Result<Self, Fault> {
        let pixels = (task.high - 4) / 2 * ((task.wide - 4) / 2);
        Ok(Self {
            conv1: Conv::biased(source, "conv1", [32, task.channels, 3])?,
            conv2: Conv::biased(source, "conv2", [64, 32, 3])?,
            fc1: Linear::biased(source, "fc1", 64 * pixels, 128)?,
            fc2: Linear::biased(source, "fc2", 128, task.outputs)?,
            dropout: task.dropout,
        })
    }
}

impl Forward for SimpleCnn {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let x = self.conv1.forward(x)?.f_relu()?;
        let x = pool(&self.conv2.forward(&x)?.f_relu()?, 2, 2, 0)?;
        let x = x.f_dropout(self.dropout, training)?.f_flatten(1, -1)?;
        let x = self
            .fc1
            .forward(&x)?
            .f_relu()?
            .f_dropout(self.dropout, training)?;
        self.fc2.forward(&x)
    }
}
