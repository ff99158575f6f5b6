//! What smartcore's support vector machines are told, and what they do not have.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::Spread;
use rmlbench_worker::supervised::svm::{ClassWeight, Common, Kernel};
use smartcore::svm::Kernels;

/// Refuse what smartcore's machines do not have.
pub fn check(common: &Common) -> Result<(), Fault> {
    if common.limit().is_none() {
        return Ok(());
    }
    let allowed = "must be -1: smartcore lets nobody set the limit of iterations";
    Err(Fault::unsupported("max_iter", common.max_iter, allowed))
}

/// Refuse weights of classes, which smartcore does not have.
pub fn check_weight(weight: ClassWeight) -> Result<(), Fault> {
    match weight {
        ClassWeight::None => Ok(()),
        ClassWeight::Balanced => {
            let allowed = "must be none: smartcore has one C for all classes";
            Err(Fault::unsupported("class_weight", "balanced", allowed))
        }
    }
}

/// The library's kernel.
pub fn kernel(common: &Common, spread: Spread) -> Kernels {
    let gamma = common.gamma.number(spread.columns, || spread);
    match common.kernel {
        Kernel::Linear => Kernels::linear(),
        Kernel::Rbf => Kernels::rbf().with_gamma(gamma),
        Kernel::Poly => Kernels::polynomial()
            .with_degree(f64::from(common.degree))
            .with_gamma(gamma)
            .with_coef0(common.coef0),
        Kernel::Sigmoid => Kernels::sigmoid()
            .with_gamma(gamma)
            .with_coef0(common.coef0),
    }
}
