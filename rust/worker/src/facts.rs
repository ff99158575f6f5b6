//! Facts of this build and machine for the fairness check.

use std::collections::HashMap;
use std::fs;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::tensors;

/// What a framework adds to the facts every Rust worker has.
#[derive(Clone, Copy, Default)]
pub struct Declared {
    /// Crates whose locked versions are shown.
    pub libraries: &'static [&'static str],
    /// Cargo features of the worker crate that are on.
    pub features: &'static [&'static str],
    /// What a reader should know of how the library is called.
    pub notes: &'static [&'static str],
}

/// The `facts` object of `--list`.
pub fn facts(declared: Declared) -> Value {
    json!({
        "compiler": env!("RMLBENCH_RUSTC_VERSION"),
        "flags": env!("RMLBENCH_FLAGS"),
        "opt_level": env!("RMLBENCH_OPT_LEVEL"),
        "debug_assertions": cfg!(debug_assertions),
        "target_cpu": env!("RMLBENCH_TARGET_CPU"),
        "cpu_features": runtime_features(),
        "compiled_cpu_features": env!("RMLBENCH_TARGET_FEATURES").split(',').collect::<Vec<_>>(),
        "blas": null,
        "blas_kernel": null,
        "allocator": "system, huge pages asked for from 4 MiB on",
        "threads": null,
        "libraries": versions(declared.libraries),
        "features": declared.features,
        "notes": declared.notes,
        "kernel_library": null,
        "interpreter": null,
    })
}

/// The facts of a worker that computes in a shared library, whose path is in an environment
/// variable: that library, and `program`, what it is given to do.
pub fn shared(variable: &str, program: &str) -> Map<String, Value> {
    let digested = |path: String| {
        let content = fs::read(&path).ok()?;
        Some(json!({"path": path, "sha256": tensors::hex(&Sha256::digest(content))}))
    };
    let library = std::env::var(variable).ok().and_then(digested);
    let facts = [
        ("kernel_library", json!(library)),
        ("program", json!(program)),
    ];
    facts
        .map(|(name, fact)| (name.into(), fact))
        .into_iter()
        .collect()
}

/// The facts of a worker that follows another contender step by step: that one, and what most
/// time is spent in, in the other's words, for each algorithm.
pub fn port(of: &str, inner_kernel: &str, algorithms: &[&str]) -> Map<String, Value> {
    let kernels = algorithms.iter().map(|name| (*name, inner_kernel));
    let kernels: HashMap<_, _> = kernels.collect();
    let facts = [("port_of", json!(of)), ("inner_kernel", json!(kernels))];
    facts
        .map(|(name, fact)| (name.into(), fact))
        .into_iter()
        .collect()
}

/// The locked version of a crate, `NAME` or `NAME PREFIX` where the lock file holds several.
pub fn version(package: &str) -> String {
    let (package, prefix) = package.split_once(' ').unwrap_or((package, ""));
    let found: Vec<_> = env!("RMLBENCH_LOCKED")
        .split(';')
        .filter_map(|entry| entry.split_once('='))
        .filter_map(|(name, version)| (name == package).then_some(version))
        .filter(|version| version.starts_with(prefix))
        .collect();
    found.join(" and ")
}

fn versions(packages: &[&str]) -> Map<String, Value> {
    let name = |package: &str| package.split(' ').next().unwrap_or_default().to_string();
    let pair = |package: &&str| (name(package), version(package).into());
    packages.iter().map(pair).collect()
}

/// SIMD features of this processor that run-time dispatch can choose from.
#[cfg(target_arch = "x86_64")]
fn runtime_features() -> Vec<&'static str> {
    let known = [
        ("sse4.2", is_x86_feature_detected!("sse4.2")),
        ("avx", is_x86_feature_detected!("avx")),
        ("avx2", is_x86_feature_detected!("avx2")),
        ("fma", is_x86_feature_detected!("fma")),
        ("avx512f", is_x86_feature_detected!("avx512f")),
        ("avx512dq", is_x86_feature_detected!("avx512dq")),
        ("avx512vl", is_x86_feature_detected!("avx512vl")),
    ];
    let found = known.into_iter().filter(|(_, present)| *present);
    found.map(|(name, _)| name).collect()
}

/// Elsewhere the compiled features are all there are.
#[cfg(not(target_arch = "x86_64"))]
fn runtime_features() -> Vec<&'static str> {
    env!("RMLBENCH_TARGET_FEATURES").split(',').collect()
}
