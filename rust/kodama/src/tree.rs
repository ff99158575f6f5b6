//! Labels from a tree of merges.

/// The number in each merge of the two clusters that are merged: the points are 0 to n - 1, the
/// cluster of merge s is n + s.
pub type Merge = [usize; 2];

/// The clusters left after the first n - `count` merges, numbered in the order in which their
/// first points come.
pub fn cut(merges: &[Merge], count: usize) -> Vec<i64> {
    let n = merges.len() + 1;
    let kept = &merges[..n - count];
    // A merge's number is greater than those of what it merges: from the last to the first each
    // hands its name on.
    let mut names: Vec<usize> = (0..n + kept.len()).collect();
    for (s, merge) in kept.iter().enumerate().rev() {
        for part in merge {
            names[*part] = names[n + s];
        }
    }
    let mut numbers = vec![-1; names.len()];
    let mut next = 0;
    let mut number = |name: usize| {
        if numbers[name] < 0 {
            numbers[name] = next;
            next += 1;
        }
        numbers[name]
    };
    names[..n].iter().map(|name| number(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points 1 and 2, then 0 and 4, then the pair (1, 2) and 3, then all.
    const MERGES: [Merge; 4] = [[1, 2], [0, 4], [3, 5], [6, 7]];

    #[test]
    fn clusters_are_numbered_as_they_appear() {
        assert_eq!(cut(&MERGES, 5), [0, 1, 2, 3, 4]);
        assert_eq!(cut(&MERGES, 4), [0, 1, 1, 2, 3]);
        assert_eq!(cut(&MERGES, 3), [0, 1, 1, 2, 0]);
        assert_eq!(cut(&MERGES, 2), [0, 1, 1, 1, 0]);
        assert_eq!(cut(&MERGES, 1), [0; 5]);
    }

    #[test]
    fn one_point_is_one_cluster() {
        assert_eq!(cut(&[], 1), [0]);
    }
}
