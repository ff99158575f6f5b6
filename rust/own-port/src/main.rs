//! Our own support vector machines in pairwise form: scikit-learn's dense LIBSVM, line for line in
//! its arithmetic, in Rust. Set against scikit-learn it shows the effect of the language.

use std::process::ExitCode;

use rmlbench_kernels::threads;
use rmlbench_smo::algorithms::{self, Pairwise};
use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework};
use rmlbench_worker::supervised::entry;

static ALGORITHMS: [Entry; 4] = [
    entry::<algorithms::Svc<Pairwise>>("svc"),
    entry::<algorithms::NuSvc<Pairwise>>("nusvc"),
    entry::<algorithms::Svr<Pairwise>>("svr"),
    entry::<algorithms::NuSvr<Pairwise>>("nusvr"),
];

/// As the worker of scikit-learn says it.
const PAIRWISE: &str = "kernel values of a row one ddot of OpenBLAS at a time, the C library's exp";

fn main() -> ExitCode {
    let port = || facts::port("sklearn", PAIRWISE, &["svc", "nusvc", "svr", "nusvr"]);
    framework::main_with(port, || Framework {
        name: "own-port",
        version: env!("CARGO_PKG_VERSION").into(),
        declared: Declared {
            libraries: &["rayon"],
            features: &[],
            notes: &[
                "the same solver as own's; kernel rows by one dot product a pair, summed in the \
                 order of OpenBLAS's ddot, with the C library's exp, as scikit-learn computes them",
                "probabilities: the sigmoids by Newton's method, where scikit-learn has L-BFGS-B",
                "AVX-512 or AVX2 chosen at run time by our own kernels",
            ],
        },
        prepare: threads::prepare,
        algorithms: &ALGORITHMS,
    })
}
