//! Hyper-parameters as libsvm-rs is told them, and the training.

use libsvm_rs::train::svm_train;
use libsvm_rs::{KernelType, SvmModel, SvmParameter, check_parameter};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::svm::{Common, Kernel};

use crate::data::Data;

/// Refuse what libsvm-rs does not have.
pub fn check(common: &Common) -> Result<(), Fault> {
    if common.limit().is_none() {
        return Ok(());
    }
    let allowed = "must be -1: libsvm-rs lets nobody set the limit of iterations";
    Err(Fault::unsupported("max_iter", common.max_iter, allowed))
}

/// What is common to all machines, in the library's words.
pub fn parameter(common: &Common, data: &Data) -> SvmParameter {
    SvmParameter {
        kernel_type: match common.kernel {
            Kernel::Rbf => KernelType::Rbf,
            Kernel::Linear => KernelType::Linear,
            Kernel::Poly => KernelType::Polynomial,
            Kernel::Sigmoid => KernelType::Sigmoid,
        },
        degree: common.degree as i32,
        gamma: common.gamma.number(data.spread.columns, || data.spread),
        coef0: common.coef0,
        cache_size: common.cache_size,
        eps: common.tol,
        shrinking: common.shrinking,
        ..Default::default()
    }
}

/// Train on checked data with parameters the library accepts.
///
/// Inside, the library copies the rows of every pair of classes, computes squared norms and
/// kernel rows on demand, and copies the support vectors.
pub fn train(parameter: &SvmParameter, data: &Data) -> Result<SvmModel, Fault> {
    data.check()?;
    check_parameter(&data.problem, parameter).map_err(|error| {
        let allowed = "libsvm-rs must accept the parameters for this data";
        Fault::parameter("libsvm-rs", error.to_string(), allowed)
    })?;
    let model = svm_train(&data.problem, parameter);
    let sum = model
        .sv_coef
        .iter()
        .flatten()
        .chain(&model.rho)
        .sum::<f64>();
    if sum.is_finite() {
        return Ok(model);
    }
    let allowed = "the coefficients are not finite: scale the data";
    Err(Fault::numerical("x_train", "too large", allowed))
}
