//! What ridge, lasso and elastic net share: linfa-elasticnet on data the caller centres.

use linfa::traits::{Fit, Predict};
use linfa::{Dataset, DatasetBase};
use linfa_elasticnet::ElasticNet;
use ndarray::{Array1, ArrayView2};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Fitted, convergence_attributes, params};
use rmlbench_worker::tensors::Tensor;

use crate::data::{self, Data, Held};

/// linfa's model and the mean of the columns it was fitted without.
pub struct Model {
    fitted: ElasticNet<f64>,
    x_mean: Array1<f64>,
    rows: usize,
}

/// Fit linfa's elastic net.
pub fn fit(params: &params::ElasticNet, data: &Data) -> Result<Model, Fault> {
    data::check(data)?;
    let solver = ElasticNet::params()
        .penalty(params.alpha)
        .l1_ratio(params.l1_ratio)
        .tolerance(params.tol)
        .max_iterations(params.max_iter as u32)
        .with_intercept(params.fit_intercept);
    if !params.fit_intercept {
        return Ok(Model {
            fitted: solver.fit(data).map_err(data::refused)?,
            x_mean: Array1::zeros(data.records.ncols()),
            rows: data.records.nrows(),
        });
    }
    let (x_mean, centred) = data::centred(&data.records);
    let centred: DatasetBase<_, _> = Dataset::new(centred, data.targets.clone());
    Ok(Model {
        fitted: solver.fit(&centred).map_err(data::refused)?,
        x_mean,
        rows: data.records.nrows(),
    })
}

impl Model {
    fn intercept(&self) -> f64 {
        self.fitted.intercept() - self.x_mean.dot(self.fitted.hyperplane())
    }
}

impl Fitted<Held> for Model {
    /// linfa's prediction, moved by what centring took away.
    fn predict(&self, input: &ArrayView2<'_, f64>) -> Result<Vec<f64>, Fault> {
        data::check_input(input, self.x_mean.len())?;
        let shift = self.intercept() - self.fitted.intercept();
        let answers: Array1<f64> = self.fitted.predict(input);
        let mut answers = answers.into_raw_vec_and_offset().0;
        answers.iter_mut().for_each(|answer| *answer += shift);
        Ok(answers)
    }

    /// The outputs of the protocol; the gap divided by the number of rows, as scikit-learn's is.
    fn attributes(&self) -> Vec<Tensor> {
        let mut tensors = data::attributes(self.fitted.hyperplane(), self.intercept());
        let steps = u64::from(self.fitted.n_steps());
        let gap = self.fitted.duality_gap() / self.rows as f64;
        tensors.extend(convergence_attributes(steps, gap));
        tensors
    }
}
