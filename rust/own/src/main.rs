//! Our own linear models on faer: scikit-learn's objectives, centring and stopping rules.

mod center;
mod descent;
mod design;
mod elastic_net;
mod kernels;
mod lasso;
mod linear;
mod lstsq;
mod model;
mod normal;
mod ridge;
mod sweep;
#[cfg(test)]
mod tests;
mod threads;

use std::process::ExitCode;

use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework};
use rmlbench_worker::regression::entry;

static ALGORITHMS: [Entry; 4] = [
    entry::<linear::Linear>("linear"),
    entry::<ridge::Ridge>("ridge"),
    entry::<lasso::Lasso>("lasso"),
    entry::<elastic_net::ElasticNet>("elastic_net"),
];

fn main() -> ExitCode {
    framework::main(|| Framework {
        name: "own",
        version: format!(
            "{} on faer {}",
            env!("CARGO_PKG_VERSION"),
            facts::version("faer")
        ),
        declared: Declared {
            libraries: &[
                "faer",
                "gemm",
                "private-gemm-x86",
                "nano-gemm",
                "pulp",
                "rayon",
            ],
            features: &["faer/rayon"],
            notes: &["AVX-512 or AVX2 chosen at run time, by faer and by our own kernels"],
        },
        prepare: threads::prepare,
        algorithms: &ALGORITHMS,
    })
}
