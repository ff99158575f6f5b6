//! What a fitted model is asked: the windows and the single rows of the inputs.

use std::hint::black_box;

use crate::channel::Channel;
use crate::fault::Fault;
use crate::job::Job;
use crate::supervised::{Inputs, Rows};
use crate::tensors::{Tensor, TensorFile};
use crate::timing::{latencies, phase, sampled};

/// Ask for the inputs and read them.
pub(crate) fn inputs(channel: &mut Channel) -> Result<Inputs, Fault> {
    let inputs = channel.inputs()?;
    phase(channel, "load", || {
        Inputs::read(&TensorFile::open(&inputs.path)?)
    })
}

/// Predict windows and single rows, held as `hold` does; answers `predictions`, the last answer
/// to each window.
pub(crate) fn predict<'a, I>(
    channel: &mut Channel,
    job: &Job,
    inputs: &'a Inputs,
    hold: impl Fn(Rows<'a>) -> I,
    answer: impl Fn(&I) -> Result<Vec<f64>, Fault>,
) -> Result<Tensor, Fault> {
    let windows: Vec<I> = inputs.windows().map(&hold).collect();
    let mut answers: Vec<Vec<f64>> = vec![Vec::new(); windows.len()];
    let mut call = |i: usize| {
        let k = i % windows.len();
        answers[k] = black_box(answer(black_box(&windows[k]))?);
        Ok(())
    };
    match job.repeat.get("predict") {
        Some(repeat) => sampled(channel, "predict", *repeat, call)?,
        None => call(0)?,
    }
    for (slot, window) in answers.iter_mut().zip(&windows) {
        if slot.is_empty() {
            *slot = answer(window)?;
        }
    }
    if let Some(repeat) = job.repeat.get("latency") {
        let singles: Vec<I> = inputs.singles().map(&hold).collect();
        latencies(channel, *repeat, |i| {
            answer(black_box(&singles[i % singles.len()]))
        })?;
    }
    let shape = [answers.len(), answers[0].len()];
    Ok(Tensor::new("predictions", &shape, &answers.concat()))
}
