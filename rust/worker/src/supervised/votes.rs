//! One-against-one decisions: the order of the pairs and the rule of the votes.

/// The pairs of `k` classes, in the order of their decision values: (0, 1), (0, 2), ...
pub fn pairs(k: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..k).flat_map(move |i| (i + 1..k).map(move |j| (i, j)))
}

/// The class with most votes among `k`, the lowest of equals, as in scikit-learn. A value above 0
/// is a vote for the first class of its pair.
pub fn most_votes(values: &[f64], k: usize) -> usize {
    let mut votes = vec![0u32; k];
    for ((i, j), value) in pairs(k).zip(values) {
        votes[if *value > 0.0 { i } else { j }] += 1;
    }
    let most = votes.iter().max().copied();
    votes.iter().position(|v| Some(*v) == most).unwrap_or(0)
}

/// The class numbers of rows of `k (k - 1) / 2` decision values each.
pub fn elected(decisions: &[f64], k: usize) -> Vec<f64> {
    let rows = decisions.chunks_exact(k * (k - 1) / 2);
    rows.map(|values| most_votes(values, k) as f64).collect()
}

/// The class numbers with the largest of `k` probabilities a row, the lowest of equals, as
/// scikit-learn's `CalibratedClassifierCV.predict` takes them.
pub fn likeliest(probabilities: &[f64], k: usize) -> Vec<f64> {
    let first = |row: &[f64]| (1..k).fold(0, |best, j| if row[j] > row[best] { j } else { best });
    let rows = probabilities.chunks_exact(k);
    rows.map(|row| first(row) as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_is_the_lowest_of_equals() {
        assert_eq!(likeliest(&[0.2, 0.4, 0.4, 0.5, 0.3, 0.2], 3), [1.0, 0.0]);
    }

    #[test]
    fn pairs_are_in_the_order_of_their_first_class() {
        assert_eq!(pairs(3).collect::<Vec<_>>(), [(0, 1), (0, 2), (1, 2)]);
    }

    #[test]
    fn equal_votes_go_to_the_lowest_class() {
        // 0 beats 1, 1 beats 2, 2 beats 0.
        assert_eq!(most_votes(&[1.0, -1.0, 1.0], 3), 0);
        assert_eq!(most_votes(&[-1.0, -1.0, 1.0], 3), 1);
        assert_eq!(most_votes(&[0.0], 2), 1);
        assert_eq!(elected(&[1.0, -1.0, 1.0, -1.0, -1.0, -1.0], 3), [0.0, 2.0]);
    }
}
