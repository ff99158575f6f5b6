//! faer's factorisations of symmetric matrices, on the threads told and in plain memory.

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::{Mat, MatMut, MatRef, Par};
use rmlbench_worker::Fault;

use crate::wide;

/// The Cholesky factor L of a matrix of which the lower triangle is read, column after column
/// with zeros above the diagonal; none where it is not positive definite.
pub fn cholesky(mut matrix: Vec<f64>, n: usize, par: Par) -> Option<Vec<f64>> {
    let scratch = cholesky_in_place_scratch::<f64>(n, par, Default::default());
    let done = cholesky_in_place(
        MatMut::from_column_major_slice_mut(&mut matrix, n, n),
        Default::default(),
        par,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Default::default(),
    );
    for (j, column) in matrix.chunks_exact_mut(n).enumerate() {
        column[..j].fill(0.0);
    }
    done.ok().map(|_| matrix)
}

/// All eigenvalues, smallest first, and eigenvectors of a matrix of which the lower triangle is
/// read.
pub fn eigen(matrix: MatRef<'_, f64>, par: Par) -> Result<(Vec<f64>, Mat<f64>), Fault> {
    let n = matrix.nrows();
    let mut values = Diag::zeros(n);
    let mut vectors = Mat::zeros(n, n);
    let scratch =
        self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, par, Default::default());
    let done = self_adjoint_evd(
        matrix,
        values.as_mut(),
        Some(vectors.as_mut()),
        par,
        MemStack::new(&mut MemBuffer::new(scratch)),
        Default::default(),
    );
    wide::clear_upper_halves();
    done.map_err(|error| {
        let words = format!("{error:?}");
        Fault::numerical("x_train", words, "the eigenvalue iteration must converge")
    })?;
    let values = (0..n).map(|i| values.column_vector()[i]).collect();
    Ok((values, vectors))
}
