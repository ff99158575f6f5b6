//! Gaussian mixtures by expectation maximisation.

use rmlbench_cluster::covariance::Covariance;
use rmlbench_cluster::kmeans;
use rmlbench_cluster::mixture::{self, Mixture};
use rmlbench_cluster::points::Points;
use rmlbench_cluster::start::{Parameters, Start};
use rmlbench_worker::Fault;
use rmlbench_worker::clustering::params::{self, CovarianceType, MixtureInit};
use rmlbench_worker::clustering::{Algorithm, Fitted, Given, Predicting, labels_output, nearest};
use rmlbench_worker::supervised::{Matrix, Resources, Rows};
use rmlbench_worker::tensors::Tensor;

use crate::points::{self, Held};

pub struct GaussianMixture;

pub struct Model {
    fitted: Mixture,
    kind: Covariance,
    width: usize,
    threads: usize,
}

impl Algorithm for GaussianMixture {
    type Form = Held;
    type Params = params::GaussianMixture;
    /// What one M-step makes of the given start; none where k-means comes first.
    type Start = Option<Parameters>;
    type Model = Model;

    fn begin(
        params: &Self::Params,
        points: &Matrix,
        given: &Given<'_>,
    ) -> Result<Self::Start, Fault> {
        if params.init == MixtureInit::KMeans {
            return Ok(None);
        }
        let settings = settings(params);
        let centres = given.points(settings.n_components, points)?;
        let labels = nearest(points, &centres);
        let resp = responsibilities(labels.into_iter(), settings.n_components);
        let rows = points.by_rows();
        let points = Points::new(&rows, points.columns);
        Parameters::from_responsibilities(&points, &settings, &resp, 1).map(Some)
    }

    fn fit(
        params: &Self::Params,
        data: &Matrix,
        start: &Self::Start,
        resources: Resources,
    ) -> Result<Model, Fault> {
        let rows = data.by_rows();
        let points = Points::new(&rows, data.columns);
        let settings = settings(params);
        let resp: Vec<f64>;
        let start = match start {
            Some(given) => Start::Parameters(given),
            None => {
                resp = from_kmeans(&points, settings.n_components, resources)?;
                Start::Responsibilities(&resp)
            }
        };
        Ok(Model {
            fitted: mixture::fit(&points, &settings, start, resources.threads)?,
            kind: settings.covariance,
            width: data.columns,
            threads: resources.threads,
        })
    }
}

fn settings(params: &params::GaussianMixture) -> mixture::Params {
    mixture::Params {
        n_components: params.n_components as usize,
        covariance: match params.covariance_type {
            CovarianceType::Full => Covariance::Full,
            CovarianceType::Tied => Covariance::Tied,
            CovarianceType::Diag => Covariance::Diag,
            CovarianceType::Spherical => Covariance::Spherical,
        },
        tol: params.tol,
        reg_covar: params.reg_covar,
        max_iter: params.max_iter,
    }
}

/// One for the component of each point, n x k.
fn responsibilities(labels: impl ExactSizeIterator<Item = usize>, k: usize) -> Vec<f64> {
    let mut resp = vec![0.0; labels.len() * k];
    for (row, label) in resp.chunks_exact_mut(k).zip(labels) {
        row[label] = 1.0;
    }
    resp
}

/// Responsibilities from our k-means with scikit-learn's defaults.
fn from_kmeans(points: &Points<'_>, k: usize, resources: Resources) -> Result<Vec<f64>, Fault> {
    let settings = kmeans::Params {
        n_clusters: k,
        ..Default::default()
    };
    let start = kmeans::Start::PlusPlus(resources.seed as u64);
    let found = kmeans::fit(points, &settings, start, resources.threads)?;
    let labels = found.labels.iter().map(|label| *label as usize);
    Ok(responsibilities(labels, k))
}

impl Predicting for GaussianMixture {
    type Input<'a> = Rows<'a>;

    fn input(rows: Rows<'_>) -> Rows<'_> {
        rows
    }

    fn predict(model: &Model, rows: &Rows<'_>) -> Result<Vec<f64>, Fault> {
        let points = points::of(rows, model.width)?;
        let threads = points::threads(rows, model.threads);
        Ok(points::predictions(
            &model.fitted.predict(&points, threads)?,
        ))
    }
}

impl Fitted for Model {
    fn outputs(&self) -> Vec<Tensor> {
        let found = &self.fitted;
        let (k, d) = (found.weights().len(), self.width);
        let bounds = &found.lower_bounds;
        vec![
            labels_output(found.labels.iter().map(|label| i64::from(*label))),
            Tensor::new("weights", &[k], found.weights()),
            Tensor::new("means", &[k, d], &found.means()),
            Tensor::new("covariances", &self.kind.shape(k, d), &found.covariances),
            Tensor::new("n_iter", &[1], &[found.n_iter() as i64]),
            Tensor::new("log_likelihood", &[1], &[found.score]),
            Tensor::new("objective", &[bounds.len()], bounds),
        ]
    }
}
