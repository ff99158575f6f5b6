//! A fitted classifier of libsvm-rs.

use libsvm_rs::predict::{predict_probability, predict_values};
use libsvm_rs::{SvmModel, SvmParameter};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Fitted, Labels, svm, votes};
use rmlbench_worker::tensors::Tensor;

use crate::data::{Data, Input, Sorted};
use crate::told;

/// The library's model, and the row of the training file behind each support vector.
pub struct Classified {
    model: SvmModel,
    support: Vec<i64>,
    columns: usize,
}

impl Classified {
    /// Train on rows sorted by class; `parameter` is asked with the rows of each class.
    pub fn fit(
        parameter: impl FnOnce(&[usize]) -> Result<SvmParameter, Fault>,
        data: &Data,
    ) -> Result<Self, Fault> {
        let labels = Labels::new(&data.problem.labels)?;
        let model = told::train(&parameter(&labels.counts)?, data)?;
        let row = |number: &usize| data.rows[number - 1] as i64;
        Ok(Self {
            support: model.sv_indices.iter().map(row).collect(),
            model,
            columns: data.spread.columns,
        })
    }

    /// The library's decision values, above 0 for the first class of each pair.
    fn values(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        let rows = input.checked(self.columns)?;
        let pairs = self.model.rho.len();
        let mut values = vec![0.0; rows.len() * pairs];
        for (row, slots) in rows.iter().zip(values.chunks_exact_mut(pairs)) {
            predict_values(&self.model, row, slots);
        }
        Ok(values)
    }

    /// The library's probabilities, where it was told to fit them: LIBSVM's own Platt scaling,
    /// over its own random folds, of more than two classes by pairwise coupling.
    fn shares(&self, input: &Input<'_>) -> Result<Option<Vec<f64>>, Fault> {
        let rows = input.checked(self.columns)?;
        if !self.model.has_probability_model() {
            return Ok(None);
        }
        let row = |row| predict_probability(&self.model, row).expect("the model has probabilities");
        Ok(Some(rows.iter().flat_map(|one| row(one).1).collect()))
    }
}

impl Fitted<Sorted> for Classified {
    fn predict(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        let k = self.model.nr_class;
        match self.shares(input)? {
            Some(shares) => Ok(votes::likeliest(&shares, k)),
            None => Ok(votes::elected(&self.values(input)?, k)),
        }
    }

    fn decision(&self, input: &Input<'_>) -> Result<Option<Vec<f64>>, Fault> {
        self.values(input).map(Some)
    }

    fn probabilities(&self, input: &Input<'_>) -> Result<Option<Vec<f64>>, Fault> {
        self.shares(input)
    }

    fn attributes(&self) -> Vec<Tensor> {
        let intercept: Vec<f64> = self.model.rho.iter().map(|rho| -rho).collect();
        let dual = self.model.sv_coef.concat();
        svm::attributes(&self.support, &dual, self.model.nr_class - 1, &intercept)
    }
}

/// Class numbers with their factors, as the library takes weights.
pub fn weights(factors: &[f64]) -> Vec<(i32, f64)> {
    (0..).zip(factors.iter().copied()).collect()
}
