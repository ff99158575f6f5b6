//! Tiles of points under the responsibilities of one component.

use crate::tiles::ROWS;
use crate::wide::{self, LANES, Task};

/// `out_i = sqrt(w_i) (x_i - mean)` of a tile.
pub struct Weight<'a> {
    pub x: &'a [f64],
    pub mean: &'a [f64],
    pub weights: &'a [f64],
    pub out: &'a mut [f64],
}

impl Task for Weight<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let m = self.weights.len();
        let mut roots = [0.0; ROWS];
        for (root, weight) in roots.iter_mut().zip(self.weights) {
            *root = weight.sqrt();
        }
        let columns = self.out.chunks_exact_mut(m).zip(self.x.chunks_exact(m));
        for ((out, x), mean) in columns.zip(self.mean) {
            for ((out, x), root) in out.iter_mut().zip(x).zip(&roots) {
                *out = (x - mean) * root;
            }
        }
    }
}

/// `out_j += sum_i w_i (x_ij - mean_j)^2` of a tile.
pub struct Spread<'a> {
    pub x: &'a [f64],
    pub mean: &'a [f64],
    pub weights: &'a [f64],
    pub out: &'a mut [f64],
}

impl Task for Spread<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let (weights, weights_rest) = self.weights.as_chunks::<LANES>();
        let columns = self.x.chunks_exact(self.weights.len()).zip(self.mean);
        for ((x, mean), out) in columns.zip(self.out) {
            let (x, x_rest) = x.as_chunks::<LANES>();
            let mut lanes = [0.0; LANES];
            for (x, weights) in x.iter().zip(weights) {
                for l in 0..LANES {
                    let difference = x[l] - mean;
                    lanes[l] = wide::fma::<FMA>(weights[l] * difference, difference, lanes[l]);
                }
            }
            let mut rest = 0.0;
            for (x, weight) in x_rest.iter().zip(weights_rest) {
                rest += weight * (x - mean) * (x - mean);
            }
            *out += wide::fold(lanes) + rest;
        }
    }
}
