//! Ridge: Cholesky of the normal equations, of the dual ones where d > n.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params;
use rmlbench_worker::supervised::{Algorithm, Resources};

use crate::model::{Data, Held, Model};
use crate::normal;

pub struct Ridge;

impl Algorithm for Ridge {
    type Form = Held;
    type Params = params::Ridge;
    type Model = Model;

    fn fit(params: &Self::Params, data: &Data, resources: Resources) -> Result<Model, Fault> {
        normal::fit(data, params.alpha, params.fit_intercept, resources.threads)
    }
}
