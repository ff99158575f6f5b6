//! The symmetric normalised Laplacian of a graph.

use crate::affinity::{Graph, Symmetric};
use crate::share::each_column;
use crate::sparse::Sparse;

/// `I - D^-1/2 A D^-1/2` (lower triangle) and the roots of the degrees.
#[derive(Clone, Debug)]
pub struct Laplacian {
    pub matrix: Graph,
    /// Square roots of the degrees; one for a node without edges.
    pub roots: Vec<f64>,
}

/// The Laplacian of an affinity matrix, whose diagonal does not count.
///
/// As `scipy.sparse.csgraph.laplacian(normed=True)` with the diagonal set to one, which
/// scikit-learn's spectral embedding does for nodes without edges too (von Luxburg, "A tutorial
/// on spectral clustering", 2007, section 3.2).
pub fn normalised(affinity: Graph, threads: usize) -> Laplacian {
    match affinity {
        Graph::Full(affinity) => full(affinity, threads),
        Graph::Sparse(affinity) => sparse(affinity),
    }
}

fn full(mut affinity: Symmetric, threads: usize) -> Laplacian {
    let n = affinity.order;
    let roots = roots(degrees(&affinity));
    each_column(&mut affinity.values, n, threads, |j, column| {
        column[j] = 1.0;
        for (value, root) in column[j + 1..].iter_mut().zip(&roots[j + 1..]) {
            *value = -(*value / root / roots[j]);
        }
    });
    Laplacian {
        matrix: Graph::Full(affinity),
        roots,
    }
}

fn sparse(mut affinity: Sparse) -> Laplacian {
    let mut degrees = vec![0.0; affinity.order];
    for (j, i, value) in affinity.entries_mut().filter(|(j, i, _)| i != j) {
        degrees[i] += *value;
        degrees[j] += *value;
    }
    let roots = roots(degrees);
    for (j, i, value) in affinity.entries_mut() {
        *value = if i == j {
            1.0
        } else {
            -(*value / roots[i] / roots[j])
        };
    }
    Laplacian {
        matrix: Graph::Sparse(affinity),
        roots,
    }
}

/// Square roots of the degrees; one for a node without edges.
fn roots(degrees: Vec<f64>) -> Vec<f64> {
    let root = |degree: f64| if degree == 0.0 { 1.0 } else { degree.sqrt() };
    degrees.into_iter().map(root).collect()
}

/// Sum of the affinities to the other nodes.
fn degrees(affinity: &Symmetric) -> Vec<f64> {
    let n = affinity.order;
    let mut degrees = vec![0.0; n];
    for (j, column) in affinity.values.chunks_exact(n).enumerate() {
        let (own, others) = degrees[j..].split_first_mut().expect("column j of n");
        for (value, degree) in column[j + 1..].iter().zip(others) {
            *degree += value;
            *own += value;
        }
    }
    degrees
}
