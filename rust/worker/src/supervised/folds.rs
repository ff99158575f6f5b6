//! The folds of the training rows: each row is held out in one.

use super::{Labels, Train};
use crate::fault::Fault;
use crate::tensors::TensorFile;

/// The fold of each of `rows` rows.
pub fn read(file: &TensorFile, rows: usize) -> Result<Vec<i64>, Fault> {
    let [found] = file.shape("fold")?;
    if found != rows {
        let allowed = format!("must have {rows} values");
        return Err(Fault::data("fold", found, allowed));
    }
    file.read("fold")
}

/// The numbers of the folds, ascending.
pub fn distinct(folds: &[i64]) -> Vec<i64> {
    let mut distinct = folds.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// Refuse folds that hold out all rows of a class: no machine of the other rows would know it.
pub fn check(folds: &[i64], labels: &Labels) -> Result<(), Fault> {
    for fold in distinct(folds) {
        let mut left = labels.counts.clone();
        for (of, class) in folds.iter().zip(&labels.classes) {
            left[*class as usize] -= usize::from(*of == fold);
        }
        if let Some(class) = left.iter().position(|rows| *rows == 0) {
            let allowed = format!(
                "holds all rows of class {class}: every class must have rows outside every fold"
            );
            return Err(Fault::data("fold", fold, allowed));
        }
    }
    Ok(())
}

impl Train {
    /// The same with the fold of each row.
    pub fn with_folds(self, file: &TensorFile) -> Result<Self, Fault> {
        let fold = Some(read(file, self.x.rows)?);
        Ok(Self { fold, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_that_a_fold_holds_whole_is_refused() {
        let labels = Labels::new(&[0.0, 1.0, 0.0, 1.0, 2.0, 2.0]).unwrap();
        assert!(check(&[0, 0, 1, 1, 0, 1], &labels).is_ok());
        let fault = check(&[0, 0, 1, 1, 1, 1], &labels).unwrap_err();
        assert_eq!((&*fault.parameter, fault.value), ("fold", 1.into()));
        assert!(fault.allowed.starts_with("holds all rows of class 2"));
        assert!(check(&[0; 6], &labels).is_err());
    }

    #[test]
    fn numbers_of_folds_are_ascending() {
        assert_eq!(distinct(&[3, -1, 3, 0]), [-1, 0, 3]);
    }
}
