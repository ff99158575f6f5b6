use proptest::prelude::*;
use rmlbench_worker::supervised::{Labels, Rows};

use super::{Clouds, RBF, noise, tight};
use crate::sigmoid::Sigmoid;
use crate::{Classifier, Form, Margin, Platt};

/// scikit-learn 1.9's values, made by
/// ```python
/// i = np.arange(60); base = ((37 * i) % 101) / 50 - 1; noise = ((53 * i) % 97) / 48 - 1
/// scores, positive = base, base + noise > 0                     # overlapping
/// scores, positive = base, base > 0.2                           # separate
/// scores, positive = 1000 * base, base + noise > 0.4            # large
/// scores, positive = base + 40, base - noise < -0.5             # inverse, far from 0
/// c = sklearn.calibration._SigmoidCalibration().fit(scores, positive.astype(float))
/// c.a_, c.b_, c.predict(scores[[0, 7]])
/// ```
const KNOWN: [(&str, usize, [f64; 2], [f64; 2]); 4] = [
    (
        "overlapping",
        28,
        [-2.251744797249496, 0.1636497891405602],
        [0.08200629, 0.53782621],
    ),
    (
        "separate",
        23,
        [-7.116041092153878, 1.5987001392330418],
        [1.64121202e-4, 3.53782370e-1],
    ),
    (
        "large",
        21,
        [-0.0020470507934321988, 0.7941725665511713],
        [0.05513677, 0.37575972],
    ),
    (
        "inverse",
        14,
        [2.1155956325574605, -83.05167714045318],
        [0.63261402, 0.13373489],
    ),
];

/// The scores and what is positive of a set above.
fn set(name: &str) -> (Vec<f64>, Vec<bool>) {
    let row = |i: u32| {
        let base = f64::from((37 * i) % 101) / 50.0 - 1.0;
        let noise = f64::from((53 * i) % 97) / 48.0 - 1.0;
        match name {
            "overlapping" => (base, base + noise > 0.0),
            "separate" => (base, base > 0.2),
            "large" => (1000.0 * base, base + noise > 0.4),
            _ => (base + 40.0, base - noise < -0.5),
        }
    };
    (0..60).map(row).unzip()
}

#[test]
fn sigmoids_are_those_of_scikit_learn() {
    for (name, count, [a, b], [first, eighth]) in KNOWN {
        let (scores, positive) = set(name);
        assert_eq!(positive.iter().filter(|is| **is).count(), count, "{name}");
        let found = Sigmoid::fit(&scores, &positive).unwrap();
        assert!((found.a / a - 1.0).abs() < 1e-5, "{name}: {found:?}");
        assert!((found.b / b - 1.0).abs() < 1e-5, "{name}: {found:?}");
        assert!((found.at(scores[0]) - first).abs() < 1e-6, "{name}");
        assert!((found.at(scores[7]) - eighth).abs() < 1e-6, "{name}");
    }
}

/// At the minimum the residuals are orthogonal to the scores and to 1.
#[test]
fn a_sigmoid_is_at_its_minimum() {
    for (name, count, ..) in KNOWN {
        let (scores, positive) = set(name);
        let found = Sigmoid::fit(&scores, &positive).unwrap();
        let (ones, zeros) = (count as f64, (scores.len() - count) as f64);
        let target = |is: &bool| match is {
            true => (ones + 1.0) / (ones + 2.0),
            false => 1.0 / (zeros + 2.0),
        };
        let left = scores.iter().zip(&positive);
        let left: Vec<f64> = left.map(|(f, is)| target(is) - found.at(*f)).collect();
        assert!(left.iter().sum::<f64>().abs() < 1e-11, "{name}");
        let largest = scores.iter().fold(0.0, |most: f64, f| most.max(f.abs()));
        let moment: f64 = left.iter().zip(&scores).map(|(left, f)| left * f).sum();
        assert!(moment.abs() < 1e-11 * largest, "{name}: {moment}");
    }
}

#[test]
fn scores_that_are_all_the_same_give_the_mean_of_the_targets() {
    let positive: Vec<bool> = (0..60).map(|i| i % 3 == 0).collect();
    let found = Sigmoid::fit(&[2.5; 60], &positive).unwrap();
    let mean = (20.0 * 21.0 / 22.0 + 40.0 / 42.0) / 60.0;
    assert!((found.at(2.5) - mean).abs() < 1e-12, "{found:?}");
}

proptest! {
    #[test]
    fn a_sigmoid_follows_its_scores(seed in 0usize..1000, scale in 1e-3..1e3, shift in -10.0..10.0) {
        let scores: Vec<f64> = (0..40).map(|i| noise(seed + i)).collect();
        let draws = scores.iter().enumerate();
        let positive: Vec<bool> = draws.map(|(i, f)| f + noise(99 + seed + i) > 0.0).collect();
        let moved: Vec<f64> = scores.iter().map(|f| scale * f + shift).collect();
        let plain = Sigmoid::fit(&scores, &positive).unwrap();
        let other = Sigmoid::fit(&moved, &positive).unwrap();
        for (f, g) in scores.iter().zip(&moved) {
            prop_assert!((plain.at(*f) - other.at(*g)).abs() < 1e-9);
        }
    }
}

fn labels(data: &Clouds) -> Labels {
    let y: Vec<f64> = data.labels.iter().map(|y| (*y / 10 - 1) as f64).collect();
    Labels::new(&y).unwrap()
}

fn fitted(data: &Clouds, fold: &[i64]) -> Result<Platt, rmlbench_worker::Fault> {
    let settings = tight(RBF, Form::Product);
    let margin = Margin::C {
        c: 1.0,
        weights: Vec::new(),
    };
    let machines = |rows: Rows<'_>, labels: &Labels| {
        Classifier::fit(&settings, &margin, rows, &labels.classes)
    };
    Platt::fit(machines, data.rows(), &labels(data), fold, 1)
}

#[test]
fn probabilities_are_shares_of_one() {
    for k in [2, 3, 5] {
        let data = Clouds::new(90, 3, k, 5);
        let fold: Vec<i64> = (0..90).map(|row| (row / 7) % 5).collect();
        let platt = fitted(&data, &fold).unwrap();
        let width = k * (k - 1) / 2;
        let decisions: Vec<f64> = (0..20 * width).map(|i| 3.0 * noise(i)).collect();
        let found = platt.probabilities(&decisions);
        for row in found.chunks_exact(k) {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            assert!(row.iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }
}

#[test]
fn a_fold_that_holds_a_class_whole_is_refused() {
    let data = Clouds::new(60, 3, 3, 5);
    let fold: Vec<i64> = (0..60).map(|row| row % 3).collect();
    let fault = fitted(&data, &fold).unwrap_err();
    assert_eq!((&*fault.parameter, fault.value), ("fold", 0.into()));
}
