//! Layers of burn with the weights of a job in them.

use std::cell::RefCell;

use burn_core::module::{Param, RunningState};
use burn_core::tensor::Tensor;
use burn_nn::conv::{Conv2d, Conv2dConfig};
use burn_nn::{BatchNorm, BatchNormConfig, Embedding, GateController, Linear, PaddingConfig2d};
use rmlbench_worker::fault::Fault;
use rmlbench_worker::networks::Weights;

use crate::backend::{DEVICE, Train, tensor};
use crate::names::{Layout, Names};

/// The same padding on all four sides.
pub fn padded(pixels: usize) -> PaddingConfig2d {
    PaddingConfig2d::Explicit(pixels, pixels, pixels, pixels)
}

/// Takes weights under torch's names and remembers which parameters of burn they became.
pub struct Layers<'a> {
    pub weights: &'a Weights,
    names: RefCell<Names>,
}

impl<'a> Layers<'a> {
    pub fn new(weights: &'a Weights) -> Self {
        let names = RefCell::default();
        Self { weights, names }
    }

    /// What was taken.
    pub fn names(self) -> Names {
        self.names.into_inner()
    }

    /// A convolution.
    pub fn conv(&self, name: &str, config: Conv2dConfig) -> Result<Conv2d<Train>, Fault> {
        let [before, width] = config.channels;
        let [high, wide] = config.kernel_size;
        let mut conv = config.init(&DEVICE);
        let shape = [width, before / config.groups, high, wide];
        conv.weight = self.parameter(&format!("{name}.weight"), shape)?;
        if config.bias {
            conv.bias = Some(self.parameter(&format!("{name}.bias"), [width])?);
        }
        Ok(conv)
    }

    /// A linear layer from and to so many values.
    pub fn linear(&self, name: &str, widths: [usize; 2]) -> Result<Linear<Train>, Fault> {
        let bias = Some(self.parameter(&format!("{name}.bias"), [widths[1]])?);
        let weight = self.linear_without_bias(name, widths)?.weight;
        Ok(Linear { weight, bias })
    }

    /// A linear layer without a bias.
    pub fn linear_without_bias(
        &self,
        name: &str,
        [before, width]: [usize; 2],
    ) -> Result<Linear<Train>, Fault> {
        let name = format!("{name}.weight");
        let taken = self.weights.take(&name, &[width, before])?;
        let weight = transposed(&taken, before);
        self.remember(&name, Layout::Transposed, &[&weight]);
        Ok(Linear { weight, bias: None })
    }

    /// Batch normalisation.
    pub fn norm(&self, name: &str, channels: usize) -> Result<BatchNorm<Train>, Fault> {
        let mut norm = BatchNormConfig::new(channels).init(&DEVICE);
        norm.gamma = self.parameter(&format!("{name}.weight"), [channels])?;
        norm.beta = self.parameter(&format!("{name}.bias"), [channels])?;
        norm.running_mean = self.running(&format!("{name}.running_mean"), channels)?;
        norm.running_var = self.running(&format!("{name}.running_var"), channels)?;
        Ok(norm)
    }

    /// Vectors of a number of tokens.
    pub fn embedding(&self, name: &str, shape: [usize; 2]) -> Result<Embedding<Train>, Fault> {
        let weight = self.parameter(&format!("{name}.weight"), shape)?;
        Ok(Embedding { weight })
    }

    /// The gates of a recurrent layer, which torch keeps one below the other.
    pub fn gates<const N: usize>(
        &self,
        suffix: &str,
        before: usize,
        hidden: usize,
    ) -> Result<[GateController<Train>; N], Fault> {
        let input = self.gate_linears::<N>("ih", suffix, [before, hidden])?;
        let state = self.gate_linears::<N>("hh", suffix, [hidden, hidden])?;
        let mut pairs = input.into_iter().zip(state);
        Ok(std::array::from_fn(|_| {
            let (input_transform, hidden_transform) = pairs.next().expect("a pair a gate");
            GateController {
                input_transform,
                hidden_transform,
            }
        }))
    }

    fn gate_linears<const N: usize>(
        &self,
        kind: &str,
        suffix: &str,
        [before, hidden]: [usize; 2],
    ) -> Result<Vec<Linear<Train>>, Fault> {
        let weight = format!("rnn.weight_{kind}_{suffix}");
        let bias = format!("rnn.bias_{kind}_{suffix}");
        let weights = self.weights.take(&weight, &[N * hidden, before])?;
        let biases = self.weights.take(&bias, &[N * hidden])?;
        let blocks = weights.chunks_exact(hidden * before);
        let linears = blocks
            .zip(biases.chunks_exact(hidden))
            .map(|(block, bias)| Linear {
                weight: transposed(block, before),
                bias: Some(parameter(bias.to_vec(), [hidden])),
            });
        let linears: Vec<_> = linears.collect();
        let parts: Vec<_> = linears.iter().map(|linear| &linear.weight).collect();
        self.remember(&weight, Layout::Transposed, &parts);
        let parts: Vec<_> = linears.iter().flat_map(|linear| &linear.bias).collect();
        self.remember(&bias, Layout::Same, &parts);
        Ok(linears)
    }

    fn parameter<const D: usize>(
        &self,
        name: &str,
        shape: [usize; D],
    ) -> Result<Param<Tensor<Train, D>>, Fault> {
        let parameter = parameter(self.weights.take(name, &shape)?, shape);
        self.remember(name, Layout::Same, &[&parameter]);
        Ok(parameter)
    }

    fn running(
        &self,
        name: &str,
        channels: usize,
    ) -> Result<RunningState<Tensor<Train, 1>>, Fault> {
        let value = tensor(self.weights.take_buffer(name, &[channels])?, [channels]);
        let param = Param::initialized(Default::default(), Tensor::from_inner(value));
        self.remember(name, Layout::Same, &[&param]);
        Ok(RunningState::from_record(param))
    }

    fn remember<const D: usize>(
        &self,
        name: &str,
        layout: Layout,
        parts: &[&Param<Tensor<Train, D>>],
    ) {
        let parts = parts.iter().map(|part| part.id).collect();
        self.names.borrow_mut().add(name, layout, parts);
    }
}

fn parameter<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Param<Tensor<Train, D>> {
    Param::from_tensor(Tensor::from_inner(tensor(values, shape)))
}

/// torch's weight of a linear layer `[width, before]` as burn's, `[before, width]`.
fn transposed(weight: &[f32], before: usize) -> Param<Tensor<Train, 2>> {
    let width = weight.len() / before;
    let at = |i: usize| weight[i % width * before + i / width];
    parameter((0..weight.len()).map(at).collect(), [before, width])
}
