//! nu-support vector classification by linfa-svm, one against one.

use linfa_svm::SvmParams;
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Params, Resources, svm};

use crate::classified::{Classified, Data, Paired};
use crate::machines::{self, Told};

pub struct NuSvc;

impl Algorithm for NuSvc {
    type Form = Paired;
    type Params = svm::NuSvc;
    type Model = Classified;

    fn check(params: &svm::NuSvc) -> Result<(), Fault> {
        params.check()?;
        machines::check_probability(params.probability)?;
        machines::check(&params.common())
    }

    fn fit(
        params: &svm::NuSvc,
        data: &Result<Data, Fault>,
        _: Resources,
    ) -> Result<Classified, Fault> {
        let data = data.as_ref().map_err(Fault::clone)?;
        svm::feasible(params.nu, &data.labels.counts)?;
        let told = Told::new(params.common(), data.spread);
        let weigh =
            |_: (usize, usize), parameters: SvmParams<f64, bool>| parameters.nu_weight(params.nu);
        Classified::fit(&told, weigh, data)
    }
}
