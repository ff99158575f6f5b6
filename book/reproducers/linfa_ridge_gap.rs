// linfa-elasticnet with l1_ratio = 0 (ridge): the duality gap never closes, it runs to max_iter.
// cargo new gap && cd gap && cargo add linfa@=0.8.1 linfa-elasticnet@=0.8.1 ndarray@0.16,
// then this file as src/main.rs. It panics once the failure is gone.
use linfa::{Dataset, prelude::Fit};
use linfa_elasticnet::ElasticNet;
use ndarray::{Array1, Array2};

fn main() {
    let x = Array2::from_shape_fn((100, 3), |(i, j)| {
        ((i * (j + 2) * 37) % 101) as f64 / 50.0 - 1.0
    });
    let y: Array1<f64> = x.column(0).to_owned() * 2.0 - x.column(2).to_owned();
    for max_iterations in [10, 1_000, 100_000] {
        let model = ElasticNet::params()
            .penalty(0.1)
            .l1_ratio(0.0)
            .tolerance(1e-8)
            .max_iterations(max_iterations)
            .fit(&Dataset::new(x.clone(), y.clone()))
            .unwrap();
        println!(
            "max_iter {max_iterations}: {} steps, gap {:e}, w {:.6}",
            model.n_steps(),
            model.duality_gap(),
            model.hyperplane()
        );
        assert_eq!(
            model.n_steps(),
            max_iterations,
            "the failure no longer shows"
        );
    }
}
