//! The choice of the two variables to move, by second-order information.
//!
//! `i` is the worst violator of I_up; `j`, of those of I_low that violate with `i`, the one whose
//! step with `i` lowers the objective most, by `b^2 / a` with `b = h_j - h_i` and
//! `a = K_ii + K_jj - 2 K_ij`, taken as `TAU` where it is not positive (Fan, Chen and Lin 2005,
//! WSS 2; Chang and Lin 2011, section 4.1). Ties go to the later variable, as in LIBSVM. In the
//! nu problems `i` and `j` are of the same sign (section 4.2 there).

use super::matrix::Matrix;
use super::scan::{NOWHERE, partner, steepest};
use super::variables::Variables;

/// A working set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    pub i: usize,
    pub j: usize,
}

/// The next pair among the first `active` variables, or none where the worst violation is below
/// `tol`.
pub fn choose(
    variables: &Variables,
    matrix: &mut impl Matrix,
    active: usize,
    tol: f64,
) -> Option<Pair> {
    let gradient = &variables.gradient[..active];
    let mut worst = f64::NEG_INFINITY;
    let mut best: Option<(f64, Pair)> = None;
    for mask in &variables.masks {
        let (slope, place) = steepest(gradient, &mask.up[..active]);
        if place == NOWHERE {
            continue;
        }
        let i = place as usize;
        matrix.load(i, active);
        let second = partner(
            gradient,
            &mask.low[..active],
            &matrix.diagonal()[..active],
            &matrix.row(i)[..active],
            slope,
            matrix.diagonal()[i],
        );
        worst = worst.max(slope + second.lowest);
        if second.place == NOWHERE {
            continue;
        }
        let j = second.place as usize;
        let better = |(change, pair): (f64, Pair)| {
            second.change < change || (second.change == change && j > pair.j)
        };
        if best.is_none_or(better) {
            best = Some((second.change, Pair { i, j }));
        }
    }
    match best {
        Some((_, pair)) if worst >= tol => Some(pair),
        _ => None,
    }
}
