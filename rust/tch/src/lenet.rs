//! LeCun et al. 1998, Proceedings of the IEEE 86, 2278; ReLU and max-pooling, as used today.

use rmlbench_worker::Fault;
use tch::{TchError, Tensor};

use crate::architectures::Task;
use crate::layers::{Conv, Forward, Linear, pool};
use crate::source::Source;

/// Two convolutions and three linear layers.
pub struct LeNet {
    conv1: Conv,
    conv2: Conv,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
    dropout: f64,
}

impl LeNet {
    pub fn new(source: &Source, task: Task) -> Result<Self, Fault> {
        let [high, wide] = [task.high, task.wide].map(|side| (side / 2 - 4) / 2);
        Ok(Self {
            conv1: Conv::biased(source, "conv1", [6, task.channels, 5])?.padded(2),
            conv2: Conv::biased(source, "conv2", [16, 6, 5])?,
            fc1: Linear::biased(source, "fc1", 16 * high * wide, 120)?,
            fc2: Linear::biased(source, "fc2", 120, 84)?,
            fc3: Linear::biased(source, "fc3", 84, task.outputs)?,
            dropout: task.dropout,
        })
    }
}

impl Forward for LeNet {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let x = pool(&self.conv1.forward(x)?.f_relu()?, 2, 2, 0)?;
        let x = pool(&self.conv2.forward(&x)?.f_relu()?, 2, 2, 0)?.f_flatten(1, -1)?;
        let x = self
            .fc1
            .forward(&x)?
            .f_relu()?
            .f_dropout(self.dropout, training)?;
        let x = self
            .fc2
            .forward(&x)?
            .f_relu()?
            .f_dropout(self.dropout, training)?;
        self.fc3.forward(&x)
    }
}
