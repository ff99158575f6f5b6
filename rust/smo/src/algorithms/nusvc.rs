//! nu-support vector classification.

use std::marker::PhantomData;

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Resources, Train, svm};
use rmlbench_worker::tensors::Tensor;

use super::classified::Classified;
use super::{Held, InForm};
use crate::Margin;

pub struct NuSvc<F>(PhantomData<F>);

impl<F: InForm> Algorithm for NuSvc<F> {
    type Form = Held;
    type Params = svm::NuSvc;
    type Model = Classified;

    fn fit(params: &svm::NuSvc, data: &Train, resources: Resources) -> Result<Classified, Fault> {
        Classified::fit::<F>(&params.common(), margin(params), data, resources)
    }

    fn trace(
        params: &svm::NuSvc,
        data: &Train,
        resources: Resources,
        model: &Classified,
    ) -> Result<Vec<Tensor>, Fault> {
        model.trace::<F>(&params.common(), margin(params), data, resources)
    }
}

/// A share nu.
fn margin(params: &svm::NuSvc) -> impl Fn(&[usize]) -> Margin {
    |_| Margin::Nu { nu: params.nu }
}
