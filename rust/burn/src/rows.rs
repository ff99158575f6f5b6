//! Rows a network is shown, and what it is to say of them.

use burn_core::tensor::backend::Backend;
use burn_core::tensor::{Int, Tensor, TensorData};
use burn_nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use rmlbench_worker::networks::{Array, Examples, Targets};

use crate::backend::{DEVICE, Inner, Train, tensor};

/// Which rows, as burn selects them.
pub type Index = Tensor<Inner, 1, Int>;

/// Numbers of rows as an index.
pub fn index(rows: &[i64]) -> Index {
    integers(rows.to_vec(), [rows.len()])
}

fn integers<const D: usize>(values: Vec<i64>, shape: [usize; D]) -> Tensor<Inner, D, Int> {
    Tensor::from_data(TensorData::new(values, shape), &DEVICE)
}

/// Images `[n, c, h, w]`, sequences `[n, t, d]`, or texts `[n, t]`.
#[derive(Clone)]
pub enum Rows<B: Backend> {
    Images(Tensor<B, 4>),
    Sequences(Tensor<B, 3>),
    Texts(Tensor<B, 2, Int>),
}

impl Rows<Inner> {
    /// Examples as tensors.
    pub fn new(examples: Examples) -> Self {
        match examples {
            Examples::Tokens(Array { shape, values }) => {
                Self::Texts(integers(values, [shape[0], shape[1]]))
            }
            Examples::Real(Array { shape, values }) => match shape[..] {
                [n, t, d] => Self::Sequences(tensor(values, [n, t, d])),
                _ => Self::Images(tensor(values, [shape[0], shape[1], shape[2], shape[3]])),
            },
        }
    }

    /// Some of the rows.
    pub fn select(&self, index: Index) -> Self {
        match self {
            Self::Images(rows) => Self::Images(rows.clone().select(0, index)),
            Self::Sequences(rows) => Self::Sequences(rows.clone().select(0, index)),
            Self::Texts(rows) => Self::Texts(rows.clone().select(0, index)),
        }
    }

    /// The rows for training.
    pub fn for_training(self) -> Rows<Train> {
        match self {
            Self::Images(rows) => Rows::Images(Tensor::from_inner(rows)),
            Self::Sequences(rows) => Rows::Sequences(Tensor::from_inner(rows)),
            Self::Texts(rows) => Rows::Texts(Tensor::from_inner(rows)),
        }
    }
}

/// What the rows are: classes or numbers `[n]`, or the next tokens `[n, t]`.
pub enum Truth {
    Classes(Tensor<Inner, 1, Int>),
    Numbers(Tensor<Inner, 2>),
    Tokens(Tensor<Inner, 2, Int>),
}

impl Truth {
    /// Targets as tensors.
    pub fn new(targets: &Targets) -> Self {
        match targets.clone() {
            Targets::Classes(classes) => Self::Classes(index(&classes)),
            Targets::Values(values) => {
                let shape = [values.len(), 1];
                Self::Numbers(tensor(values, shape))
            }
            Targets::Tokens(Array { shape, values }) => {
                Self::Tokens(integers(values, [shape[0], shape[1]]))
            }
        }
    }

    /// The mean loss of what was said of some rows, `[answers, outputs]`.
    pub fn loss(&self, said: Tensor<Train, 2>, index: Index) -> Tensor<Train, 1> {
        let classes = match self {
            Self::Numbers(numbers) => {
                let numbers = Tensor::from_inner(numbers.clone().select(0, index));
                return MseLoss::new().forward(said, numbers, Reduction::Mean);
            }
            Self::Classes(classes) => classes.clone().select(0, index),
            Self::Tokens(tokens) => tokens.clone().select(0, index).flatten(0, 1),
        };
        let loss = CrossEntropyLossConfig::new().init::<Train>(&DEVICE);
        loss.forward(said, Tensor::from_inner(classes))
    }
}
