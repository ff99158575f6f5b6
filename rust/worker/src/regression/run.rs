//! The regression run: load, convert, fit, inputs, predict, latency, folds.

use std::hint::black_box;

use super::data::Inputs;
use super::{Algorithm, Fitted, Form, Resources, Rows, Train};
use crate::channel::Channel;
use crate::fault::Fault;
use crate::framework::Entry;
use crate::job::{self, Job};
use crate::tensors::{Tensor, TensorFile};
use crate::timing::{latencies, phase, sampled};

/// The phases a regression run can time.
pub const PHASES: [&str; 5] = ["load", "convert", "fit", "predict", "latency"];

/// The line of a framework's table for one algorithm.
pub const fn entry<A: Algorithm>(name: &'static str) -> Entry {
    Entry {
        name,
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
    let mut outputs = vec![predict::<A>(channel, job, &model)?];
    outputs.extend(model.attributes());
    if job.folds {
        drop(data);
        outputs.push(cross_validate::<A>(job, &params, resources)?);
    }
    Ok(outputs)
}

/// Predict windows and single rows; answers the last answer to each window.
fn predict<A: Algorithm>(
    channel: &mut Channel,
    job: &Job,
    model: &A::Model,
) -> Result<Tensor, Fault> {
    let inputs = channel.inputs()?;
    let inputs = phase(channel, "load", || {
        Inputs::read(&TensorFile::open(&inputs.path)?)
    })?;
    let windows: Vec<_> = inputs.windows().map(A::Form::input).collect();
    let mut answers: Vec<Vec<f64>> = vec![Vec::new(); windows.len()];
    let mut call = |i: usize| {
        let k = i % windows.len();
        answers[k] = black_box(black_box(model).predict(black_box(&windows[k]))?);
        Ok(())
    };
    match job.repeat.get("predict") {
        Some(repeat) => sampled(channel, "predict", *repeat, call)?,
        None => call(0)?,
    }
    for (answer, window) in answers.iter_mut().zip(&windows) {
        if answer.is_empty() {
            *answer = model.predict(window)?;
        }
    }
    if let Some(repeat) = job.repeat.get("latency") {
        let singles: Vec<_> = inputs.singles().map(A::Form::input).collect();
        latencies(channel, *repeat, |i| {
            black_box(model).predict(black_box(&singles[i % singles.len()]))
        })?;
    }
    let shape = [answers.len(), answers[0].len()];
    Ok(Tensor::new("predictions", &shape, &answers.concat()))
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
