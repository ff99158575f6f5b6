//! linfa-svm's regression machines.

use linfa::Dataset;
use linfa::traits::{Fit, Predict};
use linfa_svm::{Svm, SvmParams};
use ndarray::{Array1, ArrayView2};
use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{Fitted, Form, Rows, Spread, Train, svm};
use rmlbench_worker::tensors::Tensor;

use crate::data;
use crate::machines::{Told, kept, scaled};

/// linfa's dataset, and what gamma is computed from.
pub struct Data {
    dataset: data::Data,
    pub spread: Spread,
}

/// Data as linfa holds it, measured.
pub struct Measured;

impl Form for Measured {
    type Data = Data;
    type Input<'a> = ArrayView2<'a, f64>;

    fn convert(train: &Train, layout: Layout) -> Data {
        let rows = Rows {
            values: &train.x.values,
            columns: train.x.columns,
        };
        Data {
            dataset: data::Held::convert(train, layout),
            spread: Spread::new(rows),
        }
    }

    fn input<'a>(rows: Rows<'a>) -> ArrayView2<'a, f64> {
        data::Held::input(rows)
    }
}

/// linfa's model.
pub struct Regressed {
    machine: Svm<f64, f64>,
    columns: usize,
    factor: f64,
}

impl Regressed {
    /// Fit with errors weighed by `weigh`.
    ///
    /// Inside, the library computes the whole kernel matrix, solves, and copies the support
    /// vectors.
    pub fn fit(
        told: &Told,
        weigh: impl FnOnce(SvmParams<f64, f64>) -> SvmParams<f64, f64>,
        data: &Data,
    ) -> Result<Self, Fault> {
        data::check(&data.dataset)?;
        let factor = told.factor();
        let parameters = weigh(told.parameters(Svm::params()));
        let fitted = if factor == 1.0 {
            parameters.fit(&data.dataset)
        } else {
            let records = scaled(data.dataset.records.view(), factor).into_owned();
            let dataset: data::Data = Dataset::new(records, data.dataset.targets.clone());
            parameters.fit(&dataset)
        };
        Ok(Self {
            machine: fitted.map_err(data::refused)?,
            columns: data.spread.columns,
            factor,
        })
    }
}

impl Fitted<Measured> for Regressed {
    fn predict(&self, input: &ArrayView2<'_, f64>) -> Result<Vec<f64>, Fault> {
        data::check_input(input, self.columns)?;
        let rows = scaled(input.view(), self.factor);
        let answers: Array1<f64> = self.machine.predict(&rows);
        Ok(answers.into_raw_vec_and_offset().0)
    }

    fn attributes(&self) -> Vec<Tensor> {
        let alpha = kept(&self.machine.alpha);
        let used = alpha.iter().enumerate().filter(|(_, a)| **a != 0.0);
        let (support, dual): (Vec<i64>, Vec<f64>) = used.map(|(i, a)| (i as i64, *a)).unzip();
        svm::attributes(&support, &dual, 1, &[-self.machine.rho])
    }
}
