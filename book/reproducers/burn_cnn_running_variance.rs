// burn's batch normalisation keeps the biased variance of each batch as its running one, where
// torch's keeps the unbiased: after the same training the two evaluate differently.
// cargo new variance && cd variance && cargo add burn-core@=0.21.0 burn-nn@=0.21.0
// burn-flex@=0.21.0 burn-autodiff@=0.21.0, then this file as src/main.rs.
// It panics once the failure is gone.
use burn_autodiff::Autodiff;
use burn_core::tensor::Tensor;
use burn_flex::{Flex, FlexDevice};
use burn_nn::BatchNormConfig;

fn main() {
    let norm = BatchNormConfig::new(1).init::<Autodiff<Flex>>(&FlexDevice);
    norm.forward(Tensor::<_, 2>::from_floats([[0.0], [2.0]], &FlexDevice));
    // The unbiased variance of 0 and 2 is 2, of which a tenth comes to nine tenths of the first 1.
    let found: f32 = norm.running_var.value_sync().into_scalar();
    println!("running variance {found}: torch has 1.1");
    assert!((found - 1.0).abs() < 1e-6, "the failure no longer shows");
}
