//! What all pixels of a channel say.

use burn_core::tensor::Tensor;
use burn_core::tensor::backend::Backend;

/// The mean of each channel of `[n, c, h, w]`, as `[n, c]`.
pub fn mean<B: Backend>(x: Tensor<B, 4>) -> Tensor<B, 2> {
    x.flatten::<3>(2, 3).mean_dim(2).squeeze_dim(2)
}
