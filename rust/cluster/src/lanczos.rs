//! The smallest eigenvalues of a Laplacian by block Lanczos on its shifted inverse.
//!
//! scikit-learn asks ARPACK for the greatest eigenvalues of `(L + 1e-5 I)^-1`; this does the
//! same with a block, which finds repeated eigenvalues, and with full reorthogonalisation
//! (Golub and Van Loan, "Matrix computations", 4th edition, 10.3.6; Ericsson and Ruhe, "The
//! spectral transformation Lanczos method", 1980).

use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::cholesky::llt::solve::solve_in_place;
use faer::linalg::matmul::matmul;
use faer::prelude::*;
use faer::{Accum, Mat, MatMut, MatRef, Par};

use crate::affinity::{Graph, Symmetric};
use crate::dense;
use crate::random::Random;
use crate::sparse;
use crate::{kernels, threads};

/// scikit-learn's shift.
const SHIFT: f64 = 1e-5;
/// Vectors of a block more than are asked for.
const GUARD: usize = 8;
/// Blocks of the basis before it begins again from its best vectors.
const STEPS: usize = 6;
const RESTARTS: usize = 40;
/// What `(L + shift)^-1 q` may have outside the basis, relative to the eigenvalue.
const TOLERANCE: f64 = 1e-13;
/// A vector that loses more than this by orthogonalisation lies in the basis.
const VANISHED: f64 = 1e-14;

/// The `count` smallest eigenvalues, smallest first, and their eigenvectors, column after
/// column; none where the matrix is small or the iteration does not settle.
pub fn smallest(matrix: &Graph, count: usize, threads: usize) -> Option<(Vec<f64>, Vec<f64>)> {
    let (n, block) = (matrix.order(), count + GUARD);
    if n < 2 * STEPS * block {
        return None;
    }
    let inverse = Inverse::new(matrix, threads::par(threads))?;
    let mut random = Random::new(0);
    let mut start: Vec<f64> = (0..n * block).map(|_| random.uniform() - 0.5).collect();
    orthonormalise(&mut start, &[], n, Par::Seq);
    for _ in 0..RESTARTS {
        let mut krylov = Krylov::new(&inverse, start, block);
        for _ in 0..STEPS {
            krylov.extend();
            if krylov.settled(count)? {
                return Some(krylov.pairs(count));
            }
            krylov.append();
        }
        start = krylov.ritz(block);
    }
    None
}

/// `(L + shift)^-1` by its Cholesky factor.
struct Inverse {
    factor: Factor,
    n: usize,
    par: Par,
}

enum Factor {
    Full(Vec<f64>),
    Sparse(Box<sparse::Factor>),
}

impl Inverse {
    fn new(matrix: &Graph, par: Par) -> Option<Self> {
        let factor = match matrix {
            Graph::Full(matrix) => Factor::Full(factor(matrix, par)?),
            Graph::Sparse(matrix) => {
                Factor::Sparse(Box::new(sparse::Factor::new(matrix, SHIFT, par)?))
            }
        };
        let n = matrix.order();
        Some(Self { factor, n, par })
    }

    fn apply(&self, vectors: &mut [f64]) {
        let columns = vectors.len() / self.n;
        let vectors = MatMut::from_column_major_slice_mut(vectors, self.n, columns);
        match &self.factor {
            Factor::Sparse(factor) => factor.solve(vectors, self.par),
            Factor::Full(factor) => solve_in_place(
                MatRef::from_column_major_slice(factor, self.n, self.n),
                vectors,
                self.par,
                MemStack::new(&mut MemBuffer::new(StackReq::EMPTY)),
            ),
        }
    }
}

fn factor(matrix: &Symmetric, par: Par) -> Option<Vec<f64>> {
    let n = matrix.order;
    let mut shifted = matrix.values.clone();
    shifted
        .iter_mut()
        .step_by(n + 1)
        .for_each(|value| *value += SHIFT);
    dense::cholesky(shifted, n, par)
}

/// An orthonormal basis and the inverse projected on it.
struct Krylov<'a> {
    inverse: &'a Inverse,
    block: usize,
    /// n x size.
    basis: Vec<f64>,
    /// The block to come and what it stands for: the remainder is `next * rest`.
    next: Vec<f64>,
    rest: Mat<f64>,
    /// Projection, of the whole capacity; the lower triangle counts.
    projected: Mat<f64>,
    /// Its eigenvalues, smallest first, and eigenvectors.
    values: Vec<f64>,
    vectors: Mat<f64>,
}

impl<'a> Krylov<'a> {
    fn new(inverse: &'a Inverse, basis: Vec<f64>, block: usize) -> Self {
        let capacity = STEPS * block;
        Self {
            inverse,
            block,
            basis,
            next: Vec::new(),
            rest: Mat::zeros(0, 0),
            projected: Mat::zeros(capacity, capacity),
            values: Vec::new(),
            vectors: Mat::zeros(0, 0),
        }
    }

    fn size(&self) -> usize {
        self.basis.len() / self.inverse.n
    }

