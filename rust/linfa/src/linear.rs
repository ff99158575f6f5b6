//! Least squares by linfa-linear's QR.

use linfa::traits::{Fit, Predict};
use linfa_linear::{FittedLinearRegression, LinearRegression};
use ndarray::{Array1, ArrayView2};
use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::regression::params::{self, LinearSolver};
use rmlbench_worker::regression::{Algorithm, Resources, Rows, Train};
use rmlbench_worker::tensors::Tensor;

use crate::data::{self, Data};

pub struct Linear;

impl Algorithm for Linear {
    type Params = params::Linear;
    type Data = Data;
    type Input<'a> = ArrayView2<'a, f64>;
    type Model = FittedLinearRegression<f64>;

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

    fn convert(train: &Train, layout: Layout) -> Data {
        data::convert(train, layout)
    }

    fn fit(params: &Self::Params, data: &Data, _: Resources) -> Result<Self::Model, Fault> {
        data::check(data)?;
        let solver = LinearRegression::new().with_intercept(params.fit_intercept);
        solver.fit(data).map_err(data::refused)
    }

    fn input<'a>(rows: Rows<'a>) -> Self::Input<'a> {
        data::input(rows)
    }

    fn predict(model: &Self::Model, input: &Self::Input<'_>) -> Result<Vec<f64>, Fault> {
        data::check_input(input, model.params().len())?;
        let answers: Array1<f64> = model.predict(input);
        Ok(answers.into_raw_vec_and_offset().0)
    }

    fn attributes(model: &Self::Model) -> Vec<Tensor> {
        data::attributes(model.params(), model.intercept())
    }
}
