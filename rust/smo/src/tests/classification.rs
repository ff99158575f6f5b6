use proptest::prelude::*;
use rmlbench_worker::fault::Kind;

use super::{Clouds, FORMS, KERNELS, RBF, close, plain, tight};
use crate::{Classifier, Form, Kernel, Margin, Settings};

fn c(c: f64) -> Margin {
    Margin::C {
        c,
        weights: Vec::new(),
    }
}

fn fit(settings: &Settings, margin: &Margin, data: &Clouds) -> Classifier {
    Classifier::fit(settings, margin, data.rows(), &data.labels).unwrap()
}

/// `y alpha` of every row, and `y`, for two classes; the smaller label is +.
fn signed(model: &Classifier, data: &Clouds) -> (Vec<f64>, Vec<f64>) {
    let mut coefficients = vec![0.0; data.labels.len()];
    for (i, value) in model.support.indices.iter().zip(&model.coefficients) {
        coefficients[*i as usize] = *value;
    }
    let sign = |label: &i64| {
        if *label == model.classes[0] {
            1.0
        } else {
            -1.0
        }
    };
    (coefficients, data.labels.iter().map(sign).collect())
}

/// `sum y alpha K` at every row, without the offset.
fn scores(kernel: Kernel, data: &Clouds, coefficients: &[f64]) -> Vec<f64> {
    let n = coefficients.len();
    let term = |i: usize, j: usize| coefficients[j] * plain(kernel, data.row(i), data.row(j));
    (0..n).map(|i| (0..n).map(|j| term(i, j)).sum()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn c_svc_meets_its_optimality_conditions(
        n in 4usize..90, d in 1usize..40, seed in 0usize..1000, cost in 0.05..20.0f64,
        weight in 0.2..5.0f64, which in 0usize..3, product: bool, shrinking: bool
    ) {
        let data = Clouds::new(n, d, 2, seed);
        let kernel = KERNELS[which];
        let settings = Settings { shrinking, ..Settings::new(kernel, FORMS[usize::from(product)]) };
        let margin = Margin::C { c: cost, weights: vec![1.0, weight] };
        let model = fit(&settings, &margin, &data);
        let (coefficients, signs) = signed(&model, &data);
        let scores = scores(kernel, &data, &coefficients);
        let scale = 1.0 + coefficients.iter().map(|a| a.abs()).sum::<f64>();
        prop_assert!(model.machines[0].converged);
        prop_assert!(coefficients.iter().sum::<f64>().abs() < 1e-9 * scale);
        // Rounding of the cached kernel values moves the gradient by their size.
        let largest = (0..n).map(|i| plain(kernel, data.row(i), data.row(i)).abs()).fold(1.0, f64::max);
        let slack = 1e-3 + 1e-6 * scale * largest;
        for i in 0..n {
            let alpha = coefficients[i] * signs[i];
            let bound = cost * if signs[i] > 0.0 { 1.0 } else { weight };
            let margin = signs[i] * (scores[i] - model.machines[0].rho);
            prop_assert!((0.0..=bound).contains(&alpha), "{alpha}");
            if alpha < bound {
                prop_assert!(margin >= 1.0 - slack, "{margin}");
            }
            if alpha > 0.0 {
                prop_assert!(margin <= 1.0 + slack, "{margin}");
            }
        }
    }

    #[test]
    fn nu_svc_holds_its_share(
        n in 20usize..90, d in 1usize..20, seed in 0usize..1000, nu in 0.1..0.9f64, product: bool
    ) {
        let data = Clouds::new(n / 2 * 2, d, 2, seed);
        let settings = tight(RBF, FORMS[usize::from(product)]);
        let model = fit(&settings, &Margin::Nu { nu }, &data);
        let (coefficients, signs) = signed(&model, &data);
        let total: f64 = coefficients.iter().map(|a| a.abs()).sum();
        let most = coefficients.iter().fold(0.0f64, |most, a| most.max(a.abs()));
        let n = signs.len() as f64;
        // The sum is nu n / r, and no coefficient above 1 / r.
        prop_assert!(coefficients.iter().sum::<f64>().abs() < 1e-9 * total);
        prop_assert!(total >= nu * n * most * (1.0 - 1e-9));
        prop_assert!(model.support.len() as f64 >= nu * n - 1e-9);
    }
}

#[test]
fn the_duality_gap_closes() {
    let data = Clouds::new(120, 5, 2, 3);
    for kernel in KERNELS {
        for form in FORMS {
            let model = fit(&tight(kernel, form), &c(0.7), &data);
            let (coefficients, signs) = signed(&model, &data);
            let scores = scores(kernel, &data, &coefficients);
            let square: f64 = coefficients.iter().zip(&scores).map(|(a, f)| a * f).sum();
            let loss = |i: usize| (1.0 - signs[i] * (scores[i] - model.machines[0].rho)).max(0.0);
            let primal = square / 2.0 + 0.7 * (0..signs.len()).map(loss).sum::<f64>();
            let dual = -model.machines[0].objective;
            assert!(
                close(primal, dual, 1e-4),
                "{kernel:?} {form:?}: {primal} {dual}"
            );
        }
    }
}

#[test]
fn shrinking_form_order_and_cache_do_not_move_the_optimum() {
    let data = Clouds::new(400, 6, 2, 5);
    let order: Vec<usize> = (0..400).map(|i| i * 147 % 400).collect();
    for kernel in KERNELS {
        let settings = tight(kernel, Form::Pairwise);
        let first = fit(&settings, &c(2.0), &data).machines[0];
        let others = [
            (
                Settings {
                    shrinking: false,
                    ..settings
                },
                &data,
            ),
            (tight(kernel, Form::Product), &data),
            (settings, &data.reordered(&order)),
        ];
        for (settings, data) in others {
            let other = fit(&settings, &c(2.0), data).machines[0];
            assert!(
                close(first.objective, other.objective, 1e-5),
                "{first:?} {other:?}"
            );
        }
        // A cache of two rows leaves the very same path.
        let starved = Settings {
            cache_mb: 1e-6,
            ..settings
        };
        assert_eq!(first, fit(&starved, &c(2.0), &data).machines[0]);
    }
}

#[test]
fn duplicated_rows_share_their_weight() {
    let data = Clouds::new(60, 3, 2, 8);
    let twice: Vec<usize> = (0..60).chain(0..60).collect();
    for form in FORMS {
        let settings = tight(RBF, form);
        let once = fit(&settings, &c(2.0), &data).machines[0];
        let twice = fit(&settings, &c(1.0), &data.reordered(&twice)).machines[0];
        assert!(
            close(once.objective, twice.objective, 1e-6),
            "{once:?} {twice:?}"
        );
        assert!(close(once.rho, twice.rho, 1e-3), "{once:?} {twice:?}");
    }
}

#[test]
fn many_classes_are_told_apart_in_any_form_and_on_any_threads() {
    let data = Clouds::new(300, 8, 4, 11);
    let one = fit(&tight(RBF, Form::Pairwise), &c(5.0), &data);
    assert_eq!(one.classes, [10, 20, 30, 40]);
    assert_eq!(one.n_support.iter().sum::<usize>(), one.support.len());
    assert_eq!(one.machines.len(), 6);
    let labels = one.predict(data.rows(), 1).unwrap();
    let right = labels
        .iter()
        .zip(&data.labels)
        .filter(|(a, b)| a == b)
        .count();
    assert!(right > 250, "{right}");
    let two = Settings {
        threads: 2,
        ..tight(RBF, Form::Pairwise)
    };
    assert_eq!(fit(&two, &c(5.0), &data).machines, one.machines);
    let decisions = one.decision(data.rows(), 2).unwrap();
    assert_eq!(decisions.len(), 300 * 6);
    let product = fit(&tight(RBF, Form::Product), &c(5.0), &data);
    for (a, b) in decisions
        .iter()
        .zip(product.decision(data.rows(), 1).unwrap())
    {
        assert!((a - b).abs() < 1e-3, "{a} {b}");
    }
}

#[test]
fn the_decision_of_two_classes_is_positive_for_the_first() {
    let data = Clouds::new(80, 4, 2, 2);
    let model = fit(&Settings::new(RBF, Form::Product), &c(1.0), &data);
    let decisions = model.decision(data.rows(), 1).unwrap();
    let labels = model.predict(data.rows(), 1).unwrap();
    for (row, (decision, label)) in decisions.iter().zip(labels).enumerate() {
        assert_eq!(label == 10, *decision > 0.0);
        let vectors = model.support.vectors.chunks_exact(4);
        let values = vectors.zip(&model.coefficients);
        let sum: f64 = values.map(|(v, a)| a * plain(RBF, v, data.row(row))).sum();
        assert!((sum - model.machines[0].rho - decision).abs() < 1e-9);
    }
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let data = Clouds::new(20, 2, 2, 1);
    let settings = Settings::new(RBF, Form::Pairwise);
    let kind = |settings: &Settings, margin: &Margin, labels: &[i64]| {
        let fault = Classifier::fit(settings, margin, data.rows(), labels).unwrap_err();
        (fault.kind, fault.parameter)
    };
    assert_eq!(
        kind(&settings, &c(1.0), &[7; 20]),
        (Kind::Data, "y_train".into())
    );
    assert_eq!(
        kind(&settings, &c(1.0), &[7; 19]),
        (Kind::Data, "x_train".into())
    );
    assert_eq!(
        kind(&settings, &c(0.0), &data.labels),
        (Kind::Parameter, "C".into())
    );
    let uneven: Vec<i64> = (0..20).map(|i| i64::from(i < 2)).collect();
    let nu = Margin::Nu { nu: 0.5 };
    assert_eq!(
        kind(&settings, &nu, &uneven),
        (Kind::Parameter, "nu".into())
    );
    let bad = Settings {
        tol: 0.0,
        ..settings
    };
    assert_eq!(
        kind(&bad, &c(1.0), &data.labels),
        (Kind::Parameter, "tol".into())
    );
}

#[test]
fn a_limit_of_iterations_is_kept() {
    let data = Clouds::new(100, 3, 2, 4);
    let settings = Settings {
        max_iter: Some(7),
        ..Settings::new(RBF, Form::Pairwise)
    };
    let machine = fit(&settings, &c(1.0), &data).machines[0];
    assert_eq!((machine.n_iter, machine.converged), (7, false));
}
