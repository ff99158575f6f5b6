//! linfa's linear models, called as its documentation does.

mod data;
mod descent;
mod elastic_net;
mod lasso;
mod linear;
mod ridge;

use std::process::ExitCode;

use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework, single_threaded};
use rmlbench_worker::regression::entry;

static ALGORITHMS: [Entry; 4] = [
    entry::<linear::Linear>("linear"),
    entry::<ridge::Ridge>("ridge"),
    entry::<lasso::Lasso>("lasso"),
    entry::<elastic_net::ElasticNet>("elastic_net"),
];

fn main() -> ExitCode {
    framework::main(|| Framework {
        name: "linfa",
        version: facts::version("linfa"),
        declared: Declared {
            libraries: &[
                "linfa",
                "linfa-linear",
                "linfa-elasticnet",
                "linfa-linalg",
                "ndarray 0.16",
                "matrixmultiply",
            ],
            features: &[],
            notes: &[
                "ridge, lasso, elastic_net: linfa-elasticnet does not centre X, so the caller \
                 does, inside fit, and restores the intercept",
                "ridge is linfa-elasticnet with l1_ratio 0, tol 1e-4 and 1000 iterations: linfa \
                 has no direct ridge solver",
                "values are checked to be finite by the caller, inside fit and predict",
            ],
        },
        prepare: single_threaded,
        algorithms: &ALGORITHMS,
    })
}
