//! Training and inference: eager, one optimiser step a batch.

use rmlbench_worker::Fault;
use rmlbench_worker::networks::{Examples, Given, Network, Targets};
use tch::nn::{Optimizer, VarStore};
use tch::{Kind, Reduction, TchError, Tensor, no_grad};

use crate::architectures;
use crate::layers::Forward;
use crate::libtorch::refused;
use crate::optimiser::{clip, optimiser};
use crate::source::{Source, tensor, values};

/// A network with its optimiser and training rows.
pub struct Trained {
    net: Box<dyn Forward>,
    store: VarStore,
    parameters: Vec<Tensor>,
    optimiser: Optimizer,
    clip_norm: f64,
    x: Tensor,
    y: Tensor,
    kept: Vec<(String, Vec<f32>)>,
}

impl Network for Trained {
    type Input = Tensor;
    type Answer = Tensor;

    fn build(given: &Given<'_>) -> Result<Self, Fault> {
        tch::manual_seed(given.seed);
        let source = Source::new(given.weights);
        let net = architectures::build(&source, given)?;
        let store = source.finish();
        Ok(Self {
            net,
            parameters: store.trainable_variables(),
            optimiser: optimiser(&store, given.settings).map_err(refused)?,
            store,
            clip_norm: given.settings.clip_norm,
            x: examples(given.examples).map_err(refused)?,
            y: targets(given.targets).map_err(refused)?,
            kept: Vec::new(),
        })
    }

    fn step(&mut self, rows: &[i64], rate: f64, keep: bool) -> Result<f32, Fault> {
        self.update(rows, rate, keep).map_err(refused)
    }

    fn gradients(&self) -> Result<Vec<(String, Vec<f32>)>, Fault> {
        Ok(self.kept.clone())
    }

    fn state(&self) -> Result<Vec<(String, Vec<f32>)>, Fault> {
        named(&self.store, Tensor::shallow_clone).map_err(refused)
    }

    fn of_rows(&self, rows: &[i64]) -> Result<Vec<f32>, Fault> {
        let rows = Tensor::f_from_slice(rows).map_err(refused)?;
        Self::values(self.answer(&self.x.f_index_select(0, &rows).map_err(refused)?)?)
    }

    fn input(&self, given: Examples) -> Result<Tensor, Fault> {
        examples(&given).map_err(refused)
    }

    fn answer(&self, input: &Tensor) -> Result<Tensor, Fault> {
        no_grad(|| self.net.forward(input, false)).map_err(refused)
    }

    fn values(answer: Tensor) -> Result<Vec<f32>, Fault> {
        values(&answer).map_err(refused)
    }
}

impl Trained {
    fn update(&mut self, rows: &[i64], rate: f64, keep: bool) -> Result<f32, TchError> {
        self.optimiser.set_lr(rate);
        self.optimiser.zero_grad();
        let rows = Tensor::f_from_slice(rows)?;
        let said = self.net.forward(&self.x.f_index_select(0, &rows)?, true)?;
        let loss = loss(&said, &self.y.f_index_select(0, &rows)?)?;
        loss.f_backward()?;
        if keep {
            self.kept = named(&self.store, Tensor::grad)?;
        }
        if self.clip_norm > 0.0 {
            no_grad(|| clip(&self.parameters, self.clip_norm))?;
        }
        self.optimiser.step();
        f32::try_from(loss)
    }
}

/// Cross-entropy of classes and tokens, squared error of numbers; the mean over everything.
fn loss(said: &Tensor, y: &Tensor) -> Result<Tensor, TchError> {
    if y.f_kind()? == Kind::Float {
        return said.f_select(1, 0)?.f_mse_loss(y, Reduction::Mean);
    }
    let (said, y) = (said.f_flatten(0, -2)?, y.f_flatten(0, -1)?);
    said.f_cross_entropy_loss(&y, None::<Tensor>, Reduction::Mean, -100, 0.0)
}

/// By name, the values of what every variable has, where it has it.
fn named(
    store: &VarStore,
    what: impl Fn(&Tensor) -> Tensor,
) -> Result<Vec<(String, Vec<f32>)>, TchError> {
    let all = store.variables().into_iter();
    let found = all.map(|(name, variable)| (name, what(&variable)));
    found
        .filter(|(_, tensor)| tensor.defined())
        .map(|(name, tensor)| Ok((name, values(&tensor)?)))
        .collect()
}

fn examples(given: &Examples) -> Result<Tensor, TchError> {
    match given {
        Examples::Real(array) => tensor(&array.values, &array.shape),
        Examples::Tokens(array) => tensor(&array.values, &array.shape),
    }
}

fn targets(given: &Targets) -> Result<Tensor, TchError> {
    match given {
        Targets::Classes(classes) => Tensor::f_from_slice(classes),
        Targets::Values(numbers) => Tensor::f_from_slice(numbers),
        Targets::Tokens(array) => tensor(&array.values, &array.shape),
    }
}
