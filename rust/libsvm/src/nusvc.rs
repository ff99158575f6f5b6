//! nu-support vector classification by libsvm-rs.

use libsvm_rs::{SvmParameter, SvmType};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Params, Resources, svm};

use crate::classified::Classified;
use crate::data::{Data, Sorted};
use crate::told;

pub struct NuSvc;

impl Algorithm for NuSvc {
    type Form = Sorted;
    type Params = svm::NuSvc;
    type Model = Classified;

    fn check(params: &svm::NuSvc) -> Result<(), Fault> {
        params.check()?;
        told::check(&params.common())
    }

    fn fit(params: &svm::NuSvc, data: &Data, _: Resources) -> Result<Classified, Fault> {
        let parameter = |counts: &[usize]| {
            svm::feasible(params.nu, counts)?;
            Ok(SvmParameter {
                svm_type: SvmType::NuSvc,
                nu: params.nu,
                probability: params.probability,
                ..told::parameter(&params.common(), data)
            })
        };
        Classified::fit(parameter, data)
    }
}
