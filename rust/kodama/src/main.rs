//! kodama's agglomerative clustering, called as its documentation does.

mod agglomerative;
mod distances;
mod tree;

use std::process::ExitCode;

use rmlbench_worker::clustering::entry;
use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework, single_threaded};

static ALGORITHMS: [Entry; 1] = [entry::<agglomerative::Agglomerative>("agglomerative")];

fn main() -> ExitCode {
    framework::main(|| Framework {
        name: "kodama",
        version: facts::version("kodama"),
        declared: Declared {
            libraries: &["kodama"],
            features: &[],
            notes: &[
                "kodama takes distances: the caller computes them, inside fit, by differences, \
                 with AVX-512 or AVX2 chosen at run time",
                "the caller cuts kodama's tree into labels, inside fit",
                "values are checked to be finite by the caller, inside fit",
            ],
        },
        prepare: single_threaded,
        algorithms: &ALGORITHMS,
    })
}
