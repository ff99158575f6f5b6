//! The E-step of k-means: which centre is nearest, by one matrix product a chunk of rows.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use crate::points::{Points, squared_norms};
use crate::wide::{self, Task};

/// Rows taken at once: their distances stay in the second-level cache.
pub const CHUNK: usize = 256;

/// Centres ready to be compared with points.
pub struct Nearest<'a> {
    centres: &'a [f64],
    width: usize,
    norms: Vec<f64>,
}

impl<'a> Nearest<'a> {
    /// k centres, row after row.
    pub fn new(centres: &'a [f64], width: usize) -> Self {
        Self {
            centres,
            width,
            norms: squared_norms(centres, width),
        }
    }

    /// Values [`Self::label`] needs as scratch memory.
    pub fn scratch(&self) -> Vec<f64> {
        vec![0.0; CHUNK * self.norms.len()]
    }

    /// Label at most [`CHUNK`] rows with the first of their nearest centres:
    /// `argmin_j |x - c_j|^2 = argmin_j |c_j|^2 - 2 x . c_j`.
    pub fn label(
        &self,
        points: &Points<'_>,
        rows: Range<usize>,
        scratch: &mut [f64],
        labels: &mut [u32],
    ) {
        let (m, k) = (rows.len(), self.norms.len());
        let distances = &mut scratch[..m * k];
        for (column, norm) in distances.chunks_exact_mut(m).zip(&self.norms) {
            column.fill(*norm);
        }
        let centres = MatRef::from_row_major_slice(self.centres, k, self.width);
        matmul(
            MatMut::from_column_major_slice_mut(distances, m, k),
            Accum::Add,
            points.matrix(&rows),
            centres.transpose(),
            -2.0,
            Par::Seq,
        );
        wide::run(ArgMin { distances, labels });
    }
}

/// The column of the smallest value of every row, the first of equals.
struct ArgMin<'a> {
    /// Column after column.
    distances: &'a [f64],
    labels: &'a mut [u32],
}

impl Task for ArgMin<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let m = self.labels.len();
        let (first, others) = self.distances.split_at(m);
        let mut best = [0.0; CHUNK];
        let mut at = [0u64; CHUNK];
        best[..m].copy_from_slice(first);
        for (column, j) in others.chunks_exact(m).zip(1u64..) {
            for ((value, best), at) in column.iter().zip(&mut best).zip(&mut at) {
                let closer = *value < *best;
                *best = if closer { *value } else { *best };
                *at = if closer { j } else { *at };
            }
        }
        for (label, at) in self.labels.iter_mut().zip(&at) {
            *label = *at as u32;
        }
    }
}

/// `|x - c|^2` of every row to its own centre, by differences.
pub struct OwnDistances<'a> {
    pub points: &'a [f64],
    pub centres: &'a [f64],
    pub width: usize,
    pub labels: &'a [u32],
}

impl Task for OwnDistances<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<const FMA: bool>(self) -> Vec<f64> {
        let mut distances = vec![0.0; self.labels.len()];
        let rows = self.points.chunks_exact(self.width).zip(self.labels);
        for ((row, label), distance) in rows.zip(&mut distances) {
            let centre = &self.centres[*label as usize * self.width..][..self.width];
            *distance = wide::squared_distance::<FMA>(row, centre);
        }
        distances
    }
}
