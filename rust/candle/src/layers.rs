//! candle's layers, of weights taken by name.

use candle_core::{ModuleT, Result, Tensor, bail};
use candle_nn::{BatchNorm, Conv2d, Conv2dConfig, Dropout, Linear};

use crate::answer::{Built, of_candle};
use crate::store::Store;

/// torch's `eps` of batch normalisation; its momentum, .1, is candle's too.
const EPS: f64 = 1e-5;

/// Settings of a convolution: stride and padding.
pub fn strided(stride: usize, padding: usize) -> Conv2dConfig {
    Conv2dConfig {
        stride,
        padding,
        ..Conv2dConfig::default()
    }
}

/// A square convolution without bias.
pub fn bare_conv(
    store: &Store,
    [before, width, side]: [usize; 3],
    settings: Conv2dConfig,
) -> Built<Conv2d> {
    let shape = [width, before / settings.groups, side, side];
    let weight = store.parameter("weight", &shape)?;
    Ok(Conv2d::new(weight, None, settings))
}

/// A square convolution with bias.
pub fn conv(
    store: &Store,
    [before, width, side]: [usize; 3],
    settings: Conv2dConfig,
) -> Built<Conv2d> {
    let weight = store.parameter("weight", &[width, before, side, side])?;
    let bias = store.parameter("bias", &[width])?;
    Ok(Conv2d::new(weight, Some(bias), settings))
}

/// A linear layer with bias.
pub fn linear(store: &Store, before: usize, width: usize) -> Built<Linear> {
    let weight = store.parameter("weight", &[width, before])?;
    let bias = store.parameter("bias", &[width])?;
    Ok(Linear::new(weight, Some(bias)))
}

/// candle's batch normalisation.
pub struct Norm(BatchNorm);

/// Batch normalisation.
pub fn norm(store: &Store, width: usize) -> Built<Norm> {
    let [weight, bias] = ["weight", "bias"].map(|name| store.parameter(name, &[width]));
    let [mean, variance] = ["running_mean", "running_var"].map(|name| store.buffer(name, &[width]));
    let made = BatchNorm::new(width, mean?, variance?, weight?, bias?, EPS);
    made.map(Norm).map_err(of_candle)
}

impl ModuleT for Norm {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        // candle would go on with an infinite variance.
        if train && x.elem_count() == x.dim(1)? {
            bail!("batch normalisation needs more than one value of a channel to train on");
        }
        self.0.forward_t(x, train)
    }
}

/// candle's dropout, or nothing where the share is 0: candle would draw a mask nevertheless.
pub struct Dropping(Option<Dropout>);

impl Dropping {
    pub fn new(share: f64) -> Self {
        Self((share > 0.0).then(|| Dropout::new(share as f32)))
    }
}

impl ModuleT for Dropping {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        match &self.0 {
            Some(dropout) if train => dropout.forward(x, train),
            _ => Ok(x.clone()),
        }
    }
}
