//! He et al., CVPR 2016, as in torchvision. Dropout, which the paper has none of, stands before
//! the last layer.

use rmlbench_worker::Fault;
use tch::{TchError, Tensor};

use crate::architectures::Task;
use crate::layers::{Conv, Forward, Linear, Norm, means, pool};
use crate::source::Source;

/// Two convolutions and the way around them.
struct Residual {
    conv1: Conv,
    bn1: Norm,
    conv2: Conv,
    bn2: Norm,
    downsample: Option<(Conv, Norm)>,
}

impl Residual {
    fn new(
        source: &Source,
        name: &str,
        [before, width, stride]: [usize; 3],
    ) -> Result<Self, Fault> {
        let at = |layer: &str| format!("{name}.{layer}");
        let conv1 = Conv::plain(source, &at("conv1"), [width, before, 3])?;
        let bn1 = Norm::new(source, &at("bn1"), width)?;
        let conv2 = Conv::plain(source, &at("conv2"), [width, width, 3])?;
        let bn2 = Norm::new(source, &at("bn2"), width)?;
        let downsample = if stride != 1 || before != width {
            let around = Conv::plain(source, &at("downsample.0"), [width, before, 1])?;
            let norm = Norm::new(source, &at("downsample.1"), width)?;
            Some((around.strided(stride), norm))
        } else {
            None
        };
        Ok(Self {
            conv1: conv1.strided(stride).padded(1),
            bn1,
            conv2: conv2.padded(1),
            bn2,
            downsample,
        })
    }
}

impl Forward for Residual {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let y = self
            .bn1
            .forward(&self.conv1.forward(x)?, training)?
            .f_relu()?;
        let around = match &self.downsample {
            Some((conv, norm)) => norm.forward(&conv.forward(x)?, training)?,
            None => x.shallow_clone(),
        };
        let y = self.bn2.forward(&self.conv2.forward(&y)?, training)?;
        y.f_add(&around)?.f_relu()
    }
}

/// Four stages of residual blocks.
pub struct ResNet {
    conv1: Conv,
    bn1: Norm,
    blocks: Vec<Residual>,
    fc: Linear,
    dropout: f64,
}

impl ResNet {
    /// So many blocks in each of the stages.
    pub fn new(source: &Source, counts: [usize; 4], task: Task) -> Result<Self, Fault> {
        Ok(Self {
            conv1: Conv::plain(source, "conv1", [64, task.channels, 7])?
                .strided(2)
                .padded(3),
            bn1: Norm::new(source, "bn1", 64)?,
            blocks: blocks(source, counts)?,
            fc: Linear::biased(source, "fc", 512, task.outputs)?,
            dropout: task.dropout,
        })
    }
}

fn blocks(source: &Source, counts: [usize; 4]) -> Result<Vec<Residual>, Fault> {
    let mut before = 64;
    let mut blocks = Vec::new();
    for (stage, count) in counts.into_iter().enumerate() {
        let width = 64 << stage;
        for i in 0..count {
            let stride = if stage > 0 && i == 0 { 2 } else { 1 };
            let name = format!("layer{}.{i}", stage + 1);
            blocks.push(Residual::new(source, &name, [before, width, stride])?);
            before = width;
        }
    }
    Ok(blocks)
}

impl Forward for ResNet {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let x = self
            .bn1
            .forward(&self.conv1.forward(x)?, training)?
            .f_relu()?;
        let mut x = pool(&x, 3, 2, 1)?;
        for block in &self.blocks {
            x = block.forward(&x, training)?;
        }
        self.fc
            .forward(&means(&x)?.f_dropout(self.dropout, training)?)
    }
}
