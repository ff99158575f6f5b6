//! One norm for all gradients together; burn's own clipping takes each tensor by itself.

use burn_core::module::{Module, ModuleVisitor, Param};
use burn_core::tensor::Tensor;
use burn_optim::GradientsParams;

use crate::backend::{Inner, Train};
use crate::network::Net;

/// Scale all gradients to a norm where theirs is larger, as `torch.nn.utils.clip_grad_norm_`.
pub fn clip(net: &Net<Train>, gradients: &mut GradientsParams, largest: f64) {
    let mut squares = Squares {
        gradients,
        sum: None,
    };
    net.visit(&mut squares);
    let Some(sum) = squares.sum else { return };
    let norm = sum.sqrt().into_scalar();
    let factor = largest as f32 / (norm + 1e-6);
    if factor < 1.0 {
        net.visit(&mut Scale { gradients, factor });
    }
}

type Gradient<const D: usize> = Tensor<Inner, D>;

struct Squares<'a> {
    gradients: &'a GradientsParams,
    sum: Option<Gradient<1>>,
}

impl ModuleVisitor<Train> for Squares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<Train, D>>) {
        let gradient: Option<Gradient<D>> = self.gradients.get(param.id);
        let square = gradient.map(|gradient| gradient.square().sum());
        self.sum = match (self.sum.take(), square) {
            (Some(sum), Some(square)) => Some(sum + square),
            (sum, square) => sum.or(square),
        };
    }
}

struct Scale<'a> {
    gradients: &'a mut GradientsParams,
    factor: f32,
}

impl ModuleVisitor<Train> for Scale<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<Train, D>>) {
        let gradient: Option<Gradient<D>> = self.gradients.remove(param.id);
        if let Some(gradient) = gradient {
            let scaled = gradient.mul_scalar(self.factor);
            self.gradients.register(param.id, scaled);
        }
    }
}
