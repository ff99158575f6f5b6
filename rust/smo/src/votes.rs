//! Decision values and labels of new rows.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::Rows;
use rmlbench_worker::supervised::votes::most_votes;

use super::classifier::Classifier;
use rmlbench_kernels::threads;

impl Classifier {
    /// LIBSVM's decision values: one for each pair of classes (n x k (k - 1) / 2), above 0 for the
    /// first of the pair. scikit-learn turns the sign of the only one of two classes.
    pub fn decision(&self, rows: Rows<'_>, threads: usize) -> Result<Vec<f64>, Fault> {
        rows.check(self.support.columns)?;
        let parts = threads::map_ranges(rows.len(), threads, |range| {
            let d = rows.columns;
            let part = Rows {
                values: &rows.values[range.start * d..range.end * d],
                columns: d,
            };
            let mut values = Vec::with_capacity(range.len() * self.machines.len());
            self.support
                .kernel_values(part, |_, kernel| self.decide(kernel, &mut values));
            values
        });
        Ok(parts.concat())
    }

    /// The label of each row: the class most pairs decide for, the lowest of those with equal
    /// votes.
    pub fn predict(&self, rows: Rows<'_>, threads: usize) -> Result<Vec<i64>, Fault> {
        let k = self.classes.len();
        let decisions = self.decision(rows, threads)?;
        let decisions = decisions.chunks_exact(self.machines.len());
        let label = |values: &[f64]| self.classes[most_votes(values, k)];
        Ok(decisions.map(label).collect())
    }

    /// The decision of every pair for a row of these kernel values.
    fn decide(&self, kernel: &[f64], values: &mut Vec<f64>) {
        let m = self.support.len();
        let row = |r: usize| &self.coefficients[r * m..(r + 1) * m];
        let mut machines = self.machines.iter();
        let mut begin = 0;
        for (i, count) in self.n_support.iter().enumerate() {
            let first = begin..begin + count;
            let mut next = first.end;
            for (j, count) in self.n_support.iter().enumerate().skip(i + 1) {
                let second = next..next + count;
                next = second.end;
                let sum = self.support.sum(0.0, row(j - 1), kernel, first.clone());
                let sum = self.support.sum(sum, row(i), kernel, second);
                let machine = machines.next().expect("one machine a pair");
                values.push(sum - machine.rho);
            }
            begin = first.end;
        }
    }
}
