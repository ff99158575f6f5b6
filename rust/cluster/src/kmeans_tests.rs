//! What k-means must hold whatever the data.

use proptest::prelude::*;
use rmlbench_worker::fault::Kind;

use crate::kmeans::{KMeans, Params, Start, fit};
use crate::lloyd::Sums;
use crate::points::Points;
use crate::relocate;
use crate::samples::{blobs, close, noise, separates};
use crate::seeding::plus_plus;

fn params(n_clusters: usize, max_iter: u64, tol: f64) -> Params {
    Params {
        n_clusters,
        max_iter,
        tol,
    }
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// k-means from the first k points.
fn from_first(values: &[f64], d: usize, k: usize, max_iter: u64, tol: f64) -> KMeans {
    let start = Start::Centres(&values[..k * d]);
    fit(&Points::new(values, d), &params(k, max_iter, tol), start, 1).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..Default::default() })]

    #[test]
    fn inertia_never_increases(n in 1usize..600, d in 1usize..12, k in 1usize..9, seed: u64) {
        let k = k.min(n);
        let values = noise(n, d, seed);
        let run = |max_iter| from_first(&values, d, k, max_iter, 0.0).inertia;
        let inertias: Vec<f64> = (1..8).map(run).collect();
        prop_assert!(inertias.windows(2).all(|w| w[1] <= w[0] * (1.0 + 1e-12)), "{inertias:?}");
    }

    #[test]
    fn labels_are_the_nearest_centres(n in 1usize..600, d in 1usize..12, k in 1usize..9, seed: u64) {
        let k = k.min(n);
        let values: Vec<f64> = noise(n, d, seed).iter().map(|v| v + 100.0).collect();
        let points = Points::new(&values, d);
        let found = fit(&points, &params(k, 50, 1e-4), Start::PlusPlus(seed), 1).unwrap();
        let mut inertia = 0.0;
        for (row, label) in values.chunks_exact(d).zip(&found.labels) {
            let own = distance(row, &found.centres[*label as usize * d..][..d]);
            let all = found.centres.chunks_exact(d).map(|centre| distance(row, centre));
            prop_assert!(own <= all.fold(f64::INFINITY, f64::min) + 1e-10);
            inertia += own;
        }
        prop_assert!((inertia - found.inertia).abs() <= 1e-9 * (1.0 + inertia));
        prop_assert_eq!(found.predict(&points, 1).unwrap().len(), n);
    }

    #[test]
    fn as_many_clusters_as_points_leave_no_inertia(n in 1usize..40, d in 1usize..6, seed: u64) {
        let values = noise(n, d, seed);
        let found = from_first(&values, d, n, 300, 1e-4);
        prop_assert!(found.inertia < 1e-24);
        prop_assert!(close(&found.centres, &values, 1e-15));
    }

    #[test]
    fn one_cluster_is_the_mean(n in 1usize..300, d in 1usize..6, seed: u64) {
        let values = noise(n, d, seed);
        let found = from_first(&values, d, 1, 300, 1e-4);
        let mean = Points::new(&values, d).mean();
        let spread: f64 = values.chunks_exact(d).map(|row| distance(row, &mean)).sum();
        prop_assert!(close(&found.centres, &mean, 1e-14));
        prop_assert!((found.inertia - spread).abs() <= 1e-12 * (1.0 + spread));
    }

    #[test]
    fn threads_do_not_change_the_answer(n in 500usize..1500, seed: u64) {
        let values = noise(n, 3, seed);
        let points = Points::new(&values, 3);
        let run = |threads| fit(&points, &params(4, 20, 1e-4), Start::PlusPlus(seed), threads);
        let (one, three) = (run(1).unwrap(), run(3).unwrap());
        prop_assert_eq!(one.n_iter, three.n_iter);
        prop_assert!(close(&one.centres, &three.centres, 1e-10));
        prop_assert!(close(&[one.inertia], &[three.inertia], 1e-10));
    }
}

#[test]
fn identical_points_have_one_place() {
    let values = [0.1, 0.7].repeat(10);
    let points = Points::new(&values, 2);
    for start in [Start::Centres(&values[..6]), Start::PlusPlus(3)] {
        let found = fit(&points, &params(3, 300, 1e-4), start, 1).unwrap();
        assert!(found.inertia < 1e-28);
        assert!(found.centres.iter().all(|value| value.is_finite()));
        assert!(found.labels.iter().all(|label| *label == found.labels[0]));
    }
}

#[test]
fn an_empty_cluster_takes_the_farthest_point() {
    // The third centre is nobody's nearest; 9 is farthest from its own.
    let values = [0.0, 1.0, 2.0, 9.0];
    let points = Points::new(&values, 1);
    let start = [0.0, 2.0, 1000.0];
    let found = fit(&points, &params(3, 300, 0.0), Start::Centres(&start), 1).unwrap();
    assert_eq!(found.labels[3], 2);
    assert!((found.centres[2] - 9.0).abs() < 1e-12);
    assert!((found.inertia - 0.5).abs() < 1e-12);
}

