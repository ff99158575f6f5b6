//! Lasso: linfa-elasticnet with l1_ratio 1.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params;
use rmlbench_worker::supervised::{Algorithm, Resources};

use crate::data::{Data, Held};
use crate::descent::{self, Model};

pub struct Lasso;

impl Algorithm for Lasso {
    type Form = Held;
    type Params = params::Lasso;
    type Model = Model;

    fn fit(params: &Self::Params, data: &Data, _: Resources) -> Result<Model, Fault> {
        descent::fit(&params.as_elastic_net(), data)
    }
}
