//! LIBLINEAR, the C++ library, behind the crate liblinear, called as its documentation does;
//! regression, which the crate cannot do, by the library's C interface.

mod data;
mod linearsvc;
mod linearsvr;
mod raw;
mod told;

use std::process::ExitCode;

use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework, single_threaded};
use rmlbench_worker::supervised::entry;

static ALGORITHMS: [Entry; 2] = [
    entry::<linearsvc::LinearSvc>("linearsvc"),
    entry::<linearsvr::LinearSvr>("linearsvr"),
];

fn main() -> ExitCode {
    liblinear::toggle_liblinear_stdout_output(false);
    framework::main(|| Framework {
        name: "liblinear",
        version: format!(
            "{} around LIBLINEAR {} in C++",
            facts::version("liblinear"),
            liblinear::liblinear_version()
        ),
        declared: Declared {
            libraries: &["liblinear"],
            features: &[],
            notes: &[
                "linearsvr: the crate's interface reads the labels of every model it has trained; a \
                 regression model has none, and the process dies, so this worker declares the C \
                 functions that the crate links but keeps private, and calls them itself: the \
                 solver is the crate's, its interface is not",
                "the dual solvers shuffle by the C library's rand(), which the crate never seeds: \
                 the worker calls srand() with the job's seed before each fit; scikit-learn's copy \
                 of LIBLINEAR has a Mersenne Twister instead, so equal seeds are other orders",
                "the solver is LIBLINEAR's own C++ source, compiled by the crate: Rust only calls \
                 it",
                "rows are the library's sparse pairs, without zeros, whatever the layout asked \
                 for; building them belongs to convert; fit copies them once more into \
                 LIBLINEAR's nodes, and predict each row: the library does so",
                "the limit of iterations cannot be set: LIBLINEAR has its own of each solver",
                "labels are taken by the caller from the library's decision values, the lowest \
                 class of equals",
                "the library does not report iterations",
                "values are checked to be finite by the caller, inside fit and predict",
            ],
        },
        prepare: single_threaded,
        algorithms: &ALGORITHMS,
    })
}