#[test]
fn the_first_of_equally_near_centres_is_taken() {
    let values = [-1.0, 0.0, 1.0];
    let found = from_first(&[-1.0, 1.0, 0.0], 1, 2, 1, 0.0);
    let points = Points::new(&values, 1);
    let again = fit(&points, &params(2, 1, 1e9), Start::Centres(&[-1.0, 1.0]), 1).unwrap();
    assert_eq!(found.labels[..2], [0, 1]);
    // After the one M-step the middle point belongs to the first centre, now at -0.5.
    assert_eq!(again.labels, [0, 0, 1]);
}

#[test]
fn a_solution_rests_at_once() {
    let values = blobs(&[&[0.0, 0.0], &[9.0, 0.0], &[0.0, 9.0]], 50, 0.5, 1);
    let points = Points::new(&values, 2);
    let found = fit(&points, &params(3, 300, 1e-4), Start::PlusPlus(5), 1).unwrap();
    let again = fit(
        &points,
        &params(3, 300, 1e-4),
        Start::Centres(&found.centres),
        1,
    )
    .unwrap();
    assert!(separates(&found.labels, 50));
    assert_eq!(again.n_iter, 1);
    assert_eq!(again.labels, found.labels);
    assert!(close(&again.centres, &found.centres, 1e-14));
}

#[test]
fn seeds_spread_over_far_clusters() {
    let far: [&[f64]; 5] = [&[0.0], &[1e3], &[2e3], &[3e3], &[4e3]];
    let values = blobs(&far, 30, 1.0, 2);
    let points = Points::new(&values, 1);
    for seed in 0..50 {
        let mut clusters: Vec<usize> = plus_plus(&points, 5, seed, 1)
            .iter()
            .map(|i| i / 30)
            .collect();
        clusters.sort_unstable();
        assert_eq!(clusters, [0, 1, 2, 3, 4]);
    }
}

#[test]
fn the_second_seed_follows_the_squared_distance() {
    // From 0 the candidates are 1 and 2 with shares 1/5 and 4/5; of the two trials the one that
    // leaves less is kept: 1 leaves 1, 2 leaves 1 too, so the first trial decides.
    let values = [0.0, 1.0, 2.0];
    let points = Points::new(&values, 1);
    let draws = (0..20_000u64).map(|seed| plus_plus(&points, 2, seed * 7919, 1));
    let from_zero: Vec<usize> = draws.filter(|c| c[0] == 0).map(|c| c[1]).collect();
    let share = from_zero.iter().filter(|i| **i == 2).count() as f64 / from_zero.len() as f64;
    assert!((share - 0.8).abs() < 0.02, "{share}");
}

#[test]
fn what_is_out_of_range_is_refused() {
    let values = [0.0, 1.0, 2.0, f64::NAN];
    let points = Points::new(&values[..3], 1);
    let refused = |params: &Params, start| fit(&points, params, start, 1).unwrap_err().parameter;
    let seed = Start::PlusPlus(0);
    assert_eq!(refused(&params(0, 1, 0.0), seed), "n_clusters");
    assert_eq!(refused(&params(4, 1, 0.0), seed), "n_clusters");
    assert_eq!(refused(&params(2, 0, 0.0), seed), "max_iter");
    assert_eq!(refused(&params(2, 1, -1.0), seed), "tol");
    assert_eq!(
        refused(&params(2, 1, 0.0), Start::Centres(&[0.0])),
        "centres"
    );
    let bad = fit(&Points::new(&values, 1), &params(2, 1, 0.0), seed, 1).unwrap_err();
    assert_eq!(bad.kind, Kind::Data);
}

/// The M-step after these labels, on one coordinate.
fn moved(values: &[f64], centres: &[f64], labels: &[u32]) -> Vec<f64> {
    let mut sums = Sums {
        values: vec![0.0; centres.len()],
        counts: vec![0.0; centres.len()],
    };
    for (value, label) in values.iter().zip(labels) {
        sums.values[*label as usize] += value;
        sums.counts[*label as usize] += 1.0;
    }
    relocate::update(&Points::new(values, 1), centres, labels, sums)
}

#[test]
fn a_moved_point_leaves_its_old_cluster() {
    let centres = moved(&[0.0, 1.0, 2.0, 9.0], &[0.0, 2.0, 1000.0], &[0, 0, 1, 1]);
    assert_eq!(centres, [0.5, 2.0, 9.0]);
}

#[test]
fn the_farthest_points_go_to_the_empty_clusters_in_order() {
    let centres = moved(&[0.0, 1.0, 7.0, 9.0], &[0.0, 50.0, 60.0], &[0, 0, 0, 0]);
    assert_eq!(centres, [0.5, 9.0, 7.0]);
}

#[test]
fn without_a_far_point_an_empty_cluster_stands_where_the_biggest_does() {
    // Before the biggest in order it gets its sum, after it its mean, as in scikit-learn.
    let centres = moved(&[1.0, 1.0], &[5.0, 1.0, 6.0], &[1, 1]);
    assert_eq!(centres, [2.0, 1.0, 1.0]);
}
