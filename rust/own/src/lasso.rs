//! Lasso: the elastic net with l1_ratio 1.

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::regression::params;
use rmlbench_worker::regression::{Algorithm, Resources, Rows, Train};
use rmlbench_worker::tensors::Tensor;

use crate::descent;
use crate::model::{self, Data, Model};

pub struct Lasso;

impl Algorithm for Lasso {
    type Params = params::Lasso;
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
        descent::fit(data, &params.as_elastic_net(), resources.threads)
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
