//! nu-support vector classification.

use std::marker::PhantomData;

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Resources, Train, svm};

use super::classified::Classified;
use super::{Held, InForm};
use crate::Margin;

pub struct NuSvc<F>(PhantomData<F>);

impl<F: InForm> Algorithm for NuSvc<F> {
    type Form = Held;
    type Params = svm::NuSvc;
    type Model = Classified;

    fn fit(params: &svm::NuSvc, data: &Train, resources: Resources) -> Result<Classified, Fault> {
        let margin = |_: &[usize]| Margin::Nu { nu: params.nu };
        Classified::fit::<F>(&params.common(), margin, data, resources)
    }
}
