//! Ridge by the Cholesky factor of the normal equations of centred data.

use std::hint::black_box;

use faer::linalg::solvers::{Llt, Solve};
use faer::{Mat, Side};
use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{
    Algorithm, Fitted, Form, Params, Resources, Rows, Train, linear_attributes, params,
};
use rmlbench_worker::tensors::Tensor;

use crate::amount;

/// Centred data (n x d and n x 1) and the means that were taken away, that of the target last.
pub struct Centred {
    x: Mat<f64>,
    y: Mat<f64>,
    means: Vec<f64>,
}

/// Data centred before any fit: both names of a pair do the same.
pub struct Held;

impl Form for Held {
    type Data = Centred;
    type Input<'a> = Rows<'a>;

    fn convert(train: &Train, _: Layout) -> Centred {
        let (n, d) = (train.x.rows, train.x.columns);
        let mean = |value: &dyn Fn(usize) -> f64| (0..n).map(value).sum::<f64>() / n as f64;
        let mut means: Vec<f64> = (0..d).map(|j| mean(&|i| train.x.at(i, j))).collect();
        means.push(mean(&|i| train.y[i]));
        Centred {
            x: Mat::from_fn(n, d, |i, j| train.x.at(i, j) - means[j]),
            y: Mat::from_fn(n, 1, |i, _| train.y[i] - means[d]),
            means,
        }
    }

    fn input<'a>(rows: Rows<'a>) -> Rows<'a> {
        rows
    }
}

/// Coefficients (d) and intercept.
pub struct Model {
    coefficients: Vec<f64>,
    intercept: f64,
}

impl Fitted<Held> for Model {
    fn predict(&self, rows: &Rows<'_>) -> Result<Vec<f64>, Fault> {
        rows.check(self.coefficients.len())?;
        let answer = |row: &[f64]| dot(row, &self.coefficients) + self.intercept;
        let rows = rows.values.chunks_exact(self.coefficients.len());
        Ok(rows.map(answer).collect())
    }

    fn attributes(&self) -> Vec<Tensor> {
        linear_attributes(&self.coefficients, self.intercept)
    }
}

pub struct Ridge;

impl Algorithm for Ridge {
    type Form = Held;
    type Params = params::Ridge;
    type Model = Model;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()?;
        if params.fit_intercept {
            return Ok(());
        }
        Err(Fault::unsupported("fit_intercept", false, "must be true"))
    }

    fn fit(params: &Self::Params, data: &Centred, _: Resources) -> Result<Model, Fault> {
        let told = amount::told().expect("main has checked what was told");
        let times = told.times(params.alpha).map_err(|why| {
            Fault::unsupported("RMLBENCH_TURNS", why, "must name a file to write")
        })?;
        let mut coefficients = repeated(times, black_box(params.alpha), black_box(data))?;
        for coefficient in &mut coefficients {
            *coefficient *= 1.0 + told.loss;
        }
        let (y_mean, x_mean) = data.means.split_last().expect("the target's mean is there");
        Ok(Model {
            intercept: y_mean - dot(x_mean, &coefficients),
            coefficients,
        })
    }
}

/// The whole fit as often as told; answers the coefficients of the last.
pub fn repeated(times: u32, alpha: f64, data: &Centred) -> Result<Vec<f64>, Fault> {
    for _ in 1..times {
        black_box(once(black_box(alpha), black_box(data))?);
    }
    once(alpha, data)
}

fn once(alpha: f64, data: &Centred) -> Result<Vec<f64>, Fault> {
    let mut normal = data.x.transpose() * &data.x;
    for i in 0..normal.ncols() {
        normal[(i, i)] += alpha;
    }
    let factor = Llt::new(normal.as_ref(), Side::Lower)
        .map_err(|_| Fault::numerical("alpha", alpha, "the normal equations must be definite"))?;
    let solution = factor.solve(data.x.transpose() * &data.y);
    Ok(solution.col(0).iter().copied().collect())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
