//! The M-step of a Gaussian mixture: counts, means and covariances under responsibilities.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, MatMut, MatRef, Par};

use crate::covariance::Covariance;
use crate::kernels;
use crate::threads::map_ranges;
use crate::tiles::{ROWS, Tiles};
use crate::weighting::{Spread, Weight};
use crate::wide;

/// What an M-step finds.
#[derive(Clone, Debug)]
pub struct Moments {
    /// Sum of the responsibilities of every component.
    pub counts: Vec<f64>,
    /// k x d.
    pub means: Vec<f64>,
    /// In the covariances' shape.
    pub covariances: Vec<f64>,
}

/// What all M-steps on the same points share.
pub struct Estimator<'a> {
    x: &'a Tiles,
    kind: Covariance,
    reg_covar: f64,
    threads: usize,
    /// `X'X` (lower triangle) for tied covariances.
    gram: Vec<f64>,
}

impl<'a> Estimator<'a> {
    pub fn new(x: &'a Tiles, kind: Covariance, reg_covar: f64, threads: usize) -> Self {
        let d = x.width();
        let gram = match kind {
            Covariance::Tied => total(map_ranges(x.count(), threads, |tiles| {
                let mut gram = vec![0.0; d * d];
                tiles.for_each(|t| add_square(&mut gram, x.matrix(t)));
                gram
            })),
            _ => Vec::new(),
        };
        Self {
            x,
            kind,
            reg_covar,
            threads,
            gram,
        }
    }

    /// `n_k = sum_i r_ik` (with scikit-learn's ten ulps of one), `m_k = sum_i r_ik x_i / n_k`,
    /// and the covariances about these means, `reg_covar` added to the variances (scikit-learn
    /// user guide, "Gaussian mixture"; Bishop, "Pattern recognition and machine learning", 9.2).
    pub fn estimate(&self, resp: &Tiles) -> Moments {
        let (k, d) = (resp.width(), self.x.width());
        let sums = total(map_ranges(self.x.count(), self.threads, |tiles| {
            self.sums(resp, tiles)
        }));
        let (counts, sums) = sums.split_at(k);
        let counts: Vec<f64> = counts.iter().map(|n| n + 10.0 * f64::EPSILON).collect();
        let mut means = sums.to_vec();
        for (mean, count) in means.chunks_exact_mut(d).zip(&counts) {
            mean.iter_mut().for_each(|value| *value /= count);
        }
        let covariances = match self.kind {
            Covariance::Full => self.full(resp, &counts, &means),
            Covariance::Tied => self.tied(&counts, &means),
            Covariance::Diag => self.diag(resp, &counts, &means),
            Covariance::Spherical => {
                let diag = self.diag(resp, &counts, &means);
                let mean = |variances: &[f64]| variances.iter().sum::<f64>() / d as f64;
                diag.chunks_exact(d).map(mean).collect()
            }
        };
        Moments {
            counts,
            means,
            covariances,
        }
    }

    /// Sums of the responsibilities (k), then of the points under them (k x d).
    fn sums(&self, resp: &Tiles, tiles: Range<usize>) -> Vec<f64> {
        let (k, d) = (resp.width(), self.x.width());
        let mut sums = vec![0.0; k + k * d];
        let (counts, points) = sums.split_at_mut(k);
        for t in tiles {
            let columns = resp.tile(t).chunks_exact(resp.height(t));
            for (count, column) in counts.iter_mut().zip(columns) {
                *count += kernels::sum(column);
            }
            matmul(
                MatMut::from_column_major_slice_mut(points, d, k),
                Accum::Add,
                self.x.matrix(t).transpose(),
                resp.matrix(t),
                1.0,
                Par::Seq,
            );
        }
        sums
    }

    fn full(&self, resp: &Tiles, counts: &[f64], means: &[f64]) -> Vec<f64> {
        let (k, d) = (resp.width(), self.x.width());
        let mut scatter = total(map_ranges(self.x.count(), self.threads, |tiles| {
            let mut scatter = vec![0.0; k * d * d];
            let mut weighted = vec![0.0; ROWS * d];
            for t in tiles {
                let m = resp.height(t);
                let columns = resp.tile(t).chunks_exact(m).zip(means.chunks_exact(d));
                for ((weights, mean), scatter) in columns.zip(scatter.chunks_exact_mut(d * d)) {
                    let out = &mut weighted[..m * d];
                    let x = self.x.tile(t);
                    wide::run(Weight {
                        x,
                        mean,
                        weights,
                        out,
                    });
                    add_square(scatter, MatRef::from_column_major_slice(out, m, d));
                }
            }
            scatter
        }));
        for (scatter, count) in scatter.chunks_exact_mut(d * d).zip(counts) {
            self.finish(scatter, *count);
        }
        scatter
    }

    /// `(X'X - sum_k n_k m_k m_k') / sum_k n_k`, as scikit-learn: about 2 log10(distance of the
    /// means / standard deviation) digits are lost.
    fn tied(&self, counts: &[f64], means: &[f64]) -> Vec<f64> {
        let d = self.x.width();
        let mut scatter = self.gram.clone();
        for (mean, count) in means.chunks_exact(d).zip(counts) {
            for (column, right) in scatter.chunks_exact_mut(d).zip(mean) {
                for (entry, left) in column.iter_mut().zip(mean) {
                    *entry -= count * left * right;
                }
            }
        }
        self.finish(&mut scatter, counts.iter().sum());
        scatter
    }

    /// From the lower triangle of a scatter matrix the whole covariance.
    fn finish(&self, scatter: &mut [f64], count: f64) {
        let d = self.x.width();
        for j in 0..d {
            for i in j..d {
                let value = scatter[j * d + i] / count;
                scatter[j * d + i] = value;
                scatter[i * d + j] = value;
            }
            scatter[j * d + j] += self.reg_covar;
        }
    }

    fn diag(&self, resp: &Tiles, counts: &[f64], means: &[f64]) -> Vec<f64> {
        let (k, d) = (resp.width(), self.x.width());
        let mut variances = total(map_ranges(self.x.count(), self.threads, |tiles| {
            let mut sums = vec![0.0; k * d];
            for t in tiles {
                let columns = resp.tile(t).chunks_exact(resp.height(t));
                let columns = columns.zip(means.chunks_exact(d));
                for ((weights, mean), out) in columns.zip(sums.chunks_exact_mut(d)) {
                    let x = self.x.tile(t);
                    wide::run(Spread {
                        x,
                        mean,
                        weights,
                        out,
                    });
                }
            }
            sums
        }));
        for (variances, count) in variances.chunks_exact_mut(d).zip(counts) {
            for variance in variances {
                *variance = *variance / count + self.reg_covar;
            }
        }
        variances
    }
}

/// Sum of the threads' parts.
fn total(parts: Vec<Vec<f64>>) -> Vec<f64> {
    let mut parts = parts.into_iter();
    let mut total = parts.next().unwrap_or_default();
    for part in parts {
        total.iter_mut().zip(part).for_each(|(sum, p)| *sum += p);
    }
    total
}

/// `square += a'a`, lower triangle, column after column.
fn add_square(square: &mut [f64], a: MatRef<'_, f64>) {
    let d = a.ncols();
    triangular::matmul(
        MatMut::from_column_major_slice_mut(square, d, d),
        BlockStructure::TriangularLower,
        Accum::Add,
        a.transpose(),
        BlockStructure::Rectangular,
        a,
        BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
}
