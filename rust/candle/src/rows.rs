//! Examples and targets as candle holds them.

use candle_core::{Device, Result, Tensor};
use rmlbench_worker::networks::{Array, Examples, Targets};

/// Images and sequences as they are; tokens as the numbers candle indexes by.
pub fn examples(examples: Examples) -> Result<Tensor> {
    match examples {
        Examples::Real(array) => Tensor::from_vec(array.values, array.shape, &Device::Cpu),
        Examples::Tokens(array) => tokens(&array),
    }
}

/// Classes and tokens as the numbers candle's loss takes, numbers as they are.
pub fn targets(targets: &Targets) -> Result<Tensor> {
    match targets {
        Targets::Classes(classes) => numbers(classes),
        Targets::Values(values) => Tensor::from_slice(values, values.len(), &Device::Cpu),
        Targets::Tokens(array) => tokens(array),
    }
}

/// Numbers that are known to be neither negative nor large.
pub fn numbers(values: &[i64]) -> Result<Tensor> {
    let values: Vec<u32> = values.iter().map(|value| *value as u32).collect();
    let count = values.len();
    Tensor::from_vec(values, count, &Device::Cpu)
}

/// Some of the rows.
pub fn picked(held: &Tensor, rows: &Tensor) -> Result<Tensor> {
    held.index_select(rows, 0)
}

fn tokens(array: &Array<i64>) -> Result<Tensor> {
    numbers(&array.values)?.reshape(&array.shape[..])
}
