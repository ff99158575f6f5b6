//! The published failures of this library still show, with the versions locked.

include!("../../reproducers.rs");

reproducers! {
    burn_cnn_relu_nan,
    burn_cnn_running_variance,
}
