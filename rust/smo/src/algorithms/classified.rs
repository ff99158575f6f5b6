//! A fitted classifier behind the worker's traits.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Fitted, Labels, Resources, Rows, Train, svm};
use rmlbench_worker::tensors::Tensor;

use super::{Held, InForm, at_most, in_rows, settings};
use crate::{Classifier, Margin};

/// The machines of all pairs of classes.
pub struct Classified {
    machines: Classifier,
    threads: usize,
}

impl Classified {
    /// Fit with errors weighed by `margin` of the class counts.
    pub fn fit<F: InForm>(
        told: &svm::Common,
        margin: impl FnOnce(&[usize]) -> Margin,
        data: &Train,
        resources: Resources,
    ) -> Result<Self, Fault> {
        let labels = Labels::new(&data.y)?;
        let values = in_rows(data);
        let rows = Rows {
            values: &values,
            columns: data.x.columns,
        };
        let settings = settings::<F>(told, rows, resources)?;
        let margin = margin(&labels.counts);
        Ok(Self {
            machines: Classifier::fit(&settings, &margin, rows, &labels.classes)?,
            threads: resources.threads,
        })
    }
}

impl Fitted<Held> for Classified {
    fn predict(&self, rows: &Rows<'_>) -> Result<Vec<f64>, Fault> {
        let threads = at_most(self.threads, rows.len());
        let labels = self.machines.predict(*rows, threads)?;
        Ok(labels.into_iter().map(|label| label as f64).collect())
    }

    fn decision(&self, rows: &Rows<'_>) -> Result<Option<Vec<f64>>, Fault> {
        let threads = at_most(self.threads, rows.len());
        self.machines.decision(*rows, threads).map(Some)
    }

    fn attributes(&self) -> Vec<Tensor> {
        let machines = &self.machines;
        let support: Vec<i64> = machines
            .support
            .indices
            .iter()
            .map(|i| (*i).into())
            .collect();
        let intercept: Vec<f64> = machines.machines.iter().map(|m| -m.rho).collect();
        let n_iter: Vec<i64> = machines.machines.iter().map(|m| m.n_iter as i64).collect();
        let rows = machines.classes.len() - 1;
        let mut tensors = svm::attributes(&support, &machines.coefficients, rows, &intercept);
        tensors.push(Tensor::new("n_iter", &[n_iter.len()], &n_iter));
        tensors
    }
}
