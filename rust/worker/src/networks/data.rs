//! Examples and targets, of images, sequences and texts alike.

use crate::fault::Fault;
use crate::tensors::{Element, TensorFile};

/// Values of a tensor in C order, and its shape; the first axis is the examples.
#[derive(Clone, Debug, PartialEq)]
pub struct Array<T> {
    pub shape: Vec<usize>,
    pub values: Vec<T>,
}

impl<T: Element> Array<T> {
    fn read(file: &TensorFile, name: &str) -> Result<Self, Fault> {
        Ok(Self {
            shape: file.shape_of(name)?.to_vec(),
            values: file.read(name)?,
        })
    }

    fn rows(&self, first: usize, last: usize) -> Self {
        let width = self.values.len() / self.shape[0];
        let mut shape = self.shape.clone();
        shape[0] = last - first;
        Self {
            shape,
            values: self.values[first * width..last * width].to_vec(),
        }
    }
}

/// What a network is shown: images `[n, c, h, w]`, sequences `[n, t, d]`, or texts `[n, t]`.
#[derive(Clone, Debug, PartialEq)]
pub enum Examples {
    Real(Array<f32>),
    Tokens(Array<i64>),
}

impl Examples {
    /// Read `name`: float32 with 3 or 4 axes, or int64 with 2.
    pub fn read(file: &TensorFile, name: &str) -> Result<Self, Fault> {
        let axes = file.shape_of(name)?.len();
        let examples = match axes {
            2 => Self::Tokens(Array::read(file, name)?),
            3 | 4 => Self::Real(Array::read(file, name)?),
            _ => {
                let allowed = "must have 2, 3 or 4 axes";
                return Err(Fault::data(name, axes, allowed));
            }
        };
        examples.check(name)?;
        Ok(examples)
    }

    /// Shape; the first axis is the examples.
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::Real(array) => &array.shape,
            Self::Tokens(array) => &array.shape,
        }
    }

    /// How many examples there are.
    pub fn count(&self) -> usize {
        self.shape()[0]
    }

    /// Examples `first` to one before `last`.
    pub fn rows(&self, first: usize, last: usize) -> Self {
        match self {
            Self::Real(array) => Self::Real(array.rows(first, last)),
            Self::Tokens(array) => Self::Tokens(array.rows(first, last)),
        }
    }

    fn check(&self, name: &str) -> Result<(), Fault> {
        if self.shape().contains(&0) {
            let shape = format!("{:?}", self.shape());
            return Err(Fault::data(name, shape, "no axis may be empty"));
        }
        match self {
            Self::Real(array) if array.values.iter().any(|value| !value.is_finite()) => Err(
                Fault::data(name, "nan or infinity", "every value must be finite"),
            ),
            _ => Ok(()),
        }
    }
}

/// What a network learns to say of each example.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// A class `[n]`.
    Classes(Vec<i64>),
    /// A number `[n]`.
    Values(Vec<f32>),
    /// The next token of each `[n, t]`.
    Tokens(Array<i64>),
}

impl Targets {
    /// Read `y_train` for so many examples and outputs.
    pub fn read(file: &TensorFile, examples: &Examples, outputs: usize) -> Result<Self, Fault> {
        const NAME: &str = "y_train";
        let shape = file.shape_of(NAME)?;
        let wanted = &examples.shape()[..shape.len().clamp(1, 2)];
        if shape != wanted {
            let allowed = format!("must have the shape {wanted:?}");
            return Err(Fault::data(NAME, format!("{shape:?}"), allowed));
        }
        if shape.len() == 2 && !matches!(examples, Examples::Tokens(_)) {
            let allowed = "is of one value an example, but of tokens";
            return Err(Fault::data(NAME, format!("{shape:?}"), allowed));
        }
        if shape.len() == 2 {
            let tokens: Array<i64> = Array::read(file, NAME)?;
            inside(NAME, &tokens.values, outputs)?;
            return Ok(Self::Tokens(tokens));
        }
        if outputs == 1 {
            let values: Vec<f32> = file.read(NAME)?;
            if values.iter().any(|value| !value.is_finite()) {
                let allowed = "every value must be finite";
                return Err(Fault::data(NAME, "nan or infinity", allowed));
            }
            return Ok(Self::Values(values));
        }
        let classes: Vec<i64> = file.read(NAME)?;
        inside(NAME, &classes, outputs)?;
        Ok(Self::Classes(classes))
    }
}

/// Refuse a number that is not one of `0..count`.
pub(super) fn inside(name: &str, values: &[i64], count: usize) -> Result<(), Fault> {
    let allowed = 0..count as i64;
    match values.iter().find(|value| !allowed.contains(value)) {
        Some(value) => {
            let said = format!("must be from 0 to {}", count as i64 - 1);
            Err(Fault::data(name, *value, said))
        }
        None => Ok(()),
    }
}
