//! The supervised run: load, convert, fit, inputs, predict, latency, folds.

use std::hint::black_box;

use super::{Algorithm, Fitted, Form, Resources, Rows, Train};
use crate::channel::Channel;
use crate::fault::Fault;
use crate::framework::Entry;
use crate::job::{self, Job};
use crate::prediction;
use crate::tensors::{Tensor, TensorFile};
use crate::timing::{phase, sampled};

/// The phases a supervised run can time.
pub const PHASES: [&str; 5] = ["load", "convert", "fit", "predict", "latency"];

/// The line of a framework's table for one algorithm.
pub const fn entry<A: Algorithm>(name: &'static str) -> Entry {
    Entry {
        name,
        phases: &PHASES,
        defaults: job::defaults::<A::Params>,
        check: |job| A::check(&job::params(&job.params)?),
        run: run::<A>,
    }
}

fn run<A: Algorithm>(channel: &mut Channel, job: &Job) -> Result<Vec<Tensor>, Fault> {
    let params: A::Params = job::params(&job.params)?;
    let resources = Resources {
        threads: job.threads,
        seed: job.seed,
    };
    let train = phase(channel, "load", || {
        Train::read(&TensorFile::open(&job.train.path)?)
    })?;
    if let Some(repeat) = job.repeat.get("convert") {
        sampled(channel, "convert", *repeat, |_| {
            Ok(A::Form::convert(black_box(&train), job.layout))
        })?;
    }
    let data = A::Form::convert(&train, job.layout);
    drop(train);
    let fit = |_| A::fit(black_box(&params), black_box(&data), resources);
    let model = match job.repeat.get("fit") {
        Some(repeat) => sampled(channel, "fit", *repeat, fit)?,
        None => fit(0)?,
    };
    let mut outputs = predict::<A>(channel, job, &model)?;
    outputs.extend(model.attributes());
    if job.folds {
        drop(data);
        outputs.push(cross_validate::<A>(job, &params, resources)?);
    }
    Ok(outputs)
}

/// Predict windows and single rows; answers the last answer to each window, and the decision
/// values of the first where the model has them.
fn predict<A: Algorithm>(
    channel: &mut Channel,
    job: &Job,
    model: &A::Model,
) -> Result<Vec<Tensor>, Fault> {
    let inputs = prediction::inputs(channel)?;
    let predictions = prediction::predict(channel, job, &inputs, A::Form::input, |input| {
        black_box(model).predict(input)
    })?;
    let mut outputs = vec![predictions];
    let first = inputs.windows().next().expect("inputs have a window");
    if let Some(values) = model.decision(&A::Form::input(first))? {
        let shape = [first.len(), values.len() / first.len()];
        outputs.push(Tensor::new("decision", &shape, &values));
    }
    Ok(outputs)
}

/// For each fold fit on the other rows and predict the fold's; untimed.
fn cross_validate<A: Algorithm>(
    job: &Job,
    params: &A::Params,
    resources: Resources,
) -> Result<Tensor, Fault> {
    let file = TensorFile::open(&job.train.path)?;
    let train = Train::read(&file)?;
    let folds: Vec<i64> = file.read("fold")?;
    if folds.len() != train.x.rows {
        let allowed = format!("must have {} values", train.x.rows);
        return Err(Fault::data("fold", folds.len(), allowed));
    }
    let mut distinct = folds.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mut predictions = vec![0.0; train.x.rows];
    for fold in distinct {
        let kept = train.subset(|row| folds[row] != fold);
        let held = train.subset(|row| folds[row] == fold);
        let model = A::fit(params, &A::Form::convert(&kept, job.layout), resources)?;
        let rows = Rows {
            values: &held.x.values,
            columns: held.x.columns,
        };
        let answers = model.predict(&A::Form::input(rows))?;
        let slots = predictions.iter_mut().zip(&folds);
        let slots = slots.filter(|(_, of)| **of == fold);
        for ((slot, _), answer) in slots.zip(answers) {
            *slot = answer;
        }
    }
    Ok(Tensor::new(
        "cv_predictions",
        &[predictions.len()],
        &predictions,
    ))
}
