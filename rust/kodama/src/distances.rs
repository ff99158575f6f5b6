//! Euclidean distances between all pairs of points, as kodama takes them.

use rmlbench_kernels::wide::{self, LANES, Task};
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::Matrix;

/// Points whose coordinates are held together: they stay in the first-level cache.
const TILE: usize = 128;

/// The distances of the pairs (0, 1), (0, 2), ..., (1, 2), ...: n (n - 1) / 2 values.
pub fn condensed(points: &Matrix) -> Vec<f64> {
    let (n, d) = (points.rows, points.columns);
    let rows = points.by_rows();
    let mut distances = vec![0.0; n * (n - 1) / 2];
    let mut tile = vec![0.0; TILE * d];
    for begin in (0..n).step_by(TILE) {
        let end = (begin + TILE).min(n);
        let tile = &mut tile[..(end - begin) * d];
        fill(points, begin, tile);
        for (i, from) in rows.chunks_exact(d).take(end - 1).enumerate() {
            let first = begin.max(i + 1);
            let at = place(n, i, first);
            wide::run(Distances {
                tile,
                skip: first - begin,
                from,
                out: &mut distances[at..at + end - first],
            });
        }
    }
    distances
}

/// Where the distance of points i < j stands among those of n points.
fn place(n: usize, i: usize, j: usize) -> usize {
    i * (2 * n - i - 1) / 2 + j - i - 1
}

/// Copy the coordinates of the points from `begin` on, column after column.
fn fill(points: &Matrix, begin: usize, tile: &mut [f64]) {
    let (n, d) = (points.rows, points.columns);
    let m = tile.len() / d;
    match points.layout {
        Layout::F => {
            let columns = points.values.chunks_exact(n);
            for (to, column) in tile.chunks_exact_mut(m).zip(columns) {
                to.copy_from_slice(&column[begin..begin + m]);
            }
        }
        Layout::C => {
            let rows = points.values[begin * d..].chunks_exact(d).take(m);
            for (i, row) in rows.enumerate() {
                for (j, value) in row.iter().enumerate() {
                    tile[j * m + i] = *value;
                }
            }
        }
    }
}

/// Distances of one point to those of a tile, from the point `skip` on.
///
/// Squares are summed one after the other and not fused, as in SciPy's `pdist`: distances that
/// are equal there are equal here, and a tree with ties is the same tree.
struct Distances<'a> {
    tile: &'a [f64],
    skip: usize,
    from: &'a [f64],
    out: &'a mut [f64],
}

impl Task for Distances<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let m = self.tile.len() / self.from.len();
        let (blocks, rest) = self.out.as_chunks_mut::<LANES>();
        let done = self.skip + blocks.len() * LANES;
        for (b, block) in blocks.iter_mut().enumerate() {
            let mut sums = [0.0; LANES];
            for (column, x) in self.tile.chunks_exact(m).zip(self.from) {
                let column = &column[self.skip + b * LANES..][..LANES];
                for l in 0..LANES {
                    let difference = column[l] - x;
                    sums[l] += difference * difference;
                }
            }
            for l in 0..LANES {
                block[l] = sums[l].sqrt();
            }
        }
        for (i, out) in rest.iter_mut().enumerate() {
            let mut sum = 0.0;
            for (column, x) in self.tile.chunks_exact(m).zip(self.from) {
                let difference = column[done + i] - x;
                sum += difference * difference;
            }
            *out = sum.sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Points in the corners and along the edges of a grid: many distances are equal.
    fn points(n: usize, d: usize) -> Matrix {
        Matrix {
            values: (0..n * d).map(|k| ((k * 7919) % 10) as f64 * 0.1).collect(),
            rows: n,
            columns: d,
            layout: Layout::C,
        }
    }

    proptest! {
        #[test]
        fn they_are_the_plain_ones_to_the_last_bit(n in 2usize..300, d in 1usize..9) {
            let x = points(n, d);
            let found = condensed(&x);
            let mut k = 0;
            for i in 0..n {
                for j in i + 1..n {
                    let mut sum = 0.0;
                    for c in 0..d {
                        sum += (x.at(j, c) - x.at(i, c)) * (x.at(j, c) - x.at(i, c));
                    }
                    prop_assert_eq!(found[k], f64::sqrt(sum));
                    k += 1;
                }
            }
            prop_assert_eq!(k, found.len());
            prop_assert_eq!(condensed(&x.to_layout(Layout::F)), found);
        }
    }
}
