//! Agglomerative clustering by smartcore, which has single linkage and tells labels only.

use rmlbench_worker::Fault;
use rmlbench_worker::clustering::params::{self, Linkage};
use rmlbench_worker::clustering::{Algorithm, Fitted, Given, labels_output};
use rmlbench_worker::supervised::{Matrix, Resources};
use rmlbench_worker::tensors::Tensor;
use smartcore::cluster::agglomerative::{
    AgglomerativeClustering, AgglomerativeClusteringParameters,
};

use crate::data::{self, Dense};
use crate::dbscan::{Held, check};

pub struct Agglomerative;

/// The clusters of the points, from 0.
pub struct Model(Vec<usize>);

impl Algorithm for Agglomerative {
    type Form = Held;
    type Params = params::Agglomerative;
    type Start = ();
    type Model = Model;

    fn begin(params: &Self::Params, _: &Matrix, _: &Given<'_>) -> Result<(), Fault> {
        if params.linkage == Linkage::Single {
            return Ok(());
        }
        let found = format!("{:?}", params.linkage).to_lowercase();
        Err(Fault::unsupported("linkage", found, "smartcore has single"))
    }

    fn fit(params: &Self::Params, data: &Dense, (): &(), _: Resources) -> Result<Model, Fault> {
        check(data)?;
        let clusters = params.n_clusters as usize;
        let settings = AgglomerativeClusteringParameters::default().with_n_clusters(clusters);
        AgglomerativeClustering::<f64, i64, Dense, Vec<i64>>::fit(data, settings)
            .map(|fitted| Model(fitted.labels))
            .map_err(data::refused)
    }
}

impl Fitted for Model {
    fn outputs(&self) -> Vec<Tensor> {
        vec![labels_output(self.0.iter().map(|label| *label as i64))]
    }
}
