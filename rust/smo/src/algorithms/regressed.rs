//! A fitted regression machine behind the worker's traits.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Fitted, Resources, Rows, Train, svm};
use rmlbench_worker::tensors::Tensor;

use super::{Held, InForm, at_most, in_rows, settings, trace};
use crate::{Regressor, Tube};

/// The machine of one target.
pub struct Regressed {
    machine: Regressor,
    threads: usize,
}

impl Regressed {
    /// Fit with errors weighed by `tube`.
    pub fn fit<F: InForm>(
        told: &svm::Common,
        tube: &Tube,
        data: &Train,
        resources: Resources,
    ) -> Result<Self, Fault> {
        let values = in_rows(data);
        let rows = Rows {
            values: &values,
            columns: data.x.columns,
        };
        let settings = settings::<F>(told, rows, resources)?;
        Ok(Self {
            machine: Regressor::fit(&settings, tube, rows, &data.y)?,
            threads: resources.threads,
        })
    }

    /// How the objective fell.
    pub fn trace<F: InForm>(
        &self,
        told: &svm::Common,
        tube: &Tube,
        data: &Train,
        resources: Resources,
    ) -> Result<Vec<Tensor>, Fault> {
        trace::<F>(told, self.machine.n_iter, |told| {
            let stopped = Self::fit::<F>(told, tube, data, resources)?;
            Ok(stopped.machine.objective)
        })
    }
}

impl Fitted<Held> for Regressed {
    fn predict(&self, rows: &Rows<'_>) -> Result<Vec<f64>, Fault> {
        let threads = at_most(self.threads, rows.len());
        self.machine.predict(*rows, threads)
    }

    fn attributes(&self) -> Vec<Tensor> {
        let machine = &self.machine;
        let support: Vec<i64> = machine
            .support
            .indices
            .iter()
            .map(|i| (*i).into())
            .collect();
        let intercept = [machine.intercept()];
        let mut tensors = svm::attributes(&support, &machine.coefficients, 1, &intercept);
        tensors.push(Tensor::new("n_iter", &[1], &[machine.n_iter as i64]));
        tensors
    }
}
