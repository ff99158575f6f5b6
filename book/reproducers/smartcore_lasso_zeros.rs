// smartcore's Lasso leaves small numbers where the optimum has exact zeros.
// cargo new zeros && cd zeros && cargo add smartcore@=0.7.0, then this file as src/main.rs.
// It panics once the failure is gone.
use smartcore::linalg::basic::{arrays::Array, matrix::DenseMatrix};
use smartcore::linear::lasso::{Lasso, LassoParameters};

fn main() {
    let noise = |k: usize| ((k * 7919 + 13) % 1009) as f64 / 504.5 - 1.0;
    let rows: Vec<Vec<f64>> = (0..200)
        .map(|i| (0..6).map(|j| noise(i * 6 + j)).collect())
        .collect();
    let y: Vec<f64> = rows
        .iter()
        .enumerate()
        .map(|(i, x)| 3.0 * x[0] + 0.1 * noise(31 * i))
        .collect();
    let x = DenseMatrix::from_2d_vec(&rows).unwrap();
    let params = LassoParameters::default()
        .with_alpha(0.5)
        .with_normalize(false)
        .with_tol(1e-10)
        .with_max_iter(100_000);
    let model = Lasso::fit(&x, &y, params).unwrap();
    let w: Vec<f64> = (0..6).map(|j| *model.coefficients().get((j, 0))).collect();
    let rest = |i: usize| y[i] - model.intercept() - (0..6).map(|j| rows[i][j] * w[j]).sum::<f64>();
    for j in 0..6 {
        // Where the slope is below that of the one column in use, the optimum is exactly 0.
        let slope = (0..200).map(|i| rows[i][j] * rest(i)).sum::<f64>() / 200.0;
        println!("w[{j}] = {:<24e} slope {slope:.4}", w[j]);
    }
    assert!(
        w[1..].iter().any(|w| *w != 0.0),
        "the failure no longer shows"
    );
}
