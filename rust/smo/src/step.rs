//! The step along one pair: the exact minimum of the two-variable problem in its box
//! (Chang and Lin 2011, section 6).

use super::scan::TAU;
use super::simd::dispatch;
use super::variables::Variables;
use super::working_set::Pair;

/// Move a pair, `K_ij` being `kernel`; answers by how much each moved along its sign.
pub fn take(variables: &mut Variables, pair: Pair, diagonal: &[f64], kernel: f32) -> (f64, f64) {
    let Pair { i, j } = pair;
    let bend = diagonal[i] + diagonal[j] - 2.0 * f64::from(kernel);
    let bend = if bend <= 0.0 { TAU } else { bend };
    let length = (variables.gradient[j] - variables.gradient[i]) / bend;
    let old = (variables.alpha[i], variables.alpha[j]);
    let bounds = (variables.bounds[i], variables.bounds[j]);
    let signs = (variables.signs[i], variables.signs[j]);
    let new = moved(old, bounds, signs, length);
    (variables.alpha[i], variables.alpha[j]) = new;
    (signs.0 * (new.0 - old.0), signs.1 * (new.1 - old.1))
}

/// `a_i + y_i t` and `a_j - y_j t` with `t >= 0`, brought back into the box along their line.
///
/// The invariant of the line, `a_i - a_j` or `a_i + a_j`, is rounded before the step, and what
/// lies on a bound is that bound to the bit: LIBSVM's arithmetic, which its iterations depend on.
fn moved(old: (f64, f64), bounds: (f64, f64), signs: (f64, f64), t: f64) -> (f64, f64) {
    let (i, j) = (old.0 + signs.0 * t, old.1 - signs.1 * t);
    let difference = old.0 - old.1;
    let sum = old.0 + old.1;
    match (signs.0 > 0.0, signs.1 > 0.0) {
        // Both grow.
        (true, false) if difference > bounds.0 - bounds.1 => {
            if i > bounds.0 {
                return (bounds.0, bounds.0 - difference);
            }
        }
        (true, false) => {
            if j > bounds.1 {
                return (bounds.1 + difference, bounds.1);
            }
        }
        // Both shrink.
        (false, true) if difference > 0.0 => {
            if j < 0.0 {
                return (difference, 0.0);
            }
        }
        (false, true) => {
            if i < 0.0 {
                return (0.0, -difference);
            }
        }
        // The first grows, the second shrinks.
        (true, true) if sum > bounds.0 => {
            if i > bounds.0 {
                return (bounds.0, (sum - bounds.0).min(bounds.1));
            }
        }
        (true, true) => {
            if j < 0.0 {
                return (sum, 0.0);
            }
        }
        // The first shrinks, the second grows.
        (false, false) if sum > bounds.1 => {
            if j > bounds.1 {
                return (sum - bounds.1, bounds.1);
            }
        }
        (false, false) => {
            if i < 0.0 {
                return (0.0, sum);
            }
        }
    }
    (i, j)
}

dispatch!(
    /// `h += first a + second b`: the gradient after a step.
    follow = follow_body(
        gradient: &mut [f64], first: &[f32], a: f64, second: &[f32], b: f64
    ) -> ()
);
dispatch!(
    /// `h += row a`
    add = add_body(gradient: &mut [f64], row: &[f32], a: f64) -> ()
);

/// Never fused, on any machine: the sum is rounded as in LIBSVM.
#[inline(always)]
fn follow_body<const LEVEL: u8>(
    gradient: &mut [f64],
    first: &[f32],
    a: f64,
    second: &[f32],
    b: f64,
) {
    for ((h, first), second) in gradient.iter_mut().zip(first).zip(second) {
        *h += f64::from(*first) * a + f64::from(*second) * b;
    }
}

#[inline(always)]
fn add_body<const LEVEL: u8>(gradient: &mut [f64], row: &[f32], a: f64) {
    for (h, value) in gradient.iter_mut().zip(row) {
        *h += a * f64::from(*value);
    }
}
