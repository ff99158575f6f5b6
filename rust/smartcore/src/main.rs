//! smartcore's linear models, called as its documentation does.

mod data;
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
        name: "smartcore",
        version: facts::version("smartcore"),
        declared: Declared {
            libraries: &["smartcore"],
            features: &[],
            notes: &[
                "linear uses the SVD solver, the one of smartcore's two that bears rank \
                 deficiency",
                "ridge, lasso, elastic_net: with normalize off smartcore neither centres X nor \
                 y, so the caller does, inside fit, and restores the intercept",
                "lasso is given alpha 2 alpha, elastic_net alpha (1 + l1_ratio) and l1_ratio \
                 2 l1_ratio / (1 + l1_ratio), to minimise scikit-learn's objective",
                "smartcore does not report iterations or a dual gap",
                "values are checked to be finite by the caller, inside fit and predict",
            ],
        },
        prepare: single_threaded,
        algorithms: &ALGORITHMS,
    })
}
