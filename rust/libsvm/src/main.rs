//! libsvm-rs, LIBSVM in pure Rust, called as its documentation does.

mod classified;
mod data;
mod nusvc;
mod nusvr;
mod regressed;
mod svc;
mod svr;
mod told;

use std::process::ExitCode;

use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework, single_threaded};
use rmlbench_worker::supervised::entry;

static ALGORITHMS: [Entry; 4] = [
    entry::<svc::Svc>("svc"),
    entry::<nusvc::NuSvc>("nusvc"),
    entry::<svr::Svr>("svr"),
    entry::<nusvr::NuSvr>("nusvr"),
];

fn main() -> ExitCode {
    libsvm_rs::set_quiet(true);
    framework::main(|| Framework {
        name: "libsvm",
        version: facts::version("libsvm-rs"),
        declared: Declared {
            libraries: &["libsvm-rs"],
            features: &[],
            notes: &[
                "rows are LIBSVM's sparse nodes, without zeros, whatever the layout asked for; \
                 for classification they are sorted by class, as scikit-learn sorts its classes; \
                 both belong to convert",
                "scikit-learn keeps dense rows dense and has LIBSVM's sparse form, of which this is \
                 a port, for sparse ones; the library tells neither iterations nor objectives, so \
                 that its steps are the same cannot be shown, and no row says port",
                "fit copies every row once for each pair of classes, and the support vectors: \
                 the library does so",
                "gamma is given as a number, which the caller computes in convert where it is \
                 scale or auto",
                "labels are voted by the caller from the library's decision values: of equal \
                 votes the library takes the last class, scikit-learn the first",
                "the kernel cache can hold up to twice the bytes given by cache_size, since a row is \
                 lengthened by Vec::resize",
                "the library does not report iterations; it stops at 10 million, or 100 a row, \
                 where scikit-learn has no limit",
                "probabilities are LIBSVM's: its own random folds, a sigmoid a pair, of more than \
                 two classes pairwise coupling; scikit-learn 1.9's CalibratedClassifierCV has one \
                 sigmoid a class",
                "values are checked to be finite by the caller, inside fit and predict",
            ],
        },
        prepare: single_threaded,
        algorithms: &ALGORITHMS,
    })
}
