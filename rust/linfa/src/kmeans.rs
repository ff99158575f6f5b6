//! k-means by linfa-clustering.

use linfa::traits::{Fit, Predict};
use linfa_clustering::{KMeans as LinfaKMeans, KMeansInit};
use linfa_nn::distance::L2Dist;
use ndarray::{Array1, Array2, ArrayView2, Axis};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;
use rmlbench_worker::Fault;
use rmlbench_worker::clustering::params::{self, KMeansInit as Init};
use rmlbench_worker::clustering::{Algorithm, Fitted, Given, Predicting};
use rmlbench_worker::supervised::{Matrix, Params, Resources, Rows};
use rmlbench_worker::tensors::Tensor;

use crate::data;
use crate::points::{self, Held, Points};

pub struct KMeans;

pub struct Model {
    fitted: LinfaKMeans<f64, L2Dist>,
    labels: Array1<usize>,
}

impl Algorithm for KMeans {
    type Form = Held;
    type Params = params::KMeans;
    type Start = KMeansInit<f64>;
    type Model = Model;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()?;
        if params.tol == 0.0 {
            let allowed = "linfa's k-means needs a tolerance above 0";
            return Err(Fault::unsupported("tol", params.tol, allowed));
        }
        Ok(())
    }

    fn begin(
        params: &Self::Params,
        points: &Matrix,
        given: &Given<'_>,
    ) -> Result<Self::Start, Fault> {
        if params.init == Init::PlusPlus {
            return Ok(KMeansInit::KMeansPlusPlus);
        }
        let k = params.n_clusters as usize;
        let centres = Array2::from_shape_vec((k, points.columns), given.points(k, points)?);
        Ok(KMeansInit::Precomputed(
            centres.expect("the values fill the shape"),
        ))
    }

    /// linfa's tolerance is a length, not relative to the data: the root of scikit-learn's,
    /// `tol` times the mean variance of the columns, which bounds the squared shift of all
    /// centres together.
    fn fit(
        params: &Self::Params,
        data: &Points,
        start: &Self::Start,
        resources: Resources,
    ) -> Result<Model, Fault> {
        points::check(data)?;
        let variance = data.records.var_axis(Axis(0), 0.0).mean();
        let squared = params.tol * variance.expect("there are columns");
        let rng = Xoshiro256Plus::seed_from_u64(resources.seed as u64);
        let fitted = LinfaKMeans::params_with_rng(params.n_clusters as usize, rng)
            .init_method(start.clone())
            .n_runs(params.n_init as usize)
            .max_n_iterations(params.max_iter)
            .tolerance(squared.sqrt().max(f64::MIN_POSITIVE))
            .fit(data)
            .map_err(data::refused)?;
        let labels = fitted.predict(&data.records);
        Ok(Model { fitted, labels })
    }
}

impl Predicting for KMeans {
    type Input<'a> = ArrayView2<'a, f64>;

    fn input(rows: Rows<'_>) -> ArrayView2<'_, f64> {
        points::input(rows)
    }

    fn predict(model: &Model, input: &ArrayView2<'_, f64>) -> Result<Vec<f64>, Fault> {
        data::check_input(input, model.fitted.centroids().ncols())?;
        let labels: Array1<usize> = model.fitted.predict(input);
        Ok(points::predictions(&labels))
    }
}

impl Fitted for Model {
    /// The inertia is linfa's: of the last centres but one, and here a sum.
    fn outputs(&self) -> Vec<Tensor> {
        let centres = self.fitted.centroids();
        let values: Vec<f64> = centres.iter().copied().collect();
        let inertia = self.fitted.inertia() * self.labels.len() as f64;
        vec![
            points::labels(&self.labels),
            Tensor::new("centres", centres.shape(), &values),
            Tensor::new("inertia", &[1], &[inertia]),
        ]
    }
}
