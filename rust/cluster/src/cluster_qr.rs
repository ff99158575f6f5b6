//! Labels from an embedding by pivoted QR, without starts or random numbers.

use faer::Mat;
use rmlbench_worker::Fault;

use crate::wide::{self, Task};

/// Label the rows of an n x k embedding (row after row).
///
/// k rows are chosen by column-pivoted QR of the transpose, the embedding is turned by the
/// polar factor of the chosen rows, and the label is the greatest entry by absolute value:
/// Damle, Minden and Ying, "Simple, direct and efficient multi-way spectral clustering", 2019;
/// scikit-learn's `assign_labels="cluster_qr"`. The labels do not depend on the basis the
/// eigenvectors of a repeated eigenvalue come in.
pub fn label(embedding: &[f64], k: usize) -> Result<Vec<u32>, Fault> {
    let chosen = pivots(embedding, k);
    let rows = Mat::from_fn(k, k, |i, j| embedding[chosen[j] * k + i]);
    let svd = rows.thin_svd().map_err(|error| {
        let words = format!("{error:?}");
        Fault::numerical(
            "x_train",
            words,
            "the singular value decomposition must converge",
        )
    })?;
    let polar = svd.U() * svd.V().transpose();
    let best = |row: &[f64]| {
        let turned = |j: usize| (0..k).map(|c| row[c] * polar[(c, j)]).sum::<f64>();
        let value = |j: usize| turned(j).abs();
        let better = |best: usize, j: usize| if value(j) > value(best) { j } else { best };
        (0..k).fold(0, better) as u32
    };
    Ok(embedding.chunks_exact(k).map(best).collect())
}

/// The first k pivots: k times the row with the greatest remainder, which is then taken out of
/// all rows.
fn pivots(embedding: &[f64], k: usize) -> Vec<usize> {
    let mut rows = embedding.to_vec();
    let mut chosen = Vec::with_capacity(k);
    for _ in 0..k {
        let norms: Vec<f64> = rows.chunks_exact(k).map(square).collect();
        let longer = |best: usize, i: usize| if norms[i] > norms[best] { i } else { best };
        let pivot = (0..norms.len()).fold(0, longer);
        chosen.push(pivot);
        let length = norms[pivot].sqrt();
        if length == 0.0 {
            continue;
        }
        let direction: Vec<f64> = rows[pivot * k..][..k].iter().map(|x| x / length).collect();
        wide::run(TakeOut {
            rows: &mut rows,
            direction: &direction,
        });
    }
    chosen
}

fn square(row: &[f64]) -> f64 {
    row.iter().map(|value| value * value).sum()
}

/// Take a direction out of every row.
struct TakeOut<'a> {
    rows: &'a mut [f64],
    direction: &'a [f64],
}

impl Task for TakeOut<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        for row in self.rows.chunks_exact_mut(self.direction.len()) {
            let mut along = 0.0;
            for (value, direction) in row.iter().zip(self.direction) {
                along = wide::fma::<FMA>(*value, *direction, along);
            }
            for (value, direction) in row.iter_mut().zip(self.direction) {
                *value = wide::fma::<FMA>(-along, *direction, *value);
            }
        }
    }
}
