//! What candle answers, in the worker's terms.

use candle_core::{Error, Tensor};
use rmlbench_worker::Fault;

/// What is built of a job, or why it is not.
pub type Built<T> = Result<T, Fault>;

/// A candle error as the fault the harness hears of, in candle's words.
pub fn of_candle(error: Error) -> Fault {
    Fault::numerical("candle", error.to_string(), "it must not fail on this job")
}

/// The values of a tensor, C order.
pub fn values(tensor: &Tensor) -> Built<Vec<f32>> {
    let flat = tensor.flatten_all().map_err(of_candle)?;
    flat.to_vec1().map_err(of_candle)
}
