//! Lasso: the elastic net with l1_ratio 1.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params;
use rmlbench_worker::supervised::{Algorithm, Resources};

use crate::descent;
use crate::model::{Data, Held, Model};

pub struct Lasso;

impl Algorithm for Lasso {
    type Form = Held;
    type Params = params::Lasso;
    type Model = Model;

    fn fit(params: &Self::Params, data: &Data, resources: Resources) -> Result<Model, Fault> {
        descent::fit(data, &params.as_elastic_net(), resources.threads)
    }
}
