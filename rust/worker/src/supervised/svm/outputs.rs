//! Fitted attributes of kernel machines as outputs.

use crate::tensors::Tensor;

/// Support vectors (rows of the training data), their coefficients in `rows` rows as LIBSVM's
/// `sv_coef` has them, and what is added to each machine's sum.
pub fn attributes(support: &[i64], dual: &[f64], rows: usize, intercept: &[f64]) -> Vec<Tensor> {
    vec![
        Tensor::new("support", &[support.len()], support),
        Tensor::new("dual", &[rows, support.len()], dual),
        Tensor::new("intercept", &[intercept.len()], intercept),
    ]
}
