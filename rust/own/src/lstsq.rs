//! Least squares: Householder QR of `[1, X, y]` in blocks of rows, the SVD of its small factor
//! where full rank is not certain.
//!
//! The rank is decided as `scipy.linalg.lstsq` decides it, by singular values of the centred
//! matrix below `eps * max(n, d)` of the largest; the solution is the one of least norm.

use std::ops::Range;

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::qr::no_pivoting::factor as qr;
use faer::linalg::triangular_inverse::invert_upper_triangular;
use faer::linalg::triangular_solve::solve_upper_triangular_in_place;
use faer::{Mat, MatMut, MatRef, Par};
use rmlbench_worker::Fault;

use crate::center::centered;
use crate::design::Design;
use crate::model::{Data, Model};
use crate::threads;

/// Values of a block of rows: what fits the second-level cache.
const BLOCK: usize = 64 * 1024;

/// Fit by QR; with fewer rows than columns by QR of the transpose.
pub fn fit(data: &Data, intercept: bool, threads: usize) -> Result<Model, Fault> {
    let (n, d) = (data.x.rows, data.x.columns);
    let cutoff = f64::EPSILON * n.max(d) as f64;
    if n <= d {
        return wide(data, intercept, cutoff);
    }
    let design = Design::new(data, intercept);
    let r = triangle(&design, threads)?;
    let first = usize::from(intercept);
    let rx = r.as_ref().submatrix(first, first, d, d);
    let b: Vec<f64> = (0..d).map(|i| r[(first + i, first + d)]).collect();
    let coefficients = solve(rx, &b, cutoff, threads::par(threads))?;
    let mut constant = 0.0;
    if intercept {
        let fitted: f64 = (0..d).map(|j| r[(0, 1 + j)] * coefficients[j]).sum();
        let shifted: f64 = (0..d).map(|j| design.shift[j] * coefficients[j]).sum();
        constant = (r[(0, 1 + d)] - fitted) / r[(0, 0)] + design.shift[d] - shifted;
    }
    Ok(Model {
        coefficients,
        intercept: constant,
        convergence: None,
    })
}

/// The upper triangle of the QR factorisation of the design.
fn triangle(design: &Design, threads: usize) -> Result<Mat<f64>, Fault> {
    let (n, p) = (design.rows(), design.width());
    if n < 4 * p * threads {
        return reduce(design, 0..n, threads::par(threads));
    }
    let parts = threads::map_ranges(n, threads, |rows| reduce(design, rows, Par::Seq));
    let mut parts = parts.into_iter();
    let mut total = parts.next().expect("at least one thread")?;
    for part in parts {
        let part = part?;
        let mut stacked = Mat::from_fn(2 * p, p, |i, j| match i.checked_sub(p) {
            None => total[(i, j)],
            Some(i) => part[(i, j)],
        });
        Workspace::new(2 * p, p, Par::Seq).factor(stacked.as_mut());
        total = upper(stacked.as_ref());
    }
    Ok(total)
}

/// Fold some rows of the design, block by block, into a p x p triangle.
fn reduce(design: &Design, rows: Range<usize>, par: Par) -> Result<Mat<f64>, Fault> {
    let p = design.width();
    let block = (BLOCK / p).max(4 * p).min(rows.len().max(1));
    let stride = p + block;
    let mut scratch = vec![0.0; stride * p];
    let mut workspace = Workspace::new(stride, p, par);
    let mut r = Mat::zeros(p, p);
    for begin in rows.clone().step_by(block) {
        let end = (begin + block).min(rows.end);
        // The first block goes alone unless it is too short to give a whole triangle.
        let top = if begin == rows.start && end - begin >= p {
            0
        } else {
            p
        };
        design.fill(begin..end, &mut scratch[top..], stride)?;
        let height = top + end - begin;
        let mut view =
            MatMut::from_column_major_slice_with_stride_mut(&mut scratch, height, p, stride);
        if top == p {
            view.as_mut().subrows_mut(0, p).copy_from(&r);
        }
        workspace.factor(view.as_mut());
        r = upper(view.as_ref());
    }
    Ok(r)
}

