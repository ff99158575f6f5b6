//! One update of all parameters: clipping, weight decay, and the rule.

mod momentum;
mod rmsprop;

use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor, Var};
use candle_nn::{AdamW, Optimizer, ParamsAdamW, SGD};
use rmlbench_worker::networks::{self, Settings};

use momentum::{Momentum, ParamsMomentum};
use rmsprop::{ParamsRmsProp, RmsProp};

/// candle's rules, and those it lacks.
enum Rule {
    Sgd(SGD),
    Adam(AdamW),
    Momentum(Momentum),
    RmsProp(RmsProp),
}

/// A rule with torch's defaults, and what is done to the gradients before it.
pub struct Update {
    vars: Vec<Var>,
    clip_norm: f64,
    /// Weight decay that is part of the gradient; AdamW's is not.
    decay: f64,
    rule: Rule,
}

impl Update {
    pub fn new(vars: Vec<Var>, settings: &Settings) -> Result<Self> {
        let (lr, decay) = (settings.learning_rate, settings.weight_decay);
        let adam = |weight_decay| ParamsAdamW {
            lr,
            weight_decay,
            ..ParamsAdamW::default()
        };
        let momentum = settings.momentum;
        let given = vars.clone();
        let rule = match settings.optimizer {
            networks::Optimizer::Sgd if momentum == 0.0 => Rule::Sgd(SGD::new(given, lr)?),
            networks::Optimizer::Sgd => {
                let nesterov = settings.nesterov;
                let params = ParamsMomentum {
                    lr,
                    momentum,
                    nesterov,
                };
                Rule::Momentum(Momentum::new(given, params)?)
            }
            networks::Optimizer::Adam => Rule::Adam(AdamW::new(given, adam(0.0))?),
            networks::Optimizer::Adamw => Rule::Adam(AdamW::new(given, adam(decay))?),
            networks::Optimizer::Rmsprop => {
                let params = ParamsRmsProp { lr, momentum };
                Rule::RmsProp(RmsProp::new(given, params)?)
            }
        };
        let apart = settings.optimizer == networks::Optimizer::Adamw;
        Ok(Self {
            vars,
            clip_norm: settings.clip_norm,
            decay: if apart { 0.0 } else { decay },
            rule,
        })
    }

    /// Update all parameters at a learning rate.
    pub fn step(&mut self, grads: &mut GradStore, rate: f64) -> Result<()> {
        if self.clip_norm > 0.0 {
            self.clip(grads)?;
        }
        if self.decay > 0.0 {
            let decay = self.decay;
            self.change(grads, |grad, var| grad + (var * decay)?)?;
        }
        match &mut self.rule {
            Rule::Sgd(rule) => at(rule, grads, rate),
            Rule::Adam(rule) => at(rule, grads, rate),
            Rule::Momentum(rule) => at(rule, grads, rate),
            Rule::RmsProp(rule) => at(rule, grads, rate),
        }
    }

    /// `torch.nn.utils.clip_grad_norm_`.
    fn clip(&self, grads: &mut GradStore) -> Result<()> {
        let mut sum = 0f64;
        for grad in self.vars.iter().filter_map(|var| grads.get(var)) {
            sum += f64::from(grad.sqr()?.sum_all()?.to_scalar::<f32>()?);
        }
        let scale = self.clip_norm / (sum.sqrt() + 1e-6);
        if scale < 1.0 {
            self.change(grads, |grad, _| grad * scale)?;
        }
        Ok(())
    }

    /// Replace every gradient by what is made of it and its parameter.
    fn change(
        &self,
        grads: &mut GradStore,
        made: impl Fn(Tensor, &Tensor) -> Result<Tensor>,
    ) -> Result<()> {
        for var in &self.vars {
            if let Some(grad) = grads.remove(var) {
                grads.insert(var, made(grad.detach(), &var.as_detached_tensor())?);
            }
        }
        Ok(())
    }
}

fn at<O: Optimizer>(rule: &mut O, grads: &GradStore, rate: f64) -> Result<()> {
    rule.set_learning_rate(rate);
    rule.step(grads)
}
