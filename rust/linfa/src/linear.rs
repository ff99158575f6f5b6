//! Least squares by linfa-linear's QR.

use linfa::traits::{Fit, Predict};
use linfa_linear::{FittedLinearRegression, LinearRegression};
use ndarray::{Array1, ArrayView2};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params::{self, LinearSolver};
use rmlbench_worker::supervised::{Algorithm, Fitted, Resources};
use rmlbench_worker::tensors::Tensor;

use crate::data::{self, Data, Held};

/// linfa's model.
pub struct Model(FittedLinearRegression<f64>);

pub struct Linear;

impl Algorithm for Linear {
    type Form = Held;
    type Params = params::Linear;
    type Model = Model;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        match params.solver {
            LinearSolver::Lstsq => Ok(()),
            LinearSolver::Cholesky => Err(Fault::unsupported(
                "solver",
                "cholesky",
                "linfa-linear has lstsq (QR) only",
            )),
        }
    }

    fn fit(params: &Self::Params, data: &Data, _: Resources) -> Result<Self::Model, Fault> {
        data::check(data)?;
        let solver = LinearRegression::new().with_intercept(params.fit_intercept);
        solver.fit(data).map(Model).map_err(data::refused)
    }
}

impl Fitted<Held> for Model {
    fn predict(&self, input: &ArrayView2<'_, f64>) -> Result<Vec<f64>, Fault> {
        data::check_input(input, self.0.params().len())?;
        let answers: Array1<f64> = self.0.predict(input);
        Ok(answers.into_raw_vec_and_offset().0)
    }

    fn attributes(&self) -> Vec<Tensor> {
        data::attributes(self.0.params(), self.0.intercept())
    }
}
