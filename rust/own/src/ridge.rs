//! Ridge: Cholesky of the normal equations, of the dual ones where d > n.

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::regression::params;
use rmlbench_worker::regression::{Algorithm, Resources, Rows, Train};
use rmlbench_worker::tensors::Tensor;

use crate::model::{self, Data, Model};
use crate::normal;

pub struct Ridge;

impl Algorithm for Ridge {
    type Params = params::Ridge;
    type Data = Data;
    type Input<'a> = Rows<'a>;
    type Model = Model;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()
    }

    fn convert(train: &Train, layout: Layout) -> Data {
        model::convert(train, layout)
    }

    fn fit(params: &Self::Params, data: &Data, resources: Resources) -> Result<Model, Fault> {
        normal::fit(data, params.alpha, params.fit_intercept, resources.threads)
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
