//! MobileNetV2 (Sandler et al., CVPR 2018), as in torchvision.

use rmlbench_worker::Fault;
use tch::{TchError, Tensor};

use crate::architectures::Task;
use crate::layers::{Conv, Forward, Linear, Norm, means};
use crate::source::Source;

/// Of each stage: expansion, width, blocks, stride of the first.
const STAGES: [[usize; 4]; 7] = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
];

/// Convolution without bias, batch normalisation, ReLU6.
struct ConvNormActivation(Conv, Norm);

impl ConvNormActivation {
    fn new(source: &Source, name: &str, weight: [usize; 3]) -> Result<Self, Fault> {
        let conv = Conv::plain(source, &format!("{name}.0"), weight)?.padded((weight[2] - 1) / 2);
        let norm = Norm::new(source, &format!("{name}.1"), weight[0])?;
        Ok(Self(conv, norm))
    }

    fn strided(self, stride: usize) -> Self {
        Self(self.0.strided(stride), self.1)
    }

    fn grouped(self, groups: usize) -> Self {
        Self(self.0.grouped(groups), self.1)
    }
}

impl Forward for ConvNormActivation {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        self.1.forward(&self.0.forward(x)?, training)?.f_relu6_()
    }
}

/// Widen, convolve each channel alone, narrow; the way around where shapes allow.
struct Inverted {
    convs: Vec<ConvNormActivation>,
    narrow: Conv,
    norm: Norm,
    around: bool,
}

impl Inverted {
    fn new(
        source: &Source,
        name: &str,
        [before, width, stride, expand]: [usize; 4],
    ) -> Result<Self, Fault> {
        let at = |layer: usize| format!("{name}.conv.{layer}");
        let hidden = before * expand;
        let mut convs = Vec::new();
        if expand != 1 {
            convs.push(ConvNormActivation::new(
                source,
                &at(0),
                [hidden, before, 1],
            )?);
        }
        let alone = ConvNormActivation::new(source, &at(convs.len()), [hidden, 1, 3])?;
        convs.push(alone.strided(stride).grouped(hidden));
        let last = convs.len();
        Ok(Self {
            convs,
            narrow: Conv::plain(source, &at(last), [width, hidden, 1])?,
            norm: Norm::new(source, &at(last + 1), width)?,
            around: stride == 1 && before == width,
        })
    }
}

impl Forward for Inverted {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let mut y = x.shallow_clone();
        for conv in &self.convs {
            y = conv.forward(&y, training)?;
        }
        let y = self.norm.forward(&self.narrow.forward(&y)?, training)?;
        if self.around { x.f_add(&y) } else { Ok(y) }
    }
}

/// A convolution, seven stages of inverted blocks, a convolution, a linear layer.
pub struct MobileNet {
    features: Vec<Box<dyn Forward>>,
    classifier: Linear,
    dropout: f64,
}

impl MobileNet {
    pub fn new(source: &Source, task: Task) -> Result<Self, Fault> {
        Ok(Self {
            features: features(source, task.channels)?,
            classifier: Linear::biased(source, "classifier.1", 1280, task.outputs)?,
            dropout: task.dropout,
        })
    }
}

fn features(source: &Source, channels: usize) -> Result<Vec<Box<dyn Forward>>, Fault> {
    let first = ConvNormActivation::new(source, "features.0", [32, channels, 3])?.strided(2);
    let mut layers: Vec<Box<dyn Forward>> = vec![Box::new(first)];
    let mut before = 32;
    for [expand, width, count, stride] in STAGES {
        for i in 0..count {
            let name = format!("features.{}", layers.len());
            let shape = [before, width, if i == 0 { stride } else { 1 }, expand];
            layers.push(Box::new(Inverted::new(source, &name, shape)?));
            before = width;
        }
    }
    let name = format!("features.{}", layers.len());
    layers.push(Box::new(ConvNormActivation::new(
        source,
        &name,
        [1280, before, 1],
    )?));
    Ok(layers)
}

impl Forward for MobileNet {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let mut x = x.shallow_clone();
        for layer in &self.features {
            x = layer.forward(&x, training)?;
        }
        self.classifier
            .forward(&means(&x)?.f_dropout(self.dropout, training)?)
    }
}
