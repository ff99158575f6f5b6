//! EfficientNet-Lite0 (Tan and Le, ICML 2019), as TensorFlow's: no squeeze, ReLU6.

use rmlbench_worker::Fault;
use tch::{TchError, Tensor};

use crate::architectures::Task;
use crate::layers::{Conv, Forward, Linear, Norm, means};
use crate::source::Source;

const EPS: f64 = 1e-3;
const MOMENTUM: f64 = 0.01;
/// Of each stage: side of the kernel, stride of the first block, expansion, width, blocks.
const STAGES: [[usize; 5]; 7] = [
    [3, 1, 1, 16, 1],
    [3, 2, 6, 24, 2],
    [5, 2, 6, 40, 2],
    [3, 2, 6, 80, 3],
    [5, 1, 6, 112, 3],
    [5, 2, 6, 192, 4],
    [3, 1, 6, 320, 1],
];
type Size = [usize; 2];

/// A convolution over zeros, so that its output is the input's size over the stride, rounded up;
/// the odd one is right and below, as in TensorFlow. Batch normalisation follows.
struct Same {
    conv: Conv,
    edges: [i64; 4],
    norm: Norm,
}

impl Same {
    fn new(
        source: &Source,
        [conv, norm]: [&str; 2],
        weight: [usize; 3],
        stride: usize,
        size: &mut Size,
    ) -> Result<Self, Fault> {
        let mut edges = Vec::new();
        for side in size.iter_mut().rev() {
            let there = side.div_ceil(stride);
            let missing = ((there - 1) * stride + weight[2]).saturating_sub(*side);
            edges.extend([missing / 2, missing - missing / 2].map(|pixels| pixels as i64));
            *side = there;
        }
        Ok(Self {
            conv: Conv::plain(source, conv, weight)?.strided(stride),
            edges: edges.try_into().expect("two sides have four edges"),
            norm: Norm::new(source, norm, weight[0])?.kept(MOMENTUM, EPS),
        })
    }

    fn grouped(self, groups: usize) -> Self {
        let conv = self.conv.grouped(groups);
        Self { conv, ..self }
    }
}

impl Forward for Same {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let x = if self.edges == [0; 4] {
            self.conv.forward(x)?
        } else {
            self.conv.forward(&x.f_constant_pad_nd(self.edges)?)?
        };
        self.norm.forward(&x, training)
    }
}

/// Widen, convolve each channel alone, narrow; the way around where shapes allow.
struct Inverted {
    widen: Option<Same>,
    alone: Same,
    narrow: Same,
    around: bool,
}

impl Inverted {
    fn new(
        source: &Source,
        number: usize,
        [kernel, stride, expand, before, width]: [usize; 5],
        size: &mut Size,
    ) -> Result<Self, Fault> {
        let at = |layer: &str| format!("_blocks.{number}.{layer}");
        let same = |[conv, norm]: [&str; 2], weight, stride, size: &mut Size| {
            Same::new(source, [&at(conv), &at(norm)], weight, stride, size)
        };
        let hidden = before * expand;
        let widen = (expand != 1)
            .then(|| same(["_expand_conv", "_bn0"], [hidden, before, 1], 1, size))
            .transpose()?;
        let alone = same(
            ["_depthwise_conv", "_bn1"],
            [hidden, 1, kernel],
            stride,
            size,
        )?;
        Ok(Self {
            widen,
            alone: alone.grouped(hidden),
            narrow: same(["_project_conv", "_bn2"], [width, hidden, 1], 1, size)?,
            around: stride == 1 && before == width,
        })
    }
}

impl Forward for Inverted {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let y = match &self.widen {
            Some(widen) => widen.forward(x, training)?.f_relu6()?,
            None => x.shallow_clone(),
        };
        let y = self.alone.forward(&y, training)?.f_relu6()?;
        let y = self.narrow.forward(&y, training)?;
        if self.around { x.f_add(&y) } else { Ok(y) }
    }
}

/// A convolution, seven stages of inverted blocks, a convolution, a linear layer.
pub struct EfficientNetLite0 {
    stem: Same,
    blocks: Vec<Inverted>,
    head: Same,
    fc: Linear,
    dropout: f64,
}

impl EfficientNetLite0 {
    pub fn new(source: &Source, task: Task) -> Result<Self, Fault> {
        let mut size = [task.high, task.wide];
        let names = ["_conv_stem", "_bn0"];
        let stem = Same::new(source, names, [32, task.channels, 3], 2, &mut size)?;
        let (mut blocks, mut before) = (Vec::new(), 32);
        for [kernel, first, expand, width, count] in STAGES {
            for i in 0..count {
                let stride = if i == 0 { first } else { 1 };
                let shape = [kernel, stride, expand, before, width];
                blocks.push(Inverted::new(source, blocks.len(), shape, &mut size)?);
                before = width;
            }
        }
        let names = ["_conv_head", "_bn1"];
        Ok(Self {
            stem,
            blocks,
            head: Same::new(source, names, [1280, before, 1], 1, &mut size)?,
            fc: Linear::biased(source, "_fc", 1280, task.outputs)?,
            dropout: task.dropout,
        })
    }
}

impl Forward for EfficientNetLite0 {
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let mut x = self.stem.forward(x, training)?.f_relu6()?;
        for block in &self.blocks {
            x = block.forward(&x, training)?;
        }
        let x = means(&self.head.forward(&x, training)?.f_relu6()?)?;
        self.fc.forward(&x.f_dropout(self.dropout, training)?)
    }
}
