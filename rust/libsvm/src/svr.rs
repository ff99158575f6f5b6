//! epsilon-support vector regression by libsvm-rs.

use libsvm_rs::{SvmParameter, SvmType};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Params, Resources, svm};

use crate::data::{Data, InOrder};
use crate::regressed::Regressed;
use crate::told;

pub struct Svr;

impl Algorithm for Svr {
    type Form = InOrder;
    type Params = svm::Svr;
    type Model = Regressed;

    fn check(params: &svm::Svr) -> Result<(), Fault> {
        params.check()?;
        told::check(&params.common())
    }

    fn fit(params: &svm::Svr, data: &Data, _: Resources) -> Result<Regressed, Fault> {
        let parameter = SvmParameter {
            svm_type: SvmType::EpsilonSvr,
            c: params.c,
            p: params.epsilon,
            ..told::parameter(&params.common(), data)
        };
        Regressed::fit(&parameter, data)
    }
}
