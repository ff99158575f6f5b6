//! The supervised run: load, convert, fit, inputs, predict, latency, folds.

use std::hint::black_box;

use super::{Algorithm, Fitted, Form, Params, Resources, Rows, Train, folds};
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
        read(&TensorFile::open(&job.train.path)?, &params)
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
        outputs.extend(A::trace(&params, &data, resources, &model)?);
        drop(data);
        outputs.push(cross_validate::<A>(job, &params, resources)?);
    }
    Ok(outputs)
}

/// Read the training file, the folds too where the fit needs them.
fn read<P: Params>(file: &TensorFile, params: &P) -> Result<Train, Fault> {
    let train = Train::read(file)?;
    match params.uses_folds() {
        true => train.with_folds(file),
        false => Ok(train),
    }
}

/// Predict windows and single rows; answers the last answer to each window, and the decision
/// values and probabilities of the first where the model has them.
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
    let input = A::Form::input(first);
    let derived = [
        ("decision", model.decision(&input)?),
        ("probabilities", model.probabilities(&input)?),
    ];
    for (name, values) in derived {
        if let Some(values) = values {
            let shape = [first.len(), values.len() / first.len()];
            outputs.push(Tensor::new(name, &shape, &values));
        }
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
    let train = read(&file, params)?;
    let folds = folds::read(&file, train.x.rows)?;
    let mut predictions = vec![0.0; train.x.rows];
    for fold in folds::distinct(&folds) {
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
