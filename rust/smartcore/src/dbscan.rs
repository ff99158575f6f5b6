//! DBSCAN by smartcore's cover tree.

use rmlbench_worker::Fault;
use rmlbench_worker::clustering::{Algorithm, Fitted, Form, Given, labels_output, params};
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{Matrix, Resources, check_finite};
use rmlbench_worker::tensors::Tensor;
use smartcore::cluster::dbscan::{DBSCAN, DBSCANParameters};
use smartcore::linalg::basic::arrays::Array;
use smartcore::metrics::distance::euclidian::Euclidian;

use crate::data::{self, Dense};

/// smartcore's matrix of the points, made once.
pub struct Held;

impl Form for Held {
    type Data = Dense;

    fn convert(points: &Matrix, layout: Layout) -> Dense {
        data::dense(points.to_layout(layout))
    }
}

/// Refuse points with values that are not finite, which smartcore does not look for.
pub fn check(points: &Dense) -> Result<(), Fault> {
    if points.iterator(0).sum::<f64>().is_finite() {
        return Ok(());
    }
    let values: Vec<f64> = points.iterator(0).copied().collect();
    check_finite("x_train", &values)
}

pub struct Dbscan;

/// The clusters of the points, from 1; 0 is noise.
pub struct Model(Vec<i64>);

impl Algorithm for Dbscan {
    type Form = Held;
    type Params = params::Dbscan;
    type Start = ();
    type Model = Model;

    fn begin(_: &Self::Params, _: &Matrix, _: &Given<'_>) -> Result<(), Fault> {
        Ok(())
    }

    /// Fit, and ask for the labels: smartcore keeps those of the fit to itself, and `predict`
    /// takes the vote of the points within `eps`.
    fn fit(params: &Self::Params, data: &Dense, (): &(), _: Resources) -> Result<Model, Fault> {
        check(data)?;
        let settings = DBSCANParameters::default()
            .with_eps(params.eps)
            .with_min_samples(params.min_samples as usize);
        let fitted: DBSCAN<f64, i64, Dense, Vec<i64>, Euclidian<f64>> =
            DBSCAN::fit(data, settings).map_err(data::refused)?;
        fitted.predict(data).map(Model).map_err(data::refused)
    }
}

impl Fitted for Model {
    fn outputs(&self) -> Vec<Tensor> {
        vec![labels_output(self.0.iter().map(|label| label - 1))]
    }
}
