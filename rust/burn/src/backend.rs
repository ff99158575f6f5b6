//! burn's pure Rust backend for the processor, alone and with gradients.

use burn_autodiff::Autodiff;
use burn_core::tensor::{Tensor, TensorData};
use burn_flex::{Flex, FlexDevice};

/// Evaluates.
pub type Inner = Flex;
/// Trains: what it computes is tracked for the backward pass.
pub type Train = Autodiff<Flex>;

/// The only device there is.
pub const DEVICE: FlexDevice = FlexDevice;

/// A tensor that takes values over.
pub fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Tensor<Inner, D> {
    Tensor::from_data(TensorData::new(values, shape), &DEVICE)
}

/// The values of a tensor, C order.
pub fn values<const D: usize>(tensor: Tensor<Inner, D>) -> Vec<f32> {
    let data = tensor.into_data();
    data.into_vec().expect("Flex computes in float32")
}
