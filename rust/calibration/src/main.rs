//! The worker of the calibration.

use std::process::ExitCode;

use rmlbench_calibration::{amount, ridge};
use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework, single_threaded};
use rmlbench_worker::supervised::entry;

static ALGORITHMS: [Entry; 1] = [entry::<ridge::Ridge>("ridge")];

fn main() -> ExitCode {
    if let Err(sentence) = amount::told() {
        eprintln!("{sentence}");
        return ExitCode::from(2);
    }
    framework::main(|| Framework {
        name: "calibration",
        version: format!(
            "{} on faer {}",
            env!("CARGO_PKG_VERSION"),
            facts::version("faer")
        ),
        declared: Declared {
            libraries: &["faer", "gemm"],
            features: &[],
            notes: &["how often each fit is repeated is told by environment variables"],
        },
        prepare: single_threaded,
        algorithms: &ALGORITHMS,
    })
}
