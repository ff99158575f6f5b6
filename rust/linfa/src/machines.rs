//! linfa-svm's machines: what they are told, and the kernels they do not have.

use linfa_svm::SvmParams;
use ndarray::{Array2, ArrayView2, CowArray, Ix2};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::Spread;
use rmlbench_worker::supervised::svm::{self, Common, Kernel};

/// Refuse what linfa-svm does not have.
pub fn check(common: &Common) -> Result<(), Fault> {
    if common.kernel == Kernel::Sigmoid {
        let allowed = "linfa-svm has rbf, linear and poly only";
        return Err(Fault::unsupported("kernel", "sigmoid", allowed));
    }
    if common.limit().is_some() {
        let allowed = "must be -1: linfa-svm lets nobody set the limit of iterations";
        return Err(Fault::unsupported("max_iter", common.max_iter, allowed));
    }
    Ok(())
}

/// Refuse probabilities: linfa's are of two classes, fitted to decisions of the training rows.
pub fn check_probability(asked: bool) -> Result<(), Fault> {
    let why = "linfa-svm fits its sigmoid to the machine's own training rows, not to folds, and \
               knows two classes only";
    svm::without_probability(asked, why)
}

/// What rows are multiplied with before the library sees them, and the library's parameters.
pub struct Told {
    pub common: Common,
    gamma: f64,
}

impl Told {
    /// Gamma is a number from here on.
    pub fn new(common: Common, spread: Spread) -> Self {
        Self {
            gamma: common.gamma.number(spread.columns, || spread),
            common,
        }
    }

    /// linfa-svm's polynomial kernel has no gamma: rows are multiplied with its root instead.
    pub fn factor(&self) -> f64 {
        match self.common.kernel {
            Kernel::Poly => self.gamma.sqrt(),
            _ => 1.0,
        }
    }

    /// Kernel and tolerance; shrinking stays off, because linfa-svm 0.8.1 panics with it.
    pub fn parameters<T>(&self, parameters: SvmParams<f64, T>) -> SvmParams<f64, T> {
        let parameters = parameters.eps(self.common.tol);
        match self.common.kernel {
            Kernel::Rbf => parameters.gaussian_kernel(1.0 / self.gamma),
            Kernel::Linear => parameters.linear_kernel(),
            Kernel::Poly => {
                parameters.polynomial_kernel(self.common.coef0, f64::from(self.common.degree))
            }
            Kernel::Sigmoid => unreachable!("refused before any data is read"),
        }
    }
}

/// Rows times a factor; a copy only where it is not 1.
pub fn scaled<'a>(rows: ArrayView2<'a, f64>, factor: f64) -> CowArray<'a, f64, Ix2> {
    if factor == 1.0 {
        return rows.into();
    }
    let scaled: Array2<f64> = &rows * factor;
    scaled.into()
}

/// The coefficients linfa-svm uses: it drops those up to 100 times the rounding unit.
pub fn kept(alpha: &[f64]) -> Vec<f64> {
    let keep = |a: &f64| {
        if a.abs() > 100.0 * f64::EPSILON {
            *a
        } else {
            0.0
        }
    };
    alpha.iter().map(keep).collect()
}
