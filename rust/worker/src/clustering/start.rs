//! The start a job gives: rows of the training matrix, picked by the harness.

use crate::event::FileRef;
use crate::fault::Fault;
use crate::job::Job;
use crate::supervised::Matrix;
use crate::tensors::TensorFile;

/// The file of a job's start; read only by an algorithm that begins from it.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a>(Option<&'a FileRef>);

impl<'a> Given<'a> {
    pub(super) fn of(job: &'a Job) -> Self {
        Self(job.weights.as_ref())
    }

    /// The first `count` of the rows in `start`, each below `rows`.
    pub fn rows(&self, count: usize, rows: usize) -> Result<Vec<usize>, Fault> {
        let file = self.0.ok_or_else(|| {
            let allowed = "init=\"given\" needs a file with the tensor start";
            Fault::data("weights", serde_json::Value::Null, allowed)
        })?;
        let mut start: Vec<i64> = TensorFile::open(&file.path)?.read("start")?;
        if start.len() < count {
            let allowed = format!("must have at least {count} rows");
            return Err(Fault::data("start", start.len(), allowed));
        }
        start.truncate(count);
        let row = |row: i64| {
            let inside = usize::try_from(row).ok().filter(|row| *row < rows);
            inside.ok_or_else(|| {
                let allowed = format!("must be a row of the {rows} in x_train");
                Fault::data("start", row, allowed)
            })
        };
        start.into_iter().map(row).collect()
    }

    /// The points of the first `count` rows, row after row.
    pub fn points(&self, count: usize, points: &Matrix) -> Result<Vec<f64>, Fault> {
        let rows = self.rows(count, points.rows)?;
        let row = |i: usize| (0..points.columns).map(move |j| points.at(i, j));
        Ok(rows.into_iter().flat_map(row).collect())
    }
}

/// The number of the centre nearest to each point, the lowest of equals.
///
/// `centres` are held row after row; distances are sums of squared differences.
pub fn nearest(points: &Matrix, centres: &[f64]) -> Vec<usize> {
    let distance = |i: usize, centre: &[f64]| -> f64 {
        let terms = centre.iter().enumerate();
        terms.map(|(j, c)| (points.at(i, j) - c).powi(2)).sum()
    };
    let closest = |i: usize| {
        let mut best = (0, f64::INFINITY);
        for (k, centre) in centres.chunks_exact(points.columns).enumerate() {
            let found = distance(i, centre);
            if found < best.1 {
                best = (k, found);
            }
        }
        best.0
    };
    (0..points.rows).map(closest).collect()
}

#[cfg(test)]
#[path = "start_tests.rs"]
mod tests;
