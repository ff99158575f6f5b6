//! One sweep of coordinate descent over the active columns, the rows shared among threads.
//!
//! Every thread keeps its rows of the residual and a copy of the coefficients. A coordinate's
//! correlation is the sum of the threads' parts, exchanged at a barrier; each thread then makes
//! the same step.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use crate::descent::Columns;
use crate::kernels;

/// Fewer rows than this a thread are not worth a barrier.
const ROWS_A_THREAD: usize = 32_768;
/// Columns up to this long are fetched ahead whole.
const AHEAD: usize = 8192;
/// Looks at another thread's part before giving the processor away.
const SPINS: usize = 4096;

/// What a sweep works on.
pub struct Sweep<'a> {
    pub data: &'a Columns<'a>,
    pub active: &'a [usize],
    pub l1: f64,
    pub l2: f64,
}

/// The largest coefficient and the largest change of a sweep.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extremes {
    pub largest: f64,
    pub moved: f64,
}

impl Sweep<'_> {
    /// Update every active coordinate once, in order.
    pub fn run(&self, w: &mut [f64], residual: &mut [f64], threads: usize) -> Extremes {
        let threads = threads.min(residual.len() / ROWS_A_THREAD).max(1);
        if threads == 1 {
            let rows = 0..residual.len();
            return self.over_rows(rows, w, residual, |_, part| part);
        }
        let parts = Parts::new(threads);
        let share = residual.len().div_ceil(threads);
        let mut slices = residual.chunks_mut(share).enumerate();
        let (_, mine) = slices.next().expect("there are rows");
        thread::scope(|scope| {
            for (t, slice) in slices {
                let mut copy = w.to_vec();
                let (rows, parts) = (t * share..t * share + slice.len(), &parts);
                scope.spawn(move || {
                    self.over_rows(rows, &mut copy, slice, |k, part| parts.sum(t, k, part))
                });
            }
            self.over_rows(0..share, w, mine, |k, part| parts.sum(0, k, part))
        })
    }

    /// The sweep of one thread; `total` turns its part of a correlation into the whole.
    fn over_rows(
        &self,
        rows: Range<usize>,
        w: &mut [f64],
        residual: &mut [f64],
        total: impl Fn(usize, f64) -> f64,
    ) -> Extremes {
        let data = self.data;
        let column = |k: usize| match self.active.get(k) {
            Some(j) => (&data.column(*j)[rows.clone()], data.means[*j]),
            None => (&[][..], 0.0),
        };
        let mut extremes = Extremes::default();
        let (mut values, mut mean) = column(0);
        let mut part = kernels::dot_centered(values, mean, residual, &[]);
        for (k, &j) in self.active.iter().enumerate() {
            let (norm, old) = (data.norms[j], w[j]);
            let pull = total(k, part) + old * norm;
            let new = (pull.abs() - self.l1).max(0.0).copysign(pull) / (norm + self.l2);
            w[j] = new;
            let (next, next_mean) = column(k + 1);
            let ahead = if values.len() <= AHEAD {
                column(k + 2).0
            } else {
                &[]
            };
            let step = old - new;
            if step == 0.0 {
                part = kernels::dot_centered(next, next_mean, residual, ahead);
            } else if next.is_empty() {
                kernels::axpy(step, values, mean, residual);
            } else {
                part = kernels::axpy_dot(step, values, mean, residual, next, next_mean, ahead);
            }
            (values, mean) = (next, next_mean);
            extremes.moved = extremes.moved.max(step.abs());
            extremes.largest = extremes.largest.max(new.abs());
        }
        extremes
    }
}

/// The threads' parts of the present sum: two places each, used in turn, so that a thread that
/// is ahead by one does not overwrite what another still reads.
struct Parts(Vec<Part>);

#[derive(Default)]
#[repr(align(128))]
struct Part {
    stage: AtomicUsize,
    values: [AtomicU64; 2],
}

impl Parts {
    fn new(threads: usize) -> Self {
        Self((0..threads).map(|_| Part::default()).collect())
    }

    /// Publish thread `t`'s part of sum `k` and wait for the others'.
    fn sum(&self, t: usize, k: usize, part: f64) -> f64 {
        let mine = &self.0[t];
        mine.values[k % 2].store(part.to_bits(), Ordering::Relaxed);
        mine.stage.store(k + 1, Ordering::Release);
        self.0.iter().map(|other| other.value(k)).sum()
    }
}

impl Part {
    fn value(&self, k: usize) -> f64 {
        let mut looks = 0;
        while self.stage.load(Ordering::Acquire) <= k {
            looks += 1;
            if looks < SPINS {
                std::hint::spin_loop();
            } else {
                thread::yield_now();
            }
        }
        f64::from_bits(self.values[k % 2].load(Ordering::Relaxed))
    }
}
