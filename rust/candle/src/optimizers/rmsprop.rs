//! `torch.optim.RMSprop`, which candle has none of.

use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor, Var};
use candle_nn::Optimizer;

/// torch's smoothing and what keeps from dividing by zero.
const ALPHA: f64 = 0.99;
const EPS: f64 = 1e-8;

/// Hyper-parameters.
#[derive(Clone, Copy, Debug)]
pub struct ParamsRmsProp {
    pub lr: f64,
    pub momentum: f64,
}

#[derive(Debug)]
struct Smoothed {
    var: Var,
    squares: Tensor,
    steps: Tensor,
}

/// Parameters, each with its smoothed squared gradient and sum of steps.
#[derive(Debug)]
pub struct RmsProp {
    vars: Vec<Smoothed>,
    params: ParamsRmsProp,
}

impl Optimizer for RmsProp {
    type Config = ParamsRmsProp;

    fn new(vars: Vec<Var>, params: ParamsRmsProp) -> Result<Self> {
        let begun = vars.into_iter().map(|var| {
            let zeros = var.as_detached_tensor().zeros_like()?;
            Ok(Smoothed {
                var,
                squares: zeros.clone(),
                steps: zeros,
            })
        });
        let vars = begun.collect::<Result<_>>()?;
        Ok(Self { vars, params })
    }

    fn step(&mut self, grads: &GradStore) -> Result<()> {
        let ParamsRmsProp { lr, momentum } = self.params;
        for Smoothed {
            var,
            squares,
            steps,
        } in &mut self.vars
        {
            if let Some(grad) = grads.get(var) {
                let grad = grad.detach();
                *squares = ((&*squares * ALPHA)? + (grad.sqr()? * (1.0 - ALPHA))?)?;
                let mut step = (grad / (squares.sqrt()? + EPS)?)?;
                if momentum > 0.0 {
                    *steps = ((&*steps * momentum)? + step)?;
                    step = steps.clone();
                }
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
