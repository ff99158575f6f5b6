//! The kernel matrix as the solver sees it: one row a variable.
//!
//! The solver works on gradients multiplied by the variables' signs (`variables.rs`). LIBSVM's
//! `Q_ij = y_i y_j K_ij` then never occurs: all that is needed are plain kernel values, to the
//! same bits, since a sign changes no rounding.

use super::gram::Gram;

/// Kernel rows of the variables of a dual problem, which may change places.
pub trait Matrix {
    /// `K(i, i)` of every variable.
    fn diagonal(&self) -> &[f64];
    /// Have the first `len` values of the row of variable `i` at hand; the row loaded before
    /// stays so.
    fn load(&mut self, i: usize, len: usize);
    /// One of the two rows loaded last.
    fn row(&self, i: usize) -> &[f32];
    /// Exchange variables, in order.
    fn exchange(&mut self, pairs: &[(usize, usize)]);
}

/// Classification: a variable is a row. The cache holds two rows at least and gives up the oldest
/// first, so never the one loaded before.
impl Matrix for Gram<'_> {
    fn diagonal(&self) -> &[f64] {
        Gram::diagonal(self)
    }

    fn load(&mut self, i: usize, len: usize) {
        Gram::load(self, i, len);
    }

    fn row(&self, i: usize) -> &[f32] {
        Gram::row(self, i)
    }

    fn exchange(&mut self, pairs: &[(usize, usize)]) {
        Gram::exchange(self, pairs);
    }
}

/// Regression: variables `k` and `n + k` share row `k` of the kernel matrix, which keeps its
/// order; rows are brought into the variables' order in one of two buffers.
pub struct Doubled<'a> {
    gram: Gram<'a>,
    /// Row of the kernel matrix behind each variable.
    behind: Vec<u32>,
    diagonal: Vec<f64>,
    buffers: [Buffer; 2],
    /// The buffer used last.
    last: usize,
}

#[derive(Default)]
struct Buffer {
    of: Option<usize>,
    values: Vec<f32>,
}

impl<'a> Doubled<'a> {
    pub fn new(gram: Gram<'a>) -> Self {
        let n = gram.len() as u32;
        Self {
            behind: (0..n).chain(0..n).collect(),
            diagonal: gram.diagonal().repeat(2),
            gram,
            buffers: Default::default(),
            last: 0,
        }
    }

    fn buffer_of(&self, i: usize) -> Option<usize> {
        self.buffers.iter().position(|buffer| buffer.of == Some(i))
    }
}

impl Matrix for Doubled<'_> {
    fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    fn load(&mut self, i: usize, len: usize) {
        let found = self.buffer_of(i);
        let at = found.unwrap_or(1 - self.last);
        self.last = at;
        let buffer = &mut self.buffers[at];
        if found.is_some() && buffer.values.len() >= len {
            return;
        }
        let row = self.behind[i] as usize;
        self.gram.load(row, self.gram.len());
        let from = self.gram.row(row);
        buffer.of = Some(i);
        buffer.values.clear();
        let values = self.behind[..len].iter().map(|k| from[*k as usize]);
        buffer.values.extend(values);
    }

    fn row(&self, i: usize) -> &[f32] {
        let at = self.buffer_of(i).expect("the row was loaded");
        &self.buffers[at].values
    }

    fn exchange(&mut self, pairs: &[(usize, usize)]) {
        for &(i, j) in pairs {
            self.behind.swap(i, j);
            self.diagonal.swap(i, j);
        }
        for buffer in &mut self.buffers {
            buffer.of = None;
        }
    }
}