/// The leading square with zeros below the diagonal.
fn upper(factored: MatRef<'_, f64>) -> Mat<f64> {
    let p = factored.ncols();
    Mat::from_fn(p, p, |i, j| if i <= j { factored[(i, j)] } else { 0.0 })
}

/// Memory faer's QR needs besides the matrix.
struct Workspace {
    coefficients: Mat<f64>,
    memory: MemBuffer,
    par: Par,
}

impl Workspace {
    fn new(rows: usize, columns: usize, par: Par) -> Self {
        let block = qr::recommended_block_size::<f64>(rows, columns);
        let size = rows.min(columns);
        let scratch = qr::qr_in_place_scratch::<f64>(rows, columns, block, par, Default::default());
        Self {
            coefficients: Mat::zeros(block, size),
            memory: MemBuffer::new(scratch),
            par,
        }
    }

    fn factor(&mut self, matrix: MatMut<'_, f64>) {
        qr::qr_in_place(
            matrix,
            self.coefficients.as_mut(),
            self.par,
            MemStack::new(&mut self.memory),
            Default::default(),
        );
    }
}

/// Solve `R w = b` for the `w` of least norm.
fn solve(r: MatRef<'_, f64>, b: &[f64], cutoff: f64, par: Par) -> Result<Vec<f64>, Fault> {
    if certainly_regular(r, cutoff, par) {
        let mut w = Mat::from_fn(b.len(), 1, |i, _| b[i]);
        solve_upper_triangular_in_place(r, w.as_mut(), par);
        return Ok(w.col_as_slice(0).to_vec());
    }
    let b = Mat::from_fn(b.len(), 1, |i, _| b[i]);
    Ok(pseudo_solve(r, &b, cutoff)?.col_as_slice(0).to_vec())
}

/// Whether the smallest singular value is proven to lie above the cutoff:
/// `1 / (|R| |R^-1|)` in the Frobenius norm is a lower bound of the reciprocal condition number.
fn certainly_regular(r: MatRef<'_, f64>, cutoff: f64, par: Par) -> bool {
    let d = r.ncols();
    if (0..d).any(|i| r[(i, i)] == 0.0) {
        return false;
    }
    let mut inverse = Mat::zeros(d, d);
    invert_upper_triangular(inverse.as_mut(), r, par);
    let norm = |m: MatRef<'_, f64>| m.norm_l2();
    1.0 / (norm(r) * norm(inverse.as_ref())) > 10.0 * cutoff
}

/// Solve by the SVD, singular values below `cutoff` times the largest taken as zero.
fn pseudo_solve(a: MatRef<'_, f64>, b: &Mat<f64>, cutoff: f64) -> Result<Mat<f64>, Fault> {
    let svd = a.thin_svd().map_err(|error| {
        let words = format!("{error:?}");
        Fault::numerical(
            "x_train",
            words,
            "the singular value decomposition must converge",
        )
    })?;
    let s = svd.S().column_vector();
    let mut projected = svd.U().transpose() * b;
    for i in 0..s.nrows() {
        projected[(i, 0)] *= if s[i] > cutoff * s[0] {
            1.0 / s[i]
        } else {
            0.0
        };
    }
    Ok(svd.V() * projected)
}

/// No more rows than columns: with `X' = QR`, `w = Q (R')^+ y`.
fn wide(data: &Data, intercept: bool, cutoff: f64) -> Result<Model, Fault> {
    let (n, d) = (data.x.rows, data.x.columns);
    let centered = centered(data, intercept)?;
    let x = MatRef::from_column_major_slice(&centered.x, n, d);
    let factors = x.transpose().to_owned().qr();
    let y = Mat::from_fn(n, 1, |i, _| centered.y[i]);
    let z = pseudo_solve(factors.thin_R().transpose(), &y, cutoff)?;
    let w = factors.compute_thin_Q() * z;
    let coefficients = w.col_as_slice(0).to_vec();
    Ok(centered.model(coefficients))
}
