//! epsilon-support vector regression by linfa-svm.

use linfa_svm::SvmParams;
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Params, Resources, svm};

use crate::machines::{self, Told};
use crate::regressed::{Data, Measured, Regressed};

pub struct Svr;

impl Algorithm for Svr {
    type Form = Measured;
    type Params = svm::Svr;
    type Model = Regressed;

    fn check(params: &svm::Svr) -> Result<(), Fault> {
        params.check()?;
        machines::check(&params.common())
    }

    fn fit(params: &svm::Svr, data: &Data, _: Resources) -> Result<Regressed, Fault> {
        let told = Told::new(params.common(), data.spread);
        let weigh =
            |parameters: SvmParams<f64, f64>| parameters.c_svr(params.c, Some(params.epsilon));
        Regressed::fit(&told, weigh, data)
    }
}
