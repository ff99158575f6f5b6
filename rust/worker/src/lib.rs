//! The worker's side of the protocol of `book/protocol.md`, without any machine learning.
//!
//! A framework's binary is a table of algorithms and a call of [`framework::main`]; an
//! algorithm is one type that implements the trait of its run (`supervised::Algorithm`,
//! `clustering::Algorithm`, `networks::Network`).

pub mod channel;
pub mod clock;
pub mod clustering;
pub mod event;
pub mod facts;
pub mod fault;
pub mod framework;
pub mod job;
pub mod networks;
pub mod pages;
mod prediction;
pub mod served;
pub mod supervised;
pub mod tensors;
pub mod timing;

pub use fault::Fault;
