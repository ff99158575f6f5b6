//! C-support vector classification.

use std::marker::PhantomData;

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Resources, Train, svm};

use super::classified::Classified;
use super::{Held, InForm};
use crate::Margin;

pub struct Svc<F>(PhantomData<F>);

impl<F: InForm> Algorithm for Svc<F> {
    type Form = Held;
    type Params = svm::Svc;
    type Model = Classified;

    fn fit(params: &svm::Svc, data: &Train, resources: Resources) -> Result<Classified, Fault> {
        let margin = |counts: &[usize]| Margin::C {
            c: params.c,
            weights: params.class_weight.factors(counts),
        };
        Classified::fit::<F>(&params.common(), margin, data, resources)
    }
}
