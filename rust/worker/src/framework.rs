//! A framework's worker: its table of algorithms and its `main`.

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use crate::channel::Channel;
use crate::event::Event;
use crate::facts::{self, Declared};
use crate::fault::Fault;
use crate::job::{self, Job, PROTOCOL};
use crate::tensors::{self, Tensor};
use crate::{clock, supervised};

/// One line of a framework's table: an algorithm's name, defaults and how to run it.
pub struct Entry {
    pub name: &'static str,
    /// The phases it can time.
    pub phases: &'static [&'static str],
    pub defaults: fn() -> Value,
    pub check: fn(&Job) -> Result<(), Fault>,
    pub run: fn(&mut Channel, &Job) -> Result<Vec<Tensor>, Fault>,
}

/// What a framework's binary is made of.
pub struct Framework {
    pub name: &'static str,
    pub version: String,
    pub declared: Declared,
    /// Prepare to use this many threads; answers how many will be used at most.
    pub prepare: fn(usize) -> usize,
    pub algorithms: &'static [Entry],
}

impl Framework {
    fn listing(&self, more: Map<String, Value>) -> Value {
        let mut facts = facts::facts(self.declared);
        facts
            .as_object_mut()
            .expect("facts are an object")
            .extend(more);
        let entry = |entry: &Entry| (entry.name.to_string(), (entry.defaults)());
        let algorithms: Map<_, _> = self.algorithms.iter().map(entry).collect();
        json!({
            "protocol": PROTOCOL,
            "framework": self.name,
            "version": self.version,
            "language": "rust",
            "algorithms": algorithms,
            "phases": self.phases(),
            "layouts": ["c", "f"],
            "facts": facts,
        })
    }

    /// The phases that some algorithm can time, in the order of a run.
    fn phases(&self) -> Vec<&str> {
        let some = |phase: &&str| self.algorithms.iter().any(|a| a.phases.contains(phase));
        supervised::PHASES.into_iter().filter(some).collect()
    }

    fn entry(&self, name: &str) -> Result<&Entry, Fault> {
        let found = self.algorithms.iter().find(|entry| entry.name == name);
        found.ok_or_else(|| {
            let known: Vec<_> = self.algorithms.iter().map(|entry| entry.name).collect();
            Fault::unsupported("algorithm", name, format!("one of {}", known.join(", ")))
        })
    }

    fn work(&self, channel: &mut Channel, main_ns: u64) -> Result<(), Fault> {
        let job = job::parse(&channel.receive()?)?;
        let entry = self.entry(&job.algorithm)?;
        (entry.check)(&job)?;
        channel.send(&Event::Ready {
            framework: self.name.into(),
            version: self.version.clone(),
            threads: (self.prepare)(job.threads),
            main_ns,
            libraries_ns: 0,
        });
        let outputs = (entry.run)(channel, &job)?;
        let sha256 = tensors::write(&job.outputs, &outputs)?;
        channel.send(&Event::Result {
            outputs: job.outputs,
            sha256,
        });
        Ok(())
    }
}

/// For frameworks that always run on one thread: they are within any number told.
pub fn single_threaded(told: usize) -> usize {
    told
}

/// Run one job from standard input, or print the listing with `--list`.
pub fn main(framework: impl FnOnce() -> Framework) -> ExitCode {
    main_with(Map::new, framework)
}

/// The same, with `more` facts than every worker has.
pub fn main_with(
    more: impl FnOnce() -> Map<String, Value>,
    framework: impl FnOnce() -> Framework,
) -> ExitCode {
    let main_ns = clock::monotonic_ns();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if !(arguments.is_empty() || arguments == ["--list"]) {
        eprintln!("arguments are {arguments:?}: usage is [--list]");
        return ExitCode::from(2);
    }
    let framework = framework();
    let mut channel = match Channel::take() {
        Ok(channel) => channel,
        Err(error) => {
            eprintln!("standard output is not usable: {error}");
            return ExitCode::FAILURE;
        }
    };
    if !arguments.is_empty() {
        channel.line(framework.listing(more()).to_string().into_bytes());
        return ExitCode::SUCCESS;
    }
    let work = AssertUnwindSafe(|| framework.work(&mut channel, main_ns));
    let fault = match panic::catch_unwind(work) {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(fault)) => fault,
        Err(payload) => panicked(framework.name, &*payload),
    };
    eprintln!("{}", fault.sentence());
    channel.send(&Event::Error(fault));
    ExitCode::FAILURE
}

/// A library's panic as the fault the harness hears of, in its words.
fn panicked(framework: &str, payload: &(dyn std::any::Any + Send)) -> Fault {
    let words = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    Fault::numerical(framework, words, "it must not panic on this job")
}
