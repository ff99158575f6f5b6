//! C-support vector classification by linfa-svm, one against one.

use linfa_svm::SvmParams;
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Algorithm, Params, Resources, svm};

use crate::classified::{Classified, Data, Paired};
use crate::machines::{self, Told};

pub struct Svc;

impl Algorithm for Svc {
    type Form = Paired;
    type Params = svm::Svc;
    type Model = Classified;

    fn check(params: &svm::Svc) -> Result<(), Fault> {
        params.check()?;
        machines::check_probability(params.probability)?;
        machines::check(&params.common())
    }

    fn fit(
        params: &svm::Svc,
        data: &Result<Data, Fault>,
        _: Resources,
    ) -> Result<Classified, Fault> {
        let data = data.as_ref().map_err(Fault::clone)?;
        let factors = params.class_weight.factors(&data.labels.counts);
        let told = Told::new(params.common(), data.spread);
        let weigh = |(i, j): (usize, usize), parameters: SvmParams<f64, bool>| {
            parameters.pos_neg_weights(params.c * factors[i], params.c * factors[j])
        };
        Classified::fit(&told, weigh, data)
    }
}
