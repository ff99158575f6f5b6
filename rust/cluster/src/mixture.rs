//! Gaussian mixtures by expectation maximisation, as scikit-learn's `GaussianMixture` with
//! `n_init=1` does it from a given start.
//!
//! Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
//! 1977; scikit-learn user guide, "Gaussian mixture models".

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::check_finite;

use crate::covariance::Covariance;
use crate::density::Gaussians;
use crate::moments::{Estimator, Moments};
use crate::points::{Points, shifted};
use crate::precision;
use crate::start::Start;
use crate::tiles::Tiles;

/// Hyper-parameters; the defaults are scikit-learn's.
#[derive(Clone, Copy, Debug)]
pub struct Params {
    pub n_components: usize,
    pub covariance: Covariance,
    /// Least change of the lower bound that goes on.
    pub tol: f64,
    /// Added to every variance.
    pub reg_covar: f64,
    pub max_iter: u64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            n_components: 1,
            covariance: Covariance::Full,
            tol: 1e-3,
            reg_covar: 1e-6,
            max_iter: 100,
        }
    }
}

/// What was found. Matrices are held row after row.
#[derive(Clone, Debug)]
pub struct Mixture {
    /// The components, about the mean of the points.
    model: Gaussians,
    shift: Vec<f64>,
    /// In the covariances' shape, `reg_covar` included.
    pub covariances: Vec<f64>,
    /// Most probable component of every point under the final parameters.
    pub labels: Vec<u32>,
    /// Mean log-likelihood of a point at the E-step of every iteration.
    pub lower_bounds: Vec<f64>,
    pub converged: bool,
    /// Mean log-likelihood of a point under the final parameters.
    pub score: f64,
    /// `-2 n score + parameters ln n`
    pub bic: f64,
}

/// Fit to the points, from a start.
///
/// An iteration is an E-step, an M-step, and the mean log-likelihood of the E-step as lower
/// bound; it is the last where the bound changed by less than `tol`. The points are centred first:
/// a component that no point belongs to stands at their mean (in scikit-learn at the origin).
pub fn fit(
    points: &Points<'_>,
    params: &Params,
    start: Start<'_>,
    threads: usize,
) -> Result<Mixture, Fault> {
    check(points, params)?;
    start.check(points, params)?;
    let centred = points.centred()?;
    let x = Tiles::from_rows(centred.points().values, points.width);
    let n = x.rows() as f64;
    let estimator = Estimator::new(&x, params.covariance, params.reg_covar, threads);
    let mut model = start.components(&estimator, params, &centred.mean, n)?;
    let mut resp = Tiles::zeros(x.rows(), params.n_components);
    let mut covariances = Vec::new();
    let mut lower_bounds: Vec<f64> = Vec::new();
    let mut converged = false;
    while !converged && (lower_bounds.len() as u64) < params.max_iter {
        let bound = model.expect(&x, &mut resp, threads) / n;
        let moments = estimator.estimate(&resp);
        let total = moments.counts.iter().sum();
        model = gaussians(&moments, params, total)?;
        covariances = moments.covariances;
        converged = lower_bounds
            .last()
            .is_some_and(|last| (bound - last).abs() < params.tol);
        lower_bounds.push(bound);
    }
    let likelihood = model.expect(&x, &mut resp, threads);
    let parameters = params
        .covariance
        .parameters(params.n_components, points.width);
    Ok(Mixture {
        model,
        shift: centred.mean,
        covariances,
        labels: most_probable(&resp),
        lower_bounds,
        converged,
        score: likelihood / n,
        bic: parameters as f64 * n.ln() - 2.0 * likelihood,
    })
}

/// The components with these moments; the weights are the counts by `total`.
pub(crate) fn gaussians(
    moments: &Moments,
    params: &Params,
    total: f64,
) -> Result<Gaussians, Fault> {
    let (kind, k) = (params.covariance, params.n_components);
    let d = moments.means.len() / k;
    let covariances = &moments.covariances;
    Ok(Gaussians {
        kind,
        weights: moments.counts.iter().map(|count| count / total).collect(),
        means: moments.means.clone(),
        factors: precision::from_covariances(kind, covariances, k, d, params.reg_covar)?,
    })
}

/// The greatest responsibility of every row, the first of equals.
fn most_probable(resp: &Tiles) -> Vec<u32> {
    let rows = resp.to_rows();
    let best = |row: &[f64]| {
        let better = |best: usize, j: usize| if row[j] > row[best] { j } else { best };
        (0..row.len()).fold(0, better) as u32
    };
    rows.chunks_exact(resp.width()).map(best).collect()
}

impl Mixture {
    /// k, sum one.
    pub fn weights(&self) -> &[f64] {
        &self.model.weights
    }

    /// k x d, in the points' coordinates.
    pub fn means(&self) -> Vec<f64> {
        shifted(&self.model.means, &self.shift, 1.0)
    }

    /// scikit-learn's `precisions_cholesky_`, in the covariances' shape.
    pub fn precisions_cholesky(&self) -> &[f64] {
        &self.model.factors
    }

    pub fn n_iter(&self) -> u64 {
        self.lower_bounds.len() as u64
    }

    /// Probabilities of the components (n x k) and the mean log-likelihood of a point.
    pub fn probabilities(
        &self,
        points: &Points<'_>,
        threads: usize,
    ) -> Result<(Tiles, f64), Fault> {
        check_finite("x", points.values)?;
        let x = Tiles::from_rows(&shifted(points.values, &self.shift, -1.0), points.width);
        let mut resp = Tiles::zeros(points.rows, self.model.weights.len());
        let likelihood = self.model.expect(&x, &mut resp, threads);
        Ok((resp, likelihood / points.rows as f64))
    }

    /// The most probable component of every point.
    pub fn predict(&self, points: &Points<'_>, threads: usize) -> Result<Vec<u32>, Fault> {
        Ok(most_probable(&self.probabilities(points, threads)?.0))
    }
}

pub(crate) fn check(points: &Points<'_>, params: &Params) -> Result<(), Fault> {
    let (n, k) = (points.rows, params.n_components);
    if k < 1 || k > n || n < 2 {
        let allowed = format!("must be between 1 and the {n} points, of which there must be 2");
        return Err(Fault::parameter("n_components", k, allowed));
    }
    if params.max_iter < 1 {
        return Err(Fault::parameter(
            "max_iter",
            params.max_iter,
            "must be at least 1",
        ));
    }
    for (name, value) in [("tol", params.tol), ("reg_covar", params.reg_covar)] {
        if !(value.is_finite() && value >= 0.0) {
            return Err(Fault::parameter(name, value, "must be at least 0"));
        }
    }
    Ok(())
}
