//! Elastic net by linfa-elasticnet.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params;
use rmlbench_worker::supervised::{Algorithm, Resources};

use crate::data::{Data, Held};
use crate::descent::{self, Model};

pub struct ElasticNet;

impl Algorithm for ElasticNet {
    type Form = Held;
    type Params = params::ElasticNet;
    type Model = Model;

    fn fit(params: &Self::Params, data: &Data, _: Resources) -> Result<Model, Fault> {
        descent::fit(params, data)
    }
}
