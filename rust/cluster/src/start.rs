//! What a Gaussian mixture begins with.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::check_finite;

use crate::density::Gaussians;
use crate::mixture::{self, Params};
use crate::moments::Estimator;
use crate::points::{Points, shifted};
use crate::precision;
use crate::tiles::Tiles;

/// What to begin with.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// n x k, row after row: an M-step comes first.
    Responsibilities(&'a [f64]),
    Parameters(&'a Parameters),
}

/// scikit-learn's `weights_init` (k), `means_init` (k x d) and `precisions_init` (in the
/// covariances' shape).
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    pub weights: Vec<f64>,
    pub means: Vec<f64>,
    pub precisions: Vec<f64>,
}

impl Parameters {
    /// What an M-step makes of responsibilities (n x k, row after row).
    pub fn from_responsibilities(
        points: &Points<'_>,
        params: &Params,
        responsibilities: &[f64],
        threads: usize,
    ) -> Result<Self, Fault> {
        let start = Start::Responsibilities(responsibilities);
        mixture::check(points, params)?;
        start.check(points, params)?;
        let centred = points.centred()?;
        let x = Tiles::from_rows(centred.points().values, points.width);
        let estimator = Estimator::new(&x, params.covariance, params.reg_covar, threads);
        let model = start.components(&estimator, params, &centred.mean, points.rows as f64)?;
        let (kind, k, d) = (params.covariance, params.n_components, points.width);
        Ok(Self {
            precisions: precision::to_precisions(kind, &model.factors, k, d),
            means: shifted(&model.means, &centred.mean, 1.0),
            weights: model.weights,
        })
    }
}

impl Start<'_> {
    /// The components to begin with, about `mean`; `n` is the number of points.
    pub(crate) fn components(
        self,
        estimator: &Estimator<'_>,
        params: &Params,
        mean: &[f64],
        n: f64,
    ) -> Result<Gaussians, Fault> {
        let (kind, k, d) = (params.covariance, params.n_components, mean.len());
        match self {
            Self::Responsibilities(resp) => {
                let moments = estimator.estimate(&Tiles::from_rows(resp, k));
                mixture::gaussians(&moments, params, n)
            }
            Self::Parameters(given) => Ok(Gaussians {
                kind,
                weights: given.weights.clone(),
                means: shifted(&given.means, mean, -1.0),
                factors: precision::from_precisions(kind, &given.precisions, k, d)?,
            }),
        }
    }

    /// Refuse what has another shape than the points and parameters ask for, or is not finite.
    pub(crate) fn check(self, points: &Points<'_>, params: &Params) -> Result<(), Fault> {
        let (n, k, d) = (points.rows, params.n_components, points.width);
        let (blocks, size) = params.covariance.blocks(k, d);
        let given: &[(&str, &[f64], usize)] = match self {
            Self::Responsibilities(resp) => &[("responsibilities", resp, n * k)],
            Self::Parameters(given) => &[
                ("weights", &given.weights, k),
                ("means", &given.means, k * d),
                ("precisions", &given.precisions, blocks * size),
            ],
        };
        for (name, values, length) in given {
            if values.len() != *length {
                let allowed = format!("must have {length} values");
                return Err(Fault::data(name, values.len(), allowed));
            }
            check_finite(name, values)?;
        }
        Ok(())
    }
}
