//! The graph of nearest neighbours, by comparing all pairs of points.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::check_finite;

use crate::affinity::Symmetric;
use crate::points::Points;
use crate::threads::map_ranges;
use crate::wide::{self, Task};

/// Half an edge for each direction in which a point is among the `count` nearest of the other;
/// a point is its own nearest. Of equally near points the first are taken.
///
/// Distances are made of differences: of points on a grid equal distances are equal. scikit-learn
/// leaves ties at the last neighbour to its search structure: on data of whole numbers (digits) a
/// few rows get another last neighbour there.
pub fn graph(points: &Points<'_>, count: usize, threads: usize) -> Result<Symmetric, Fault> {
    check_finite("x_train", points.values)?;
    let n = points.rows;
    if count < 1 || count > n {
        let allowed = format!("must be between 1 and the {n} points");
        return Err(Fault::parameter("n_neighbors", count, allowed));
    }
    let parts = map_ranges(n, threads, |rows| {
        let nearest = |i: usize| nearest(points, i, count);
        rows.flat_map(nearest).collect::<Vec<u32>>()
    });
    let neighbours = parts.concat();
    let mut graph = Symmetric::zeros(n);
    for (i, neighbours) in neighbours.chunks_exact(count).enumerate() {
        for j in neighbours {
            let j = *j as usize;
            let weight = if i == j { 1.0 } else { 0.5 };
            graph.values[i.min(j) * n + i.max(j)] += weight;
        }
    }
    Ok(graph)
}

/// The nearest points of point `i`, in no order.
fn nearest(points: &Points<'_>, i: usize, count: usize) -> Vec<u32> {
    let mut distances = wide::run(Distances {
        points: points.values,
        from: points.row(i),
    });
    // Before any double of it.
    distances[i].0 = -1.0;
    let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    distances.select_nth_unstable_by(count - 1, order);
    distances[..count].iter().map(|(_, j)| *j).collect()
}

/// Squared distance of every point to one, with its number.
struct Distances<'a> {
    points: &'a [f64],
    from: &'a [f64],
}

impl Task for Distances<'_> {
    type Output = Vec<(f64, u32)>;

    #[inline(always)]
    fn run<const FMA: bool>(self) -> Vec<(f64, u32)> {
        let width = self.from.len();
        let mut distances = vec![(0.0, 0); self.points.len() / width];
        let rows = self.points.chunks_exact(width).zip(0u32..);
        for ((row, j), slot) in rows.zip(&mut distances) {
            *slot = (wide::squared_distance::<FMA>(row, self.from), j);
        }
        distances
    }
}
