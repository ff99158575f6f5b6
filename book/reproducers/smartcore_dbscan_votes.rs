// smartcore's DBSCAN keeps the labels of its fit to itself; predict, the only way to them, lets
// border rows vote, so that noise beside a border row joins its cluster.
// cargo new votes && cd votes && cargo add smartcore@=0.7.0, then this file as src/main.rs.
// It panics once the failure is gone.
use smartcore::cluster::dbscan::{DBSCAN, DBSCANParameters};
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::metrics::distance::euclidian::Euclidian;

fn main() {
    // With eps = 1 and 4 rows to a core, 0.4 alone is core: it reaches 0.0, 0.2 and 1.3. The last
    // row is within eps of 1.3 only, which is no core, so it is noise.
    let rows = vec![vec![0.0], vec![0.2], vec![0.4], vec![1.3], vec![2.25]];
    let x = DenseMatrix::from_2d_vec(&rows).unwrap();
    let params = DBSCANParameters::default()
        .with_eps(1.0)
        .with_min_samples(4);
    let model: DBSCAN<f64, i64, DenseMatrix<f64>, Vec<i64>, Euclidian<f64>> =
        DBSCAN::fit(&x, params).unwrap();
    let labels = model.predict(&x).unwrap();
    println!("{labels:?}: 0 is noise");
    assert_eq!(labels[..4], [labels[0]; 4], "the core reaches these four");
    assert!(labels[0] > 0, "they are a cluster");
    assert_eq!(labels[4], labels[0], "the failure no longer shows");
}
