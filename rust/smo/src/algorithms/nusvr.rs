//! nu-support vector regression.

use std::marker::PhantomData;

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Resources, Train, svm};

use super::regressed::Regressed;
use super::{Held, InForm};
use crate::Tube;

pub struct NuSvr<F>(PhantomData<F>);

impl<F: InForm> Algorithm for NuSvr<F> {
    type Form = Held;
    type Params = svm::NuSvr;
    type Model = Regressed;

    fn fit(params: &svm::NuSvr, data: &Train, resources: Resources) -> Result<Regressed, Fault> {
        let (c, nu) = (params.c, params.nu);
        Regressed::fit::<F>(&params.common(), Tube::Nu { c, nu }, data, resources)
    }
}
