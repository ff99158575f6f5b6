//! C-support vector classification by libsvm-rs.

use libsvm_rs::{SvmParameter, SvmType};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Params, Resources, svm};

use crate::classified::{Classified, weights};
use crate::data::{Data, Sorted};
use crate::told;

pub struct Svc;

impl Algorithm for Svc {
    type Form = Sorted;
    type Params = svm::Svc;
    type Model = Classified;

    fn check(params: &svm::Svc) -> Result<(), Fault> {
        params.check()?;
        told::check(&params.common())
    }

    fn fit(params: &svm::Svc, data: &Data, _: Resources) -> Result<Classified, Fault> {
        let parameter = |counts: &[usize]| {
            Ok(SvmParameter {
                svm_type: SvmType::CSvc,
                c: params.c,
                probability: params.probability,
                weight: weights(&params.class_weight.factors(counts)),
                ..told::parameter(&params.common(), data)
            })
        };
        Classified::fit(parameter, data)
    }
}
