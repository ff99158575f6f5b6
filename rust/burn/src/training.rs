//! Training and inference, as burn's book does them in a loop of one's own.

use std::cell::OnceCell;

use burn_core::module::AutodiffModule;
use burn_core::tensor::Tensor;
use burn_core::tensor::backend::Backend;
use burn_optim::GradientsParams;
use rmlbench_worker::fault::Fault;
use rmlbench_worker::networks::{Examples, Given, Network};

use crate::backend::{DEVICE, Inner, Train, values};
use crate::clip::clip;
use crate::layers::Layers;
use crate::names::Names;
use crate::network::{self, Net};
use crate::optimizer::Optimizer;
use crate::rows::{Rows, Truth, index};

/// A network with its optimiser and training rows.
pub struct Training {
    /// None only while the optimiser has it.
    net: Option<Net<Train>>,
    /// The network as it is now, to be asked.
    valid: OnceCell<Net<Inner>>,
    optimizer: Optimizer,
    clip_norm: f64,
    rows: Rows<Inner>,
    truth: Truth,
    names: Names,
    kept: Vec<(String, Vec<f32>)>,
}

impl Training {
    fn net(&self) -> &Net<Train> {
        self.net.as_ref().expect("no step is under way")
    }

    fn valid(&self) -> &Net<Inner> {
        self.valid.get_or_init(|| self.net().valid())
    }
}

impl Network for Training {
    type Input = Rows<Inner>;
    type Answer = Tensor<Inner, 2>;

    fn build(given: &Given<'_>) -> Result<Self, Fault> {
        Train::seed(&DEVICE, given.seed as u64);
        let layers = Layers::new(given.weights);
        let net = network::build(given, &layers)?;
        Ok(Self {
            net: Some(net),
            valid: OnceCell::new(),
            optimizer: Optimizer::new(given.settings),
            clip_norm: given.settings.clip_norm,
            rows: Rows::new(given.examples.clone()),
            truth: Truth::new(given.targets),
            names: layers.names(),
            kept: Vec::new(),
        })
    }

    fn step(&mut self, rows: &[i64], rate: f64, keep: bool) -> Result<f32, Fault> {
        self.valid.take();
        let index = index(rows);
        let batch = self.rows.select(index.clone()).for_training();
        let loss = self.truth.loss(self.net().forward(batch), index);
        let mut gradients = GradientsParams::from_grads(loss.backward(), self.net());
        let loss = loss.into_scalar();
        if keep {
            self.kept = self.names.gradients(&self.net().valid(), &gradients);
        }
        if self.clip_norm > 0.0 {
            clip(self.net(), &mut gradients, self.clip_norm);
        }
        let net = self.net.take().expect("no step is under way");
        self.net = Some(self.optimizer.step(rate, net, gradients));
        Ok(loss)
    }

    fn gradients(&self) -> Result<Vec<(String, Vec<f32>)>, Fault> {
        Ok(self.kept.clone())
    }

    fn state(&self) -> Result<Vec<(String, Vec<f32>)>, Fault> {
        Ok(self.names.state(self.valid()))
    }

    fn of_rows(&self, rows: &[i64]) -> Result<Vec<f32>, Fault> {
        Self::values(self.answer(&self.rows.select(index(rows)))?)
    }

    fn input(&self, examples: Examples) -> Result<Self::Input, Fault> {
        Ok(Rows::new(examples))
    }

    fn answer(&self, input: &Self::Input) -> Result<Self::Answer, Fault> {
        Ok(self.valid().forward(input.clone()))
    }

    fn values(answer: Self::Answer) -> Result<Vec<f32>, Fault> {
        Ok(values(answer))
    }
}
