//! The published failures of this library still show, with the versions locked.

include!("../../reproducers.rs");

reproducers! { liblinear_regression, }
