//! nu-support vector regression.

use std::marker::PhantomData;

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Resources, Train, svm};
use rmlbench_worker::tensors::Tensor;

use super::regressed::Regressed;
use super::{Held, InForm};
use crate::Tube;

pub struct NuSvr<F>(PhantomData<F>);

impl<F: InForm> Algorithm for NuSvr<F> {
    type Form = Held;
    type Params = svm::NuSvr;
    type Model = Regressed;

    fn fit(params: &svm::NuSvr, data: &Train, resources: Resources) -> Result<Regressed, Fault> {
        Regressed::fit::<F>(&params.common(), &tube(params), data, resources)
    }

    fn trace(
        params: &svm::NuSvr,
        data: &Train,
        resources: Resources,
        model: &Regressed,
    ) -> Result<Vec<Tensor>, Fault> {
        model.trace::<F>(&params.common(), &tube(params), data, resources)
    }
}

/// A cost C and a share nu.
fn tube(params: &svm::NuSvr) -> Tube {
    Tube::Nu {
        c: params.c,
        nu: params.nu,
    }
}
