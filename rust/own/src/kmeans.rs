//! k-means by Lloyd's algorithm.

use rmlbench_cluster::kmeans::{self, Start};
use rmlbench_cluster::points::Points;
use rmlbench_worker::Fault;
use rmlbench_worker::clustering::params::{self, KMeansInit};
use rmlbench_worker::clustering::{Algorithm, Fitted, Given, Predicting, labels_output};
use rmlbench_worker::supervised::{Matrix, Resources, Rows};
use rmlbench_worker::tensors::Tensor;

use crate::points::{self, Held};

pub struct KMeans;

pub struct Model {
    fitted: kmeans::KMeans,
    width: usize,
    threads: usize,
}

impl Algorithm for KMeans {
    type Form = Held;
    type Params = params::KMeans;
    /// The centres to begin with, k x d; none where they are drawn.
    type Start = Option<Vec<f64>>;
    type Model = Model;

    fn begin(
        params: &Self::Params,
        points: &Matrix,
        given: &Given<'_>,
    ) -> Result<Self::Start, Fault> {
        match params.init {
            KMeansInit::Given => given.points(params.n_clusters as usize, points).map(Some),
            KMeansInit::PlusPlus => Ok(None),
        }
    }

    /// The run of least inertia; drawn starts are of the seeds from the job's on.
    fn fit(
        params: &Self::Params,
        data: &Matrix,
        start: &Self::Start,
        resources: Resources,
    ) -> Result<Model, Fault> {
        let rows = data.by_rows();
        let settings = kmeans::Params {
            n_clusters: params.n_clusters as usize,
            max_iter: params.max_iter,
            tol: params.tol,
        };
        let run = |number: u64| {
            let begin = match start {
                Some(centres) => Start::Centres(centres),
                None => Start::PlusPlus((resources.seed as u64).wrapping_add(number)),
            };
            let points = Points::new(&rows, data.columns);
            kmeans::fit(&points, &settings, begin, resources.threads)
        };
        let mut best = run(0)?;
        for number in 1..params.n_init {
            let next = run(number)?;
            if next.inertia < best.inertia {
                best = next;
            }
        }
        Ok(Model {
            fitted: best,
            width: data.columns,
            threads: resources.threads,
        })
    }
}

impl Predicting for KMeans {
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
        let kmeans::KMeans {
            centres,
            labels,
            inertia,
            n_iter,
        } = &self.fitted;
        vec![
            labels_output(labels.iter().map(|label| i64::from(*label))),
            Tensor::new(
                "centres",
                &[centres.len() / self.width, self.width],
                centres,
            ),
            Tensor::new("inertia", &[1], &[*inertia]),
            Tensor::new("n_iter", &[1], &[*n_iter as i64]),
        ]
    }
}
