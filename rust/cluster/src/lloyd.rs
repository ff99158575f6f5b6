//! One iteration of Lloyd's algorithm: nearest centres and the sums of the points they gather.

use crate::nearest::{CHUNK, Nearest, OwnDistances};
use crate::points::Points;
use crate::share::map_rows;
use crate::threads::map_ranges;
use crate::wide::{self, Task};

/// Sums of the points of every cluster (k x d) and their number.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    pub values: Vec<f64>,
    pub counts: Vec<f64>,
}

impl Sums {
    fn zeros(k: usize, width: usize) -> Self {
        Self {
            values: vec![0.0; k * width],
            counts: vec![0.0; k],
        }
    }

    fn add(&mut self, other: &Self) {
        let pairs = self.values.iter_mut().zip(&other.values);
        let counts = self.counts.iter_mut().zip(&other.counts);
        pairs.chain(counts).for_each(|(sum, value)| *sum += value);
    }
}

/// Label every row with its nearest centre and sum the rows of every label.
pub fn assign_and_sum(
    points: &Points<'_>,
    centres: &[f64],
    labels: &mut [u32],
    threads: usize,
) -> Sums {
    let width = points.width;
    let k = centres.len() / width;
    let nearest = Nearest::new(centres, width);
    let parts = map_rows(labels, 1, CHUNK, threads, |rows, labels| {
        let mut sums = Sums::zeros(k, width);
        let mut scratch = nearest.scratch();
        for (begin, labels) in rows.step_by(CHUNK).zip(labels.chunks_mut(CHUNK)) {
            let chunk = begin..begin + labels.len();
            nearest.label(points, chunk.clone(), &mut scratch, labels);
            wide::run(Gather {
                points: points.part(&chunk),
                width,
                labels,
                sums: &mut sums,
            });
        }
        sums
    });
    let mut parts = parts.into_iter();
    let mut total = parts.next().unwrap_or_else(|| Sums::zeros(k, width));
    parts.for_each(|part| total.add(&part));
    total
}

/// Label every row with its nearest centre.
pub fn assign(points: &Points<'_>, centres: &[f64], labels: &mut [u32], threads: usize) {
    let nearest = Nearest::new(centres, points.width);
    map_rows(labels, 1, CHUNK, threads, |rows, labels| {
        let mut scratch = nearest.scratch();
        for (begin, labels) in rows.step_by(CHUNK).zip(labels.chunks_mut(CHUNK)) {
            let chunk = begin..begin + labels.len();
            nearest.label(points, chunk, &mut scratch, labels);
        }
    });
}

/// Sum of the squared distances of the rows to their own centres.
pub fn inertia(points: &Points<'_>, centres: &[f64], labels: &[u32], threads: usize) -> f64 {
    let parts = map_ranges(points.rows, threads, |rows| {
        let distances = wide::run(OwnDistances {
            points: points.part(&rows),
            centres,
            width: points.width,
            labels: &labels[rows],
        });
        distances.iter().sum::<f64>()
    });
    parts.iter().sum()
}

/// Add rows to the sums of their labels.
struct Gather<'a> {
    points: &'a [f64],
    width: usize,
    labels: &'a [u32],
    sums: &'a mut Sums,
}

impl Task for Gather<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        for (row, label) in self.points.chunks_exact(self.width).zip(self.labels) {
            let label = *label as usize;
            let sums = &mut self.sums.values[label * self.width..][..self.width];
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
            self.sums.counts[label] += 1.0;
        }
    }
}
