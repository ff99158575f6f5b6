//! The published failures of this library still show, with the versions locked.

include!("../../reproducers.rs");

reproducers! { candle_cnn_max_pool2d, }
