//! Points: rows of coordinates, as given and centred.

use std::ops::Range;

use faer::MatRef;
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::check_finite;

use crate::kernels;

/// n points of d coordinates, row after row.
#[derive(Clone, Copy, Debug)]
pub struct Points<'a> {
    pub values: &'a [f64],
    pub rows: usize,
    pub width: usize,
}

impl<'a> Points<'a> {
    /// Rows of `width` values each; there must be a whole number of them.
    pub fn new(values: &'a [f64], width: usize) -> Self {
        assert!(width > 0 && values.len().is_multiple_of(width));
        Self {
            values,
            rows: values.len() / width,
            width,
        }
    }

    pub fn row(&self, i: usize) -> &'a [f64] {
        &self.values[i * self.width..(i + 1) * self.width]
    }

    /// Values of some rows.
    pub fn part(&self, rows: &Range<usize>) -> &'a [f64] {
        &self.values[rows.start * self.width..rows.end * self.width]
    }

    /// Some rows as a matrix.
    pub fn matrix(&self, rows: &Range<usize>) -> MatRef<'a, f64> {
        MatRef::from_row_major_slice(self.part(rows), rows.len(), self.width)
    }

    /// Mean of every coordinate.
    pub fn mean(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.width];
        for row in self.values.chunks_exact(self.width) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        sums.iter().map(|sum| sum / self.rows as f64).collect()
    }

    /// A copy centred at the mean; refuses values that are not finite.
    pub fn centred(&self) -> Result<Centred, Fault> {
        check_finite("x_train", self.values)?;
        let mean = self.mean();
        Ok(Centred {
            values: shifted(self.values, &mean, -1.0),
            mean,
        })
    }
}

/// Points less their mean.
#[derive(Clone, Debug)]
pub struct Centred {
    values: Vec<f64>,
    pub mean: Vec<f64>,
}

impl Centred {
    pub fn points(&self) -> Points<'_> {
        Points::new(&self.values, self.mean.len())
    }
}

/// `rows + sign * shift`, every row.
pub fn shifted(rows: &[f64], shift: &[f64], sign: f64) -> Vec<f64> {
    let mut moved = rows.to_vec();
    for row in moved.chunks_exact_mut(shift.len()) {
        for (value, shift) in row.iter_mut().zip(shift) {
            *value += sign * shift;
        }
    }
    moved
}

/// Squared Euclidean norm of every row.
pub fn squared_norms(values: &[f64], width: usize) -> Vec<f64> {
    let rows = values.chunks_exact(width);
    rows.map(|row| kernels::dot(row, row)).collect()
}
