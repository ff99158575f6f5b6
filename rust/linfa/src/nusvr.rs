//! nu-support vector regression by linfa-svm.

use linfa_svm::SvmParams;
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Params, Resources, svm};

use crate::machines::{self, Told};
use crate::regressed::{Data, Measured, Regressed};

pub struct NuSvr;

impl Algorithm for NuSvr {
    type Form = Measured;
    type Params = svm::NuSvr;
    type Model = Regressed;

    fn check(params: &svm::NuSvr) -> Result<(), Fault> {
        params.check()?;
        machines::check(&params.common())
    }

    fn fit(params: &svm::NuSvr, data: &Data, _: Resources) -> Result<Regressed, Fault> {
        let told = Told::new(params.common(), data.spread);
        let weigh = |parameters: SvmParams<f64, f64>| parameters.nu_svr(params.nu, Some(params.c));
        Regressed::fit(&told, weigh, data)
    }
}
