//! What spectral clustering must hold whatever the data.

use std::f64::consts::TAU;

use faer::{MatRef, Par};
use proptest::prelude::*;

use crate::affinity::Affinity::{self, NearestNeighbors, Rbf};
use crate::dense;
use crate::embedding::{Solver, embed};
use crate::laplacian::{Laplacian, normalised};
use crate::points::Points;
use crate::samples::{blobs, close, noise, separates};
use crate::spectral::{Params, fit};

fn params(n_clusters: usize, affinity: Affinity, solver: Solver) -> Params {
    Params {
        n_clusters,
        affinity,
        solver,
    }
}

fn laplacian(values: &[f64], d: usize, affinity: Affinity) -> Laplacian {
    normalised(affinity.of(&Points::new(values, d), 1).unwrap(), 1)
}

/// Two circles, `each` points on the inner and then on the outer.
fn circles(each: usize) -> Vec<f64> {
    let angle = |i: usize| TAU * i as f64 / each as f64;
    let circle = |r: f64| (0..each).flat_map(move |i| [r * angle(i).cos(), r * angle(i).sin()]);
    circle(1.0).chain(circle(4.0)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn eigenvalues_lie_between_zero_and_two(n in 2usize..80, d in 1usize..4, neighbours: bool, seed: u64) {
        let values = noise(n, d, seed);
        let affinity = if neighbours {
            NearestNeighbors { n_neighbors: n.min(6) }
        } else {
            Rbf { gamma: 1.0 }
        };
        let laplacian = laplacian(&values, d, affinity);
        let whole = laplacian.matrix.dense();
        let matrix = MatRef::from_column_major_slice(&whole.values, n, n);
        let (eigenvalues, _) = dense::eigen(matrix, Par::Seq).unwrap();
        prop_assert!(eigenvalues.iter().all(|v| (-1e-12..2.0 + 1e-12).contains(v)));
        prop_assert!(eigenvalues.is_sorted());
        prop_assert!(eigenvalues[0].abs() < 1e-12);
    }

    #[test]
    fn rbf_affinities_are_kernels_of_distances(n in 1usize..300, d in 1usize..4, seed: u64) {
        let values: Vec<f64> = noise(n, d, seed).iter().map(|v| v + 50.0).collect();
        let points = Points::new(&values, d);
        let graph = Rbf { gamma: 0.7 }.of(&points, 2).unwrap();
        let affinity = graph.dense();
        for i in 0..n {
            let squares = points.row(i).iter().zip(points.row(n / 2));
            let distance: f64 = squares.map(|(a, b)| (a - b) * (a - b)).sum();
            prop_assert!((affinity.at(i, n / 2) - (-0.7 * distance).exp()).abs() < 1e-13);
        }
    }

    #[test]
    fn every_point_has_its_nearest_neighbours(n in 2usize..120, count in 1usize..8, seed: u64) {
        let count = count.min(n);
        let values = noise(n, 2, seed);
        let points = Points::new(&values, 2);
        let graph = NearestNeighbors { n_neighbors: count }.of(&points, 2).unwrap();
        let graph = graph.dense();
        let total: f64 = (0..n * n).map(|at| graph.at(at / n, at % n)).sum();
        prop_assert_eq!(total, (n * count) as f64);
        for i in 0..n {
            prop_assert_eq!(graph.at(i, i), 1.0);
            let edges = (0..n).filter(|j| graph.at(i, *j) > 0.0).count();
            prop_assert!(edges >= count);
        }
    }
}

#[test]
fn neighbours_on_a_line_are_the_adjacent() {
    let values = [0.0, 1.0, 2.5, 10.0];
    let points = Points::new(&values, 1);
    let graph = NearestNeighbors { n_neighbors: 2 }.of(&points, 1).unwrap();
    let graph = graph.dense();
    let entries = [
        (0, 1, 1.0),
        (1, 2, 0.5),
        (2, 3, 0.5),
        (0, 2, 0.0),
        (1, 3, 0.0),
    ];
    for (i, j, value) in entries {
        assert_eq!(graph.at(i, j), value, "{i} {j}");
    }
}

#[test]
fn disconnected_blobs_separate() {
    let values = blobs(&[&[0.0, 0.0], &[100.0, 0.0]], 40, 1.0, 6);
    let points = Points::new(&values, 2);
    for affinity in [NearestNeighbors { n_neighbors: 20 }, Rbf { gamma: 0.5 }] {
        for solver in [Solver::Dense, Solver::ShiftInvert] {
            let found = fit(&points, &params(2, affinity, solver), 1).unwrap();
            assert!(found.eigenvalues.iter().all(|value| value.abs() < 1e-10));
            assert!(separates(&found.labels, 40), "{affinity:?} {solver:?}");
        }
    }
}

#[test]
fn circles_separate() {
    let values = circles(150);
    let points = Points::new(&values, 2);
    let affinity = NearestNeighbors { n_neighbors: 7 };
    for solver in [Solver::Dense, Solver::ShiftInvert] {
        let found = fit(&points, &params(2, affinity, solver), 2).unwrap();
        assert!(separates(&found.labels, 150));
    }
}

#[test]
fn both_solvers_agree() {
    let centres: [&[f64]; 3] = [&[0.0, 0.0], &[3.0, 0.0], &[0.0, 4.0]];
    let values = blobs(&centres, 120, 1.0, 8);
    for affinity in [Rbf { gamma: 1.0 }, NearestNeighbors { n_neighbors: 12 }] {
        let laplacian = laplacian(&values, 2, affinity);
        let lanczos = embed(&laplacian, 3, Solver::ShiftInvert, 1).unwrap();
        let dense = embed(&laplacian, 3, Solver::Dense, 1).unwrap();
        assert!(close(&lanczos.eigenvalues, &dense.eigenvalues, 1e-11));
        assert!(close(&lanczos.values, &dense.values, 1e-9), "{affinity:?}");
    }
}

#[test]
fn lanczos_finds_repeated_eigenvalues() {
    let centres: [&[f64]; 4] = [&[0.0], &[1e3], &[2e3], &[3e3]];
    let values = blobs(&centres, 75, 1.0, 5);
    let laplacian = laplacian(&values, 1, NearestNeighbors { n_neighbors: 40 });
    let found = crate::lanczos::smallest(&laplacian.matrix, 4, 1).expect("300 points suffice");
    assert!(
        found.0.iter().all(|value| value.abs() < 1e-12),
        "{:?}",
        found.0
    );
}

#[test]
fn identical_points_have_a_finite_embedding() {
    let values = vec![0.3; 300];
    let laplacian = laplacian(&values, 1, Rbf { gamma: 1.0 });
    let found = embed(&laplacian, 2, Solver::ShiftInvert, 1).unwrap();
    assert!(close(&found.eigenvalues, &[0.0, 300.0 / 299.0], 1e-10));
    assert!(found.values.iter().all(|value| value.is_finite()));
}

#[test]
fn a_node_without_edges_stays_finite() {
    let values = [0.0, 0.1, 0.2, 1e6];
    let laplacian = laplacian(&values, 1, Rbf { gamma: 1.0 });
    assert_eq!(laplacian.roots[3], 1.0);
    let found = embed(&laplacian, 2, Solver::Dense, 1).unwrap();
    assert!((found.eigenvalues[1] - 1.0).abs() < 1e-12);
    assert!(found.values.iter().all(|value| value.is_finite()));
}

#[test]
fn the_greatest_entry_is_positive() {
    let values = noise(200, 2, 3);
    let laplacian = laplacian(&values, 2, Rbf { gamma: 1.0 });
    let found = embed(&laplacian, 4, Solver::ShiftInvert, 1).unwrap();
    for c in 0..4 {
        let column = found.values.iter().skip(c).step_by(4);
        let greatest = column.copied().max_by(|a, b| a.abs().total_cmp(&b.abs()));
        assert!(greatest.unwrap() > 0.0);
    }
    // The first is constant where the graph is connected.
    let first = found.values.iter().step_by(4);
    assert!(
        first
            .clone()
            .all(|value| (value - found.values[0]).abs() < 1e-9)
    );
}

#[test]
fn what_is_out_of_range_is_refused() {
    let values = [0.0, 1.0, 2.0];
    let points = Points::new(&values, 1);
    let refused = |k, affinity| {
        let params = params(k, affinity, Solver::Dense);
        fit(&points, &params, 1).unwrap_err().parameter
    };
    let rbf = Rbf { gamma: 1.0 };
    assert_eq!(refused(0, rbf), "n_clusters");
    assert_eq!(refused(4, rbf), "n_clusters");
    assert_eq!(refused(2, Rbf { gamma: 0.0 }), "gamma");
    let many = NearestNeighbors { n_neighbors: 4 };
    assert_eq!(refused(2, many), "n_neighbors");
}
