//! Gaussian mixtures by linfa-clustering.

use linfa::traits::{Fit, Predict};
use linfa_clustering::{GaussianMixtureModel, GmmInitMethod};
use ndarray::{Array1, ArrayView2};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;
use rmlbench_worker::Fault;
use rmlbench_worker::clustering::params::{self, CovarianceType, MixtureInit};
use rmlbench_worker::clustering::{Algorithm, Fitted, Given, Predicting};
use rmlbench_worker::supervised::{Matrix, Params, Resources, Rows};
use rmlbench_worker::tensors::Tensor;

use crate::data;
use crate::points::{self, Held, Points};

pub struct GaussianMixture;

pub struct Model {
    fitted: GaussianMixtureModel<f64>,
    labels: Array1<usize>,
}

impl Algorithm for GaussianMixture {
    type Form = Held;
    type Params = params::GaussianMixture;
    type Start = ();
    type Model = Model;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()?;
        let refused = |name, value: &str, allowed| Err(Fault::unsupported(name, value, allowed));
        if params.covariance_type != CovarianceType::Full {
            let allowed = "linfa's mixtures have full covariances only";
            return refused("covariance_type", "other", allowed);
        }
        if params.init == MixtureInit::Given {
            let allowed = "linfa's mixtures take neither responsibilities nor parameters to \
                           begin with: only init=\"kmeans\"";
            return refused("init", "given", allowed);
        }
        if params.tol == 0.0 {
            let allowed = "linfa's mixtures need a tolerance above 0";
            return Err(Fault::unsupported("tol", params.tol, allowed));
        }
        Ok(())
    }

    fn begin(_: &Self::Params, _: &Matrix, _: &Given<'_>) -> Result<(), Fault> {
        Ok(())
    }

    fn fit(
        params: &Self::Params,
        data: &Points,
        (): &(),
        resources: Resources,
    ) -> Result<Model, Fault> {
        points::check(data)?;
        let rng = Xoshiro256Plus::seed_from_u64(resources.seed as u64);
        let fitted = GaussianMixtureModel::params_with_rng(params.n_components as usize, rng)
            .init_method(GmmInitMethod::KMeans)
            .tolerance(params.tol)
            .reg_covariance(params.reg_covar)
            .max_n_iterations(params.max_iter)
            .fit(data)
            .map_err(data::refused)?;
        let labels = fitted.predict(&data.records);
        Ok(Model { fitted, labels })
    }
}

impl Predicting for GaussianMixture {
    type Input<'a> = ArrayView2<'a, f64>;

    fn input(rows: Rows<'_>) -> ArrayView2<'_, f64> {
        points::input(rows)
    }

    fn predict(model: &Model, input: &ArrayView2<'_, f64>) -> Result<Vec<f64>, Fault> {
        data::check_input(input, model.fitted.means().ncols())?;
        let labels: Array1<usize> = model.fitted.predict(input);
        Ok(points::predictions(&labels))
    }
}

impl Fitted for Model {
    fn outputs(&self) -> Vec<Tensor> {
        let (weights, means) = (self.fitted.weights(), self.fitted.means());
        let covariances = self.fitted.covariances();
        let values = |name, shape: &[usize], values: Vec<f64>| Tensor::new(name, shape, &values);
        vec![
            points::labels(&self.labels),
            values("weights", weights.shape(), weights.to_vec()),
            values("means", means.shape(), means.iter().copied().collect()),
            values(
                "covariances",
                covariances.shape(),
                covariances.iter().copied().collect(),
            ),
        ]
    }
}
