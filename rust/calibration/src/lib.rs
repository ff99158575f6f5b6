//! Counted work: ridge, fitted a told number of times over in each call, so that the true
//! ratio of two programs is known before anything is measured.

pub mod amount;
pub mod ridge;
