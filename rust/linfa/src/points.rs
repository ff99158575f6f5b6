//! linfa's data without targets, for clustering.

use linfa::DatasetBase;
use ndarray::{Array1, Array2, ArrayView2, ShapeBuilder};
use rmlbench_worker::Fault;
use rmlbench_worker::clustering::{Form, labels_output};
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{Matrix, Rows, check_finite};
use rmlbench_worker::tensors::Tensor;

/// linfa's dataset of points alone.
pub type Points = DatasetBase<Array2<f64>, Array1<()>>;

/// Points as linfa holds them, in the asked layout.
pub struct Held;

impl Form for Held {
    type Data = Points;

    fn convert(points: &Matrix, layout: Layout) -> Points {
        let shape = (points.rows, points.columns).set_f(layout == Layout::F);
        let records = Array2::from_shape_vec(shape, points.to_layout(layout).values)
            .expect("the values fill the shape");
        DatasetBase::from(records)
    }
}

/// Refuse points that are not finite, which linfa does not look for.
pub fn check(points: &Points) -> Result<(), Fault> {
    let values = points.records.as_slice_memory_order();
    check_finite("x_train", values.expect("the records are contiguous"))
}

/// Rows as linfa's predictions take them.
pub fn input(rows: Rows<'_>) -> ArrayView2<'_, f64> {
    ArrayView2::from_shape((rows.len(), rows.columns), rows.values)
        .expect("the values fill the shape")
}

/// linfa's cluster numbers as predictions.
pub fn predictions(labels: &Array1<usize>) -> Vec<f64> {
    labels.iter().map(|label| *label as f64).collect()
}

/// linfa's cluster numbers as the output every clustering has.
pub fn labels(labels: &Array1<usize>) -> Tensor {
    labels_output(labels.iter().map(|label| *label as i64))
}
