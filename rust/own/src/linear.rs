//! Least squares: QR with the SVD where rank is in doubt, or the normal equations.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params::{self, LinearSolver};
use rmlbench_worker::supervised::{Algorithm, Resources};

use crate::model::{Data, Held, Model};
use crate::{lstsq, normal};

pub struct Linear;

impl Algorithm for Linear {
    type Form = Held;
    type Params = params::Linear;
    type Model = Model;

    fn fit(params: &Self::Params, data: &Data, resources: Resources) -> Result<Model, Fault> {
        match params.solver {
            LinearSolver::Lstsq => lstsq::fit(data, params.fit_intercept, resources.threads),
            LinearSolver::Cholesky => {
                normal::fit(data, 0.0, params.fit_intercept, resources.threads)
            }
        }
    }
}
