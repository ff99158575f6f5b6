//! What Gaussian mixtures must hold whatever the data.

use proptest::prelude::*;
use rmlbench_worker::fault::Kind;

use crate::covariance::Covariance::{self, Diag, Full, Spherical, Tied};
use crate::mixture::{Mixture, Params, fit};
use crate::points::Points;
use crate::precision;
use crate::samples::{blobs, close, memberships, noise, separates};
use crate::start::{Parameters, Start};
use crate::tiles::Tiles;

const KINDS: [Covariance; 4] = [Full, Tied, Diag, Spherical];

fn params(n_components: usize, covariance: Covariance, max_iter: u64, tol: f64) -> Params {
    Params {
        n_components,
        covariance,
        max_iter,
        tol,
        ..Default::default()
    }
}

/// Three overlapping clusters of 60 points, from doubtful memberships.
fn three(covariance: Covariance, max_iter: u64, tol: f64, threads: usize) -> Mixture {
    let values = overlapping();
    let resp = memberships(3, 60, 0.6);
    let params = params(3, covariance, max_iter, tol);
    fit(
        &Points::new(&values, 2),
        &params,
        Start::Responsibilities(&resp),
        threads,
    )
    .unwrap()
}

fn overlapping() -> Vec<f64> {
    blobs(&[&[50.0, 0.0], &[52.5, 0.0], &[51.0, 3.0]], 60, 1.0, 4)
}

/// `U U'` of the blocks of a d x d factor.
fn square(factor: &[f64], d: usize) -> Vec<f64> {
    let entry = |u: &[f64], at: usize| -> f64 {
        (0..d).map(|c| u[at / d * d + c] * u[at % d * d + c]).sum()
    };
    let blocks = factor.chunks_exact(d * d);
    blocks
        .flat_map(|u| (0..d * d).map(move |at| entry(u, at)))
        .collect()
}

