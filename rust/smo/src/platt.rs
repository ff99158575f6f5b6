//! Platt scaling of any number of classes, as scikit-learn 1.9's
//! `CalibratedClassifierCV(machine, method="sigmoid", ensemble=False, cv=PredefinedSplit(fold))`
//! does it (`calibration.py`): for each fold machines of the other rows decide the fold's rows; one
//! sigmoid a class is fitted to all of these decisions; the probabilities are those that the
//! sigmoids give the decisions of the machines of all rows.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::votes::pairs;
use rmlbench_worker::supervised::{Labels, Rows, folds};

use super::classifier::Classifier;
use super::sigmoid::Sigmoid;

/// The sigmoids of the classes; of two classes that of the second.
#[derive(Clone, Debug)]
pub struct Platt {
    sigmoids: Vec<Sigmoid>,
    classes: usize,
}

impl Platt {
    /// Fit `machines` without each fold in turn, and the sigmoids to what they decide about it.
    pub fn fit(
        machines: impl Fn(Rows<'_>, &Labels) -> Result<Classifier, Fault>,
        rows: Rows<'_>,
        labels: &Labels,
        fold: &[i64],
        threads: usize,
    ) -> Result<Self, Fault> {
        folds::check(fold, labels)?;
        let k = labels.k();
        let columns = rows.columns;
        let width = k * (k - 1) / 2;
        let mut decisions = vec![0.0; rows.len() * width];
        for out in folds::distinct(fold) {
            let kept = some(rows, |row| fold[row] != out);
            let held = some(rows, |row| fold[row] == out);
            let [kept, held] = [&kept, &held].map(|values| Rows { values, columns });
            let fitted = machines(kept, &labels.subset(|row| fold[row] != out))?;
            let found = fitted.decision(held, threads.min(held.len()))?;
            let slots = decisions.chunks_exact_mut(width).zip(fold);
            let slots = slots.filter(|(_, of)| **of == out);
            for ((slot, _), values) in slots.zip(found.chunks_exact(width)) {
                slot.copy_from_slice(values);
            }
        }
        let scores = scores(&decisions, k);
        let sigmoid = |(column, class): (usize, usize)| {
            let own = scores.iter().skip(column).step_by(sigmoids(k)).copied();
            let positive = labels.classes.iter().map(|of| *of == class as i64);
            Sigmoid::fit(&own.collect::<Vec<_>>(), &positive.collect::<Vec<_>>())
        };
        let classes = match k {
            2 => 1..2,
            _ => 0..k,
        };
        let sigmoids = classes.enumerate().map(sigmoid).collect::<Result<_, _>>()?;
        Ok(Self {
            sigmoids,
            classes: k,
        })
    }

    /// The probabilities (n x k) of rows of these decisions: they are what is left of 1 of two
    /// classes; of more their sum is made 1, and they are all equal where all are 0.
    pub fn probabilities(&self, decisions: &[f64]) -> Vec<f64> {
        let scores = scores(decisions, self.classes);
        if let [sigmoid] = self.sigmoids[..] {
            let both = |score: &f64| {
                let second = sigmoid.at(*score);
                [1.0 - second, second]
            };
            return scores.iter().flat_map(both).collect();
        }
        let mut probabilities = Vec::with_capacity(scores.len());
        for row in scores.chunks_exact(self.classes) {
            let values = row.iter().zip(&self.sigmoids);
            let begin = probabilities.len();
            probabilities.extend(values.map(|(score, sigmoid)| sigmoid.at(*score)));
            let row = &mut probabilities[begin..];
            let sum: f64 = row.iter().sum();
            match sum > 0.0 {
                true => row.iter_mut().for_each(|p| *p /= sum),
                false => row.fill(1.0 / self.classes as f64),
            }
        }
        probabilities
    }
}

/// How many sigmoids there are for `k` classes.
fn sigmoids(k: usize) -> usize {
    if k == 2 { 1 } else { k }
}

/// The rows whose number `keep` accepts.
fn some(rows: Rows<'_>, keep: impl Fn(usize) -> bool) -> Vec<f64> {
    let each = rows.values.chunks_exact(rows.columns).enumerate();
    let kept = each.filter(|(row, _)| keep(*row));
    kept.flat_map(|(_, values)| values).copied().collect()
}

/// What the sigmoids see of rows of one-against-one decisions: of two classes the decision for
/// the second (n x 1); of more one score a class (n x k), its votes and, below 1/3, the sum `s` of
/// its decisions as `s / (3 (|s| + 1))` (scikit-learn's `_ovr_decision_function`).
fn scores(decisions: &[f64], k: usize) -> Vec<f64> {
    if k == 2 {
        return decisions.iter().map(|value| -value).collect();
    }
    let mut scores = Vec::with_capacity(decisions.len() / (k * (k - 1) / 2) * k);
    let (mut votes, mut sums) = (vec![0.0; k], vec![0.0; k]);
    for row in decisions.chunks_exact(k * (k - 1) / 2) {
        votes.fill(0.0);
        sums.fill(0.0);
        for ((i, j), value) in pairs(k).zip(row) {
            votes[if *value < 0.0 { j } else { i }] += 1.0;
            sums[i] += value;
            sums[j] -= value;
        }
        let each = votes.iter().zip(&sums);
        scores.extend(each.map(|(vote, sum): (&f64, &f64)| vote + sum / (3.0 * (sum.abs() + 1.0))));
    }
    scores
}
