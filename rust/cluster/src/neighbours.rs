//! The graph of nearest neighbours, by comparing all pairs of points.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, Par};
use rmlbench_worker::Fault;

use crate::points::{Points, squared_norms};
use crate::sparse::Sparse;
use crate::threads::map_ranges;
use crate::wide::{self, Task};

/// Points compared with all others at once.
const BLOCK: usize = 32;

/// Half an edge for each direction in which a point is among the `count` nearest of the other;
/// a point is its own nearest. Of equally near points the first are taken.
///
/// Distances that decide are made of differences: of points on a grid equal distances are equal.
/// scikit-learn leaves ties at the last neighbour to its search structure: on data of whole
/// numbers (digits) a few rows get another last neighbour there.
pub fn graph(points: &Points<'_>, count: usize, threads: usize) -> Result<Sparse, Fault> {
    let n = points.rows;
    let centred = points.centred()?;
    if count < 1 || count > n {
        let allowed = format!("must be between 1 and the {n} points");
        return Err(Fault::parameter("n_neighbors", count, allowed));
    }
    let near = Near::new(points, centred.points(), count);
    let parts = map_ranges(n, threads, |rows| {
        let blocks = rows.clone().step_by(BLOCK);
        let ends = blocks.map(|begin| begin..(begin + BLOCK).min(rows.end));
        ends.flat_map(|block| near.neighbours(block))
            .collect::<Vec<u32>>()
    });
    let neighbours = parts.concat();
    let lists = neighbours.chunks_exact(count).zip(0u32..);
    let edges = lists.flat_map(|(list, i)| {
        list.iter().map(move |j| {
            let weight = if i == *j { 1.0 } else { 0.5 };
            (i.min(*j), i.max(*j), weight)
        })
    });
    Ok(Sparse::sum(n, edges.collect()))
}

/// Finds nearest points in two steps: a matrix product tells who may be one, differences decide.
struct Near<'a> {
    points: &'a Points<'a>,
    centred: Points<'a>,
    norms: Vec<f64>,
    /// What a distance by products may be off: of `|x|^2 + |y|^2 - 2 x . y` each part by d + 3
    /// roundings of at most the greatest norms (Higham, "Accuracy and stability of numerical
    /// algorithms", 2002, section 3.1), and what centring and differences round.
    doubt: f64,
    count: usize,
}

impl<'a> Near<'a> {
    fn new(points: &'a Points<'a>, centred: Points<'a>, count: usize) -> Self {
        let norms = squared_norms(centred.values, centred.width);
        let greatest = norms.iter().fold(0.0f64, |m, norm| m.max(*norm));
        let raw = points.values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        let moved = 4.0 * raw * (greatest * points.width as f64).sqrt();
        let roundings = (points.width + 8) as f64 * f64::EPSILON;
        Self {
            points,
            centred,
            norms,
            doubt: roundings * (8.0 * greatest + moved),
            count,
        }
    }

    /// The nearest points of each point of a block, in no order, `count` a point.
    fn neighbours(&self, block: std::ops::Range<usize>) -> Vec<u32> {
        let n = self.points.rows;
        let mut products = vec![0.0; n * block.len()];
        matmul(
            MatMut::from_column_major_slice_mut(&mut products, n, block.len()),
            Accum::Replace,
            self.centred.matrix(&(0..n)),
            self.centred.matrix(&block).transpose(),
            -2.0,
            Par::Seq,
        );
        let columns = products.chunks_exact_mut(n).zip(block);
        columns
            .flat_map(|(column, i)| self.of_point(i, column))
            .collect()
    }

    /// The nearest points of point `i` from its products with all, which become distances less
    /// its own norm.
    fn of_point(&self, i: usize, products: &mut [f64]) -> Vec<u32> {
        for (value, norm) in products.iter_mut().zip(&self.norms) {
            *value += norm;
        }
        let limit = smallest(products, self.count) + 2.0 * self.doubt;
        let mut found = wide::run(Candidates {
            near: self,
            i,
            distances: products,
            limit,
        });
        let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        found.select_nth_unstable_by(self.count - 1, order);
        found[..self.count].iter().map(|(_, j)| *j).collect()
    }
}

/// The `count`-th smallest value.
fn smallest(values: &[f64], count: usize) -> f64 {
    const LANES: usize = 16;
    let mut kept = vec![f64::INFINITY; count];
    let mut take = |value: f64| {
        if value < kept[count - 1] {
            let place = kept.partition_point(|other| *other <= value);
            kept[place..].rotate_right(1);
            kept[place] = value;
        }
        kept[count - 1]
    };
    let mut last = f64::INFINITY;
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        let mut least = f64::INFINITY;
        for value in chunk {
            least = if *value < least { *value } else { least };
        }
        if least < last {
            for value in chunk {
                last = take(*value);
            }
        }
    }
    for value in rest {
        last = take(*value);
    }
    last
}

/// Squared distances, by differences, of the points that may be among the nearest, with their
/// numbers; the point itself before any double of it.
struct Candidates<'a> {
    near: &'a Near<'a>,
    i: usize,
    distances: &'a [f64],
    limit: f64,
}

impl Task for Candidates<'_> {
    type Output = Vec<(f64, u32)>;

    #[inline(always)]
    fn run<const FMA: bool>(self) -> Vec<(f64, u32)> {
        let (points, from) = (self.near.points, self.near.points.row(self.i));
        let mut found = Vec::with_capacity(2 * self.near.count);
        for (j, distance) in self.distances.iter().enumerate() {
            if j == self.i {
                found.push((-1.0, j as u32));
            } else if *distance <= self.limit {
                let exact = wide::squared_distance::<FMA>(points.row(j), from);
                found.push((exact, j as u32));
            }
        }
        found
    }
}
