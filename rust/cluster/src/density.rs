//! The E-step of a Gaussian mixture: log densities and responsibilities.

use std::f64::consts::PI;
use std::iter::repeat_n;

use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, MatMut, MatRef, Par};

use crate::covariance::Covariance;
use crate::tiles::{ROWS, Tiles};
use crate::wide::{self, LANES, Task};

/// Weights, means and Cholesky factors of the precisions of a mixture.
#[derive(Clone, Debug, PartialEq)]
pub struct Gaussians {
    pub kind: Covariance,
    /// k, sum one.
    pub weights: Vec<f64>,
    /// k x d.
    pub means: Vec<f64>,
    /// Upper triangular factors, row after row, or reciprocal standard deviations.
    pub factors: Vec<f64>,
}

impl Gaussians {
    fn width(&self) -> usize {
        self.means.len() / self.weights.len()
    }

    /// Write the responsibilities of `x` and answer the sum over the points of
    /// `ln sum_k w_k N(x | k)`.
    ///
    /// `ln N(x | k) = ln det U_k - (d ln 2 pi + |(x - m_k) U_k|^2) / 2`; the sum is taken
    /// relative to the greatest term, so that points far from all components stay finite.
    pub fn expect(&self, x: &Tiles, resp: &mut Tiles, threads: usize) -> f64 {
        let terms = Terms::new(self);
        let parts = resp.map_mut(threads, |tiles, parts| {
            let mut scratch = vec![0.0; ROWS * self.width()];
            let mut sum = 0.0;
            for (t, out) in tiles.zip(parts) {
                self.log_densities(&terms, x, t, &mut scratch, out);
                let rows = x.height(t);
                sum += wide::run(Normalise { values: out, rows });
            }
            sum
        });
        parts.iter().sum()
    }

    /// `ln w_k + ln N(x | k)` of a tile, column after column.
    fn log_densities(
        &self,
        terms: &Terms,
        x: &Tiles,
        tile: usize,
        scratch: &mut [f64],
        out: &mut [f64],
    ) {
        let (m, d) = (x.height(tile), x.width());
        let scratch = &mut scratch[..m * d];
        if self.kind == Covariance::Tied {
            rotate(x.matrix(tile), &self.factors, scratch);
        }
        for (c, out) in out.chunks_exact_mut(m).enumerate() {
            if self.kind == Covariance::Full {
                rotate(x.matrix(tile), &self.factors[c * d * d..][..d * d], scratch);
            }
            wide::run(LogDensity {
                y: match self.kind {
                    Covariance::Full | Covariance::Tied => &*scratch,
                    Covariance::Diag | Covariance::Spherical => x.tile(tile),
                },
                at: &terms.centres[c * d..][..d],
                scale: &terms.scales[c * d..][..d],
                constant: terms.constants[c],
                out,
            });
        }
    }
}

/// `out = x U`, column after column.
fn rotate(x: MatRef<'_, f64>, factor: &[f64], out: &mut [f64]) {
    let (m, d) = (x.nrows(), x.ncols());
    triangular::matmul(
        MatMut::from_column_major_slice_mut(out, m, d),
        BlockStructure::Rectangular,
        Accum::Replace,
        x,
        BlockStructure::Rectangular,
        MatRef::from_row_major_slice(factor, d, d),
        BlockStructure::TriangularUpper,
        1.0,
        Par::Seq,
    );
}

/// What the log densities of all points share: `ln w_k + ln N(x | k) =
/// constant_k - sum_j ((y_j - centre_kj) scale_kj)^2 / 2`, y being x or `x U_k`.
struct Terms {
    constants: Vec<f64>,
    centres: Vec<f64>,
    scales: Vec<f64>,
}

