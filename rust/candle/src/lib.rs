//! candle's networks, called as its examples do; what pools them is left open.

mod answer;
mod architectures;
mod layers;
mod network;
mod optimizers;
mod pool;
mod rows;
mod store;
mod worker;

pub use pool::{Pool, Stock, Window};
pub use worker::main;
