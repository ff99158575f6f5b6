//! C-support vector classification.

use std::marker::PhantomData;

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Resources, Train, svm};
use rmlbench_worker::tensors::Tensor;

use super::classified::Classified;
use super::{Held, InForm};
use crate::Margin;

pub struct Svc<F>(PhantomData<F>);

impl<F: InForm> Algorithm for Svc<F> {
    type Form = Held;
    type Params = svm::Svc;
    type Model = Classified;

    fn fit(params: &svm::Svc, data: &Train, resources: Resources) -> Result<Classified, Fault> {
        Classified::fit::<F>(&params.common(), margin(params), data, resources)
    }

    fn trace(
        params: &svm::Svc,
        data: &Train,
        resources: Resources,
        model: &Classified,
    ) -> Result<Vec<Tensor>, Fault> {
        model.trace::<F>(&params.common(), margin(params), data, resources)
    }
}

/// A cost C, weighed by class.
fn margin(params: &svm::Svc) -> impl Fn(&[usize]) -> Margin {
    |counts| Margin::C {
        c: params.c,
        weights: params.class_weight.factors(counts),
    }
}
