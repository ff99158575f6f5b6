//! The job: what a worker is asked, read strictly.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::event::FileRef;
use crate::fault::Fault;

pub const PROTOCOL: u64 = 1;
/// Phases a job may ask to repeat; `load` happens once whatever is asked.
pub const REPEATABLE: [&str; 4] = ["convert", "fit", "predict", "latency"];
const FIELDS: [&str; 14] = [
    "protocol",
    "case",
    "contender",
    "tier",
    "algorithm",
    "params",
    "layout",
    "threads",
    "seed",
    "train",
    "weights",
    "outputs",
    "repeat",
    "folds",
];

/// How the training matrix is held: `c` rows contiguous, `f` columns contiguous.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    C,
    F,
}

/// `warmup + samples` samples of `batch` calls.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    pub warmup: usize,
    pub samples: usize,
    pub batch: usize,
}

/// One case for one contender; field meanings are in `book/protocol.md`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    pub protocol: u64,
    pub case: String,
    pub contender: String,
    pub tier: String,
    pub algorithm: String,
    pub params: Map<String, Value>,
    pub layout: Layout,
    pub threads: usize,
    pub seed: i64,
    pub train: FileRef,
    pub weights: Option<FileRef>,
    pub outputs: String,
    pub repeat: BTreeMap<String, Repeat>,
    pub folds: bool,
}

/// Read a job line, refusing unknown and missing fields and other versions by name.
pub fn parse(line: &str) -> Result<Job, Fault> {
    let object = object(line)?;
    let version = object.get("protocol").cloned().unwrap_or(Value::Null);
    if version != PROTOCOL {
        let allowed = format!("this worker speaks {PROTOCOL}");
        return Err(Fault::protocol("protocol", version, allowed));
    }
    if let Some((name, value)) = object
        .iter()
        .find(|(name, _)| !FIELDS.contains(&name.as_str()))
    {
        return Err(Fault::protocol(
            name,
            value.clone(),
            "unknown field of a job",
        ));
    }
    if let Some(name) = FIELDS.iter().find(|name| !object.contains_key(**name)) {
        return Err(Fault::protocol(name, Value::Null, "a job needs this field"));
    }
    let job: Job = serde_json::from_value(Value::Object(object))
        .map_err(|error| Fault::protocol("job", line_head(line), error.to_string()))?;
    check(&job)?;
    Ok(job)
}

fn check(job: &Job) -> Result<(), Fault> {
    if job.threads < 1 {
        return Err(Fault::protocol(
            "threads",
            job.threads,
            "must be at least 1",
        ));
    }
    for (phase, repeat) in &job.repeat {
        if !REPEATABLE.contains(&phase.as_str()) {
            let allowed = format!("phases are {}", REPEATABLE.join(", "));
            return Err(Fault::unsupported("repeat", phase.as_str(), allowed));
        }
        for (name, value) in [("samples", repeat.samples), ("batch", repeat.batch)] {
            if value < 1 {
                return Err(Fault::protocol(name, value, "must be at least 1"));
            }
        }
    }
    Ok(())
}

/// Read one line as a JSON object.
pub fn object(line: &str) -> Result<Map<String, Value>, Fault> {
    serde_json::from_str(line).map_err(|error| {
        let allowed = format!("must be one JSON object ({error})");
        Fault::protocol("line", line_head(line), allowed)
    })
}

fn line_head(line: &str) -> String {
    line.trim_end().chars().take(80).collect()
}

/// Read hyper-parameters over their defaults, refusing unknown names and wrong types by name.
pub fn params<P: Default + Serialize + DeserializeOwned>(
    given: &Map<String, Value>,
) -> Result<P, Fault> {
    let Value::Object(defaults) = defaults::<P>() else {
        unreachable!("parameters are a struct of named fields");
    };
    let mut merged = defaults.clone();
    for (name, value) in given {
        if !defaults.contains_key(name) {
            let known: Vec<_> = defaults.keys().map(String::as_str).collect();
            let allowed = format!("known are {}", known.join(", "));
            return Err(Fault::parameter(name, value.clone(), allowed));
        }
        merged.insert(name.clone(), value.clone());
        serde_json::from_value::<P>(Value::Object(merged.clone()))
            .map_err(|error| Fault::parameter(name, value.clone(), error.to_string()))?;
    }
    serde_json::from_value(Value::Object(merged))
        .map_err(|error| Fault::protocol("params", Value::Null, error.to_string()))
}

/// The defaults of a set of hyper-parameters as a JSON object, for `--list`.
pub fn defaults<P: Default + Serialize>() -> Value {
    serde_json::to_value(P::default()).expect("parameters serialise to JSON")
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
