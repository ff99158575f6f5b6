//! One against one: the training data of every pair of classes, and what their machines hold
//! together (Chang and Lin, "LIBSVM: a library for support vector machines", ACM TIST 2(3), 27,
//! 2011, section 7).

use super::votes::pairs;
use super::{Labels, Matrix, Train};
use crate::fault::Fault;
use crate::job::Layout;

/// The training data of every pair, for libraries that know two classes only.
pub struct Pairs {
    pub labels: Labels,
    /// Rows of each class, in the order of the data.
    pub members: Vec<Vec<u32>>,
    /// In the order of `votes::pairs`.
    pub each: Vec<Pair>,
}

/// The rows of two classes: all of the first, then all of the second.
pub struct Pair {
    pub x: Matrix,
    /// How many are of the first class.
    pub first: usize,
}

impl Pairs {
    /// Collect the rows of every pair in the asked layout.
    pub fn new(train: &Train, layout: Layout) -> Result<Self, Fault> {
        let labels = Labels::new(&train.y)?;
        let members = labels.members();
        let pair = |(i, j): (usize, usize)| Pair {
            x: rows(&train.x, members[i].iter().chain(&members[j])).to_layout(layout),
            first: members[i].len(),
        };
        Ok(Self {
            each: pairs(labels.k()).map(pair).collect(),
            labels,
            members,
        })
    }
}

/// Some rows of a C-order matrix.
fn rows<'a>(x: &Matrix, numbers: impl Iterator<Item = &'a u32> + Clone) -> Matrix {
    let row = |i: &u32| &x.values[*i as usize * x.columns..][..x.columns];
    Matrix {
        values: numbers.clone().flat_map(row).copied().collect(),
        rows: numbers.count(),
        ..*x
    }
}

/// The support vectors of all pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct Supports {
    /// Rows of the training data, class after class.
    pub rows: Vec<u32>,
    /// How many are of each class.
    pub counts: Vec<usize>,
    /// LIBSVM's `sv_coef`, (k - 1) x s: for the pair (i, j), class i's are in row j - 1 and class
    /// j's in row i.
    pub dual: Vec<f64>,
}

impl Supports {
    /// Gather the rows with a coefficient in any pair; `coefficients` of each pair are those of
    /// the members of its first class and then of its second.
    pub fn gather(members: &[Vec<u32>], coefficients: &[&[f64]]) -> Self {
        let k = members.len();
        let halves = |((i, j), values): ((usize, usize), &&[f64])| {
            let (first, second) = values.split_at(members[i].len());
            [(i, j - 1, first.to_vec()), (j, i, second.to_vec())]
        };
        let halves: Vec<_> = pairs(k).zip(coefficients).flat_map(halves).collect();
        let mut used: Vec<Vec<bool>> = members.iter().map(|m| vec![false; m.len()]).collect();
        for (class, _, values) in &halves {
            for (used, value) in used[*class].iter_mut().zip(values) {
                *used |= value.abs() > 0.0;
            }
        }
        let kept = |class: usize| {
            let members = members[class].iter().zip(&used[class]);
            members.filter(|(_, used)| **used).map(|(row, _)| *row)
        };
        let rows: Vec<u32> = (0..k).flat_map(kept).collect();
        let counts: Vec<usize> = (0..k).map(|class| kept(class).count()).collect();
        let mut dual = vec![0.0; (k - 1) * rows.len()];
        for (class, row, values) in &halves {
            let begin = row * rows.len() + counts[..*class].iter().sum::<usize>();
            let values = values.iter().zip(&used[*class]);
            let values = values.filter(|(_, used)| **used).map(|(value, _)| *value);
            for (slot, value) in dual[begin..].iter_mut().zip(values) {
                *slot = value;
            }
        }
        Self { rows, counts, dual }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn train() -> Train {
        Train {
            x: Matrix {
                values: (0..10).map(f64::from).collect(),
                rows: 5,
                columns: 2,
                layout: Layout::C,
            },
            y: vec![2.0, 0.0, 1.0, 0.0, 2.0],
            fold: None,
        }
    }

    #[test]
    fn pairs_hold_the_rows_of_their_classes() {
        let found = Pairs::new(&train(), Layout::C).unwrap();
        assert_eq!(found.members, [vec![1, 3], vec![2], vec![0, 4]]);
        let firsts: Vec<usize> = found.each.iter().map(|pair| pair.first).collect();
        assert_eq!(firsts, [2, 2, 1]);
        assert_eq!(
            found.each[1].x.values,
            [2.0, 3.0, 6.0, 7.0, 0.0, 1.0, 8.0, 9.0]
        );
        let columns = Pairs::new(&train(), Layout::F).unwrap();
        assert_eq!(columns.each[2].x.values, [4.0, 0.0, 8.0, 5.0, 1.0, 9.0]);
    }

    #[test]
    fn supports_are_in_the_layout_of_libsvm() {
        let members = [vec![1, 3], vec![2], vec![0, 4]];
        let coefficients: [&[f64]; 3] =
            [&[0.0, 1.0, -1.0], &[0.0, 2.0, -2.0, 0.0], &[3.0, -3.0, 0.0]];
        let found = Supports::gather(&members, &coefficients);
        assert_eq!((found.rows, found.counts), (vec![3, 2, 0], vec![1, 1, 1]));
        assert_eq!(found.dual, [1.0, -1.0, -2.0, 2.0, 3.0, -3.0]);
    }
}
