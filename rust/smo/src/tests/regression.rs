use proptest::prelude::*;

use super::{Clouds, FORMS, KERNELS, RBF, close, plain, tight};
use crate::{Form, Regressor, Settings, Tube};

fn fit(settings: &Settings, tube: Tube, data: &Clouds, y: &[f64]) -> Regressor {
    Regressor::fit(settings, &tube, data.rows(), y).unwrap()
}

/// The coefficient of every row.
fn spread(model: &Regressor, n: usize) -> Vec<f64> {
    let mut all = vec![0.0; n];
    for (i, value) in model.support.indices.iter().zip(&model.coefficients) {
        all[*i as usize] = *value;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn epsilon_svr_meets_its_optimality_conditions(
        n in 3usize..80, d in 1usize..20, seed in 0usize..1000, c in 0.1..10.0f64,
        epsilon in 0.0..0.5f64, which in 0usize..3, product: bool, shrinking: bool
    ) {
        let data = Clouds::new(n, d, 3, seed);
        let y = data.target();
        let kernel = KERNELS[which];
        let settings = Settings { shrinking, ..Settings::new(kernel, FORMS[usize::from(product)]) };
        let model = fit(&settings, Tube::Epsilon { c, epsilon }, &data, &y);
        let coefficients = spread(&model, n);
        let scale = 1.0 + coefficients.iter().map(|a| a.abs()).sum::<f64>();
        prop_assert!(coefficients.iter().sum::<f64>().abs() < 1e-9 * scale);
        let largest = (0..n).map(|i| plain(kernel, data.row(i), data.row(i)).abs()).fold(1.0, f64::max);
        let slack = 1e-3 + 1e-6 * scale * largest;
        let fitted = model.predict(data.rows(), 1).unwrap();
        for i in 0..n {
            let (a, residual) = (coefficients[i], y[i] - fitted[i]);
            prop_assert!(a.abs() <= c);
            if a > 0.0 {
                prop_assert!(residual >= epsilon - slack, "{residual}");
            }
            if a < 0.0 {
                prop_assert!(-residual >= epsilon - slack, "{residual}");
            }
            if a < c {
                prop_assert!(residual <= epsilon + slack, "{residual}");
            }
            if a > -c {
                prop_assert!(-residual <= epsilon + slack, "{residual}");
            }
        }
    }

    #[test]
    fn nu_svr_holds_its_share(
        n in 10usize..80, d in 1usize..10, seed in 0usize..1000, nu in 0.1..1.0f64, product: bool
    ) {
        let data = Clouds::new(n, d, 3, seed);
        let y = data.target();
        let model = fit(&tight(RBF, FORMS[usize::from(product)]), Tube::Nu { c: 1.5, nu }, &data, &y);
        let coefficients = spread(&model, n);
        let total: f64 = coefficients.iter().map(|a| a.abs()).sum();
        prop_assert!(coefficients.iter().sum::<f64>().abs() < 1e-9 * total.max(1.0));
        prop_assert!(coefficients.iter().all(|a| a.abs() <= 1.5));
        prop_assert!(total <= 1.5 * nu * n as f64 + 1e-9);
    }
}

#[test]
fn shrinking_form_and_cache_do_not_move_the_optimum() {
    let data = Clouds::new(300, 5, 3, 6);
    let y = data.target();
    for tube in [
        Tube::Epsilon {
            c: 1.0,
            epsilon: 0.1,
        },
        Tube::Nu { c: 1.0, nu: 0.4 },
    ] {
        let settings = tight(RBF, Form::Pairwise);
        let first = fit(&settings, tube, &data, &y);
        for settings in [
            Settings {
                shrinking: false,
                ..settings
            },
            tight(RBF, Form::Product),
        ] {
            let other = fit(&settings, tube, &data, &y);
            assert!(close(first.objective, other.objective, 1e-5), "{tube:?}");
            let a = first.predict(data.rows(), 1).unwrap();
            for (a, b) in a.iter().zip(other.predict(data.rows(), 2).unwrap()) {
                assert!((a - b).abs() < 1e-3, "{a} {b}");
            }
        }
        let starved = fit(
            &Settings {
                cache_mb: 1e-6,
                ..settings
            },
            tube,
            &data,
            &y,
        );
        assert_eq!((first.n_iter, first.rho), (starved.n_iter, starved.rho));
    }
}

#[test]
fn a_constant_target_needs_no_support() {
    let data = Clouds::new(30, 3, 3, 9);
    let model = fit(
        &Settings::new(RBF, Form::Product),
        Tube::Epsilon {
            c: 1.0,
            epsilon: 0.1,
        },
        &data,
        &[2.0; 30],
    );
    assert_eq!((model.support.len(), model.n_iter), (0, 0));
    assert!(
        model
            .predict(data.rows(), 1)
            .unwrap()
            .iter()
            .all(|p| (p - 2.0).abs() < 1e-12)
    );
}
