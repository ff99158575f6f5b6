//! k-means++ seeding with greedy local trials.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use crate::nearest::CHUNK;
use crate::points::{Points, squared_norms};
use crate::random::Random;
use crate::share::map_rows;

/// Choose `k` of the points as first centres.
///
/// The first is uniform; for each next one `2 + floor(ln k)` candidates are drawn with
/// probability proportional to the squared distance to the nearest centre so far, and the one
/// that leaves the smallest sum of these distances is kept: Arthur and Vassilvitskii,
/// "k-means++: the advantages of careful seeding", SODA 2007, in the greedy form that
/// scikit-learn documents at `sklearn.cluster.kmeans_plusplus`. The random numbers are ours:
/// seeds agree with scikit-learn's in distribution only.
pub fn plus_plus(points: &Points<'_>, k: usize, seed: u64, threads: usize) -> Vec<usize> {
    let mut random = Random::new(seed);
    let trials = 2 + (k as f64).ln() as usize;
    let norms = squared_norms(points.values, points.width);
    let first = random.below(points.rows);
    let mut chosen = vec![first];
    let infinite = vec![f64::INFINITY; points.rows];
    let (mut closest, sums) = trial(points, &norms, &infinite, &[first], threads);
    let mut potential = sums[0];
    while chosen.len() < k {
        let candidates = draw(&closest, potential, trials, &mut random);
        let (distances, potentials) = trial(points, &norms, &closest, &candidates, threads);
        let best = smallest(&potentials);
        potential = potentials[best];
        let kept = distances.iter().skip(best).step_by(candidates.len());
        closest.iter_mut().zip(kept).for_each(|(c, d)| *c = *d);
        chosen.push(candidates[best]);
    }
    chosen
}

/// Points drawn in proportion to `closest`.
fn draw(closest: &[f64], potential: f64, trials: usize, random: &mut Random) -> Vec<usize> {
    let mut total = 0.0;
    let sum = |value: &f64| {
        total += value;
        total
    };
    let cumulative: Vec<f64> = closest.iter().map(sum).collect();
    let draw = |_| {
        let value = random.uniform() * potential;
        let at = cumulative.partition_point(|sum| *sum < value);
        at.min(closest.len() - 1)
    };
    (0..trials).map(draw).collect()
}

/// What `closest` would become with each of the candidates (n x candidates), and its sums.
fn trial(
    points: &Points<'_>,
    norms: &[f64],
    closest: &[f64],
    candidates: &[usize],
    threads: usize,
) -> (Vec<f64>, Vec<f64>) {
    let count = candidates.len();
    let chosen: Vec<f64> = candidates
        .iter()
        .flat_map(|i| points.row(*i))
        .copied()
        .collect();
    let mut distances = vec![0.0; points.rows * count];
    let parts = map_rows(&mut distances, count, CHUNK, threads, |rows, out| {
        let mut sums = vec![0.0; count];
        for (begin, out) in rows.step_by(CHUNK).zip(out.chunks_mut(CHUNK * count)) {
            let rows = begin..begin + out.len() / count;
            for (row, norm) in out.chunks_exact_mut(count).zip(&norms[rows.clone()]) {
                for (slot, i) in row.iter_mut().zip(candidates) {
                    *slot = norm + norms[*i];
                }
            }
            subtract_products(points, &rows, &chosen, out);
            for (row, closest) in out.chunks_exact_mut(count).zip(&closest[rows]) {
                for (distance, sum) in row.iter_mut().zip(&mut sums) {
                    *distance = distance.max(0.0).min(*closest);
                    *sum += *distance;
                }
            }
        }
        sums
    });
    let mut sums = vec![0.0; count];
    for part in parts {
        sums.iter_mut().zip(part).for_each(|(sum, s)| *sum += s);
    }
    (distances, sums)
}

/// `out -= 2 X C'` for some rows.
fn subtract_products(points: &Points<'_>, rows: &Range<usize>, chosen: &[f64], out: &mut [f64]) {
    let count = chosen.len() / points.width;
    let centres = MatRef::from_row_major_slice(chosen, count, points.width);
    matmul(
        MatMut::from_row_major_slice_mut(out, rows.len(), count),
        Accum::Add,
        points.matrix(rows),
        centres.transpose(),
        -2.0,
        Par::Seq,
    );
}

/// The place of the smallest value, the first of equals.
fn smallest(values: &[f64]) -> usize {
    let mut best = 0;
    for (i, value) in values.iter().enumerate() {
        if *value < values[best] {
            best = i;
        }
    }
    best
}
