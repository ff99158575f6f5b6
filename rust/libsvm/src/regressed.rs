//! A fitted regression machine of libsvm-rs.

use libsvm_rs::predict::predict;
use libsvm_rs::{SvmModel, SvmParameter};
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Fitted, svm};
use rmlbench_worker::tensors::Tensor;

use crate::data::{Data, InOrder, Input};
use crate::told;

/// The library's model.
pub struct Regressed {
    model: SvmModel,
    columns: usize,
}

impl Regressed {
    /// Train on the rows in their own order.
    pub fn fit(parameter: &SvmParameter, data: &Data) -> Result<Self, Fault> {
        Ok(Self {
            model: told::train(parameter, data)?,
            columns: data.spread.columns,
        })
    }
}

impl Fitted<InOrder> for Regressed {
    fn predict(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        let rows = input.checked(self.columns)?;
        Ok(rows.iter().map(|row| predict(&self.model, row)).collect())
    }

    fn attributes(&self) -> Vec<Tensor> {
        let indices = self.model.sv_indices.iter();
        let support: Vec<i64> = indices.map(|number| *number as i64 - 1).collect();
        let dual = self.model.sv_coef.concat();
        svm::attributes(&support, &dual, 1, &[-self.model.rho[0]])
    }
}
