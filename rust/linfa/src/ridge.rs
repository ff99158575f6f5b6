//! Ridge: linfa-elasticnet with l1_ratio 0.

use ndarray::ArrayView2;
use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::regression::params;
use rmlbench_worker::regression::{Algorithm, Resources, Rows, Train};
use rmlbench_worker::tensors::Tensor;

use crate::data::{self, Data};
use crate::descent::{self, Model};

pub struct Ridge;

impl Algorithm for Ridge {
    type Params = params::Ridge;
    type Data = Data;
    type Input<'a> = ArrayView2<'a, f64>;
    type Model = Model;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()
    }

    fn convert(train: &Train, layout: Layout) -> Data {
        data::convert(train, layout)
    }

    fn fit(params: &Self::Params, data: &Data, _: Resources) -> Result<Model, Fault> {
        let params = params::ElasticNet {
            alpha: params.alpha / data.records.nrows() as f64,
            l1_ratio: 0.0,
            fit_intercept: params.fit_intercept,
            ..Default::default()
        };
        descent::fit(&params, data)
    }

    fn input<'a>(rows: Rows<'a>) -> Self::Input<'a> {
        data::input(rows)
    }

    fn predict(model: &Model, input: &Self::Input<'_>) -> Result<Vec<f64>, Fault> {
        model.predict(input)
    }

    fn attributes(model: &Model) -> Vec<Tensor> {
        model.attributes()
    }
}
