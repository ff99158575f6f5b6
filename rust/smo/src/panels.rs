//! Rows packed in panels, so that one row is multiplied with many by loads that follow each other.
//!
//! A panel holds `LANES` rows column by column: value `k` of all its rows, then value `k + 1`.
//! Every product is one sum over the columns in order, whatever the row's place, so equal rows
//! have equal products and the kernel stays symmetric to the bit.

use std::ops::Range;

use super::simd::{dispatch, fma};

pub const LANES: usize = 32;

/// Rows (n x d) in panels, the last one filled up with zeros.
#[derive(Clone, Debug)]
pub struct Panels {
    values: Vec<f64>,
    columns: usize,
}

impl Panels {
    /// Pack the rows `ids` of the C-order matrix `values`.
    pub fn new(values: &[f64], columns: usize, ids: &[u32]) -> Self {
        let panels = ids.len().div_ceil(LANES);
        let mut packed = vec![0.0; panels * columns * LANES];
        for (row, id) in ids.iter().enumerate() {
            let from = &values[*id as usize * columns..][..columns];
            let panel = &mut packed[row / LANES * columns * LANES..];
            for (k, value) in from.iter().enumerate() {
                panel[k * LANES + row % LANES] = *value;
            }
        }
        Self {
            values: packed,
            columns,
        }
    }

    /// The place of a row's first value; the others follow `LANES` apart.
    fn place(&self, row: usize) -> usize {
        row / LANES * self.columns * LANES + row % LANES
    }

    /// A row's values.
    #[cfg(test)]
    pub fn row(&self, row: usize) -> Vec<f64> {
        let from = self.place(row);
        let value = |k: usize| self.values[from + k * LANES];
        (0..self.columns).map(value).collect()
    }

    /// Exchange two rows.
    pub fn swap(&mut self, i: usize, j: usize) {
        let (a, b) = (self.place(i), self.place(j));
        for k in 0..self.columns {
            self.values.swap(a + k * LANES, b + k * LANES);
        }
    }

    /// Multiply `x` with the rows of some panels; `out` holds `LANES` values a panel.
    pub fn products(&self, x: &[f64], panels: Range<usize>, out: &mut [f64]) {
        let size = self.columns * LANES;
        products(x, &self.values[panels.start * size..panels.end * size], out);
    }
}

dispatch!(
    /// `out[j] = x . row j` of packed rows.
    products = products_body(x: &[f64], panels: &[f64], out: &mut [f64]) -> ()
);

#[inline(always)]
fn products_body<const LEVEL: u8>(x: &[f64], panels: &[f64], out: &mut [f64]) {
    let (panels, _) = panels.as_chunks::<LANES>();
    let (out, _) = out.as_chunks_mut::<LANES>();
    for (panel, out) in panels.chunks_exact(x.len()).zip(out) {
        let mut sums = [0.0; LANES];
        for (x, values) in x.iter().zip(panel) {
            for k in 0..LANES {
                sums[k] = fma::<LEVEL>(*x, values[k], sums[k]);
            }
        }
        *out = sums;
    }
}
