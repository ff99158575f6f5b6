// smartcore's SVR takes the kernel of a row with itself from the first values of the whole matrix,
// not of that row. With the rbf kernel that is 1 all the same; with any other the fit is wrong.
// cargo new kernel && cd kernel && cargo add smartcore@=0.7.0, then this file as src/main.rs.
// It panics once the failure is gone.
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::svm::Kernels;
use smartcore::svm::svr::{SVR, SVRParameters};

fn main() {
    // y = 2 a - b: a linear machine with enough cost leaves no row further off than epsilon.
    let rows: Vec<Vec<f64>> = (0..30)
        .map(|i| {
            vec![
                f64::from(i * 7 % 30) / 10.0 - 1.5,
                f64::from(i * 11 % 30) / 10.0 - 1.5,
            ]
        })
        .collect();
    let y: Vec<f64> = rows.iter().map(|row| 2.0 * row[0] - row[1]).collect();
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
    let (rbf, linear) = (off(Kernels::rbf().with_gamma(0.5)), off(Kernels::linear()));
    println!("largest residual: rbf {rbf:.3}, linear {linear:.3}, epsilon 0.1");
    assert!(rbf < 0.11, "the rbf machine fits");
    assert!(linear > 0.11, "the failure no longer shows");
}
