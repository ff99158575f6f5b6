//! Ridge: linfa-elasticnet with l1_ratio 0.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params;
use rmlbench_worker::supervised::{Algorithm, Resources};

use crate::data::{Data, Held};
use crate::descent::{self, Model};

pub struct Ridge;

impl Algorithm for Ridge {
    type Form = Held;
    type Params = params::Ridge;
    type Model = Model;

    fn fit(params: &Self::Params, data: &Data, _: Resources) -> Result<Model, Fault> {
        let params = params::ElasticNet {
            alpha: params.alpha / data.records.nrows() as f64,
            l1_ratio: 0.0,
            fit_intercept: params.fit_intercept,
            ..Default::default()
        };
        descent::fit(&params, data)
    }
}
