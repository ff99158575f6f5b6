//! Normal equations by Cholesky: `(X'X + alpha I) w = X'y` on centred data, or the dual
//! `w = X' (XX' + alpha I)^-1 y` where d > n.

use std::ops::Range;

use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::linalg::solvers::{Llt, SolveCore};
use faer::{Accum, Conj, Mat, MatRef, Par, Side};
use rmlbench_worker::Fault;

use crate::center::centered;
use crate::design::Design;
use crate::model::{Data, Model};
use crate::{kernels, threads};

/// Values of a block of rows.
const BLOCK: usize = 64 * 1024;
/// A column that loses more than this share of its square sum by centring is shifted again.
const KEPT: f64 = 0.01;

/// Fit ridge (`alpha`) or least squares (`alpha` = 0) by the normal equations.
pub fn fit(data: &Data, alpha: f64, intercept: bool, threads: usize) -> Result<Model, Fault> {
    if data.x.columns > data.x.rows {
        return dual(data, alpha, intercept, threads::par(threads));
    }
    let mut design = Design::new(data, intercept);
    let mut gram = Gram::of(&design, threads)?;
    if intercept && gram.loses_digits() {
        design = design.with_shift(gram.mean(&design));
        gram = Gram::of(&design, threads)?;
    }
    let mean = gram.mean(&design);
    let (normal, right) = gram.centred(alpha);
    let coefficients = solve(normal, &right, alpha)?;
    let d = coefficients.len();
    Ok(Model::centred(coefficients, &mean[..d], mean[d]))
}

/// The lower triangle of the design's Gram matrix.
struct Gram {
    matrix: Mat<f64>,
    rows: f64,
    first: usize,
}

impl Gram {
    fn of(design: &Design, threads: usize) -> Result<Self, Fault> {
        let (n, p) = (design.rows(), design.width());
        let matrix = if n < 4 * p * threads {
            accumulate(design, 0..n, threads::par(threads))?
        } else {
            let parts = threads::map_ranges(n, threads, |rows| accumulate(design, rows, Par::Seq));
            let mut parts = parts.into_iter();
            let mut total = parts.next().expect("at least one thread")?;
            for part in parts {
                total += part?;
            }
            total
        };
        Ok(Self {
            matrix,
            rows: n as f64,
            first: usize::from(design.intercept),
        })
    }

    /// Means of X's columns and then of y; zeros without intercept.
    fn mean(&self, design: &Design) -> Vec<f64> {
        let offset = |j: usize| match self.first {
            1 => self.matrix[(j + 1, 0)] / self.rows,
            _ => 0.0,
        };
        let shift = design.shift.iter().enumerate();
        shift.map(|(j, shift)| shift + offset(j)).collect()
    }

    fn loses_digits(&self) -> bool {
        (1..self.matrix.ncols()).any(|j| {
            let (square, sum) = (self.matrix[(j, j)], self.matrix[(j, 0)]);
            square - sum * sum / self.rows < KEPT * square
        })
    }

    /// `X'X + alpha I` (lower triangle) and `X'y` of the centred data.
    fn centred(self, alpha: f64) -> (Mat<f64>, Vec<f64>) {
        let (first, g) = (self.first, &self.matrix);
        let d = g.ncols() - 1 - first;
        let mean = |j: usize| {
            if first == 1 {
                g[(j + 1, 0)] / self.rows
            } else {
                0.0
            }
        };
        let entry = |i: usize, j: usize| g[(i + first, j + first)] - self.rows * mean(i) * mean(j);
        let normal = Mat::from_fn(d, d, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => entry(i, j) + alpha,
            std::cmp::Ordering::Greater => entry(i, j),
        });
        (normal, (0..d).map(|j| entry(d, j)).collect())
    }
}

/// Sum the Gram matrices of blocks of rows.
fn accumulate(design: &Design, rows: Range<usize>, par: Par) -> Result<Mat<f64>, Fault> {
    let p = design.width();
    let block = (BLOCK / p).max(512).min(rows.len().max(1));
    // Not a power of two, whose multiples fall into the same cache sets.
    let stride = block + 8;
    let mut scratch = vec![0.0; stride * p];
    let mut gram = Mat::zeros(p, p);
    for begin in rows.clone().step_by(block) {
        let end = (begin + block).min(rows.end);
        design.fill(begin..end, &mut scratch, stride)?;
        let a = MatRef::from_column_major_slice_with_stride(&scratch, end - begin, p, stride);
        add_square(&mut gram, a, par);
    }
    Ok(gram)
}

/// `gram += a' a`, lower triangle.
fn add_square(gram: &mut Mat<f64>, a: MatRef<'_, f64>, par: Par) {
    matmul(
        gram.as_mut(),
        BlockStructure::TriangularLower,
        Accum::Add,
        a.transpose(),
        BlockStructure::Rectangular,
        a,
        BlockStructure::Rectangular,
        1.0,
        par,
    );
}

fn solve(normal: Mat<f64>, right: &[f64], alpha: f64) -> Result<Vec<f64>, Fault> {
    let factor = Llt::new(normal.as_ref(), Side::Lower).map_err(|error| {
        let allowed = format!("the normal equations are not positive definite ({error:?})");
        Fault::numerical("alpha", alpha, allowed)
    })?;
    let mut w = Mat::from_fn(right.len(), 1, |i, _| right[i]);
    factor.solve_in_place_with_conj(Conj::No, w.as_mut());
    Ok(w.col_as_slice(0).to_vec())
}

fn dual(data: &Data, alpha: f64, intercept: bool, par: Par) -> Result<Model, Fault> {
    let (n, d) = (data.x.rows, data.x.columns);
    let centered = centered(data, intercept)?;
    let x = MatRef::from_column_major_slice(&centered.x, n, d);
    let mut kernel = Mat::zeros(n, n);
    add_square(&mut kernel, x.transpose(), par);
    for i in 0..n {
        kernel[(i, i)] += alpha;
    }
    let weights = solve(kernel, &centered.y, alpha)?;
    let columns = centered.x.chunks_exact(n);
    let coefficients = columns.map(|x| kernels::dot(x, &weights)).collect();
    Ok(centered.model(coefficients))
}
