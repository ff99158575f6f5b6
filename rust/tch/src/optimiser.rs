//! Optimisers, and the clipping of gradients before a step.

use rmlbench_worker::networks::{Optimizer, Settings};
use tch::nn::{self, OptimizerConfig, VarStore};
use tch::{TchError, Tensor};

/// libtorch's optimiser with a job's hyper-parameters and torch's other defaults.
pub fn optimiser(store: &VarStore, settings: &Settings) -> Result<nn::Optimizer, TchError> {
    let (rate, wd, momentum) = (
        settings.learning_rate,
        settings.weight_decay,
        settings.momentum,
    );
    match settings.optimizer {
        Optimizer::Sgd => {
            let sgd = nn::Sgd {
                momentum,
                wd,
                nesterov: settings.nesterov,
                ..nn::Sgd::default()
            };
            sgd.build(store, rate)
        }
        Optimizer::Adam => nn::Adam::default().wd(wd).build(store, rate),
        Optimizer::Adamw => nn::AdamW::default().wd(wd).build(store, rate),
        Optimizer::Rmsprop => {
            let rmsprop = nn::RmsProp {
                momentum,
                wd,
                ..nn::RmsProp::default()
            };
            rmsprop.build(store, rate)
        }
    }
}

/// `torch.nn.utils.clip_grad_norm_`, operation by operation.
///
/// `tch::nn::Optimizer::clip_grad_norm` has the factor in float64, which rounds otherwise.
pub fn clip(parameters: &[Tensor], largest: f64) -> Result<(), TchError> {
    let given = parameters.iter().map(Tensor::grad);
    let mut gradients: Vec<Tensor> = given.filter(Tensor::defined).collect();
    let norms: Result<Vec<_>, _> = gradients.iter().map(Tensor::f_norm).collect();
    let total = Tensor::f_stack(&norms?, 0)?.f_norm()?;
    let wanted = total.f_add_scalar(1e-6)?.f_reciprocal()?;
    let factor = wanted.f_mul_scalar(largest)?.f_clamp_max(1.0)?;
    for gradient in &mut gradients {
        let _ = gradient.f_mul_(&factor)?;
    }
    Ok(())
}
