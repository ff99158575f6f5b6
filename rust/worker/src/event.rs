//! Events: what a worker says while it runs a job, one JSON object a line.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// One event of the protocol.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Ready {
        framework: String,
        version: String,
        threads: usize,
        main_ns: u64,
        libraries_ns: u64,
    },
    PhaseBegin {
        phase: String,
    },
    PhaseEnd {
        phase: String,
        wall_ns: u64,
        cpu_ns: u64,
        peak_rss: Option<u64>,
    },
    Sample {
        phase: String,
        batch: usize,
        ns: Vec<u64>,
        rest_count: usize,
        rest_ns: u64,
    },
    Latency {
        batch: usize,
        bins: Vec<(i32, u64)>,
    },
    Metric {
        name: String,
        step: u64,
        time_ns: u64,
        value: f64,
    },
    Progress {
        done: u64,
        total: u64,
    },
    InputsWanted,
    Result {
        outputs: String,
        sha256: String,
    },
    Error(Fault),
}

/// A file and its SHA-256, as the job and the answer to `inputs_wanted` name it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    pub path: String,
    pub sha256: String,
}
