//! burn's optimisers with torch's defaults.

use burn_optim::adaptor::OptimizerAdaptor;
use burn_optim::decay::WeightDecayConfig;
use burn_optim::momentum::MomentumConfig;
use burn_optim::{Adam, AdamConfig, AdamW, AdamWConfig, GradientsParams, Optimizer as _};
use burn_optim::{RmsProp, RmsPropConfig, Sgd, SgdConfig};
use rmlbench_worker::networks::{Optimizer as Rule, Settings};

use crate::backend::{Inner, Train};
use crate::network::Net;

type Adapted<O> = OptimizerAdaptor<O, Net<Train>, Train>;
const EPSILON: f32 = 1e-8;

/// How parameters are updated, with what it remembers of earlier steps.
pub enum Optimizer {
    Sgd(Adapted<Sgd<Inner>>),
    Adam(Adapted<Adam>),
    AdamW(Adapted<AdamW>),
    RmsProp(Adapted<RmsProp>),
}

impl Optimizer {
    /// The optimiser of a case.
    pub fn new(settings: &Settings) -> Self {
        let penalty = settings.weight_decay as f32;
        let decay = (penalty > 0.0).then(|| WeightDecayConfig::new(penalty));
        match settings.optimizer {
            Rule::Sgd => {
                let momentum = (settings.momentum > 0.0).then(|| {
                    MomentumConfig::new()
                        .with_momentum(settings.momentum)
                        .with_dampening(0.0)
                        .with_nesterov(settings.nesterov)
                });
                let config = SgdConfig::new()
                    .with_weight_decay(decay)
                    .with_momentum(momentum);
                Self::Sgd(config.init())
            }
            Rule::Adam => {
                let config = AdamConfig::new().with_epsilon(EPSILON);
                Self::Adam(config.with_weight_decay(decay).init())
            }
            Rule::Adamw => {
                let config = AdamWConfig::new().with_epsilon(EPSILON);
                Self::AdamW(config.with_weight_decay(penalty).init())
            }
            Rule::Rmsprop => {
                let config = RmsPropConfig::new()
                    .with_epsilon(EPSILON)
                    .with_momentum(settings.momentum as f32)
                    .with_weight_decay(decay);
                Self::RmsProp(config.init())
            }
        }
    }

    /// The network after one update.
    pub fn step(&mut self, rate: f64, net: Net<Train>, gradients: GradientsParams) -> Net<Train> {
        match self {
            Self::Sgd(rule) => rule.step(rate, net, gradients),
            Self::Adam(rule) => rule.step(rate, net, gradients),
            Self::AdamW(rule) => rule.step(rate, net, gradients),
            Self::RmsProp(rule) => rule.step(rate, net, gradients),
        }
    }
}
