//! Least squares: QR with the SVD where rank is in doubt, or the normal equations.

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::regression::params::{self, LinearSolver};
use rmlbench_worker::regression::{Algorithm, Resources, Rows, Train};
use rmlbench_worker::tensors::Tensor;

use crate::model::{self, Data, Model};
use crate::{lstsq, normal};

pub struct Linear;

impl Algorithm for Linear {
    type Params = params::Linear;
    type Data = Data;
    type Input<'a> = Rows<'a>;
    type Model = Model;

    fn check(_params: &Self::Params) -> Result<(), Fault> {
        Ok(())
    }

    fn convert(train: &Train, layout: Layout) -> Data {
        model::convert(train, layout)
    }

    fn fit(params: &Self::Params, data: &Data, resources: Resources) -> Result<Model, Fault> {
        match params.solver {
            LinearSolver::Lstsq => lstsq::fit(data, params.fit_intercept, resources.threads),
            LinearSolver::Cholesky => {
                normal::fit(data, 0.0, params.fit_intercept, resources.threads)
            }
        }
    }

    fn input<'a>(rows: Rows<'a>) -> Rows<'a> {
        rows
    }

    fn predict(model: &Model, rows: &Rows<'_>) -> Result<Vec<f64>, Fault> {
        model.predict(rows)
    }

    fn attributes(model: &Model) -> Vec<Tensor> {
        model.attributes()
    }
}
