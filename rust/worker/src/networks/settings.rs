//! Hyper-parameters of a training, with torch's names and defaults.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fault::Fault;
use crate::job::{self, Job};

/// How parameters are updated.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimizer {
    Sgd,
    Adam,
    Adamw,
    Rmsprop,
}

/// Hyper-parameters; what a schedule makes of `learning_rate` stands in the job's plan.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Settings {
    pub batch_size: usize,
    pub steps: usize,
    pub optimizer: Optimizer,
    pub learning_rate: f64,
    pub schedule: String,
    pub momentum: f64,
    pub nesterov: bool,
    pub weight_decay: f64,
    pub dropout: f64,
    /// Largest norm of all gradients together; 0 leaves them as they are.
    pub clip_norm: f64,
    /// Whether rows are flipped and shifted: the harness did so, in the training file.
    pub augment: bool,
    /// Steps between two evaluations; 0 for none.
    pub evaluate_every: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            batch_size: 64,
            steps: 20,
            optimizer: Optimizer::Sgd,
            learning_rate: 0.01,
            schedule: "constant".into(),
            momentum: 0.0,
            nesterov: false,
            weight_decay: 0.0,
            dropout: 0.0,
            clip_norm: 0.0,
            augment: false,
            evaluate_every: 0,
        }
    }
}

/// The settings of a recurrent network, which also says how wide it is.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Recurrent {
    #[serde(flatten)]
    settings: Settings,
    hidden_size: usize,
    embedding_size: usize,
}

impl Default for Recurrent {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            hidden_size: 64,
            embedding_size: 32,
        }
    }
}

/// The settings of a job for a convolutional network.
pub fn convolutional(job: &Job) -> Result<Settings, Fault> {
    checked(job::params(&job.params)?)
}

/// The settings of a job for a recurrent network; its widths are those of the weights.
pub fn recurrent(job: &Job) -> Result<Settings, Fault> {
    let params: Recurrent = job::params(&job.params)?;
    let sizes = [
        ("hidden_size", params.hidden_size),
        ("embedding_size", params.embedding_size),
    ];
    sizes.into_iter().try_for_each(at_least_one)?;
    checked(params.settings)
}

/// Refuse hyper-parameters out of range, naming parameter, value and allowed range.
fn checked(settings: Settings) -> Result<Settings, Fault> {
    let counts = [
        ("batch_size", settings.batch_size),
        ("steps", settings.steps),
    ];
    counts.into_iter().try_for_each(at_least_one)?;
    let rate = settings.learning_rate;
    within("learning_rate", rate, rate > 0.0, "must be above 0")?;
    let schedules = ["constant", "step", "cosine"];
    if !schedules.contains(&settings.schedule.as_str()) {
        let allowed = format!("one of {}", schedules.join(", "));
        return Err(Fault::parameter("schedule", settings.schedule, allowed));
    }
    for (name, value) in [
        ("momentum", settings.momentum),
        ("weight_decay", settings.weight_decay),
        ("clip_norm", settings.clip_norm),
    ] {
        within(name, value, value >= 0.0, "must be at least 0")?;
    }
    let share = settings.dropout;
    let inside = (0.0..1.0).contains(&share);
    within(
        "dropout",
        share,
        inside,
        "must be at least 0 and less than 1",
    )?;
    if settings.nesterov && (settings.optimizer != Optimizer::Sgd || settings.momentum == 0.0) {
        let allowed = "goes with optimizer sgd and a momentum above 0";
        return Err(Fault::parameter("nesterov", true, allowed));
    }
    let momentous = matches!(settings.optimizer, Optimizer::Sgd | Optimizer::Rmsprop);
    within(
        "momentum",
        settings.momentum,
        momentous || settings.momentum == 0.0,
        "goes with optimizer sgd or rmsprop",
    )?;
    Ok(settings)
}

fn at_least_one((name, count): (&str, usize)) -> Result<(), Fault> {
    if count > 0 {
        return Ok(());
    }
    Err(Fault::parameter(name, count, "must be at least 1"))
}

fn within(name: &str, value: f64, allowed: bool, said: &str) -> Result<(), Fault> {
    if allowed && value.is_finite() {
        return Ok(());
    }
    let value = serde_json::Number::from_f64(value)
        .map_or_else(|| Value::from(value.to_string()), Value::Number);
    Err(Fault::parameter(name, value, said))
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
