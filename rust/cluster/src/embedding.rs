//! Spectral embedding: the first eigenvectors of the normalised Laplacian.

use faer::MatRef;
use rmlbench_worker::Fault;

use crate::dense;
use crate::lanczos;
use crate::laplacian::Laplacian;
use crate::threads;

/// How the eigenvectors are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// Block Lanczos on the shifted inverse, as scikit-learn's `arpack` does it; small matrices
    /// are decomposed whole.
    ShiftInvert,
    /// The whole decomposition.
    Dense,
}

/// Eigenvalues, smallest first, and the points' places.
#[derive(Clone, Debug)]
pub struct Embedding {
    /// The smallest of the Laplacian, as many as components.
    pub eigenvalues: Vec<f64>,
    /// n x components, row after row.
    pub values: Vec<f64>,
}

/// Eigenvectors of the `components` smallest eigenvalues, each divided by the roots of the
/// degrees and turned so that its greatest entry by absolute value is positive (Shi and Malik,
/// "Normalized cuts and image segmentation", 2000; scikit-learn's
/// `spectral_embedding(drop_first=False)`).
///
/// Where an eigenvalue is repeated its vectors are any basis of their space.
pub fn embed(
    laplacian: &Laplacian,
    components: usize,
    solver: Solver,
    threads: usize,
) -> Result<Embedding, Fault> {
    let n = laplacian.roots.len();
    let found = match solver {
        Solver::ShiftInvert => lanczos::smallest(&laplacian.matrix, components, threads),
        Solver::Dense => None,
    };
    let (eigenvalues, vectors) = match found {
        Some(found) => found,
        None => whole(laplacian, components, threads)?,
    };
    let mut values = vec![0.0; n * components];
    for (c, column) in vectors.chunks_exact(n).enumerate() {
        let column = column.iter().zip(&laplacian.roots);
        let scaled: Vec<f64> = column.map(|(value, root)| value / root).collect();
        let sign = sign(&scaled);
        for (row, value) in values.chunks_exact_mut(components).zip(&scaled) {
            row[c] = sign * value;
        }
    }
    Ok(Embedding {
        eigenvalues,
        values,
    })
}

/// The same by the whole decomposition; vectors column after column.
fn whole(
    laplacian: &Laplacian,
    components: usize,
    threads: usize,
) -> Result<(Vec<f64>, Vec<f64>), Fault> {
    let n = laplacian.roots.len();
    let matrix = laplacian.matrix.dense();
    let matrix = MatRef::from_column_major_slice(&matrix.values, n, n);
    let (mut values, vectors) = dense::eigen(matrix, threads::par(threads))?;
    values.truncate(components);
    let columns = (0..components).flat_map(|c| vectors.col_as_slice(c));
    Ok((values, columns.copied().collect()))
}

/// The sign of the greatest entry by absolute value, the first of equals.
fn sign(values: &[f64]) -> f64 {
    let greater = |best: f64, value: &f64| {
        if value.abs() > best.abs() {
            *value
        } else {
            best
        }
    };
    values.iter().fold(0.0, greater).signum()
}
