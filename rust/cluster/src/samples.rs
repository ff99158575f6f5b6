//! Points for the tests.

use crate::random::Random;

/// n x d uniform in [-1, 1).
pub fn noise(n: usize, d: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..n * d).map(|_| 2.0 * random.uniform() - 1.0).collect()
}

/// `each` points about every centre, a cluster after the other: sums of four uniform numbers
/// of standard deviation `spread`.
pub fn blobs(centres: &[&[f64]], each: usize, spread: f64, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let mut points = Vec::new();
    for centre in centres {
        for _ in 0..each {
            for value in *centre {
                let sum: f64 = (0..4).map(|_| random.uniform() - 0.5).sum();
                points.push(value + spread * 3f64.sqrt() * sum);
            }
        }
    }
    points
}

/// Rows that say of which of k clusters, each `each` long, a point is, up to `doubt`.
pub fn memberships(k: usize, each: usize, doubt: f64) -> Vec<f64> {
    let share = |of: usize, cluster: usize| {
        let sure = if of == cluster { 1.0 - doubt } else { 0.0 };
        sure + doubt / k as f64
    };
    (0..k * each)
        .flat_map(|i| (0..k).map(move |cluster| share(i / each, cluster)))
        .collect()
}

/// Whether the labels are the clusters, each `each` long, under any names.
pub fn separates(labels: &[u32], each: usize) -> bool {
    let firsts: Vec<u32> = labels.iter().step_by(each).copied().collect();
    let whole = labels
        .iter()
        .enumerate()
        .all(|(i, l)| *l == firsts[i / each]);
    let mut names = firsts.clone();
    names.sort_unstable();
    names.dedup();
    whole && names.len() == firsts.len()
}

/// Whether two lists agree within a tolerance relative to their greatest value.
pub fn close(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    let greatest = b.iter().fold(1.0f64, |m, v| m.max(v.abs()));
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance * greatest;
    a.len() == b.len() && a.iter().zip(b).all(near)
}
