//! Least squares by smartcore's SVD.

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::params::{self, LinearSolver};
use rmlbench_worker::supervised::{
    Algorithm, Fitted, Form, Resources, Rows, Train, check_finite, linear_attributes,
};
use rmlbench_worker::tensors::Tensor;
use smartcore::linalg::basic::arrays::Array;
use smartcore::linear::linear_regression::{
    LinearRegression, LinearRegressionParameters, LinearRegressionSolverName,
};

use crate::data::{self, Dense, Input};

/// smartcore's matrix and targets, made once.
pub struct Held;

impl Form for Held {
    type Data = (Dense, Vec<f64>);
    type Input<'a> = Input<'a>;

    fn convert(train: &Train, layout: Layout) -> Self::Data {
        (data::dense(train.x.to_layout(layout)), train.y.clone())
    }

    fn input<'a>(rows: Rows<'a>) -> Input<'a> {
        data::input(rows)
    }
}

/// smartcore's model.
pub struct Model(LinearRegression<f64, f64, Dense, Vec<f64>>);

impl Fitted<Held> for Model {
    fn predict(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        data::predict(&self.0, input, self.0.coefficients().shape().0)
    }

    fn attributes(&self) -> Vec<Tensor> {
        let coefficients: Vec<f64> = self.0.coefficients().iterator(0).copied().collect();
        linear_attributes(&coefficients, *self.0.intercept())
    }
}

pub struct Linear;

impl Algorithm for Linear {
    type Form = Held;
    type Params = params::Linear;
    type Model = Model;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        if params.solver == LinearSolver::Cholesky {
            let allowed = "smartcore's least squares has lstsq (SVD; QR) only";
            return Err(Fault::unsupported("solver", "cholesky", allowed));
        }
        if !params.fit_intercept {
            let allowed = "smartcore's least squares always fits an intercept";
            return Err(Fault::unsupported("fit_intercept", false, allowed));
        }
        Ok(())
    }

    fn fit(_: &Self::Params, data: &(Dense, Vec<f64>), _: Resources) -> Result<Self::Model, Fault> {
        let (x, y) = data;
        if !x.iterator(0).sum::<f64>().is_finite() {
            let values: Vec<f64> = x.iterator(0).copied().collect();
            check_finite("x_train", &values)?;
        }
        check_finite("y_train", y)?;
        let solver =
            LinearRegressionParameters::default().with_solver(LinearRegressionSolverName::SVD);
        LinearRegression::fit(x, y, solver)
            .map(Model)
            .map_err(data::refused)
    }
}
