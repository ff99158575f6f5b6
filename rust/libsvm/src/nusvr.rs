//! nu-support vector regression by libsvm-rs.

use libsvm_rs::{SvmParameter, SvmType};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Params, Resources, svm};

use crate::data::{Data, InOrder};
use crate::regressed::Regressed;
use crate::told;

pub struct NuSvr;

impl Algorithm for NuSvr {
    type Form = InOrder;
    type Params = svm::NuSvr;
    type Model = Regressed;

    fn check(params: &svm::NuSvr) -> Result<(), Fault> {
        params.check()?;
        told::check(&params.common())
    }

    fn fit(params: &svm::NuSvr, data: &Data, _: Resources) -> Result<Regressed, Fault> {
        let parameter = SvmParameter {
            svm_type: SvmType::NuSvr,
            c: params.c,
            nu: params.nu,
            ..told::parameter(&params.common(), data)
        };
        Regressed::fit(&parameter, data)
    }
}