/// Precisions from a fitted mixture, as scikit-learn's `precisions_`.
fn precisions(found: &Mixture, kind: Covariance, d: usize) -> Vec<f64> {
    match kind {
        Full | Tied => square(found.precisions_cholesky(), d),
        Diag | Spherical => found.precisions_cholesky().iter().map(|u| u * u).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_likelihood_never_decreases(n in 100usize..600, d in 1usize..4, k in 1usize..4, seed: u64) {
        let values = noise(n, d, seed);
        let resp: Vec<f64> = noise(n, k, seed ^ 1).chunks_exact(k).flat_map(|row| {
            let sum: f64 = row.iter().map(|v| v + 1.01).sum();
            row.iter().map(|v| (v + 1.01) / sum).collect::<Vec<_>>()
        }).collect();
        for kind in KINDS {
            let start = Start::Responsibilities(&resp);
            let found = fit(&Points::new(&values, d), &params(k, kind, 30, 0.0), start, 1).unwrap();
            // reg_covar moves each M-step off the maximum by about its size.
            let bounds = &found.lower_bounds;
            prop_assert!(bounds.windows(2).all(|w| w[1] >= w[0] - 1e-4), "{kind:?} {bounds:?}");
        }
    }

    #[test]
    fn responsibilities_sum_to_one(n in 3usize..600, d in 1usize..5, seed: u64) {
        let values = noise(n, d, seed);
        let points = Points::new(&values, d);
        let mut resp = [0.2, 0.5, 0.3].repeat(n);
        resp[0] = 0.6; // not all alike
        for kind in KINDS {
            let start = Start::Responsibilities(&resp);
            let found = fit(&points, &params(3, kind, 5, 1e-3), start, 1).unwrap();
            let (shares, score) = found.probabilities(&points, 1).unwrap();
            let shares = shares.to_rows();
            prop_assert!(shares.chunks_exact(3).all(|r| (r.iter().sum::<f64>() - 1.0).abs() < 1e-14));
            prop_assert!((score - found.score).abs() < 1e-12 * (1.0 + score.abs()));
            prop_assert!((found.weights().iter().sum::<f64>() - 1.0).abs() < 1e-14);
            prop_assert_eq!(found.predict(&points, 1).unwrap(), found.labels);
        }
    }

    #[test]
    fn factors_are_of_the_inverse(d in 1usize..8, seed: u64) {
        let a = noise(d, d, seed);
        let mut matrix = square(&a, d);
        (0..d).for_each(|i| matrix[i * d + i] += 0.5);
        let factor = precision::from_covariances(Full, &matrix, 1, d, 0.0).unwrap();
        let inverse = square(&factor, d);
        let product: Vec<f64> = (0..d * d).map(|at| {
            (0..d).map(|c| matrix[at / d * d + c] * inverse[c * d + at % d]).sum()
        }).collect();
        let one: Vec<f64> = (0..d * d).map(|at| f64::from(at / d == at % d)).collect();
        prop_assert!(close(&product, &one, 1e-11));
        prop_assert!((0..d * d).all(|at| at / d <= at % d || factor[at] == 0.0));
        let again = precision::from_precisions(Full, &inverse, 1, d).unwrap();
        prop_assert!(close(&again, &factor, 1e-10));
    }

    #[test]
    fn tiles_keep_their_rows(n in 1usize..700, width in 1usize..5, seed: u64) {
        let values = noise(n, width, seed);
        prop_assert_eq!(Tiles::from_rows(&values, width).to_rows(), values);
    }
}

#[test]
fn in_one_dimension_full_diagonal_and_spherical_agree() {
    let values = blobs(&[&[0.0], &[3.0]], 80, 1.0, 9);
    let resp = memberships(2, 80, 0.3);
    let run = |kind| {
        let start = Start::Responsibilities(&resp);
        fit(
            &Points::new(&values, 1),
            &params(2, kind, 100, 1e-6),
            start,
            1,
        )
        .unwrap()
    };
    let full = run(Full);
    for kind in [Diag, Spherical] {
        let other = run(kind);
        assert_eq!(other.n_iter(), full.n_iter());
        assert!(close(&other.means(), &full.means(), 1e-10));
        assert!(close(&other.covariances, &full.covariances, 1e-10));
        assert!(close(&[other.bic], &[full.bic], 1e-10));
    }
}

#[test]
fn one_component_is_the_normal_distribution_of_the_data() {
    let values = overlapping();
    let points = Points::new(&values, 2);
    let resp = vec![1.0; points.rows];
    let run = |kind| {
        fit(
            &points,
            &params(1, kind, 100, 1e-3),
            Start::Responsibilities(&resp),
            1,
        )
        .unwrap()
    };
    let (full, tied) = (run(Full), run(Tied));
    assert!(close(&full.means(), &points.mean(), 1e-13));
    assert!(close(&full.covariances, &tied.covariances, 1e-12));
    assert_eq!(full.n_iter(), 2);
    assert!(full.converged);
    // ln N at its own moments: -(d ln 2 pi + ln det + d) / 2, up to reg_covar.
    let c = &full.covariances;
    let log_det = (c[0] * c[3] - c[1] * c[2]).ln();
    let score = -0.5 * (2.0 * (2.0 * std::f64::consts::PI).ln() + log_det + 2.0);
    assert!((full.score - score).abs() < 1e-5);
    let bic = 5.0 * 180f64.ln() - 2.0 * 180.0 * full.score;
    assert!((full.bic - bic).abs() < 1e-9);
}

#[test]
fn a_mixture_goes_on_from_its_parameters() {
    let values = overlapping();
    let points = Points::new(&values, 2);
    for kind in KINDS {
        let found = three(kind, 7, 0.0, 1);
        let given = Parameters {
            weights: found.weights().to_vec(),
            means: found.means(),
            precisions: precisions(&found, kind, 2),
        };
        let start = Start::Parameters(&given);
        let next = fit(&points, &params(3, kind, 1, 0.0), start, 1).unwrap();
        let longer = three(kind, 8, 0.0, 1);
        assert!((next.lower_bounds[0] - found.score).abs() < 1e-11);
        assert!(close(&next.means(), &longer.means(), 1e-10));
        assert!(close(&next.covariances, &longer.covariances, 1e-9));
    }
}

#[test]
fn threads_do_not_change_the_answer() {
    for kind in KINDS {
        let (one, two) = (three(kind, 20, 0.0, 1), three(kind, 20, 0.0, 2));
        assert!(close(&one.means(), &two.means(), 1e-10));
        assert!(close(&one.covariances, &two.covariances, 1e-9));
    }
}

#[test]
fn far_points_stay_finite() {
    let values = blobs(&[&[0.0, 0.0], &[1e3, 1e3]], 40, 1e-2, 3);
    let points = Points::new(&values, 2);
    let resp = memberships(2, 40, 0.0);
    for kind in KINDS {
        let start = Start::Responsibilities(&resp);
        let found = fit(&points, &params(2, kind, 100, 1e-3), start, 1).unwrap();
        assert!(separates(&found.labels, 40));
        assert!(found.lower_bounds.iter().all(|bound| bound.is_finite()));
        let far = [1e9, -1e9];
        let (shares, score) = found.probabilities(&Points::new(&far, 2), 1).unwrap();
        assert!(score.is_finite() && score < -1e6);
        assert!((shares.to_rows().iter().sum::<f64>() - 1.0).abs() < 1e-14);
    }
}

#[test]
fn collapsed_points_need_regularisation() {
    let values = [0.1, 0.7].repeat(10);
    let points = Points::new(&values, 2);
    let resp = [1.0].repeat(10);
    for kind in KINDS {
        let start = Start::Responsibilities(&resp);
        let regular = params(1, kind, 100, 1e-3);
        let bare = Params {
            reg_covar: 0.0,
            ..regular
        };
        assert!(fit(&points, &regular, start, 1).unwrap().score.is_finite());
        // The mean may be off by an ulp; then the variance is not zero but tiny.
        if let Err(fault) = fit(&points, &bare, start, 1) {
            assert_eq!(fault.kind, Kind::Numerical);
        }
    }
}

#[test]
fn what_is_out_of_range_is_refused() {
    let values = [0.0, 1.0, 2.0];
    let points = Points::new(&values, 1);
    let refused = |params: &Params, start| fit(&points, params, start, 1).unwrap_err().parameter;
    let one = Start::Responsibilities(&[1.0; 3]);
    assert_eq!(refused(&params(0, Full, 1, 0.0), one), "n_components");
    assert_eq!(refused(&params(4, Full, 1, 0.0), one), "n_components");
    assert_eq!(refused(&params(1, Full, 0, 0.0), one), "max_iter");
    assert_eq!(refused(&params(1, Full, 1, -1.0), one), "tol");
    assert_eq!(refused(&params(2, Full, 1, 0.0), one), "responsibilities");
    let given = Parameters {
        weights: vec![1.0],
        means: vec![0.0],
        precisions: vec![-1.0],
    };
    let wrong = Start::Parameters(&given);
    assert_eq!(refused(&params(1, Full, 1, 0.0), wrong), "precisions");
}

#[test]
fn the_first_m_step_may_be_made_before() {
    let values = overlapping();
    let points = Points::new(&values, 2);
    let resp = memberships(3, 60, 0.6);
    for kind in KINDS {
        let params = params(3, kind, 5, 0.0);
        let given = Parameters::from_responsibilities(&points, &params, &resp, 1).unwrap();
        let from = |start| fit(&points, &params, start, 1).unwrap();
        let (at_once, before) = (
            from(Start::Responsibilities(&resp)),
            from(Start::Parameters(&given)),
        );
        assert!(close(&before.lower_bounds, &at_once.lower_bounds, 1e-11));
        assert!(close(&before.means(), &at_once.means(), 1e-10));
        assert!(close(&before.covariances, &at_once.covariances, 1e-9));
    }
}
