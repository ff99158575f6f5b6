//! Points as this crate clusters them: the matrix in the asked layout.

use rmlbench_cluster::points::Points;
use rmlbench_worker::Fault;
use rmlbench_worker::clustering::Form;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{Matrix, Rows};

pub struct Held;

impl Form for Held {
    type Data = Matrix;

    fn convert(points: &Matrix, layout: Layout) -> Matrix {
        points.to_layout(layout)
    }
}

/// Rows as points; refuses rows of another width than the model was fitted on.
pub fn of<'a>(rows: &Rows<'a>, width: usize) -> Result<Points<'a>, Fault> {
    rows.check_width(width)?;
    Ok(Points::new(rows.values, width))
}

/// Cluster numbers as predictions.
pub fn predictions(labels: &[u32]) -> Vec<f64> {
    labels.iter().map(|label| f64::from(*label)).collect()
}

/// Fewer rows than this a thread are not worth waking one to predict them.
const ROWS_A_THREAD: usize = 1024;

/// Threads to predict some rows with, of those the job told.
pub fn threads(rows: &Rows<'_>, told: usize) -> usize {
    told.min(rows.len() / ROWS_A_THREAD).max(1)
}
