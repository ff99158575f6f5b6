//! smartcore's linear models, support vector machines and clusterings, called as its documentation
//! does.

mod agglomerative;
mod data;
mod dbscan;
mod elastic_net;
mod lasso;
mod linear;
mod ridge;
mod svc;
mod svr;
mod told;

use std::process::ExitCode;

use rmlbench_worker::clustering;
use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework, single_threaded};
use rmlbench_worker::supervised::entry;

static ALGORITHMS: [Entry; 8] = [
    entry::<linear::Linear>("linear"),
    entry::<ridge::Ridge>("ridge"),
    entry::<lasso::Lasso>("lasso"),
    entry::<elastic_net::ElasticNet>("elastic_net"),
    entry::<svc::Svc>("svc"),
    entry::<svr::Svr>("svr"),
    clustering::entry::<dbscan::Dbscan>("dbscan"),
    clustering::entry::<agglomerative::Agglomerative>("agglomerative"),
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
                "svc: an online solver (LASVM), not one that runs until tol is met: 3 passes, since \
                 after the 2 of smartcore's default decision values are up to 3e-2 from the \
                 optimum; the caller fits one machine a pair on rows that convert copies, and \
                 votes, the lowest class of equals",
                "svr: stops after 49,999 iterations whatever is left",
                "svm: no shrinking, no limit of cache_size, no support vectors, coefficients or \
                 iterations to be read; gamma is computed in convert where it is scale or auto",
                "dbscan uses the cover tree, which is the default; its labels are what predict says \
                 of the training rows, a vote of the points within eps, because smartcore keeps \
                 the labels of the fit to itself; it does not tell which points are core points",
                "agglomerative has single linkage; smartcore tells its labels and neither tree nor \
                 heights",
                "there is no kmeans: smartcore draws its own start, and keeps centres, labels and \
                 iterations to itself",
                "values are checked to be finite by the caller, inside fit and predict",
            ],
        },
        prepare: single_threaded,
        algorithms: &ALGORITHMS,
    })
}
