//! linfa's data and the linear model all four algorithms answer with.

use linfa::Dataset;
use ndarray::{Array1, Array2, ArrayView2, Axis, Ix1, ShapeBuilder};
use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{Form, Rows, Train, check_finite, linear_attributes};
use rmlbench_worker::tensors::Tensor;

/// linfa's dataset of one float64 target.
pub type Data = Dataset<f64, f64, Ix1>;

/// Data as linfa holds it: a dataset with records in the asked layout, rows as a view.
pub struct Held;

impl Form for Held {
    type Data = Data;
    type Input<'a> = ArrayView2<'a, f64>;

    fn convert(train: &Train, layout: Layout) -> Data {
        let shape = (train.x.rows, train.x.columns).set_f(layout == Layout::F);
        let records = Array2::from_shape_vec(shape, train.x.to_layout(layout).values)
            .expect("the values fill the shape");
        Dataset::new(records, Array1::from_vec(train.y.clone()))
    }

    fn input<'a>(rows: Rows<'a>) -> ArrayView2<'a, f64> {
        ArrayView2::from_shape((rows.len(), rows.columns), rows.values)
            .expect("the values fill the shape")
    }
}

/// Refuse data that is not finite, which linfa does not look for.
pub fn check(data: &Data) -> Result<(), Fault> {
    let values = data.records.as_slice_memory_order();
    check_finite("x_train", values.expect("the records are contiguous"))?;
    check_finite(
        "y_train",
        data.targets.as_slice().expect("one contiguous target"),
    )
}

/// Means of the columns and the centred copy, in the layout of the original.
pub fn centred(x: &Array2<f64>) -> (Array1<f64>, Array2<f64>) {
    let mean = x.mean_axis(Axis(0)).expect("there are rows");
    (mean.clone(), x - &mean)
}

/// Refuse rows linfa would answer with a panic or with NaN.
pub fn check_input(input: &ArrayView2<'_, f64>, columns: usize) -> Result<(), Fault> {
    let values = input.to_slice().expect("inputs are contiguous rows");
    let rows = Rows {
        values,
        columns: input.ncols(),
    };
    rows.check(columns)
}

/// linfa's words where it refuses a job.
pub fn refused(error: impl std::fmt::Display) -> Fault {
    Fault::numerical(
        "linfa",
        error.to_string(),
        "the library must be able to fit this",
    )
}

/// The outputs every linear model has.
pub fn attributes(coefficients: &Array1<f64>, intercept: f64) -> Vec<Tensor> {
    linear_attributes(&coefficients.to_vec(), intercept)
}
