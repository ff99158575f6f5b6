//! A fitted classifier behind the worker's traits.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Fitted, Labels, Resources, Rows, Train, svm, votes};
use rmlbench_worker::tensors::Tensor;

use super::{Held, InForm, at_most, in_rows, settings, trace};
use crate::{Classifier, Margin, Platt};

/// The machines of all pairs of classes, and their probabilities where they are asked for.
pub struct Classified {
    machines: Classifier,
    platt: Option<Platt>,
    threads: usize,
}

impl Classified {
    /// Fit with errors weighed by `margin` of the class counts; probabilities too where the data
    /// has folds.
    pub fn fit<F: InForm>(
        told: &svm::Common,
        margin: impl Fn(&[usize]) -> Margin,
        data: &Train,
        resources: Resources,
    ) -> Result<Self, Fault> {
        let labels = Labels::new(&data.y)?;
        let values = in_rows(data);
        let rows = Rows {
            values: &values,
            columns: data.x.columns,
        };
        let machines = |rows: Rows<'_>, labels: &Labels| {
            let settings = settings::<F>(told, rows, resources)?;
            Classifier::fit(&settings, &margin(&labels.counts), rows, &labels.classes)
        };
        let threads = resources.threads;
        let platt = |fold: &Vec<i64>| Platt::fit(machines, rows, &labels, fold, threads);
        Ok(Self {
            machines: machines(rows, &labels)?,
            platt: data.fold.as_ref().map(platt).transpose()?,
            threads,
        })
    }

    /// How the objective of all machines together fell; nothing where probabilities are fitted,
    /// which scikit-learn does by another method.
    pub fn trace<F: InForm>(
        &self,
        told: &svm::Common,
        margin: impl Fn(&[usize]) -> Margin,
        data: &Train,
        resources: Resources,
    ) -> Result<Vec<Tensor>, Fault> {
        if self.platt.is_some() {
            return Ok(Vec::new());
        }
        let n_iter = self.machines.machines.iter().map(|m| m.n_iter).max();
        trace::<F>(told, n_iter.unwrap_or(0), |told| {
            let stopped = Self::fit::<F>(told, &margin, data, resources)?;
            Ok(stopped.machines.machines.iter().map(|m| m.objective).sum())
        })
    }
}

impl Fitted<Held> for Classified {
    fn predict(&self, rows: &Rows<'_>) -> Result<Vec<f64>, Fault> {
        let threads = at_most(self.threads, rows.len());
        if let Some(probabilities) = self.probabilities(rows)? {
            return Ok(votes::likeliest(
                &probabilities,
                self.machines.classes.len(),
            ));
        }
        let labels = self.machines.predict(*rows, threads)?;
        Ok(labels.into_iter().map(|label| label as f64).collect())
    }

    fn decision(&self, rows: &Rows<'_>) -> Result<Option<Vec<f64>>, Fault> {
        let threads = at_most(self.threads, rows.len());
        self.machines.decision(*rows, threads).map(Some)
    }

    fn probabilities(&self, rows: &Rows<'_>) -> Result<Option<Vec<f64>>, Fault> {
        let Some(platt) = &self.platt else {
            return Ok(None);
        };
        let threads = at_most(self.threads, rows.len());
        let decisions = self.machines.decision(*rows, threads)?;
        Ok(Some(platt.probabilities(&decisions)))
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