    /// Apply the inverse to the last block, project it, and keep what is outside the basis.
    fn extend(&mut self) {
        let (n, size) = (self.inverse.n, self.size());
        let last = size - self.block;
        let mut image = self.basis[last * n..].to_vec();
        self.inverse.apply(&mut image);
        let basis = MatRef::from_column_major_slice(&self.basis, n, size);
        let mut products = Mat::zeros(size, self.block);
        matmul(
            products.as_mut(),
            Accum::Replace,
            basis.transpose(),
            MatRef::from_column_major_slice(&image, n, self.block),
            1.0,
            self.inverse.par,
        );
        for j in 0..self.block {
            for i in 0..=last + j {
                self.projected[(last + j, i)] = products[(i, j)];
            }
        }
        self.rest = orthonormalise(&mut image, &self.basis, n, self.inverse.par);
        self.next = image;
    }

    /// Whether the `count` greatest eigenvalues have settled; none without a decomposition.
    fn settled(&mut self, count: usize) -> Option<bool> {
        let (size, block) = (self.size(), self.block);
        let projected = self.projected.as_ref().submatrix(0, 0, size, size);
        (self.values, self.vectors) = dense::eigen(projected, Par::Seq).ok()?;
        let outside = |j: usize| {
            let tail = &self.vectors.col_as_slice(j)[size - block..];
            let entry = |i: usize| -> f64 { (0..block).map(|c| self.rest[(i, c)] * tail[c]).sum() };
            (0..block).map(|i| entry(i) * entry(i)).sum::<f64>().sqrt()
        };
        let mut wanted = size - count..size;
        Some(wanted.all(|j| outside(j) <= TOLERANCE * self.values[j]))
    }

    /// Take the remainder into the basis.
    fn append(&mut self) {
        self.basis.append(&mut self.next);
    }

    /// The best `count` vectors of the basis as it was when decomposed, best first.
    fn ritz(&self, count: usize) -> Vec<f64> {
        let (n, size) = (self.inverse.n, self.values.len());
        let chosen = Mat::from_fn(size, count, |i, j| self.vectors[(i, size - 1 - j)]);
        let mut vectors = vec![0.0; n * count];
        matmul(
            MatMut::from_column_major_slice_mut(&mut vectors, n, count),
            Accum::Replace,
            MatRef::from_column_major_slice(&self.basis[..n * size], n, size),
            chosen.as_ref(),
            1.0,
            self.inverse.par,
        );
        vectors
    }

    /// The eigenvalues of the matrix itself and the vectors.
    fn pairs(&self, count: usize) -> (Vec<f64>, Vec<f64>) {
        let greatest = self.values.iter().rev().take(count);
        let values = greatest.map(|value| 1.0 / value - SHIFT).collect();
        (values, self.ritz(count))
    }
}

/// Make a block (n x b) orthonormal and orthogonal to a basis; answers the b x b upper triangle R
/// with `block - basis basis' block = block' R`. A vector that lies in the basis becomes zero.
fn orthonormalise(block: &mut [f64], basis: &[f64], n: usize, par: Par) -> Mat<f64> {
    let before: Vec<f64> = block.chunks_exact(n).map(length).collect();
    // Twice is enough (Giraud, Langou, Rozloznik and van den Eshof, 2005).
    leave(block, basis, n, par);
    let first = triangularise(block, n, &before);
    leave(block, basis, n, par);
    triangularise(block, n, &vec![1.0; before.len()]) * first
}

/// Take from a block what lies in the span of an orthonormal basis.
fn leave(block: &mut [f64], basis: &[f64], n: usize, par: Par) {
    let (b, size) = (block.len() / n, basis.len() / n);
    let basis = MatRef::from_column_major_slice(basis, n, size);
    let mut along = Mat::zeros(size, b);
    let mut block = MatMut::from_column_major_slice_mut(block, n, b);
    let seen = block.rb();
    matmul(
        along.as_mut(),
        Accum::Replace,
        basis.transpose(),
        seen,
        1.0,
        par,
    );
    matmul(block.rb_mut(), Accum::Add, basis, along.as_ref(), -1.0, par);
}

/// The QR decomposition of a block by Gram and Schmidt, every vector twice; what is left of one
/// that was `before` long and vanishes is zero.
fn triangularise(block: &mut [f64], n: usize, before: &[f64]) -> Mat<f64> {
    let mut triangle = Mat::zeros(before.len(), before.len());
    for (j, before) in before.iter().enumerate() {
        let (done, rest) = block.split_at_mut(j * n);
        let vector = &mut rest[..n];
        for _ in 0..2 {
            for (i, column) in done.chunks_exact(n).enumerate() {
                let along = kernels::dot(column, vector);
                kernels::axpy(-along, column, 0.0, vector);
                triangle[(i, j)] += along;
            }
        }
        let left = length(vector);
        if left <= VANISHED * before {
            vector.fill(0.0);
            continue;
        }
        triangle[(j, j)] = left;
        vector.iter_mut().for_each(|value| *value /= left);
    }
    triangle
}

fn length(vector: &[f64]) -> f64 {
    kernels::dot(vector, vector).sqrt()
}
