// linfa's k-means counts the old centre as one more row of its cluster: its steps are not Lloyd's.
// cargo new centre && cd centre && cargo add linfa@=0.8.1 linfa-clustering@=0.8.1 ndarray@0.16,
// then this file as src/main.rs. It panics once the failure is gone.
use linfa::{DatasetBase, prelude::Fit, prelude::Predict};
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::{Array1, array};

fn main() {
    let rows = array![[0.0], [1.0], [2.0], [9.0]];
    let data = DatasetBase::from(rows.clone());
    let after = |steps: u64| {
        KMeans::params(1)
            .init_method(KMeansInit::Precomputed(array![[0.0]]))
            .n_runs(1)
            .max_n_iterations(steps)
            .tolerance(1e-300)
            .fit(&data)
    };
    // One cluster: the first step of Lloyd's iterations lands on the mean, 3, and stays there.
    let Ok(model) = after(1) else {
        panic!("one step is refused")
    };
    let labels: Array1<usize> = model.predict(&rows);
    println!(
        "labels {labels}, centre after one step {}",
        model.centroids()
    );
    let centre: f64 = model.centroids()[[0, 0]];
    assert!((centre - 3.0).abs() > 0.1, "the failure no longer shows");
    assert!(
        (centre - 12.0 / 5.0).abs() < 1e-12,
        "(0 + 0 + 1 + 2 + 9) / 5 is expected"
    );
}
