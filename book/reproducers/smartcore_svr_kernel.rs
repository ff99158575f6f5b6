// smartcore's SVR takes the kernel of a row with itself from the first values of the whole matrix,
// as many as there are rows, and not from that row. With the rbf kernel that is 1 all the same;
// with any other its steps have a wrong length, and the fit ends far from the optimum.
// cargo new kernel && cd kernel && cargo add smartcore@=0.7.0, then this file as src/main.rs.
// It panics once the failure is gone.
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::svm::Kernels;
use smartcore::svm::svr::{SVR, SVRParameters};

fn main() {
    // y is a cube: with enough cost no row is further off than epsilon, whatever the kernel.
    let rows: Vec<Vec<f64>> = (0..300)
        .map(|i| vec![f64::from(i * 7 % 300) / 75.0 - 2.0])
        .collect();
    let y: Vec<f64> = rows.iter().map(|row| row[0].powi(3)).collect();
    let x = DenseMatrix::from_2d_vec(&rows).unwrap();
    let off = |kernel| {
        let params = SVRParameters::default()
            .with_eps(0.1)
            .with_c(100.0)
            .with_kernel(kernel);
        let found = SVR::fit(&x, &y, &params).unwrap().predict(&x).unwrap();
        let gaps = found.iter().zip(&y).map(|(a, b)| (a - b).abs());
        gaps.fold(0.0, f64::max)
    };
    let rbf = off(Kernels::rbf().with_gamma(0.5));
    let poly = off(Kernels::polynomial()
        .with_degree(3.0)
        .with_gamma(1.0)
        .with_coef0(1.0));
    println!("largest residual: rbf {rbf:.3}, poly {poly:.3}, epsilon 0.1");
    assert!(rbf < 0.2, "the rbf machine fits");
    assert!(poly > 1.0, "the failure no longer shows");
}
