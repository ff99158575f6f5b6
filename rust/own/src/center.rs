//! Means, and centred copies where an algorithm needs the whole matrix at once.

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::check_finite;

use crate::kernels;
use crate::model::{Data, Model};

/// Means of the columns of Fortran-order `x` (n rows), or zeros without intercept.
fn column_means(x: &[f64], n: usize, intercept: bool) -> Result<Vec<f64>, Fault> {
    let column = |values: &[f64]| mean("x_train", values, intercept);
    x.chunks_exact(n).map(column).collect()
}

/// The mean of values that must be finite, or zero without intercept.
pub fn mean(name: &str, values: &[f64], intercept: bool) -> Result<f64, Fault> {
    let sum = kernels::sum(values);
    if !sum.is_finite() {
        check_finite(name, values)?;
    }
    Ok(if intercept {
        sum / values.len() as f64
    } else {
        0.0
    })
}

/// The centred data: `x` in Fortran order (n x d), `y`, and what was taken away.
pub struct Centered {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    x_mean: Vec<f64>,
    y_mean: f64,
}

/// Copy the data into Fortran order, centred where there is an intercept.
pub fn centered(data: &Data, intercept: bool) -> Result<Centered, Fault> {
    let n = data.x.rows;
    let mut x = data.x.to_layout(Layout::F).values;
    let x_mean = column_means(&x, n, intercept)?;
    for (column, mean) in x.chunks_exact_mut(n).zip(&x_mean) {
        column.iter_mut().for_each(|value| *value -= mean);
    }
    let y_mean = mean("y_train", &data.y, intercept)?;
    Ok(Centered {
        x,
        y: data.y.iter().map(|y| y - y_mean).collect(),
        x_mean,
        y_mean,
    })
}

impl Centered {
    /// The model with these coefficients and the intercept that goes with them.
    pub fn model(&self, coefficients: Vec<f64>) -> Model {
        Model::centred(coefficients, &self.x_mean, self.y_mean)
    }
}
