//! libtorch as it is loaded: its threads, its file, and its errors.

use std::fs;

use rmlbench_worker::Fault;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tch::TchError;

const LIBRARY: &str = "/libtorch_cpu.so";
/// What libtorch is given to do, in the words of Python's torch.
const PROGRAM: &str = "eager: the operations of the network and its optimiser, one by one";

/// Use so many threads; how many libtorch says it uses.
pub fn prepare(threads: usize) -> usize {
    let told = i32::try_from(threads).unwrap_or(i32::MAX);
    tch::set_num_threads(told);
    tch::set_num_interop_threads(told);
    tch::get_num_threads() as usize
}

/// The loaded library and what it does, for the fairness check.
pub fn facts() -> Map<String, Value> {
    let library = loaded().and_then(|path| {
        let digest = Sha256::digest(fs::read(&path).ok()?);
        let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(json!({"path": path, "sha256": sha256}))
    });
    let facts = [
        ("kernel_library", json!(library)),
        ("program", json!(PROGRAM)),
        (
            "cpu_features",
            json!("chosen at run time by libtorch, oneDNN and MKL"),
        ),
    ];
    let named = facts.map(|(name, fact)| (name.to_string(), fact));
    named.into_iter().collect()
}

/// The path of libtorch_cpu.so, as the system mapped it.
fn loaded() -> Option<String> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let line = maps.lines().find(|line| line.ends_with(LIBRARY))?;
    Some(line[line.find('/')?..].to_string())
}

/// libtorch's complaint in its first line; a trace of C++ frames follows it.
pub fn refused(error: TchError) -> Fault {
    let words = error.to_string();
    let first = words.lines().next().unwrap_or_default();
    Fault::numerical("libtorch", first, "it must take this job's tensors")
}
