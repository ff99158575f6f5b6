//! Class numbers from the targets of a training file.

use serde_json::Value;

use crate::fault::Fault;

/// The class of every row, and the rows of every class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// The class of each row, 0 to k - 1.
    pub classes: Vec<i64>,
    /// Rows of each class; k values, all above 0.
    pub counts: Vec<usize>,
}

impl Labels {
    /// Read targets as class numbers; refuses what is not 0 to k - 1, each with a row, k >= 2.
    pub fn new(y: &[f64]) -> Result<Self, Fault> {
        // No class can have a number above this where each has a row.
        let most = y.len().saturating_sub(1) as f64;
        let is_class = |y: &f64| y.fract() == 0.0 && (0.0..=most).contains(y);
        if let Some(wrong) = y.iter().find(|y| !is_class(y)) {
            let found = match wrong.is_finite() {
                true => Value::from(*wrong),
                false => Value::from(wrong.to_string()),
            };
            let allowed = "must hold the whole numbers 0 to k - 1 of k classes";
            return Err(Fault::data("y_train", found, allowed));
        }
        let classes: Vec<i64> = y.iter().map(|y| *y as i64).collect();
        let k = classes.iter().max().map_or(0, |most| *most as usize + 1);
        let mut counts = vec![0; k];
        for class in &classes {
            counts[*class as usize] += 1;
        }
        if let Some(missing) = counts.iter().position(|count| *count == 0) {
            let allowed = format!(
                "class {missing} has no rows: each of the classes 0 to k - 1 must have one"
            );
            return Err(Fault::data("y_train", k, allowed));
        }
        if k < 2 {
            return Err(Fault::data("y_train", k, "must hold at least 2 classes"));
        }
        Ok(Self { classes, counts })
    }

    /// The number of classes.
    pub fn k(&self) -> usize {
        self.counts.len()
    }

    /// The labels of the rows whose number `keep` accepts, which must be of all classes.
    pub fn subset(&self, keep: impl Fn(usize) -> bool) -> Self {
        let kept = self.classes.iter().enumerate();
        let classes: Vec<i64> = kept
            .filter(|(row, _)| keep(*row))
            .map(|(_, c)| *c)
            .collect();
        let mut counts = vec![0; self.k()];
        for class in &classes {
            counts[*class as usize] += 1;
        }
        Self { classes, counts }
    }

    /// Rows of each class, in the order of the data.
    pub fn members(&self) -> Vec<Vec<u32>> {
        let mut members = vec![Vec::new(); self.k()];
        for (row, class) in (0..).zip(&self.classes) {
            members[*class as usize].push(row);
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Kind;

    #[test]
    fn class_numbers_are_read_and_counted() {
        let labels = Labels::new(&[1.0, 0.0, 2.0, 1.0, -0.0]).unwrap();
        assert_eq!(labels.classes, [1, 0, 2, 1, 0]);
        assert_eq!((labels.k(), labels.counts.clone()), (3, vec![2, 2, 1]));
        assert_eq!(labels.members(), [vec![1, 4], vec![0, 3], vec![2]]);
    }

    #[test]
    fn what_is_no_class_number_is_refused() {
        for wrong in [0.5, -1.0, 3.0, 1e300, f64::NAN, f64::INFINITY] {
            let fault = Labels::new(&[0.0, 1.0, wrong]).unwrap_err();
            assert_eq!((fault.kind, &*fault.parameter), (Kind::Data, "y_train"));
            assert!(fault.allowed.contains("whole numbers"), "{fault:?}");
        }
    }

    #[test]
    fn one_class_and_a_class_without_rows_are_refused() {
        let allowed = |y: &[f64]| Labels::new(y).unwrap_err().allowed;
        assert_eq!(allowed(&[0.0; 4]), "must hold at least 2 classes");
        assert_eq!(allowed(&[]), "must hold at least 2 classes");
        assert!(allowed(&[0.0, 2.0, 2.0]).starts_with("class 1 has no rows"));
        assert!(allowed(&[1.0, 1.0]).starts_with("class 0 has no rows"));
    }
}
