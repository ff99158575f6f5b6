//! Affinities between points.

use std::borrow::Cow;

use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, MatMut};
use rmlbench_worker::Fault;

use crate::neighbours;
use crate::points::{Points, squared_norms};
use crate::share::each_column;
use crate::sparse::Sparse;
use crate::threads;

/// How alike two points are.
#[derive(Clone, Copy, Debug)]
pub enum Affinity {
    /// `exp(-gamma |x - y|^2)`, of all pairs.
    Rbf { gamma: f64 },
    /// One for each of a point's `n_neighbors` nearest points, itself included; the mean of
    /// both directions, as scikit-learn's `0.5 * (A + A.T)`.
    NearestNeighbors { n_neighbors: usize },
}

/// A symmetric n x n matrix, column after column, of which the lower triangle is kept.
#[derive(Clone, Debug)]
pub struct Symmetric {
    pub values: Vec<f64>,
    pub order: usize,
}

/// Affinities, or what is made of them: of all pairs, or of those that have any.
#[derive(Clone, Debug)]
pub enum Graph {
    Full(Symmetric),
    Sparse(Sparse),
}

impl Graph {
    /// Number of nodes.
    pub fn order(&self) -> usize {
        match self {
            Self::Full(matrix) => matrix.order,
            Self::Sparse(matrix) => matrix.order,
        }
    }

    /// The same with all entries.
    pub fn dense(&self) -> Cow<'_, Symmetric> {
        match self {
            Self::Full(matrix) => Cow::Borrowed(matrix),
            Self::Sparse(matrix) => Cow::Owned(matrix.dense()),
        }
    }
}

impl Symmetric {
    pub fn zeros(order: usize) -> Self {
        Self {
            values: vec![0.0; order * order],
            order,
        }
    }

    /// The entry of two points.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.values[i.min(j) * self.order + i.max(j)]
    }
}

impl Affinity {
    /// The affinities of the points.
    pub fn of(&self, points: &Points<'_>, threads: usize) -> Result<Graph, Fault> {
        match *self {
            Self::Rbf { gamma } => {
                if !(gamma.is_finite() && gamma > 0.0) {
                    return Err(Fault::parameter("gamma", gamma, "must be above 0"));
                }
                Ok(Graph::Full(rbf(
                    &points.centred()?.points(),
                    gamma,
                    threads,
                )))
            }
            Self::NearestNeighbors { n_neighbors } => {
                neighbours::graph(points, n_neighbors, threads).map(Graph::Sparse)
            }
        }
    }
}

/// `exp(-gamma (|x|^2 + |y|^2 - 2 x . y))`, squared distances below zero taken as zero.
fn rbf(points: &Points<'_>, gamma: f64, threads: usize) -> Symmetric {
    let n = points.rows;
    let norms = squared_norms(points.values, points.width);
    let mut kernel = Symmetric::zeros(n);
    let x = points.matrix(&(0..n));
    triangular::matmul(
        MatMut::from_column_major_slice_mut(&mut kernel.values, n, n),
        BlockStructure::TriangularLower,
        Accum::Replace,
        x,
        BlockStructure::Rectangular,
        x.transpose(),
        BlockStructure::Rectangular,
        1.0,
        threads::par(threads),
    );
    each_column(&mut kernel.values, n, threads, |j, column| {
        for (value, norm) in column[j..].iter_mut().zip(&norms[j..]) {
            let distance = (norm + norms[j] - 2.0 * *value).max(0.0);
            *value = (-gamma * distance).exp();
        }
        column[j] = 1.0;
    });
    kernel
}
