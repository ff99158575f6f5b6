//! Rows of the kernel matrix of some training rows, computed on demand and cached.

use rayon::prelude::*;
use rmlbench_worker::supervised::Rows;

use super::cache::Cache;
use super::kernel::{Form, Kernel};
use super::panels::{LANES, Panels};
use super::{Settings, dot};

/// Kernel values computed at once, on the stack.
const STRIP: usize = 16 * LANES;
/// Multiplications below which a kernel row is not worth sharing among threads.
const SHARED: usize = 1 << 18;

/// The kernel matrix of the rows `ids`, in an order that can be changed.
pub struct Gram<'a> {
    kernel: Kernel,
    rows: Rows<'a>,
    /// The rows in panels, in their present order; none in pairwise form.
    panels: Option<Panels>,
    /// Row of the data at each place, and row of the cache.
    ids: Vec<u32>,
    slots: Vec<u32>,
    /// Squared norms in the present order, filled up with zeros to whole panels.
    squares: Vec<f64>,
    diagonal: Vec<f64>,
    cache: Cache,
    threads: usize,
}

impl<'a> Gram<'a> {
    /// The kernel matrix of the rows `ids`, with a cache of `settings.cache_mb`.
    pub fn new(rows: Rows<'a>, ids: &[u32], settings: &Settings) -> Self {
        let (n, d) = (ids.len(), rows.columns);
        let kernel = settings.kernel;
        let panels = match settings.form {
            Form::Pairwise => None,
            Form::Product => Some(Panels::new(rows.values, d, ids)),
        };
        let row = |id: &u32| &rows.values[*id as usize * d..][..d];
        let mut squares: Vec<f64> = ids.iter().map(|id| dot::dot(row(id), row(id))).collect();
        let mut diagonal = squares.clone();
        for (value, square) in diagonal.iter_mut().zip(&squares) {
            let one = std::slice::from_mut(value);
            kernel.of_dots(settings.form, one, *square, &[*square]);
        }
        squares.resize(n.next_multiple_of(LANES), 0.0);
        Self {
            kernel,
            rows,
            panels,
            ids: ids.to_vec(),
            slots: (0..n as u32).collect(),
            squares,
            diagonal,
            cache: Cache::new(n, n, settings.cache_bytes()),
            threads: settings.threads,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// `K(i, i)` in the present order.
    pub fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    /// See that the first `len` values of row `i` are cached.
    pub fn load(&mut self, i: usize, len: usize) {
        let slot = self.slots[i] as usize;
        let held = self.cache.row(slot).len();
        let missing = self.cache.extend(slot, len);
        if missing.is_empty() {
            return;
        }
        let d = self.rows.columns;
        let x = &self.rows.values[self.ids[i] as usize * d..][..d];
        let strips = Strips {
            form: match self.panels {
                None => Form::Pairwise,
                Some(_) => Form::Product,
            },
            kernel: self.kernel,
            rows: self.rows,
            panels: self.panels.as_ref(),
            ids: &self.ids,
            squares: &self.squares,
            x,
            square: self.squares[i],
        };
        if self.threads == 1 || missing.len() * d.max(1) < SHARED {
            strips.fill(held, missing);
            return;
        }
        let share = missing.len().div_ceil(self.threads).next_multiple_of(LANES);
        let parts = missing.par_chunks_mut(share).enumerate();
        parts.for_each(|(k, part)| strips.fill(held + k * share, part));
    }

    /// The values cached of row `i`.
    pub fn row(&self, i: usize) -> &[f32] {
        self.cache.row(self.slots[i] as usize)
    }

    /// Exchange rows and columns, in order.
    pub fn exchange(&mut self, pairs: &[(usize, usize)]) {
        for &(i, j) in pairs {
            self.ids.swap(i, j);
            self.slots.swap(i, j);
            self.squares.swap(i, j);
            self.diagonal.swap(i, j);
            if let Some(panels) = &mut self.panels {
                panels.swap(i, j);
            }
        }
        self.cache.exchange(pairs);
    }
}

/// What a part of one kernel row is computed from.
struct Strips<'a> {
    form: Form,
    kernel: Kernel,
    rows: Rows<'a>,
    panels: Option<&'a Panels>,
    ids: &'a [u32],
    squares: &'a [f64],
    x: &'a [f64],
    square: f64,
}

impl Strips<'_> {
    /// Write the kernel values from place `begin` on.
    fn fill(&self, begin: usize, out: &mut [f32]) {
        let mut scratch = [0.0; STRIP];
        let (mut begin, mut out) = (begin, out);
        while !out.is_empty() {
            // Strips start where panels do, except the first.
            let first = begin / LANES * LANES;
            let end = (first + STRIP).min(begin + out.len());
            let values = match self.panels {
                None => self.pairwise(begin, end, &mut scratch),
                Some(panels) => self.product(panels, begin, end, &mut scratch),
            };
            let (head, tail) = out.split_at_mut(end - begin);
            for (slot, value) in head.iter_mut().zip(values.iter()) {
                *slot = *value as f32;
            }
            (begin, out) = (end, tail);
        }
    }

    fn pairwise<'s>(&self, begin: usize, end: usize, scratch: &'s mut [f64]) -> &'s [f64] {
        let values = &mut scratch[..end - begin];
        dot::dots(self.x, self.rows.values, &self.ids[begin..end], values);
        let squares = &self.squares[begin..end];
        self.kernel.of_dots(self.form, values, self.square, squares);
        values
    }

    fn product<'s>(
        &self,
        panels: &Panels,
        begin: usize,
        end: usize,
        scratch: &'s mut [f64],
    ) -> &'s [f64] {
        let covered = begin / LANES..end.div_ceil(LANES);
        let first = covered.start * LANES;
        let last = covered.end * LANES;
        let values = &mut scratch[..last - first];
        panels.products(self.x, covered, values);
        let squares = &self.squares[first..last];
        self.kernel.of_dots(self.form, values, self.square, squares);
        &values[begin - first..end - first]
    }
}
