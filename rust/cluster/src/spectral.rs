//! Spectral clustering, as scikit-learn's `SpectralClustering(assign_labels="cluster_qr")`.
//!
//! The points' affinities, the first eigenvectors of their normalised Laplacian, and clusters
//! of the rows of these (Shi and Malik, 2000; von Luxburg, "A tutorial on spectral clustering",
//! 2007; scikit-learn user guide, "Spectral clustering").

use rmlbench_worker::Fault;

use crate::affinity::Affinity;
use crate::embedding::Solver;
use crate::points::Points;
use crate::{cluster_qr, embedding, laplacian};

/// Hyper-parameters; the defaults are scikit-learn's. There are as many eigenvectors as
/// clusters.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    pub n_clusters: usize,
    pub affinity: Affinity,
    pub solver: Solver,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            n_clusters: 8,
            affinity: Affinity::Rbf { gamma: 1.0 },
            solver: Solver::ShiftInvert,
        }
    }
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Spectral {
    /// The cluster of every point.
    pub labels: Vec<u32>,
    /// The k smallest of the Laplacian, smallest first.
    pub eigenvalues: Vec<f64>,
    /// n x k, row after row.
    pub embedding: Vec<f64>,
}

/// Cluster the points.
pub fn fit(points: &Points<'_>, params: &Params, threads: usize) -> Result<Spectral, Fault> {
    let (n, k) = (points.rows, params.n_clusters);
    if k < 1 || k > n || n < 2 {
        let allowed = format!("must be between 1 and the {n} points, of which there must be 2");
        return Err(Fault::parameter("n_clusters", k, allowed));
    }
    let affinity = params.affinity.of(points, threads)?;
    let laplacian = laplacian::normalised(affinity, threads);
    let embedding = embedding::embed(&laplacian, k, params.solver, threads)?;
    Ok(Spectral {
        labels: cluster_qr::label(&embedding.values, k)?,
        eigenvalues: embedding.eigenvalues,
        embedding: embedding.values,
    })
}
