//! Inner loops our own contenders share: on vectors, compiled for the instructions of this
//! machine, and split among threads.

#[cfg(feature = "threads")]
pub mod threads;
mod vectors;
pub mod wide;

pub use vectors::{axpy, axpy_dot, dot, dot_centered, moments, predict, sum};
