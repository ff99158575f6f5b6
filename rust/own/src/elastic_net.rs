//! Elastic net by cyclic coordinate descent.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params;
use rmlbench_worker::supervised::{Algorithm, Resources};

use crate::descent;
use crate::model::{Data, Held, Model};

pub struct ElasticNet;

impl Algorithm for ElasticNet {
    type Form = Held;
    type Params = params::ElasticNet;
    type Model = Model;

    fn fit(params: &Self::Params, data: &Data, resources: Resources) -> Result<Model, Fault> {
        descent::fit(data, params, resources.threads)
    }
}
