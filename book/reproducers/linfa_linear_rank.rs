// linfa-linear on rank-deficient data: QR without pivoting divides by rounding errors.
// cargo new rank && cd rank && cargo add linfa@=0.8.1 linfa-linear@=0.8.1 ndarray@0.16,
// then this file as src/main.rs. It panics once the failure is gone.
use linfa::{Dataset, prelude::Fit};
use linfa_linear::LinearRegression;
use ndarray::{Array1, Array2, Axis};

fn main() {
    let noise = |k: usize| ((k * 7919 + 13) % 1009) as f64 / 504.5 - 1.0;
    let norm = |v: Array1<f64>| v.dot(&v).sqrt();
    let e = Array1::from_shape_fn(200, |i| noise(31 * i * i));
    let mut x = Array2::from_shape_fn((200, 4), |(i, j)| noise(4 * i + j));
    let sum = &x.column(0) + &x.column(1);
    // Four free columns, and the sum of the first two of them once, then twice.
    for copies in [1, 2] {
        x.push_column(sum.view()).unwrap();
        // w = (1, ..., 1) leaves |e|, so least squares leaves no more and needs no large w.
        let y = x.sum_axis(Axis(1)) + &e;
        let data = Dataset::new(x.clone(), y.clone());
        let model = LinearRegression::new().fit(&data).unwrap();
        let (w, b) = (model.params(), model.intercept());
        let (ones, linfa) = (norm(e.clone()), norm(y - x.dot(w) - b));
        println!("{copies} copies: w {w:.1e}");
        println!("  |y - Xw - b|: {linfa:.3e}, with ones for w: {ones:.3e}");
        let wrong = w.iter().any(|w| w.abs() > 1e6) && (copies == 1 || linfa > 1e6 * ones);
        assert!(wrong, "the failure no longer shows");
    }
}
