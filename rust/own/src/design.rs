//! The shifted design `[1, X - s, y - t]`, written block by block into scratch memory.
//!
//! The shift is the mean of the first rows, so that the leading column of ones centres what is
//! left without loss of digits and without a pass over the data for the means.

use std::ops::Range;

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::check_finite;

use crate::model::Data;

/// Rows the shift is the mean of.
const SHIFT_ROWS: usize = 64;

/// A view of the training data as the columns `[1, X - s, y - t]`, or `[X, y]` without intercept.
pub struct Design<'a> {
    data: &'a Data,
    pub intercept: bool,
    /// `s` (d) and then `t`.
    pub shift: Vec<f64>,
}

impl<'a> Design<'a> {
    /// Shift by the mean of the first rows where there is an intercept, taken from the first
    /// row on, so that a constant column becomes exactly zero.
    pub fn new(data: &'a Data, intercept: bool) -> Self {
        let (rows, d) = (data.x.rows.min(SHIFT_ROWS), data.x.columns);
        let mut shift = vec![0.0; d + 1];
        if intercept {
            for (j, slot) in shift[..d].iter_mut().enumerate() {
                *slot = mean_from_first((0..rows).map(|i| data.x.at(i, j)));
            }
            shift[d] = mean_from_first(data.y[..rows].iter().copied());
        }
        Self {
            data,
            intercept,
            shift,
        }
    }

    /// The same data with another shift.
    pub fn with_shift(&self, shift: Vec<f64>) -> Self {
        Self { shift, ..*self }
    }

    pub fn rows(&self) -> usize {
        self.data.x.rows
    }

    /// Number of columns of X.
    pub fn features(&self) -> usize {
        self.data.x.columns
    }

    /// Number of columns of the design.
    pub fn width(&self) -> usize {
        self.features() + 1 + usize::from(self.intercept)
    }

    /// Write some rows to `out`, column after column, `stride` apart; refuse what is not finite.
    pub fn fill(&self, rows: Range<usize>, out: &mut [f64], stride: usize) -> Result<(), Fault> {
        let (d, k) = (self.features(), rows.len());
        let mut out = out;
        if self.intercept {
            out[..k].fill(1.0);
            out = &mut out[stride..];
        }
        match self.data.x.layout {
            Layout::C => self.fill_from_rows(&rows, out, stride),
            Layout::F => self.fill_from_columns(&rows, out, stride),
        }
        let y = &self.data.y[rows];
        let last = &mut out[d * stride..d * stride + k];
        for (slot, y) in last.iter_mut().zip(y) {
            *slot = y - self.shift[d];
        }
        check_finite("y_train", last)?;
        (0..d).try_for_each(|j| check_finite("x_train", &out[j * stride..j * stride + k]))
    }

    fn fill_from_columns(&self, rows: &Range<usize>, out: &mut [f64], stride: usize) {
        let (n, k) = (self.rows(), rows.len());
        for (j, shift) in self.shift[..self.features()].iter().enumerate() {
            let from = &self.data.x.values[j * n..][rows.clone()];
            for (slot, x) in out[j * stride..j * stride + k].iter_mut().zip(from) {
                *slot = x - shift;
            }
        }
    }

    /// Eight rows at a time, so that both sides run along cache lines.
    fn fill_from_rows(&self, rows: &Range<usize>, out: &mut [f64], stride: usize) {
        let d = self.features();
        let from = &self.data.x.values[rows.start * d..rows.end * d];
        let (blocks, rest) = from.split_at(from.len() / (8 * d) * 8 * d);
        for (b, block) in blocks.chunks_exact(8 * d).enumerate() {
            for (j, shift) in self.shift[..d].iter().enumerate() {
                let at = j * stride + b * 8;
                for (i, slot) in out[at..at + 8].iter_mut().enumerate() {
                    *slot = block[i * d + j] - shift;
                }
            }
        }
        let done = blocks.len() / d;
        for (i, row) in rest.chunks_exact(d).enumerate() {
            for (j, (x, shift)) in row.iter().zip(&self.shift).enumerate() {
                out[j * stride + done + i] = x - shift;
            }
        }
    }
}

/// `v_0 + mean(v - v_0)`
fn mean_from_first(mut values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    let first = values.next().unwrap_or_default();
    first + values.map(|value| value - first).sum::<f64>() / count
}
