//! Optimality conditions at boundaries: one column, n < d, constant and collinear columns.

use proptest::prelude::*;
use rmlbench_worker::Fault;
use rmlbench_worker::fault::Kind;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::params::ElasticNet;
use rmlbench_worker::supervised::{Fitted, Matrix, Rows};

use crate::model::{Data, Model};
use crate::{descent, lstsq, normal};

/// Deterministic noise in [-1, 1].
fn noise(k: usize) -> f64 {
    let mixed = (k as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed >> 11) as f64 / (1u64 << 52) as f64) - 1.0
}

/// n x d noise far from the origin; optionally a constant column and a doubled one.
fn data(n: usize, d: usize, layout: Layout, constant: bool, doubled: bool) -> Data {
    let mut values: Vec<f64> = (0..n * d).map(|k| noise(k + 7 * n) + 3.0).collect();
    for row in values.chunks_exact_mut(d) {
        if constant {
            row[0] = 0.1;
        }
        if doubled && d > 1 {
            row[d - 1] = row[d - 2];
        }
    }
    let c = Matrix {
        values,
        rows: n,
        columns: d,
        layout: Layout::C,
    };
    Data {
        x: c.to_layout(layout),
        y: (0..n).map(|i| 5.0 + 2.0 * noise(1_000_003 + i)).collect(),
    }
}

fn residual(data: &Data, model: &Model) -> Vec<f64> {
    let c = data.x.to_layout(Layout::C);
    let rows = Rows {
        values: &c.values,
        columns: c.columns,
    };
    let answers = model.predict(&rows).unwrap();
    data.y.iter().zip(answers).map(|(y, p)| y - p).collect()
}

/// `(x_j - mean_j) . r` of every column.
fn correlations(data: &Data, r: &[f64]) -> Vec<f64> {
    let n = data.x.rows;
    let column = |j: usize| (0..n).map(move |i| data.x.at(i, j));
    let mean = |j: usize| column(j).sum::<f64>() / n as f64;
    (0..data.x.columns)
        .map(|j| column(j).zip(r).map(|(x, r)| (x - mean(j)) * r).sum())
        .collect()
}

