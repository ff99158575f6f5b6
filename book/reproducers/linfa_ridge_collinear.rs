// linfa-elasticnet with l1_ratio = 0 (ridge) on two nearly equal columns: it stops after its
// default number of iterations, short of the optimum, and reports no error.
// cargo new near && cd near && cargo add linfa@=0.8.1 linfa-elasticnet@=0.8.1 ndarray@0.16,
// then this file as src/main.rs. It panics once the failure is gone.
use linfa::{Dataset, prelude::Fit};
use linfa_elasticnet::ElasticNet;
use ndarray::{Array1, Array2};

fn main() {
    let noise = |k: usize| ((k * 7919 + 13) % 1009) as f64 / 504.5 - 1.0;
    let value = |i: usize, j: usize| noise(i) + 1e-3 * j as f64 * noise(3 * i);
    let x = Array2::from_shape_fn((2000, 2), |(i, j)| value(i, j));
    let y: Array1<f64> = &x.column(0) + &x.column(1);
    // The optimum of |y - Xw|^2 + |w|^2, from its two equations.
    let (gram, b) = (x.t().dot(&x), x.t().dot(&y));
    let (p, q, r) = (gram[[0, 0]] + 1.0, gram[[0, 1]], gram[[1, 1]] + 1.0);
    let best = [r * b[0] - q * b[1], p * b[1] - q * b[0]].map(|v| v / (p * r - q * q));
    println!("optimum: w {best:.6?}");
    let data = Dataset::new(x, y);
    let ridge = ElasticNet::params().l1_ratio(0.0).penalty(1.0 / 2000.0);
    let off = [ridge.clone(), ridge.max_iterations(100_000)].map(|ridge| {
        let model = ridge.with_intercept(false).fit(&data).unwrap();
        let (w, steps) = (model.hyperplane(), model.n_steps());
        let off = (w[0] / best[0] - 1.0)
            .abs()
            .max((w[1] / best[1] - 1.0).abs());
        println!("after {steps} steps: w {w:.6}, off by {off:.1e} of the optimum");
        off
    });
    assert!(
        off[0] > 1e-2 && off[1] < 1e-6,
        "the failure no longer shows"
    );
}
