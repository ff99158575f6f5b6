//! Examples and targets as candle holds them.

use candle_core::{Device, Result, Tensor};
use rmlbench_worker::Fault;
use rmlbench_worker::networks::{Array, Examples, Given, Targets};

use crate::answer::Built;

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

/// What examples of a network are like: their shape, and of tokens how many there are.
pub struct Shape {
    of_one: Vec<usize>,
    words: Option<usize>,
}

impl Shape {
    /// Like the training rows.
    pub fn of(given: &Given<'_>) -> Self {
        let words = match given.examples {
            Examples::Tokens(_) => given.weights.shape("embedding.weight").ok(),
            Examples::Real(_) => None,
        };
        Self {
            of_one: given.examples.shape()[1..].to_vec(),
            words: words.map(|shape| shape[0]),
        }
    }

    /// Refuse examples that are not like that.
    pub fn check(&self, name: &str, examples: &Examples) -> Built<()> {
        let shape = &examples.shape()[1..];
        if shape != self.of_one {
            let allowed = format!("must have the shape of a training row, {:?}", self.of_one);
            return Err(Fault::data(name, shape, allowed));
        }
        let words = self.words.unwrap_or(0);
        match examples {
            Examples::Tokens(array) => {
                let known = 0..words as i64;
                let other = array.values.iter().find(|value| !known.contains(value));
                other.map_or(Ok(()), |value| {
                    let allowed = format!("must be from 0 to {}", words as i64 - 1);
                    Err(Fault::data(name, *value, allowed))
                })
            }
            Examples::Real(_) => Ok(()),
        }
    }
}
