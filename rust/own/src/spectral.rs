//! Spectral clustering.

use rmlbench_cluster::affinity::Affinity;
use rmlbench_cluster::embedding::Solver;
use rmlbench_cluster::points::Points;
use rmlbench_cluster::spectral;
use rmlbench_worker::Fault;
use rmlbench_worker::clustering::{Algorithm, Fitted, Given, labels_output, params};
use rmlbench_worker::supervised::{Matrix, Params, Resources};
use rmlbench_worker::tensors::Tensor;

use crate::points::Held;

pub struct Spectral;

pub struct Model(spectral::Spectral);

impl Algorithm for Spectral {
    type Form = Held;
    type Params = params::Spectral;
    type Start = ();
    type Model = Model;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()?;
        if params.eigen_tol > 0.0 {
            let allowed = "own finds eigenvectors to machine precision: must be 0";
            return Err(Fault::unsupported("eigen_tol", params.eigen_tol, allowed));
        }
        Ok(())
    }

    fn begin(_: &Self::Params, _: &Matrix, _: &Given<'_>) -> Result<(), Fault> {
        Ok(())
    }

    fn fit(
        params: &Self::Params,
        data: &Matrix,
        (): &(),
        resources: Resources,
    ) -> Result<Model, Fault> {
        let affinity = match params.affinity {
            params::Affinity::Rbf => Affinity::Rbf {
                gamma: params.gamma,
            },
            params::Affinity::NearestNeighbors => Affinity::NearestNeighbors {
                n_neighbors: params.n_neighbors as usize,
            },
        };
        let settings = spectral::Params {
            n_clusters: params.n_clusters as usize,
            affinity,
            solver: Solver::ShiftInvert,
        };
        let rows = data.by_rows();
        let points = Points::new(&rows, data.columns);
        spectral::fit(&points, &settings, resources.threads).map(Model)
    }
}

impl Fitted for Model {
    fn outputs(&self) -> Vec<Tensor> {
        let found = &self.0;
        let (n, k) = (found.labels.len(), found.eigenvalues.len());
        vec![
            labels_output(found.labels.iter().map(|label| i64::from(*label))),
            Tensor::new("eigenvalues", &[k], &found.eigenvalues),
            Tensor::new("embedding", &[n, k], &found.embedding),
        ]
    }
}
