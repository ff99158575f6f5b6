//! The four kernels, as functions of a dot product.

use rmlbench_worker::Fault;

use super::exp;

/// A kernel and its numbers, named as scikit-learn names them; `gamma` is a number here, never
/// `scale` or `auto`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kernel {
    /// `x . z`
    Linear,
    /// `(gamma x . z + coef0)^degree`
    Poly { gamma: f64, coef0: f64, degree: u32 },
    /// `exp(-gamma |x - z|^2)`
    Rbf { gamma: f64 },
    /// `tanh(gamma x . z + coef0)`
    Sigmoid { gamma: f64, coef0: f64 },
}

/// How the values of a kernel row are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One dot product a pair in BLAS's order and the C library's `exp`: scikit-learn's
    /// arithmetic, and so its iterations.
    Pairwise,
    /// A row times many rows at once and our own `exp`: other last bits, and so now and then
    /// another path to the same optimum.
    Product,
}

impl Kernel {
    /// Refuse numbers out of range.
    pub fn check(&self) -> Result<(), Fault> {
        let (gamma, coef0) = match *self {
            Kernel::Linear => (0.0, 0.0),
            Kernel::Rbf { gamma } => (gamma, 0.0),
            Kernel::Poly { gamma, coef0, .. } | Kernel::Sigmoid { gamma, coef0 } => (gamma, coef0),
        };
        if !(gamma.is_finite() && gamma >= 0.0) {
            return Err(Fault::parameter("gamma", gamma, "must be at least 0"));
        }
        if !coef0.is_finite() {
            return Err(Fault::parameter("coef0", coef0, "must be finite"));
        }
        Ok(())
    }

    /// Whether the kernel needs the squared norms of the rows.
    pub fn needs_squares(&self) -> bool {
        matches!(self, Kernel::Rbf { .. })
    }

    /// Turn the dot products of a row of squared norm `square` with rows of squared norms
    /// `squares` into kernel values: `|x - z|^2 = |x|^2 + |z|^2 - 2 x . z`.
    pub fn of_dots(&self, form: Form, dots: &mut [f64], square: f64, squares: &[f64]) {
        match *self {
            Kernel::Linear => {}
            Kernel::Poly {
                gamma,
                coef0,
                degree,
            } => {
                for value in dots.iter_mut() {
                    *value = gamma * *value + coef0;
                }
                power(dots, degree);
            }
            Kernel::Rbf { gamma } => {
                for (value, other) in dots.iter_mut().zip(squares) {
                    *value = -gamma * (square + other - 2.0 * *value);
                }
                exponentials(form, dots);
            }
            Kernel::Sigmoid { gamma, coef0 } => {
                for value in dots.iter_mut() {
                    *value = (gamma * *value + coef0).tanh();
                }
            }
        }
    }

    /// Turn squared distances into values of the rbf kernel.
    pub fn of_distances(&self, form: Form, distances: &mut [f64]) {
        let Kernel::Rbf { gamma } = *self else {
            unreachable!("only the rbf kernel is one of distances");
        };
        for value in distances.iter_mut() {
            *value *= -gamma;
        }
        exponentials(form, distances);
    }
}

fn exponentials(form: Form, values: &mut [f64]) {
    match form {
        Form::Pairwise => values.iter_mut().for_each(|value| *value = value.exp()),
        Form::Product => exp::exp(values),
    }
}

/// Whole powers by repeated squaring, some values at a time so that they share the loop.
fn power(values: &mut [f64], degree: u32) {
    for chunk in values.chunks_mut(32) {
        let (mut squares, mut left) = ([0.0; 32], degree);
        let squares = &mut squares[..chunk.len()];
        squares.copy_from_slice(chunk);
        chunk.fill(1.0);
        while left > 0 {
            if left % 2 == 1 {
                for (value, square) in chunk.iter_mut().zip(squares.iter()) {
                    *value *= square;
                }
            }
            squares.iter_mut().for_each(|square| *square *= *square);
            left /= 2;
        }
    }
}
