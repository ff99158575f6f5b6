//! What candle answers, in the worker's terms.

use candle_core::{Error, Tensor};
use rmlbench_worker::Fault;

/// A candle error as the fault the harness hears of, in candle's words.
pub fn of_candle(error: Error) -> Fault {
    Fault::numerical("candle", error.to_string(), "it must not fail on this job")
}

/// The values of a tensor, C order.
pub fn values(tensor: &Tensor) -> Result<Vec<f32>, Fault> {
    let flat = tensor.flatten_all().map_err(of_candle)?;
    flat.to_vec1().map_err(of_candle)
}
