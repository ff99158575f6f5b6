//! epsilon-SVR and nu-SVR.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::{Rows, check_finite};

use super::classifier::check_rows;
use super::dual;
use super::gram::Gram;
use super::matrix::Doubled;
use super::smo;
use super::support::Support;
use super::{Settings, above_zero, check_fitted, share};
use rmlbench_kernels::threads;

/// How errors are weighed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tube {
    /// By the cost `c` of what they exceed `epsilon` by.
    Epsilon { c: f64, epsilon: f64 },
    /// The same with the tube's width chosen so that at most the share `nu` lies outside it.
    Nu { c: f64, nu: f64 },
}

/// A fitted regression machine.
#[derive(Clone, Debug)]
pub struct Regressor {
    /// Support vectors in the order of the data.
    pub support: Support,
    /// One a support vector.
    pub coefficients: Vec<f64>,
    pub rho: f64,
    /// The dual objective.
    pub objective: f64,
    pub n_iter: u64,
    pub converged: bool,
}

impl Tube {
    fn check(&self) -> Result<(), Fault> {
        match *self {
            Tube::Epsilon { c, epsilon } => {
                above_zero("C", c)?;
                if epsilon.is_finite() && epsilon >= 0.0 {
                    return Ok(());
                }
                Err(Fault::parameter("epsilon", epsilon, "must be at least 0"))
            }
            Tube::Nu { c, nu } => {
                above_zero("C", c)?;
                share("nu", nu)
            }
        }
    }
}

impl Regressor {
    /// Fit from nothing.
    pub fn fit(settings: &Settings, tube: &Tube, rows: Rows<'_>, y: &[f64]) -> Result<Self, Fault> {
        settings.check()?;
        tube.check()?;
        check_rows(rows, y.len())?;
        check_finite("y_train", y)?;
        let problem = match *tube {
            Tube::Epsilon { c, epsilon } => dual::epsilon_svr(y, c, epsilon),
            Tube::Nu { c, nu } => dual::nu_svr(y, c, nu),
        };
        let ids: Vec<u32> = (0..y.len() as u32).collect();
        let matrix = Doubled::new(Gram::new(rows, &ids, settings));
        let machine = dual::regression(smo::solve(problem, matrix, settings.stopping()));
        check_fitted(&machine.coefficients, [machine.rho])?;
        let supports = |i: &u32| machine.coefficients[*i as usize].abs() > 0.0;
        let indices: Vec<u32> = ids.into_iter().filter(supports).collect();
        let coefficient = |i: &u32| machine.coefficients[*i as usize];
        Ok(Self {
            coefficients: indices.iter().map(coefficient).collect(),
            support: Support::new(settings.kernel, settings.form, rows, indices),
            rho: machine.rho,
            objective: machine.objective,
            n_iter: machine.n_iter,
            converged: machine.converged,
        })
    }

    /// What is added to the sum over the support vectors.
    pub fn intercept(&self) -> f64 {
        -self.rho
    }

    /// The target of each row.
    pub fn predict(&self, rows: Rows<'_>, threads: usize) -> Result<Vec<f64>, Fault> {
        rows.check(self.support.columns)?;
        let parts = threads::map_ranges(rows.len(), threads, |range| {
            let d = rows.columns;
            let part = Rows {
                values: &rows.values[range.start * d..range.end * d],
                columns: d,
            };
            let mut values = vec![0.0; range.len()];
            self.support.kernel_values(part, |row, kernel| {
                let all = 0..kernel.len();
                values[row] = self.support.sum(0.0, &self.coefficients, kernel, all) - self.rho;
            });
            values
        });
        Ok(parts.concat())
    }
}
