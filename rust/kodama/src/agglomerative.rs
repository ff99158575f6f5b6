//! Agglomerative clustering by kodama's `linkage`.

use kodama::{Method, linkage};
use rmlbench_worker::Fault;
use rmlbench_worker::clustering::params::{self, Linkage};
use rmlbench_worker::clustering::{Algorithm, Fitted, Form, Given, labels_output};
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{Matrix, Resources, check_finite};
use rmlbench_worker::tensors::Tensor;

use crate::distances;
use crate::tree::{self, Merge};

/// The points in the asked layout.
pub struct Held;

impl Form for Held {
    type Data = Matrix;

    fn convert(points: &Matrix, layout: Layout) -> Matrix {
        points.to_layout(layout)
    }
}

pub struct Agglomerative;

/// The merges of kodama's tree and the clusters it is cut into.
pub struct Model {
    labels: Vec<i64>,
    merges: Vec<Merge>,
    heights: Vec<f64>,
}

impl Algorithm for Agglomerative {
    type Form = Held;
    type Params = params::Agglomerative;
    type Start = ();
    type Model = Model;

    fn begin(_: &Self::Params, _: &Matrix, _: &Given<'_>) -> Result<(), Fault> {
        Ok(())
    }

    fn fit(params: &Self::Params, data: &Matrix, (): &(), _: Resources) -> Result<Model, Fault> {
        check_finite("x_train", &data.values)?;
        let method = match params.linkage {
            Linkage::Ward => Method::Ward,
            Linkage::Complete => Method::Complete,
            Linkage::Average => Method::Average,
            Linkage::Single => Method::Single,
        };
        let mut distances = distances::condensed(data);
        let dendrogram = linkage(&mut distances, data.rows, method);
        let steps = dendrogram.steps();
        let merges: Vec<Merge> = steps.iter().map(|s| [s.cluster1, s.cluster2]).collect();
        Ok(Model {
            labels: tree::cut(&merges, params.n_clusters as usize),
            heights: steps.iter().map(|step| step.dissimilarity).collect(),
            merges,
        })
    }
}

impl Fitted for Model {
    fn outputs(&self) -> Vec<Tensor> {
        let children: Vec<i64> = self.merges.iter().flatten().map(|c| *c as i64).collect();
        let merges = self.heights.len();
        vec![
            labels_output(self.labels.iter().copied()),
            Tensor::new("heights", &[merges], &self.heights),
            Tensor::new("children", &[merges, 2], &children),
        ]
    }
}
