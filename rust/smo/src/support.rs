//! Support vectors, and sums of their kernel values with new rows.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rmlbench_worker::supervised::Rows;

use super::dot;
use super::kernel::{Form, Kernel};

/// New rows taken at once in product form.
const ROWS: usize = 64;

/// Support vectors (m x d) of a fitted machine, in C order.
#[derive(Clone, Debug)]
pub struct Support {
    pub kernel: Kernel,
    pub form: Form,
    /// Rows of the training data.
    pub indices: Vec<u32>,
    pub vectors: Vec<f64>,
    pub columns: usize,
    /// Squared norms, in product form.
    squares: Vec<f64>,
}

impl Support {
    /// Copy the rows `indices`.
    pub fn new(kernel: Kernel, form: Form, rows: Rows<'_>, indices: Vec<u32>) -> Self {
        let d = rows.columns;
        let row = |i: &u32| &rows.values[*i as usize * d..][..d];
        let squares = match form {
            Form::Product if kernel.needs_squares() => {
                indices.iter().map(|i| dot::dot(row(i), row(i))).collect()
            }
            _ => vec![0.0; indices.len()],
        };
        Self {
            kernel,
            form,
            vectors: indices.iter().flat_map(row).copied().collect(),
            columns: d,
            squares,
            indices,
        }
    }

    /// Number of support vectors.
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// Show `look` each row's number and its kernel values with all support vectors.
    pub fn kernel_values(&self, rows: Rows<'_>, mut look: impl FnMut(usize, &[f64])) {
        let (m, d) = (self.len(), self.columns);
        if m == 0 {
            (0..rows.len()).for_each(|row| look(row, &[]));
            return;
        }
        let at_once = match self.form {
            Form::Pairwise => 1,
            Form::Product => ROWS.min(rows.len()).max(1),
        };
        let mut values = vec![0.0; at_once * m];
        let mut gap = vec![0.0; d];
        for (k, block) in rows.values.chunks(at_once * d).enumerate() {
            let values = &mut values[..block.len() / d * m];
            match self.form {
                Form::Pairwise => self.pairwise(block, &mut gap, values),
                Form::Product => self.product(block, values),
            }
            for (row, values) in values.chunks_exact(m).enumerate() {
                look(k * at_once + row, values);
            }
        }
    }

    /// One row with each support vector, as scikit-learn's `predict` does it: the rbf kernel from
    /// the difference of the rows, not from their dot product as in `fit`.
    fn pairwise(&self, row: &[f64], gap: &mut [f64], values: &mut [f64]) {
        if self.kernel.needs_squares() {
            dot::distances(row, &self.vectors, gap, values);
            self.kernel.of_distances(self.form, values);
            return;
        }
        for (value, vector) in values.iter_mut().zip(self.vectors.chunks_exact(row.len())) {
            *value = dot::dot(row, vector);
        }
        self.kernel.of_dots(self.form, values, 0.0, &self.squares);
    }

    /// Some rows with all support vectors by one matrix product.
    fn product(&self, block: &[f64], values: &mut [f64]) {
        let (m, d) = (self.len(), self.columns);
        let n = block.len() / d;
        let vectors = MatRef::from_row_major_slice(&self.vectors, m, d);
        let rows = MatRef::from_row_major_slice(block, n, d);
        let products = MatMut::from_row_major_slice_mut(&mut *values, n, m);
        matmul(
            products,
            Accum::Replace,
            rows,
            vectors.transpose(),
            1.0,
            Par::Seq,
        );
        for (row, values) in block.chunks_exact(d).zip(values.chunks_exact_mut(m)) {
            let square = dot::dot(row, row);
            self.kernel
                .of_dots(self.form, values, square, &self.squares);
        }
    }

    /// `sum coefficients_s values_s` over some support vectors, on top of `begin`.
    pub fn sum(
        &self,
        begin: f64,
        coefficients: &[f64],
        values: &[f64],
        range: Range<usize>,
    ) -> f64 {
        let (coefficients, values) = (&coefficients[range.clone()], &values[range]);
        match self.form {
            // One after the other, as scikit-learn sums.
            Form::Pairwise => {
                let terms = coefficients.iter().zip(values);
                terms.fold(begin, |sum, (a, k)| sum + a * k)
            }
            Form::Product => begin + dot::dot(coefficients, values),
        }
    }
}
