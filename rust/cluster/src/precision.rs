//! Cholesky factors of precisions: upper triangular `U` with `U U' = covariance^-1`, which
//! scikit-learn calls `precisions_cholesky_`.

use faer::linalg::triangular_inverse::invert_lower_triangular;
use faer::{MatMut, MatRef, Par};
use rmlbench_worker::Fault;

use crate::covariance::Covariance;
use crate::dense::cholesky;

/// Factors from covariances, in their shape; matrices row after row. With `C = L L'` the factor
/// is `L^-T`; of a variance it is `1 / sqrt(v)`.
pub fn from_covariances(
    kind: Covariance,
    covariances: &[f64],
    k: usize,
    d: usize,
    reg_covar: f64,
) -> Result<Vec<f64>, Fault> {
    let (_, size) = kind.blocks(k, d);
    match kind {
        Covariance::Full | Covariance::Tied => {
            let mut factors = vec![0.0; covariances.len()];
            let blocks = covariances.chunks_exact(size);
            for (factor, block) in factors.chunks_exact_mut(size).zip(blocks) {
                let lower = cholesky(block.to_vec(), d, Par::Seq);
                let lower = lower.ok_or_else(|| ill_defined(reg_covar))?;
                // Column after column the inverse of L; row after row its transpose.
                invert_lower_triangular(
                    MatMut::from_column_major_slice_mut(factor, d, d),
                    MatRef::from_column_major_slice(&lower, d, d),
                    Par::Seq,
                );
            }
            Ok(factors)
        }
        Covariance::Diag | Covariance::Spherical => {
            let positive = covariances.iter().all(|value| *value > 0.0);
            let factors = covariances.iter().map(|value| 1.0 / value.sqrt());
            positive
                .then(|| factors.collect())
                .ok_or_else(|| ill_defined(reg_covar))
        }
    }
}

/// Factors from precisions: with `J` reversing the order, `J P J = L L'` gives `U = J L J`.
pub fn from_precisions(
    kind: Covariance,
    precisions: &[f64],
    k: usize,
    d: usize,
) -> Result<Vec<f64>, Fault> {
    let refused = || {
        Fault::data(
            "precisions",
            "other",
            "every precision must be positive definite",
        )
    };
    let (_, size) = kind.blocks(k, d);
    match kind {
        Covariance::Full | Covariance::Tied => {
            let mut factors = Vec::with_capacity(precisions.len());
            for block in precisions.chunks_exact(size) {
                let reversed: Vec<f64> = block.iter().rev().copied().collect();
                let lower = cholesky(reversed, d, Par::Seq).ok_or_else(refused)?;
                // Column after column L; reversed and row after row its transpose reversed.
                let entry = |i: usize, j: usize| lower[(d - 1 - j) * d + (d - 1 - i)];
                factors.extend((0..d * d).map(|at| entry(at / d, at % d)));
            }
            Ok(factors)
        }
        Covariance::Diag | Covariance::Spherical => {
            let positive = precisions.iter().all(|value| *value > 0.0);
            let factors = precisions.iter().map(|value| value.sqrt());
            positive.then(|| factors.collect()).ok_or_else(refused)
        }
    }
}

/// Precisions from their factors, `U U'`, in the covariances' shape.
pub fn to_precisions(kind: Covariance, factors: &[f64], k: usize, d: usize) -> Vec<f64> {
    let (_, size) = kind.blocks(k, d);
    match kind {
        Covariance::Full | Covariance::Tied => {
            let entry = |u: &[f64], i: usize, j: usize| -> f64 {
                (i.max(j)..d).map(|c| u[i * d + c] * u[j * d + c]).sum()
            };
            let square =
                |u: &[f64]| -> Vec<f64> { (0..size).map(|at| entry(u, at / d, at % d)).collect() };
            factors.chunks_exact(size).flat_map(square).collect()
        }
        Covariance::Diag | Covariance::Spherical => factors.iter().map(|u| u * u).collect(),
    }
}

fn ill_defined(reg_covar: f64) -> Fault {
    let allowed = "a component's covariance is not positive definite (collapsed or too few \
                   points): raise reg_covar, lower n_components or scale the data";
    Fault::numerical("reg_covar", reg_covar, allowed)
}
