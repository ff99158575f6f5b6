//! Our own linear models and clustering on faer, with scikit-learn's objectives, centring and
//! stopping rules, and our own support vector machines, in product form.

mod center;
mod descent;
mod design;
mod elastic_net;
mod gaussian_mixture;
mod kmeans;
mod lasso;
mod linear;
mod lstsq;
mod model;
mod normal;
mod points;
mod ridge;
mod spectral;
mod sweep;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use rmlbench_kernels::{self as kernels, threads};
use rmlbench_smo::algorithms::{self, Product};
use rmlbench_worker::clustering::{self, predicting};
use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework};
use rmlbench_worker::supervised::entry;

static ALGORITHMS: [Entry; 11] = [
    entry::<linear::Linear>("linear"),
    entry::<ridge::Ridge>("ridge"),
    entry::<lasso::Lasso>("lasso"),
    entry::<elastic_net::ElasticNet>("elastic_net"),
    entry::<algorithms::Svc<Product>>("svc"),
    entry::<algorithms::NuSvc<Product>>("nusvc"),
    entry::<algorithms::Svr<Product>>("svr"),
    entry::<algorithms::NuSvr<Product>>("nusvr"),
    predicting::<kmeans::KMeans>("kmeans"),
    predicting::<gaussian_mixture::GaussianMixture>("gaussian_mixture"),
    clustering::entry::<spectral::Spectral>("spectral"),
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
            notes: &[
                "AVX-512 or AVX2 chosen at run time, by faer and by our own kernels",
                "svc, nusvc, svr, nusvr: LIBSVM's algorithm on dense rows; kernel rows by the \
                 product of one row with many and our own exp; machines of pairs of classes \
                 run side by side where there are threads, with a share of the cache each",
                "probabilities: the sigmoids by Newton's method, where scikit-learn has L-BFGS-B",
                "spectral finds its eigenvectors by block Lanczos on the shifted inverse, to \
                 machine precision; small matrices are decomposed whole",
            ],
        },
        prepare: threads::prepare,
        algorithms: &ALGORITHMS,
    })
}
