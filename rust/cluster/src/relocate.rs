//! The M-step of k-means: means of the clusters, with empty clusters given a point.

use crate::lloyd::Sums;
use crate::nearest::OwnDistances;
use crate::points::Points;
use crate::wide;

/// New centres from the sums of one E-step against `centres`.
pub fn update(points: &Points<'_>, centres: &[f64], labels: &[u32], mut sums: Sums) -> Vec<f64> {
    relocate_empty(points, centres, labels, &mut sums);
    average(sums, points.width)
}

/// Give every empty cluster the point farthest from its own centre, the farthest to the first,
/// and take it from the cluster it was in; the labels stay until the next E-step.
///
/// scikit-learn does this in `_relocate_empty_clusters_dense`; where several clusters are empty
/// the order among the farthest points is there left to NumPy's `argpartition`.
fn relocate_empty(points: &Points<'_>, centres: &[f64], labels: &[u32], sums: &mut Sums) {
    let k = sums.counts.len();
    let empty: Vec<usize> = (0..k).filter(|j| sums.counts[*j] == 0.0).collect();
    if empty.is_empty() {
        return;
    }
    let distances = wide::run(OwnDistances {
        points: points.values,
        centres,
        width: points.width,
        labels,
    });
    if distances.iter().all(|distance| *distance == 0.0) {
        return;
    }
    let mut farthest: Vec<usize> = (0..points.rows).collect();
    farthest.sort_by(|a, b| distances[*b].total_cmp(&distances[*a]));
    for (new, point) in empty.into_iter().zip(farthest) {
        let old = labels[point] as usize;
        for (c, x) in points.row(point).iter().enumerate() {
            sums.values[old * points.width + c] -= x;
            sums.values[new * points.width + c] = *x;
        }
        sums.counts[new] = 1.0;
        sums.counts[old] -= 1.0;
    }
}

/// Sums by counts. A cluster still empty is put where the biggest one stands, in the order of
/// the clusters, as scikit-learn's `_average_centers` does: where the biggest comes later, that
/// is still its sum.
fn average(sums: Sums, width: usize) -> Vec<f64> {
    let Sums { mut values, counts } = sums;
    let mut biggest = 0;
    for (j, count) in counts.iter().enumerate() {
        if *count > counts[biggest] {
            biggest = j;
        }
    }
    for (j, count) in counts.iter().enumerate() {
        if *count > 0.0 {
            let scale = 1.0 / count;
            values[j * width..(j + 1) * width]
                .iter_mut()
                .for_each(|value| *value *= scale);
        } else {
            values.copy_within(biggest * width..(biggest + 1) * width, j * width);
        }
    }
    values
}
