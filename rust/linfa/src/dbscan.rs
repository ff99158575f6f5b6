//! DBSCAN by linfa-clustering.

use linfa::traits::Transformer;
use linfa_clustering::Dbscan as LinfaDbscan;
use ndarray::Array1;
use rmlbench_worker::Fault;
use rmlbench_worker::clustering::{Algorithm, Fitted, Given, labels_output, params};
use rmlbench_worker::supervised::{Matrix, Params, Resources};
use rmlbench_worker::tensors::Tensor;

use crate::data;
use crate::points::{self, Held, Points};

pub struct Dbscan;

/// The cluster of every point; none for noise.
pub struct Model(Array1<Option<usize>>);

impl Algorithm for Dbscan {
    type Form = Held;
    type Params = params::Dbscan;
    type Start = ();
    type Model = Model;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()?;
        if params.min_samples == 1 {
            let allowed = "linfa's DBSCAN needs at least 2 points in a neighbourhood";
            return Err(Fault::unsupported("min_samples", 1, allowed));
        }
        Ok(())
    }

    fn begin(_: &Self::Params, _: &Matrix, _: &Given<'_>) -> Result<(), Fault> {
        Ok(())
    }

    fn fit(params: &Self::Params, data: &Points, (): &(), _: Resources) -> Result<Model, Fault> {
        points::check(data)?;
        if !data.records.is_standard_layout() {
            let allowed = "linfa's search for neighbours panics where a row is not contiguous";
            return Err(Fault::unsupported("layout", "f", allowed));
        }
        LinfaDbscan::params(params.min_samples as usize)
            .tolerance(params.eps)
            .transform(&data.records)
            .map(Model)
            .map_err(data::refused)
    }
}

impl Fitted for Model {
    fn outputs(&self) -> Vec<Tensor> {
        let label = |cluster: &Option<usize>| cluster.map_or(-1, |number| number as i64);
        vec![labels_output(self.0.iter().map(label))]
    }
}
