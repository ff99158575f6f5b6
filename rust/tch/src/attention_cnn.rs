//! Two convolutions with batch normalisation, each followed by squeeze and excitation.

use rmlbench_worker::Fault;
use tch::{TchError, Tensor};

use crate::architectures::Task;
use crate::layers::{Conv, Forward, Linear, Norm, means, pool};
use crate::source::Source;

/// Squeeze and excitation (Hu et al., CVPR 2018): channels weighted by what all pixels say.
struct Excitation {
    fc1: Linear,
    fc2: Linear,
}

impl Excitation {
    fn new(source: &Source, name: &str, channels: usize) -> Result<Self, Fault> {
        Ok(Self {
            fc1: Linear::biased(source, &format!("{name}.fc1"), channels, channels / 4)?,
            fc2: Linear::biased(source, &format!("{name}.fc2"), channels / 4, channels)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor, TchError> {
        let squeezed = self.fc1.forward(&means(x)?)?.f_relu()?;
        let weights = self.fc2.forward(&squeezed)?.f_sigmoid()?;
        x.f_mul(&weights.f_unsqueeze(2)?.f_unsqueeze(3)?)
    }
}

/// Convolution, normalisation, ReLU, excitation, pooling; twice.
pub struct AttentionCnn {
    conv1: Conv,
    bn1: Norm,
    se1: Excitation,
    conv2: Conv,
    bn2: Norm,
    se2: Excitation,
    fc: Linear,
    dropout: f64,
}

impl AttentionCnn {
    pub fn new(source: &Source, task: Task) -> Result<Self, Fault> {
        Ok(Self {
            conv1: Conv::plain(source, "conv1", [32, task.channels, 3])?.padded(1),
            bn1: Norm::new(source, "bn1", 32)?,
            se1: Excitation::new(source, "se1", 32)?,
            conv2: Conv::plain(source, "conv2", [64, 32, 3])?.padded(1),
            bn2: Norm::new(source, "bn2", 64)?,
            se2: Excitation::new(source, "se2", 64)?,
            fc: Linear::biased(source, "fc", 64, task.outputs)?,
            dropout: task.dropout,
        })
    }
}

impl Forward for AttentionCnn {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let x = self
            .bn1
            .forward(&self.conv1.forward(x)?, training)?
            .f_relu()?;
        let x = pool(&self.se1.forward(&x)?, 2, 2, 0)?;
        let x = self
            .bn2
            .forward(&self.conv2.forward(&x)?, training)?
            .f_relu()?;
        let x = pool(&self.se2.forward(&x)?, 2, 2, 0)?;
        self.fc
            .forward(&means(&x)?.f_dropout(self.dropout, training)?)
    }
}
