// linfa-svm's NuSVC with the linear kernel is not divided by its margin, as with every other.
// cargo new nu && cd nu && cargo add linfa@=0.8.1 linfa-svm@=0.8.1 ndarray@0.16,
// then this file as src/main.rs. It panics once the failure is gone.
use linfa::{Dataset, prelude::Fit};
use linfa_svm::Svm;
use ndarray::{Array1, Array2};

fn main() {
    let noise = |k: usize| ((k * 7919 + 13) % 1009) as f64 / 504.5 - 1.0;
    let x = Array2::from_shape_fn((60, 2), |(i, j)| {
        noise(i * 2 + j) + if i % 2 == 0 { 0.7 } else { -0.3 }
    });
    let y: Array1<bool> = (0..60).map(|i| i % 2 == 0).collect();
    let data = Dataset::new(x.clone(), y);
    let params = || Svm::<f64, bool>::params().nu_weight(0.31).eps(1e-6);
    // The polynomial kernel of degree 1 without constant is the linear kernel.
    let linear = params().linear_kernel().fit(&data).unwrap();
    let poly = params().polynomial_kernel(0.0, 1.0).fit(&data).unwrap();
    let mut signs = 0;
    for row in x.outer_iter() {
        let a = linear.weighted_sum(&row) - linear.rho;
        let b = poly.weighted_sum(&row) - poly.rho;
        signs += usize::from((a > 0.0) != (b > 0.0));
    }
    let row = x.row(0);
    let (a, b) = (linear.weighted_sum(&row), poly.weighted_sum(&row));
    println!(
        "w x: linear {a}, poly {b}; rho: linear {}, poly {}",
        linear.rho, poly.rho
    );
    println!("{signs} of 60 rows are classified differently");
    assert!((linear.rho - poly.rho).abs() < 1e-3 * poly.rho.abs());
    assert!((a - b).abs() > 0.1 * b.abs(), "the failure no longer shows");
}
