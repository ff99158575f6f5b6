//! k-means by Lloyd's algorithm, as scikit-learn's `KMeans(algorithm="lloyd", n_init=1)`.
//!
//! Minimises the inertia `sum_i min_j |x_i - c_j|^2` (scikit-learn user guide, "K-means";
//! Lloyd, "Least squares quantization in PCM", 1982).

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::check_finite;

use crate::kernels;
use crate::points::{Points, shifted};
use crate::{lloyd, relocate, seeding};

/// Hyper-parameters; the defaults are scikit-learn's.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    pub n_clusters: usize,
    pub max_iter: u64,
    /// Relative to the mean of the coordinates' variances.
    pub tol: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            n_clusters: 8,
            max_iter: 300,
            tol: 1e-4,
        }
    }
}

/// The centres to begin with.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// k x d, row after row, in the points' coordinates.
    Centres(&'a [f64]),
    /// k-means++ from this seed.
    PlusPlus(u64),
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct KMeans {
    /// k x d, row after row.
    pub centres: Vec<f64>,
    /// The cluster of every point.
    pub labels: Vec<u32>,
    /// Sum of the squared distances to the own centre.
    pub inertia: f64,
    pub n_iter: u64,
}

/// Fit to the points.
///
/// Stops where no label changes, or where the squared shift of all centres together is at most
/// `tol` times the mean variance; then the labels are made anew for the last centres.
pub fn fit(
    points: &Points<'_>,
    params: &Params,
    start: Start<'_>,
    threads: usize,
) -> Result<KMeans, Fault> {
    let centred = points.centred()?;
    check(points, params, start)?;
    let x = centred.points();
    let mut centres = match start {
        Start::Centres(centres) => shifted(centres, &centred.mean, -1.0),
        Start::PlusPlus(seed) => {
            let chosen = seeding::plus_plus(&x, params.n_clusters, seed, threads);
            chosen.iter().flat_map(|i| x.row(*i)).copied().collect()
        }
    };
    let tolerance = params.tol * mean_variance(&x);
    let mut labels = vec![u32::MAX; x.rows];
    let n_iter = iterate(
        &x,
        &mut centres,
        &mut labels,
        params.max_iter,
        tolerance,
        threads,
    );
    let inertia = lloyd::inertia(&x, &centres, &labels, threads);
    Ok(KMeans {
        centres: shifted(&centres, &centred.mean, 1.0),
        labels,
        inertia,
        n_iter,
    })
}

/// Move the centres until they rest; answers the iterations made.
fn iterate(
    x: &Points<'_>,
    centres: &mut Vec<f64>,
    labels: &mut [u32],
    max_iter: u64,
    tolerance: f64,
    threads: usize,
) -> u64 {
    let mut previous = labels.to_vec();
    let mut n_iter = 0;
    while n_iter < max_iter {
        n_iter += 1;
        let sums = lloyd::assign_and_sum(x, centres, labels, threads);
        let updated = relocate::update(x, centres, labels, sums);
        let moved = centres.iter().zip(&updated);
        let shift: f64 = moved.map(|(old, new)| (new - old) * (new - old)).sum();
        *centres = updated;
        if *labels == *previous {
            return n_iter;
        }
        if shift <= tolerance {
            break;
        }
        previous.copy_from_slice(labels);
    }
    lloyd::assign(x, centres, labels, threads);
    n_iter
}

/// Mean over the coordinates of the variance, from centred points.
fn mean_variance(x: &Points<'_>) -> f64 {
    kernels::dot(x.values, x.values) / x.values.len() as f64
}

fn check(points: &Points<'_>, params: &Params, start: Start<'_>) -> Result<(), Fault> {
    let (n, k) = (points.rows, params.n_clusters);
    if k < 1 || k > n {
        let allowed = format!("must be between 1 and the {n} points");
        return Err(Fault::parameter("n_clusters", k, allowed));
    }
    if params.max_iter < 1 {
        return Err(Fault::parameter(
            "max_iter",
            params.max_iter,
            "must be at least 1",
        ));
    }
    if !(params.tol.is_finite() && params.tol >= 0.0) {
        return Err(Fault::parameter("tol", params.tol, "must be at least 0"));
    }
    if let Start::Centres(centres) = start {
        if centres.len() != k * points.width {
            let allowed = format!("must be {k} x {} values", points.width);
            return Err(Fault::data("centres", centres.len(), allowed));
        }
        check_finite("centres", centres)?;
    }
    Ok(())
}

impl KMeans {
    /// The nearest centre of every point.
    pub fn predict(&self, points: &Points<'_>, threads: usize) -> Result<Vec<u32>, Fault> {
        check_finite("x", points.values)?;
        let mut labels = vec![0; points.rows];
        lloyd::assign(points, &self.centres, &mut labels, threads);
        Ok(labels)
    }
}
