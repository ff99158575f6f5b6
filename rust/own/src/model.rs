//! The fitted linear model all four algorithms answer with.

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{
    Fitted, Form, Matrix, Rows, Train, convergence_attributes, linear_attributes,
};
use rmlbench_worker::tensors::Tensor;

use crate::kernels;

/// Coefficients (d), intercept, and the convergence report of coordinate descent.
#[derive(Clone, Debug)]
pub struct Model {
    pub coefficients: Vec<f64>,
    pub intercept: f64,
    pub convergence: Option<Convergence>,
}

/// Iterations made and the dual gap reached, scaled as scikit-learn reports it (by 1/n).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convergence {
    pub n_iter: u64,
    pub dual_gap: f64,
}

/// Training data in the asked layout.
pub struct Data {
    pub x: Matrix,
    pub y: Vec<f64>,
}

/// Data as this crate holds it: the matrix in the asked layout, rows as they come.
pub struct Held;

impl Form for Held {
    type Data = Data;
    type Input<'a> = Rows<'a>;

    fn convert(train: &Train, layout: Layout) -> Data {
        Data {
            x: train.x.to_layout(layout),
            y: train.y.clone(),
        }
    }

    fn input<'a>(rows: Rows<'a>) -> Rows<'a> {
        rows
    }
}

impl Model {
    /// The model of centred data: the intercept restores what the means took away.
    pub fn centred(coefficients: Vec<f64>, x_mean: &[f64], y_mean: f64) -> Self {
        Self {
            intercept: y_mean - kernels::dot(x_mean, &coefficients),
            coefficients,
            convergence: None,
        }
    }
}

impl Fitted<Held> for Model {
    /// `x w + b` of every row, checked for width and finiteness.
    fn predict(&self, rows: &Rows<'_>) -> Result<Vec<f64>, Fault> {
        rows.check_width(self.coefficients.len())?;
        let (answers, finite) = kernels::predict(rows.values, &self.coefficients, self.intercept);
        if !finite {
            rows.check(self.coefficients.len())?;
        }
        Ok(answers)
    }

    fn attributes(&self) -> Vec<Tensor> {
        let mut tensors = linear_attributes(&self.coefficients, self.intercept);
        if let Some(report) = self.convergence {
            tensors.extend(convergence_attributes(report.n_iter, report.dual_gap));
        }
        tensors
    }
}
