//! A network with its optimiser and training rows.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use candle_core::{D, Result, Tensor};
use candle_nn::loss;
use rmlbench_worker::networks::{Examples, Given, Network};

use crate::answer::{Built, of_candle, values};
use crate::architectures::{self, Model};
use crate::optimizers::Update;
use crate::pool::Pool;
use crate::rows;
use crate::store::{Held, Store, Taken};

/// The network of a job, pooled by `P`.
pub struct Trained<P> {
    training: Model,
    /// The same weights, of which candle records no operations.
    answering: Model,
    held: BTreeMap<String, Held>,
    update: Update,
    x: Tensor,
    y: Tensor,
    kept: Vec<(String, Tensor)>,
    pooled: PhantomData<P>,
}

impl<P: Pool> Network for Trained<P> {
    type Input = Tensor;
    type Answer = Tensor;

    fn build(given: &Given<'_>) -> Built<Self> {
        let taken = Taken::default();
        let store = Store::new(given.weights, &taken);
        let training = architectures::build::<P>(given, &store)?;
        let answering = architectures::build::<P>(given, &store.detached())?;
        let held = taken.into_inner();
        let vars = held.values().filter(|held| !held.buffer);
        let vars = vars.map(|held| held.var.clone()).collect();
        Ok(Self {
            training,
            answering,
            held,
            update: Update::new(vars, given.settings).map_err(of_candle)?,
            x: rows::examples(given.examples.clone()).map_err(of_candle)?,
            y: rows::targets(given.targets).map_err(of_candle)?,
            kept: Vec::new(),
            pooled: PhantomData,
        })
    }

    fn step(&mut self, rows: &[i64], rate: f64, keep: bool) -> Built<f32> {
        self.trained(rows, rate, keep).map_err(of_candle)
    }

    fn gradients(&self) -> Built<Vec<(String, Vec<f32>)>> {
        let pairs = self.kept.iter();
        pairs
            .map(|(name, grad)| Ok((name.clone(), values(grad)?)))
            .collect()
    }

    fn state(&self) -> Built<Vec<(String, Vec<f32>)>> {
        let pairs = self.held.iter();
        pairs
            .map(|(name, held)| Ok((name.clone(), values(&held.var)?)))
            .collect()
    }

    fn of_rows(&self, rows: &[i64]) -> Built<Vec<f32>> {
        let picked = rows::picked(&self.x, &rows::numbers(rows).map_err(of_candle)?);
        Self::values(self.answer(&picked.map_err(of_candle)?)?)
    }

    fn input(&self, examples: Examples) -> Built<Tensor> {
        rows::examples(examples).map_err(of_candle)
    }

    fn answer(&self, input: &Tensor) -> Built<Tensor> {
        self.answering.forward_t(input, false).map_err(of_candle)
    }

    fn values(answer: Tensor) -> Built<Vec<f32>> {
        values(&answer)
    }
}

impl<P> Trained<P> {
    fn trained(&mut self, rows: &[i64], rate: f64, keep: bool) -> Result<f32> {
        let rows = rows::numbers(rows)?;
        let said = self
            .training
            .forward_t(&rows::picked(&self.x, &rows)?, true)?;
        let loss = loss_of(&said, &rows::picked(&self.y, &rows)?)?;
        let mut grads = loss.backward()?;
        if keep {
            let pairs = self.held.iter();
            let found = pairs.filter_map(|(name, held)| Some((name, grads.get(&held.var)?)));
            self.kept = found
                .map(|(name, grad)| (name.clone(), grad.detach()))
                .collect();
        }
        self.update.step(&mut grads, rate)?;
        loss.to_scalar()
    }
}

/// Cross-entropy of classes and tokens, squared error of numbers; the mean over everything.
fn loss_of(said: &Tensor, y: &Tensor) -> Result<Tensor> {
    if y.dtype().is_float() {
        return loss::mse(&said.squeeze(D::Minus1)?, y);
    }
    let width = said.dim(D::Minus1)?;
    loss::cross_entropy(&said.reshape(((), width))?, &y.flatten_all()?)
}
