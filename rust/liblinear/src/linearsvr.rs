//! Linear support vector regression by LIBLINEAR, past the crate's own interface (see `raw`).

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::svm::{self, LossOfValues};
use rmlbench_worker::supervised::{Algorithm, Fitted, Params, Resources};
use rmlbench_worker::tensors::Tensor;

use crate::data::{Data, Held, Input};
use crate::raw::{Model, Nodes, Solver, Told};
use crate::told;

/// LIBLINEAR's model.
pub struct Regressed {
    model: Model,
    columns: usize,
    bias: f64,
}

pub struct LinearSvr;

impl Algorithm for LinearSvr {
    type Form = Held;
    type Params = svm::LinearSvr;
    type Model = Regressed;

    fn check(params: &svm::LinearSvr) -> Result<(), Fault> {
        params.check()?;
        told::check(params.max_iter)
    }

    /// The rows are copied into LIBLINEAR's nodes here, as the crate does when it classifies.
    fn fit(params: &svm::LinearSvr, data: &Data, resources: Resources) -> Result<Regressed, Fault> {
        data.check()?;
        let told = Told {
            solver: match (params.loss, params.dual) {
                (LossOfValues::EpsilonInsensitive, _) => Solver::AbsoluteDual,
                (LossOfValues::SquaredEpsilonInsensitive, true) => Solver::SquaredDual,
                (LossOfValues::SquaredEpsilonInsensitive, false) => Solver::SquaredPrimal,
            },
            tol: params.tol,
            c: params.c,
            epsilon: params.epsilon,
            bias: match params.fit_intercept {
                true => params.intercept_scaling,
                false => -1.0,
            },
            seed: resources.seed,
        };
        let mut rows = Nodes::new(data.columns, told.bias);
        for i in 0..data.input.len_data() {
            rows.push(data.input.get(i).expect("the row is there").features());
        }
        Ok(Regressed {
            model: Model::train(&told, &rows, &data.y).map_err(told::refused)?,
            columns: data.columns,
            bias: told.bias,
        })
    }
}

impl Fitted<Held> for Regressed {
    /// Each row is copied into LIBLINEAR's nodes, as the crate does when it classifies.
    fn predict(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        let mut rows = Nodes::new(self.columns, self.bias);
        for row in input.checked(self.columns)? {
            rows.push(row.features());
        }
        Ok(self.model.predict(&rows))
    }

    fn attributes(&self) -> Vec<Tensor> {
        let (coefficients, intercept) = self.model.plane();
        vec![
            Tensor::new("coefficients", &[self.columns], &coefficients),
            Tensor::new("intercept", &[1], &[intercept]),
        ]
    }
}
