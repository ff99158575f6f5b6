//! The run of a network: load, the steps of the plan, inputs, predict, latency.

use std::hint::black_box;

use super::data::inside;
use super::terms::{self, Alike};
use super::weights::PLAN;
use super::{Examples, Given, Network, Settings, Targets, Weights, settings};
use crate::channel::Channel;
use crate::fault::{Fault, Kind};
use crate::framework::Entry;
use crate::job::{self, Job};
use crate::tensors::{Tensor, TensorFile};
use crate::timing::{latencies, phase, sampled};

/// The phases of a network.
pub const PHASES: [&str; 4] = ["load", "fit", "predict", "latency"];
type Read = fn(&Job) -> Result<Settings, Fault>;

/// The line of a framework's table for a convolutional network.
pub const fn convolutional<N: Network>(name: &'static str) -> Entry {
    Entry {
        name,
        phases: &PHASES,
        defaults: job::defaults::<Settings>,
        check: |job| check(job, settings::convolutional),
        run: |channel, job| run::<N>(channel, job, settings::convolutional),
    }
}

/// The line of a framework's table for a recurrent network.
pub const fn recurrent<N: Network>(name: &'static str) -> Entry {
    Entry {
        name,
        phases: &PHASES,
        defaults: job::defaults::<settings::Recurrent>,
        check: |job| check(job, settings::recurrent),
        run: |channel, job| run::<N>(channel, job, settings::recurrent),
    }
}

fn check(job: &Job, read: Read) -> Result<(), Fault> {
    let settings = read(job)?;
    if let Some(phase) = job.repeat.keys().find(|p| !PHASES.contains(&p.as_str())) {
        let allowed = "phases are fit, predict, latency";
        return Err(Fault::unsupported("repeat", phase.as_str(), allowed));
    }
    let asked = job
        .repeat
        .get("fit")
        .map(|fit| (fit.warmup + fit.samples, fit.batch));
    if asked != Some((settings.steps, 1)) {
        let allowed = format!(
            "must make the {} steps of the job, one a sample",
            settings.steps
        );
        return Err(Fault::parameter("fit", asked.map(|(n, _)| n), allowed));
    }
    if job.weights.is_none() {
        let allowed = "must name the file with initial weights and plan";
        return Err(Fault::data("weights", serde_json::Value::Null, allowed));
    }
    Ok(())
}

/// Which rows each step takes, at which rate, and what is evaluated between them.
struct Plan {
    order: Vec<i64>,
    rate: Vec<f64>,
    validation: Vec<i64>,
}

impl Plan {
    fn read(file: &TensorFile, settings: &Settings, rows: usize) -> Result<Self, Fault> {
        let name = |key: &str| format!("{PLAN}{key}");
        let [steps, batch] = file.shape(&name("order"))?;
        if (steps, batch) != (settings.steps, settings.batch_size) {
            let allowed = format!("must be {} x {}", settings.steps, settings.batch_size);
            return Err(Fault::data(
                "plan.order",
                format!("{steps} x {batch}"),
                allowed,
            ));
        }
        let plan = Self {
            order: file.read(&name("order"))?,
            rate: file.read(&name("rate"))?,
            validation: file.read(&name("validation"))?,
        };
        if plan.rate.len() != steps {
            let allowed = format!("must have {steps} values");
            return Err(Fault::data("plan.rate", plan.rate.len(), allowed));
        }
        inside("plan.order", &plan.order, rows)?;
        inside("plan.validation", &plan.validation, rows)?;
        Ok(plan)
    }
}

fn run<N: Network>(channel: &mut Channel, job: &Job, read: Read) -> Result<Vec<Tensor>, Fault> {
    let settings = read(job)?;
    let (mut network, plan, answers, alike) = phase(channel, "load", || load::<N>(job, &settings))?;
    let first = &plan.order[..settings.batch_size];
    let initial = network.of_rows(first)?;
    let mut found = vec![answers.tensor("initial_logits", &[first.len()], &initial)];
    let losses = train(
        channel,
        job,
        &settings,
        &mut network,
        &plan,
        &answers,
        &mut found,
    )?;
    found.push(Tensor::new("losses", &[losses.len()], &losses));
    let input = |examples: Examples| {
        alike.check("x", &examples)?;
        network.input(examples)
    };
    let answer = |input: &N::Input| network.answer(input);
    let said = predict(channel, job, input, answer, N::values)?;
    found.push(answers.tensor("logits", &[said.windows, said.rows], &said.values));
    Ok(found)
}

/// The shape of an answer to one example: `[outputs]`, or `[t, outputs]` of texts.
struct Answers {
    length: Option<usize>,
    outputs: usize,
}

impl Answers {
    fn tensor(&self, name: &str, leading: &[usize], values: &[f32]) -> Tensor {
        let mut shape = leading.to_vec();
        shape.extend(self.length);
        shape.push(self.outputs);
        Tensor::new(name, &shape, values)
    }
}

type Loaded<N> = (N, Plan, Answers, Alike);

