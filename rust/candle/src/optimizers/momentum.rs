//! Gradient descent with momentum, as `torch.optim.SGD` has it; candle's SGD has none.

use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor, Var};
use candle_nn::Optimizer;

/// Hyper-parameters.
#[derive(Clone, Copy, Debug)]
pub struct ParamsMomentum {
    pub lr: f64,
    pub momentum: f64,
    pub nesterov: bool,
}

/// Parameters, each with the sum of its gradients so far.
#[derive(Debug)]
pub struct Momentum {
    vars: Vec<(Var, Tensor)>,
    params: ParamsMomentum,
}

impl Optimizer for Momentum {
    type Config = ParamsMomentum;

    fn new(vars: Vec<Var>, params: ParamsMomentum) -> Result<Self> {
        let begun = vars.into_iter().map(|var| {
            let zeros = var.as_detached_tensor().zeros_like()?;
            Ok((var, zeros))
        });
        let vars = begun.collect::<Result<_>>()?;
        Ok(Self { vars, params })
    }

    fn step(&mut self, grads: &GradStore) -> Result<()> {
        let ParamsMomentum {
            lr,
            momentum,
            nesterov,
        } = self.params;
        for (var, sum) in &mut self.vars {
            if let Some(grad) = grads.get(var) {
                let grad = grad.detach();
                *sum = ((&*sum * momentum)? + &grad)?;
                let step = if nesterov {
                    (grad + (&*sum * momentum)?)?
                } else {
                    sum.clone()
                };
                var.set(&var.sub(&(step * lr)?)?)?;
            }
        }
        Ok(())
    }

    fn learning_rate(&self) -> f64 {
        self.params.lr
    }

    fn set_learning_rate(&mut self, lr: f64) {
        self.params.lr = lr;
    }
}
