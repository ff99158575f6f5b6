//! linfa's linear models, support vector machines and clustering, called as its documentation
//! does.

mod classified;
mod data;
mod dbscan;
mod descent;
mod elastic_net;
mod gaussian_mixture;
mod kmeans;
mod lasso;
mod linear;
mod machines;
mod nusvc;
mod nusvr;
mod points;
mod regressed;
mod ridge;
mod svc;
mod svr;

use std::process::ExitCode;

use rmlbench_worker::clustering::{self, predicting};
use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework};
use rmlbench_worker::supervised::entry;

static ALGORITHMS: [Entry; 11] = [
    entry::<linear::Linear>("linear"),
    entry::<ridge::Ridge>("ridge"),
    entry::<lasso::Lasso>("lasso"),
    entry::<elastic_net::ElasticNet>("elastic_net"),
    entry::<svc::Svc>("svc"),
    entry::<nusvc::NuSvc>("nusvc"),
    entry::<svr::Svr>("svr"),
    entry::<nusvr::NuSvr>("nusvr"),
    predicting::<kmeans::KMeans>("kmeans"),
    clustering::entry::<dbscan::Dbscan>("dbscan"),
    predicting::<gaussian_mixture::GaussianMixture>("gaussian_mixture"),
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
                "linfa-svm",
                "linfa-kernel",
                "linfa-clustering",
                "linfa-nn",
                "ndarray 0.16",
                "matrixmultiply",
            ],
            features: &[],
            notes: &[
                "ridge, lasso, elastic_net: linfa-elasticnet does not centre X, so the caller \
                 does, inside fit, and restores the intercept",
                "ridge is linfa-elasticnet with l1_ratio 0, tol 1e-4 and 1000 iterations: linfa \
                 has no direct ridge solver",
                "svc, nusvc: linfa-svm knows two classes; the caller fits one machine a pair on \
                 rows that convert copies, and votes, the lowest class of equals",
                "svm: no shrinking, with which linfa-svm panics; the whole kernel matrix of \
                 float64 is held, whatever cache_size says; iterations are not reported; fit \
                 stops at 10 million, or 100 a row",
                "svm: gaussian_kernel is given 1 / gamma; polynomial_kernel has no gamma, so the \
                 caller multiplies the rows with its root, inside fit and predict; gamma itself \
                 is computed in convert where it is scale or auto",
                "kmeans is not Lloyd's: linfa counts the old centre as one more point of its \
                 cluster; it is given the root of tol times the mean variance as tolerance; its \
                 inertia is of the last centres but one; it does not tell its iterations; it runs, \
                 as in gaussian_mixture, on rayon's global pool, of which the worker's thread is \
                 one",
                "dbscan uses the k-d tree, which is the default; it does not tell which points \
                 are core points",
                "gaussian_mixture begins with linfa's own k-means, 10 runs of it; it does not \
                 tell its iterations or its likelihood",
                "values are checked to be finite by the caller, inside fit and predict",
            ],
        },
        prepare,
        algorithms: &ALGORITHMS,
    })
}

/// Make the caller one of the threads of rayon's global pool: beside it the caller would wait for
/// the pool, in turns of yielding that count as one thread more than told.
fn prepare(threads: usize) -> usize {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let built = pool.use_current_thread().build_global();
    built.expect("the pool is built once");
    threads
}
