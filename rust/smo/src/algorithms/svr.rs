//! epsilon-support vector regression.

use std::marker::PhantomData;

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Resources, Train, svm};
use rmlbench_worker::tensors::Tensor;

use super::regressed::Regressed;
use super::{Held, InForm};
use crate::Tube;

pub struct Svr<F>(PhantomData<F>);

impl<F: InForm> Algorithm for Svr<F> {
    type Form = Held;
    type Params = svm::Svr;
    type Model = Regressed;

    fn fit(params: &svm::Svr, data: &Train, resources: Resources) -> Result<Regressed, Fault> {
        Regressed::fit::<F>(&params.common(), &tube(params), data, resources)
    }

    fn trace(
        params: &svm::Svr,
        data: &Train,
        resources: Resources,
        model: &Regressed,
    ) -> Result<Vec<Tensor>, Fault> {
        model.trace::<F>(&params.common(), &tube(params), data, resources)
    }
}

/// A cost C and a width epsilon.
fn tube(params: &svm::Svr) -> Tube {
    Tube::Epsilon {
        c: params.c,
        epsilon: params.epsilon,
    }
}