fn load<N: Network>(job: &Job, settings: &Settings) -> Result<Loaded<N>, Fault> {
    let file = TensorFile::open(&job.train.path)?;
    let weights = job.weights.as_ref().expect("it was checked");
    let weights = Weights::new(TensorFile::open(&weights.path)?);
    let examples = Examples::read(&file, "x_train")?;
    let outputs = outputs(weights.file())?;
    let targets = Targets::read(&file, &examples, outputs)?;
    let plan = Plan::read(weights.file(), settings, examples.count())?;
    let length = match &targets {
        Targets::Tokens(tokens) => Some(tokens.shape[1]),
        _ => None,
    };
    let given = Given {
        algorithm: &job.algorithm,
        settings,
        examples: &examples,
        targets: &targets,
        weights: &weights,
        outputs,
        seed: job.seed,
    };
    terms::check(&given)?;
    let alike = Alike::of(&given)?;
    let network = N::build(&given)?;
    weights.finish(&job.algorithm)?;
    Ok((network, plan, Answers { length, outputs }, alike))
}

/// How many values an answer has, as the plan says.
fn outputs(file: &TensorFile) -> Result<usize, Fault> {
    let said: Vec<i64> = file.read("plan.outputs")?;
    match said[..] {
        [count] if count > 0 => Ok(count as usize),
        _ => Err(Fault::data("plan.outputs", said, "must be one count")),
    }
}

fn train<N: Network>(
    channel: &mut Channel,
    job: &Job,
    settings: &Settings,
    network: &mut N,
    plan: &Plan,
    answers: &Answers,
    found: &mut Vec<Tensor>,
) -> Result<Vec<f32>, Fault> {
    let mut losses = Vec::with_capacity(settings.steps);
    let mut evaluated: Vec<f32> = Vec::new();
    let batch = settings.batch_size;
    let repeat = job.repeat["fit"];
    sampled(channel, "fit", repeat, |i| {
        let rows = &plan.order[i * batch..(i + 1) * batch];
        let keep = job.folds && i == 0;
        let loss = network.step(black_box(rows), plan.rate[i], keep)?;
        if !loss.is_finite() {
            let allowed = format!("training diverged at step {}: lower learning_rate", i + 1);
            return Err(Fault::new(
                Kind::Diverged,
                "loss",
                loss.to_string(),
                allowed,
            ));
        }
        losses.push(loss);
        if keep {
            evidence(network, found)?;
        }
        let every = settings.evaluate_every;
        if every > 0 && (i + 1) % every == 0 {
            evaluated.extend(network.of_rows(&plan.validation)?);
        }
        Ok(())
    })?;
    if !evaluated.is_empty() {
        let rounds = settings.steps / settings.evaluate_every;
        let shape = [rounds, plan.validation.len()];
        found.push(answers.tensor("evaluations", &shape, &evaluated));
    }
    Ok(losses)
}

/// The gradients of the first step, and parameters and buffers after it.
fn evidence<N: Network>(network: &N, found: &mut Vec<Tensor>) -> Result<(), Fault> {
    for (kind, tensors) in [
        ("gradient", network.gradients()?),
        ("first", network.state()?),
    ] {
        for (name, values) in tensors {
            let name = format!("{kind}.{name}");
            found.push(Tensor::new(&name, &[values.len()], &values));
        }
    }
    Ok(())
}

/// What was said of every window, one after the other.
pub(super) struct Said {
    pub windows: usize,
    pub rows: usize,
    pub values: Vec<f32>,
}

/// Ask for every window, timed where the job says so; `input` holds rows and `values` reads them
/// out of an answer: neither is timed.
pub(super) fn predict<I, A>(
    channel: &mut Channel,
    job: &Job,
    input: impl Fn(Examples) -> Result<I, Fault>,
    answer: impl Fn(&I) -> Result<A, Fault>,
    values: impl Fn(A) -> Result<Vec<f32>, Fault>,
) -> Result<Said, Fault> {
    let inputs = channel.inputs()?;
    let (examples, windows) = phase(channel, "load", || {
        let file = TensorFile::open(&inputs.path)?;
        let examples = Examples::read(&file, "x")?;
        let windows: Vec<i64> = file.read("windows")?;
        inside("windows", &windows, examples.count() + 1)?;
        Ok((examples, windows))
    })?;
    let held = windows
        .chunks_exact(2)
        .map(|pair| input(examples.rows(pair[0] as usize, pair[1] as usize)));
    let held: Vec<I> = held.collect::<Result<_, _>>()?;
    let mut said: Vec<Option<A>> = held.iter().map(|_| None).collect();
    if let Some(repeat) = job.repeat.get("predict") {
        sampled(channel, "predict", *repeat, |i| {
            let k = i % held.len();
            said[k] = Some(black_box(answer(black_box(&held[k]))?));
            Ok(())
        })?;
    }
    let mut found = Vec::with_capacity(held.len());
    for (slot, window) in said.into_iter().zip(&held) {
        let said = slot.map_or_else(|| answer(window), Ok)?;
        found.push(values(said)?);
    }
    if let Some(repeat) = job.repeat.get("latency") {
        let singles = (0..examples.count()).map(|i| input(examples.rows(i, i + 1)));
        let singles: Vec<I> = singles.collect::<Result<_, _>>()?;
        latencies(channel, *repeat, |i| {
            answer(black_box(&singles[i % singles.len()]))
        })?;
    }
    Ok(Said {
        windows: held.len(),
        rows: (windows[1] - windows[0]) as usize,
        values: found.concat(),
    })
}
