//! The clustering run: load, convert, fit, and inputs, predict, latency where there is a model
//! that predicts.

use std::hint::black_box;

use super::{Algorithm, Count, Fitted, Form, Given, Predicting};
use crate::channel::Channel;
use crate::fault::Fault;
use crate::framework::Entry;
use crate::job::{self, Job};
use crate::prediction;
use crate::supervised::{self, Matrix, Resources};
use crate::tensors::TensorFile;
use crate::timing::{phase, sampled};

/// The phases of an algorithm that labels the points it was given, and no others.
const LABELLING: [&str; 3] = ["load", "convert", "fit"];

/// The line of a framework's table for an algorithm that only labels.
pub const fn entry<A: Algorithm>(name: &'static str) -> Entry {
    Entry {
        name,
        phases: &LABELLING,
        defaults: job::defaults::<A::Params>,
        check: |job| {
            for phase in job.repeat.keys() {
                if !LABELLING.contains(&phase.as_str()) {
                    let allowed = "this algorithm labels the rows it is fitted to, and no others";
                    return Err(Fault::unsupported("repeat", phase.as_str(), allowed));
                }
            }
            check::<A>(job)
        },
        run: |channel, job| Ok(fit::<A>(channel, job)?.outputs()),
    }
}

/// The line of a framework's table for an algorithm whose model predicts.
pub const fn predicting<A: Predicting>(name: &'static str) -> Entry {
    Entry {
        name,
        phases: &supervised::PHASES,
        defaults: job::defaults::<A::Params>,
        check: check::<A>,
        run: |channel, job| {
            let model = fit::<A>(channel, job)?;
            let inputs = prediction::inputs(channel)?;
            let predictions = prediction::predict(channel, job, &inputs, A::input, |input| {
                A::predict(black_box(&model), input)
            })?;
            let mut outputs = vec![predictions];
            outputs.extend(model.outputs());
            Ok(outputs)
        },
    }
}

fn check<A: Algorithm>(job: &Job) -> Result<(), Fault> {
    if job.folds {
        let allowed = "clustering is not cross-validated";
        return Err(Fault::unsupported("folds", true, allowed));
    }
    A::check(&job::params(&job.params)?)
}

fn fit<A: Algorithm>(channel: &mut Channel, job: &Job) -> Result<A::Model, Fault> {
    let params: A::Params = job::params(&job.params)?;
    let resources = Resources {
        threads: job.threads,
        seed: job.seed,
    };
    let points = phase(channel, "load", || {
        Matrix::read(&TensorFile::open(&job.train.path)?, "x_train")
    })?;
    check_rows(&params, points.rows)?;
    if let Some(repeat) = job.repeat.get("convert") {
        sampled(channel, "convert", *repeat, |_| {
            Ok(A::Form::convert(black_box(&points), job.layout))
        })?;
    }
    let start = A::begin(&params, &points, &Given::of(job))?;
    let data = A::Form::convert(&points, job.layout);
    drop(points);
    let fit = |_| {
        A::fit(
            black_box(&params),
            black_box(&data),
            black_box(&start),
            resources,
        )
    };
    match job.repeat.get("fit") {
        Some(repeat) => sampled(channel, "fit", *repeat, fit),
        None => fit(0),
    }
}

/// Refuse fewer points than can be clustered, and more clusters than there are points.
fn check_rows(params: &impl Count, rows: usize) -> Result<(), Fault> {
    if rows < 2 {
        return Err(Fault::data("x_train", rows, "must have at least 2 rows"));
    }
    match params.count() {
        Some((name, count)) if count > rows as u64 => {
            let allowed = format!("must be at most the number of rows, {rows}");
            Err(Fault::parameter(name, count, allowed))
        }
        _ => Ok(()),
    }
}
