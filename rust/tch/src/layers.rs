//! Layers that several architectures have.

use rmlbench_worker::Fault;
use tch::{TchError, Tensor};

use crate::source::Source;

/// A network whose variables are set.
pub trait Forward {
    /// What it says of a batch; in training, dropout drops and batch normalisation learns.
    fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError>;
}

/// A convolution of images with square kernels.
pub struct Conv {
    weight: Tensor,
    bias: Option<Tensor>,
    stride: i64,
    padding: i64,
    groups: i64,
}

impl Conv {
    /// With a bias; `weight` is output channels, input channels a group, side of the kernel.
    pub fn biased(source: &Source, name: &str, weight: [usize; 3]) -> Result<Self, Fault> {
        let plain = Self::plain(source, name, weight)?;
        let bias = source.parameter(&format!("{name}.bias"), &weight[..1])?;
        Ok(Self {
            bias: Some(bias),
            ..plain
        })
    }

    /// Without a bias.
    pub fn plain(source: &Source, name: &str, weight: [usize; 3]) -> Result<Self, Fault> {
        let [to, from, kernel] = weight;
        Ok(Self {
            weight: source.parameter(&format!("{name}.weight"), &[to, from, kernel, kernel])?,
            bias: None,
            stride: 1,
            padding: 0,
            groups: 1,
        })
    }

    pub fn strided(self, stride: usize) -> Self {
        let stride = stride as i64;
        Self { stride, ..self }
    }

    pub fn padded(self, padding: usize) -> Self {
        let padding = padding as i64;
        Self { padding, ..self }
    }

    pub fn grouped(self, groups: usize) -> Self {
        let groups = groups as i64;
        Self { groups, ..self }
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor, TchError> {
        let (stride, padding) = ([self.stride; 2], [self.padding; 2]);
        let bias = self.bias.as_ref();
        x.f_conv2d(&self.weight, bias, stride, padding, [1, 1], self.groups)
    }
}

/// A linear layer.
pub struct Linear {
    weight: Tensor,
    bias: Option<Tensor>,
}

impl Linear {
    pub fn biased(source: &Source, name: &str, from: usize, to: usize) -> Result<Self, Fault> {
        let Self { weight, .. } = Self::plain(source, name, from, to)?;
        let bias = Some(source.parameter(&format!("{name}.bias"), &[to])?);
        Ok(Self { weight, bias })
    }

    pub fn plain(source: &Source, name: &str, from: usize, to: usize) -> Result<Self, Fault> {
        let weight = source.parameter(&format!("{name}.weight"), &[to, from])?;
        Ok(Self { weight, bias: None })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor, TchError> {
        x.f_linear(&self.weight, self.bias.as_ref())
    }
}

/// Batch normalisation of images, with torch's momentum 0.1 and eps 1e-5 unless told otherwise.
pub struct Norm {
    weight: Tensor,
    bias: Tensor,
    mean: Tensor,
    var: Tensor,
    momentum: f64,
    eps: f64,
}

impl Norm {
    pub fn new(source: &Source, name: &str, width: usize) -> Result<Self, Fault> {
        Ok(Self {
            weight: source.parameter(&format!("{name}.weight"), &[width])?,
            bias: source.parameter(&format!("{name}.bias"), &[width])?,
            mean: source.buffer(&format!("{name}.running_mean"), &[width])?,
            var: source.buffer(&format!("{name}.running_var"), &[width])?,
            momentum: 0.1,
            eps: 1e-5,
        })
    }

    /// With another momentum and eps.
    pub fn kept(self, momentum: f64, eps: f64) -> Self {
        Self {
            momentum,
            eps,
            ..self
        }
    }

    pub fn forward(&self, x: &Tensor, training: bool) -> Result<Tensor, TchError> {
        let (weight, bias) = (Some(&self.weight), Some(&self.bias));
        let (mean, var) = (Some(&self.mean), Some(&self.var));
        let (momentum, eps) = (self.momentum, self.eps);
        x.f_batch_norm(weight, bias, mean, var, training, momentum, eps, true)
    }
}

/// The largest of each square window.
pub fn pool(x: &Tensor, side: i64, stride: i64, padding: i64) -> Result<Tensor, TchError> {
    x.f_max_pool2d([side; 2], [stride; 2], [padding; 2], [1, 1], false)
}

/// The mean of each channel over all pixels.
pub fn means(x: &Tensor) -> Result<Tensor, TchError> {
    x.f_mean_dim([2, 3].as_slice(), false, None)
}