fn layout(f: bool) -> Layout {
    if f { Layout::F } else { Layout::C }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn least_squares_is_stationary_and_of_least_norm(
        n in 2usize..60, d in 1usize..40, f: bool, constant: bool, doubled: bool
    ) {
        let data = data(n, d, layout(f), constant, doubled);
        let model = lstsq::fit(&data, true, 1).unwrap();
        let r = residual(&data, &model);
        prop_assert!(r.iter().sum::<f64>().abs() < 1e-9);
        prop_assert!(correlations(&data, &r).iter().all(|c| c.abs() < 1e-9));
        if constant {
            prop_assert!(model.coefficients[0].abs() < 1e-9);
        }
        if doubled && d > 1 && !(constant && d == 2) {
            prop_assert!((model.coefficients[d - 1] - model.coefficients[d - 2]).abs() < 1e-9);
        }
    }

    #[test]
    fn ridge_is_stationary(
        n in 2usize..60, d in 1usize..40, f: bool, constant: bool, doubled: bool
    ) {
        let data = data(n, d, layout(f), constant, doubled);
        let model = normal::fit(&data, 0.5, true, 1).unwrap();
        let correlations = correlations(&data, &residual(&data, &model));
        for (c, w) in correlations.iter().zip(&model.coefficients) {
            prop_assert!((c - 0.5 * w).abs() < 1e-9);
        }
    }

    #[test]
    fn the_elastic_net_meets_its_optimality_conditions(
        n in 2usize..60, d in 1usize..40, f: bool, constant: bool, doubled: bool,
        l1_ratio in 0.1..1.0f64
    ) {
        let data = data(n, d, layout(f), constant, doubled);
        let params = ElasticNet { alpha: 0.05, l1_ratio, tol: 1e-14, max_iter: 100_000,
            fit_intercept: true };
        let model = descent::fit(&data, &params, 1).unwrap();
        let (l1, l2) = (0.05 * l1_ratio * n as f64, 0.05 * (1.0 - l1_ratio) * n as f64);
        let correlations = correlations(&data, &residual(&data, &model));
        for (c, w) in correlations.iter().zip(&model.coefficients) {
            let gradient = c - l2 * w;
            if *w == 0.0 {
                prop_assert!(gradient.abs() <= l1 + 1e-4);
            } else {
                prop_assert!((gradient - l1 * w.signum()).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn threads_do_not_change_the_answer(n in 900usize..1100, d in 1usize..8, f: bool) {
        let data = data(n, d, layout(f), false, false);
        let close = |a: Model, b: Model| {
            a.coefficients.iter().zip(&b.coefficients).all(|(a, b)| (a - b).abs() < 1e-10)
        };
        let lstsq = |threads| lstsq::fit(&data, true, threads).unwrap();
        let ridge = |threads| normal::fit(&data, 1.0, true, threads).unwrap();
        prop_assert!(close(lstsq(1), lstsq(2)) && close(ridge(1), ridge(2)));
    }
}

#[test]
fn a_constant_target_leaves_only_the_intercept() {
    let mut data = data(30, 4, Layout::F, false, false);
    data.y.fill(2.5);
    let params = ElasticNet::default();
    for model in [
        lstsq::fit(&data, true, 1).unwrap(),
        normal::fit(&data, 1.0, true, 1).unwrap(),
        descent::fit(&data, &params, 1).unwrap(),
    ] {
        assert!(model.coefficients.iter().all(|w| w.abs() < 1e-12));
        assert!((model.intercept - 2.5).abs() < 1e-12);
    }
}

#[test]
fn shifted_columns_keep_their_digits() {
    let mut data = data(500, 3, Layout::F, false, false);
    // A trend, so that the first rows do not tell the mean of the column.
    let at = |i: usize| 1e6 + i as f64 * 1e3;
    for i in 0..500 {
        data.y[i] += at(i) * 1e-3;
        data.x.values[i] = at(i) + noise(i);
    }
    for model in [
        lstsq::fit(&data, true, 1).unwrap(),
        normal::fit(&data, 0.0, true, 1).unwrap(),
    ] {
        let r = residual(&data, &model);
        let worst = correlations(&data, &r)
            .iter()
            .fold(0.0f64, |m, c| m.max(c.abs()));
        assert!(worst < 1e-3, "{worst}");
    }
}

#[test]
fn values_that_are_not_finite_are_refused() {
    for layout in [Layout::C, Layout::F] {
        for (in_x, bad) in [(true, f64::NAN), (false, f64::INFINITY)] {
            let mut data = data(50, 4, layout, false, false);
            if in_x {
                data.x.values[77] = bad;
            } else {
                data.y[3] = bad;
            }
            let refused = |fault: Result<Model, Fault>| fault.unwrap_err().kind == Kind::Data;
            assert!(refused(lstsq::fit(&data, true, 1)));
            assert!(refused(normal::fit(&data, 1.0, true, 1)));
            assert!(refused(descent::fit(&data, &ElasticNet::default(), 1)));
        }
    }
}

#[test]
fn singular_normal_equations_are_a_numerical_fault() {
    let mut data = data(50, 3, Layout::F, false, false);
    data.x.values[..50].fill(0.0);
    let fault = normal::fit(&data, 0.0, true, 1).unwrap_err();
    assert_eq!(fault.kind, Kind::Numerical);
}

#[test]
fn coordinate_descent_shares_its_rows_among_threads() {
    let data = data(70_001, 5, Layout::F, false, true);
    let params = ElasticNet {
        alpha: 0.001,
        tol: 1e-12,
        ..Default::default()
    };
    let one = descent::fit(&data, &params, 1).unwrap();
    let two = descent::fit(&data, &params, 2).unwrap();
    assert!(one.coefficients.iter().any(|w| *w != 0.0));
    for (a, b) in one.coefficients.iter().zip(&two.coefficients) {
        assert!((a - b).abs() < 1e-12);
    }
}
