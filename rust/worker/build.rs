//! Hands the facts of this build (compiler, flags, features, locked versions) to `facts.rs`.

use std::{env, fs, process::Command};

fn main() {
    let lock = "../../Cargo.lock";
    println!("cargo:rerun-if-changed={lock}");
    println!("cargo:rerun-if-changed=build.rs");
    emit("RUSTC_VERSION", &compiler());
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    emit("FLAGS", &flags.replace('\u{1f}', " "));
    emit("OPT_LEVEL", &env::var("OPT_LEVEL").unwrap_or_default());
    emit("TARGET_CPU", target_cpu(&flags));
    emit(
        "TARGET_FEATURES",
        &env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default(),
    );
    emit(
        "LOCKED",
        &locked(&fs::read_to_string(lock).unwrap_or_default()),
    );
}

fn emit(name: &str, value: &str) {
    println!("cargo:rustc-env=RMLBENCH_{name}={value}");
}

fn compiler() -> String {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let output = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("rustc --version runs");
    String::from_utf8_lossy(&output.stdout).trim().to_string()
}

/// The last `-C target-cpu=NAME` of the flags, which is the one rustc obeys.
fn target_cpu(flags: &str) -> &str {
    let mut backwards = flags.rsplit('\u{1f}');
    let found = backwards.find_map(|flag| flag.split_once("target-cpu="));
    found.map_or("x86-64", |(_, name)| name)
}

/// `name=version` of every package of the lock file, joined by `;`.
fn locked(text: &str) -> String {
    let value = |line: &str| line.split('"').nth(1).unwrap_or_default().to_string();
    let mut packages = Vec::new();
    let mut name = String::new();
    for line in text.lines() {
        if line.starts_with("name = ") {
            name = value(line);
        } else if line.starts_with("version = ") && !name.is_empty() {
            packages.push(format!("{name}={}", value(line)));
            name.clear();
        }
    }
    packages.join(";")
}
