//! The run of a network that was trained elsewhere: load, inputs, predict, latency.

use std::cell::RefCell;
use std::hint::black_box;

use super::run::predict;
use super::{Array, Examples, Settings, settings};
use crate::channel::Channel;
use crate::fault::Fault;
use crate::framework::Entry;
use crate::job::{self, Job};
use crate::served::{self, PHASES, Served};
use crate::tensors::Tensor;
use crate::timing::phase;

/// The line of a framework's table for a convolutional network.
pub(crate) const fn convolutional<S: Served>(name: &'static str) -> Entry {
    Entry {
        name,
        phases: &PHASES,
        defaults: job::defaults::<Settings>,
        check: |job| check::<S>(job, settings::convolutional),
        run: run::<S>,
    }
}

/// The line of a framework's table for a recurrent network.
pub(crate) const fn recurrent<S: Served>(name: &'static str) -> Entry {
    Entry {
        name,
        phases: &PHASES,
        defaults: job::defaults::<settings::Recurrent>,
        check: |job| check::<S>(job, settings::recurrent),
        run: run::<S>,
    }
}

fn check<S: Served>(job: &Job, read: fn(&Job) -> Result<Settings, Fault>) -> Result<(), Fault> {
    read(job)?;
    served::check_phases(job)?;
    S::prepare()
}

fn run<S: Served>(channel: &mut Channel, job: &Job) -> Result<Vec<Tensor>, Fault> {
    let model = phase(channel, "load", || {
        S::load(&served::bytes(job)?, job.threads)
    })?;
    let width = RefCell::new(Vec::new());
    let said = predict(
        channel,
        job,
        |examples: Examples| model.input(examples),
        |input| {
            let Array { shape, values } = black_box(&model).answer(input)?;
            *width.borrow_mut() = shape[1..].to_vec();
            Ok(values)
        },
        Ok,
    )?;
    let shape = [vec![said.windows, said.rows], width.into_inner()].concat();
    Ok(vec![Tensor::new("logits", &shape, &said.values)])
}
