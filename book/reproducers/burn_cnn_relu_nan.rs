// relu on burn's Flex backend says 0 of what is not a number, where torch's passes it on: a
// training that has diverged may go on with losses that look sound.
// cargo new relu && cd relu && cargo add burn-core@=0.21.0 burn-flex@=0.21.0, then this file as
// src/main.rs. It panics once the failure is gone.
use burn_core::tensor::{Tensor, activation::relu};
use burn_flex::{Flex, FlexDevice};

fn main() {
    let x = Tensor::<Flex, 1>::from_floats([f32::NAN, -1.0, 2.0], &FlexDevice);
    let found: Vec<f32> = relu(x).into_data().to_vec().expect("it is float32");
    println!("{found:?}: torch has [nan, 0.0, 2.0]");
    assert_eq!(found, [0.0, 0.0, 2.0], "the failure no longer shows");
}
