//! epsilon-support vector regression.

use std::marker::PhantomData;

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Resources, Train, svm};

use super::regressed::Regressed;
use super::{Held, InForm};
use crate::Tube;

pub struct Svr<F>(PhantomData<F>);

impl<F: InForm> Algorithm for Svr<F> {
    type Form = Held;
    type Params = svm::Svr;
    type Model = Regressed;

    fn fit(params: &svm::Svr, data: &Train, resources: Resources) -> Result<Regressed, Fault> {
        let (c, epsilon) = (params.c, params.epsilon);
        let tube = Tube::Epsilon { c, epsilon };
        Regressed::fit::<F>(&params.common(), tube, data, resources)
    }
}