impl Terms {
    fn new(model: &Gaussians) -> Self {
        let (k, d) = (model.weights.len(), model.width());
        let mut terms = Self {
            constants: Vec::with_capacity(k),
            centres: Vec::with_capacity(k * d),
            scales: Vec::with_capacity(k * d),
        };
        let (blocks, size) = model.kind.blocks(k, d);
        for (c, mean) in model.means.chunks_exact(d).enumerate() {
            let factor = &model.factors[c.min(blocks - 1) * size..][..size];
            let log_det: f64 = match model.kind {
                Covariance::Full | Covariance::Tied => {
                    terms
                        .centres
                        .extend((0..d).map(|j| product(mean, factor, j)));
                    terms.scales.extend(repeat_n(1.0, d));
                    (0..d).map(|j| factor[j * d + j].ln()).sum()
                }
                Covariance::Diag => {
                    terms.centres.extend(mean);
                    terms.scales.extend(factor);
                    factor.iter().map(|scale| scale.ln()).sum()
                }
                Covariance::Spherical => {
                    terms.centres.extend(mean);
                    terms.scales.extend(repeat_n(factor[0], d));
                    d as f64 * factor[0].ln()
                }
            };
            let norming = 0.5 * d as f64 * (2.0 * PI).ln();
            terms
                .constants
                .push(model.weights[c].ln() + log_det - norming);
        }
        terms
    }
}

/// Entry j of `mean U`.
fn product(mean: &[f64], factor: &[f64], j: usize) -> f64 {
    let d = mean.len();
    (0..=j).map(|i| mean[i] * factor[i * d + j]).sum()
}

/// `out_i = constant - sum_j ((y_ij - at_j) scale_j)^2 / 2` of a tile.
struct LogDensity<'a> {
    y: &'a [f64],
    at: &'a [f64],
    scale: &'a [f64],
    constant: f64,
    out: &'a mut [f64],
}

impl Task for LogDensity<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let m = self.out.len();
        let (blocks, rest) = self.out.as_chunks_mut::<LANES>();
        let done = m - rest.len();
        for (b, block) in blocks.iter_mut().enumerate() {
            let mut sums = [0.0; LANES];
            let columns = self.y.chunks_exact(m).zip(self.at).zip(self.scale);
            for ((column, at), scale) in columns {
                let column = &column[b * LANES..][..LANES];
                for l in 0..LANES {
                    let value = (column[l] - at) * scale;
                    sums[l] = wide::fma::<FMA>(value, value, sums[l]);
                }
            }
            for l in 0..LANES {
                block[l] = self.constant - 0.5 * sums[l];
            }
        }
        for (i, out) in rest.iter_mut().enumerate() {
            let columns = self.y.chunks_exact(m).zip(self.at).zip(self.scale);
            let mut sum = 0.0;
            for ((column, at), scale) in columns {
                let value = (column[done + i] - at) * scale;
                sum = wide::fma::<FMA>(value, value, sum);
            }
            *out = self.constant - 0.5 * sum;
        }
    }
}

/// Turn logarithms into shares of one along every row of a tile; answers the sum over the rows
/// of the logarithm of the sum of their exponentials.
struct Normalise<'a> {
    values: &'a mut [f64],
    rows: usize,
}

impl Task for Normalise<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<const FMA: bool>(self) -> f64 {
        let m = self.rows;
        let mut greatest = [f64::NEG_INFINITY; ROWS];
        for column in self.values.chunks_exact(m) {
            for (greatest, value) in greatest.iter_mut().zip(column) {
                *greatest = if *value > *greatest {
                    *value
                } else {
                    *greatest
                };
            }
        }
        let mut sums = [0.0; ROWS];
        for column in self.values.chunks_exact_mut(m) {
            for ((value, greatest), sum) in column.iter_mut().zip(&greatest).zip(&mut sums) {
                *value = (*value - greatest).exp();
                *sum += *value;
            }
        }
        for column in self.values.chunks_exact_mut(m) {
            for (value, sum) in column.iter_mut().zip(&sums) {
                *value /= sum;
            }
        }
        let rows = greatest[..m].iter().zip(&sums[..m]);
        rows.map(|(greatest, sum)| greatest + sum.ln()).sum()
    }
}
