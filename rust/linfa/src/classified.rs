//! linfa-svm's classifiers, one for each pair of classes: the library knows two classes only.

use linfa::Dataset;
use linfa::traits::Fit;
use linfa_svm::{Svm, SvmParams};
use ndarray::{Array1, Array2, ArrayView2, Ix1, ShapeBuilder};
use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::pairs::{Pair, Pairs, Supports};
use rmlbench_worker::supervised::{
    Fitted, Form, Labels, Rows, Spread, Train, check_finite, svm, votes,
};
use rmlbench_worker::tensors::Tensor;

use crate::data;
use crate::machines::{Told, kept, scaled};

/// linfa's dataset of two classes, true for the first.
type Binary = Dataset<f64, bool, Ix1>;

/// The datasets of all pairs.
pub struct Data {
    pub labels: Labels,
    members: Vec<Vec<u32>>,
    each: Vec<Binary>,
    pub spread: Spread,
}

/// Data as a caller of linfa holds it for one against one.
pub struct Paired;

impl Form for Paired {
    type Data = Result<Data, Fault>;
    type Input<'a> = ArrayView2<'a, f64>;

    fn convert(train: &Train, layout: Layout) -> Self::Data {
        let pairs = Pairs::new(train, layout)?;
        let rows = Rows {
            values: &train.x.values,
            columns: train.x.columns,
        };
        Ok(Data {
            labels: pairs.labels,
            members: pairs.members,
            each: pairs.each.into_iter().map(binary).collect(),
            spread: Spread::new(rows),
        })
    }

    fn input<'a>(rows: Rows<'a>) -> ArrayView2<'a, f64> {
        data::Held::input(rows)
    }
}

fn binary(pair: Pair) -> Binary {
    let (n, d) = (pair.x.rows, pair.x.columns);
    let shape = (n, d).set_f(pair.x.layout == Layout::F);
    let records = Array2::from_shape_vec(shape, pair.x.values).expect("the values fill the shape");
    Dataset::new(records, (0..n).map(|row| row < pair.first).collect())
}

/// The machines of all pairs.
pub struct Classified {
    machines: Vec<Svm<f64, bool>>,
    members: Vec<Vec<u32>>,
    columns: usize,
    factor: f64,
}

impl Classified {
    /// Fit every pair; `weigh` adds what a pair's errors cost.
    ///
    /// Inside, the library computes the whole kernel matrix of the pair, solves, and copies the
    /// support vectors.
    pub fn fit(
        told: &Told,
        weigh: impl Fn((usize, usize), SvmParams<f64, bool>) -> SvmParams<f64, bool>,
        data: &Data,
    ) -> Result<Self, Fault> {
        let factor = told.factor();
        let mut machines = Vec::with_capacity(data.each.len());
        for (pair, dataset) in votes::pairs(data.labels.k()).zip(&data.each) {
            check(dataset)?;
            let parameters = weigh(pair, told.parameters(Svm::params()));
            let fitted = if factor == 1.0 {
                parameters.fit(dataset)
            } else {
                let records = scaled(dataset.records.view(), factor).into_owned();
                let targets: Array1<bool> = dataset.targets.clone();
                let dataset: Binary = Dataset::new(records, targets);
                parameters.fit(&dataset)
            };
            machines.push(fitted.map_err(data::refused)?);
        }
        Ok(Self {
            machines,
            members: data.members.clone(),
            columns: data.spread.columns,
            factor,
        })
    }

    /// Decision values, above 0 for the first class of each pair.
    fn values(&self, input: &ArrayView2<'_, f64>) -> Result<Vec<f64>, Fault> {
        data::check_input(input, self.columns)?;
        let rows = scaled(input.view(), self.factor);
        let mut values = Vec::with_capacity(rows.nrows() * self.machines.len());
        for row in rows.outer_iter() {
            let value = |machine: &Svm<f64, bool>| machine.weighted_sum(&row) - machine.rho;
            values.extend(self.machines.iter().map(value));
        }
        Ok(values)
    }
}

/// Refuse data that is not finite, which linfa does not look for.
fn check(dataset: &Binary) -> Result<(), Fault> {
    let values = dataset.records.as_slice_memory_order();
    check_finite("x_train", values.expect("the records are contiguous"))
}

impl Fitted<Paired> for Classified {
    fn predict(&self, input: &ArrayView2<'_, f64>) -> Result<Vec<f64>, Fault> {
        Ok(votes::elected(&self.values(input)?, self.members.len()))
    }

    fn decision(&self, input: &ArrayView2<'_, f64>) -> Result<Option<Vec<f64>>, Fault> {
        self.values(input).map(Some)
    }

    fn attributes(&self) -> Vec<Tensor> {
        let coefficients: Vec<Vec<f64>> = self.machines.iter().map(|m| kept(&m.alpha)).collect();
        let coefficients: Vec<&[f64]> = coefficients.iter().map(Vec::as_slice).collect();
        let found = Supports::gather(&self.members, &coefficients);
        let support: Vec<i64> = found.rows.iter().map(|row| (*row).into()).collect();
        let intercept: Vec<f64> = self.machines.iter().map(|m| -m.rho).collect();
        svm::attributes(&support, &found.dual, self.members.len() - 1, &intercept)
    }
}
