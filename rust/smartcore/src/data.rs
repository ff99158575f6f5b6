//! smartcore's matrices, and the centring it leaves to its caller.

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{
    Fitted, Form, Matrix, Rows, Train, check_finite, linear_attributes,
};
use rmlbench_worker::tensors::Tensor;
use smartcore::api::Predictor;
use smartcore::error::Failed;
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;

pub type Dense = DenseMatrix<f64>;

/// Rows to predict: as they came, to be checked, and as smartcore's matrix.
pub struct Input<'a> {
    rows: Rows<'a>,
    dense: Dense,
}

impl Input<'_> {
    /// smartcore's matrix of rows checked for width and finiteness.
    pub fn checked(&self, columns: usize) -> Result<&Dense, Fault> {
        self.rows.check(columns)?;
        Ok(&self.dense)
    }
}

/// smartcore's matrix of the values of ours.
pub fn dense(x: Matrix) -> Dense {
    DenseMatrix::new(x.rows, x.columns, x.values, x.layout == Layout::F)
        .expect("the values fill the shape")
}

/// Rows as smartcore predicts them.
pub fn input<'a>(rows: Rows<'a>) -> Input<'a> {
    let values = Matrix {
        values: rows.values.to_vec(),
        rows: rows.len(),
        columns: rows.columns,
        layout: Layout::C,
    };
    Input {
        rows,
        dense: dense(values),
    }
}

/// Data kept as loaded but for its layout, because the caller centres it inside fit.
pub struct Centred;

impl Form for Centred {
    type Data = Train;
    type Input<'a> = Input<'a>;

    fn convert(train: &Train, layout: Layout) -> Train {
        Train {
            x: train.x.to_layout(layout),
            y: train.y.clone(),
            fold: None,
        }
    }

    fn input<'a>(rows: Rows<'a>) -> Input<'a> {
        input(rows)
    }
}

/// Centred training data with the means it was centred by.
pub struct Centered {
    pub x: Dense,
    pub y: Vec<f64>,
    x_mean: Vec<f64>,
    y_mean: f64,
}

/// Check and centre the data; a copy without centring where there is no intercept.
pub fn centered(data: &Train, intercept: bool) -> Result<Centered, Fault> {
    check_finite("x_train", &data.x.values)?;
    check_finite("y_train", &data.y)?;
    let (mut x, mut y) = (data.x.clone(), data.y.clone());
    let (n, d) = (x.rows, x.columns);
    let (mut x_mean, mut y_mean) = (vec![0.0; d], 0.0);
    if intercept {
        let column = |k: usize| match data.x.layout {
            Layout::C => k % d,
            Layout::F => k / n,
        };
        for (k, value) in data.x.values.iter().enumerate() {
            x_mean[column(k)] += value / n as f64;
        }
        y_mean = y.iter().sum::<f64>() / n as f64;
        for (k, value) in x.values.iter_mut().enumerate() {
            *value -= x_mean[column(k)];
        }
        y.iter_mut().for_each(|value| *value -= y_mean);
    }
    Ok(Centered {
        x: dense(x),
        y,
        x_mean,
        y_mean,
    })
}

/// A library's model fitted on centred data.
pub struct Model<M> {
    fitted: M,
    coefficients: Vec<f64>,
    /// The library's own intercept, which its predictions hold.
    inner: f64,
    intercept: f64,
}

impl<M: Predictor<Dense, Vec<f64>>> Model<M> {
    /// Restore the intercept that centring took away.
    pub fn new(fitted: M, coefficients: &Dense, inner: f64, data: &Centered) -> Self {
        let coefficients: Vec<f64> = coefficients.iterator(0).copied().collect();
        let terms = coefficients.iter().zip(&data.x_mean);
        let shift: f64 = terms.map(|(w, mean)| w * mean).sum();
        Self {
            fitted,
            inner,
            intercept: inner + data.y_mean - shift,
            coefficients,
        }
    }
}

impl<M: Predictor<Dense, Vec<f64>>> Fitted<Centred> for Model<M> {
    fn predict(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        let mut answers = predict(&self.fitted, input, self.coefficients.len())?;
        let shift = self.intercept - self.inner;
        answers.iter_mut().for_each(|answer| *answer += shift);
        Ok(answers)
    }

    fn attributes(&self) -> Vec<Tensor> {
        linear_attributes(&self.coefficients, self.intercept)
    }
}

/// smartcore's prediction of rows checked for width and finiteness.
pub fn predict<M: Predictor<Dense, Vec<f64>>>(
    model: &M,
    input: &Input<'_>,
    columns: usize,
) -> Result<Vec<f64>, Fault> {
    model.predict(input.checked(columns)?).map_err(refused)
}

/// smartcore's words where it refuses a job.
pub fn refused(error: Failed) -> Fault {
    Fault::numerical(
        "smartcore",
        error.to_string(),
        "the library must be able to do this",
    )
}
