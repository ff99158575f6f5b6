//! The offset `rho` of the decision function, and the margin `r` of the nu problems.

use super::variables::Variables;

/// What the optimality conditions tell beside the variables.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offsets {
    pub rho: f64,
    /// The nu problems' second multiplier; 0 in the others.
    pub r: f64,
}

/// Offsets from the first `active` variables.
pub fn offsets(variables: &Variables, active: usize) -> Offsets {
    match variables.masks.len() {
        1 => Offsets {
            rho: level(variables, active, 0),
            r: 0.0,
        },
        // The - group's gradient is `-h`, its level `-level(h)`.
        _ => {
            let (plus, minus) = (level(variables, active, 0), -level(variables, active, 1));
            Offsets {
                rho: (plus - minus) / 2.0,
                r: (plus + minus) / 2.0,
            }
        }
    }
}

/// The value of `h` that a group's free variables share: their mean, or where none is free the
/// middle of what the others allow (Chang and Lin 2011, sections 4.1 and 4.2).
fn level(variables: &Variables, active: usize, group: usize) -> f64 {
    let (mut count, mut sum) = (0, 0.0);
    // I_low alone holds from below, I_up alone from above.
    let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
    for t in (0..active).filter(|t| variables.group(*t) == group) {
        let h = variables.gradient[t];
        match variables.directions(t) {
            (true, true) => {
                count += 1;
                sum += h;
            }
            (true, false) => most = most.min(h),
            _ => least = least.max(h),
        }
    }
    if count > 0 {
        sum / f64::from(count)
    } else {
        (most + least) / 2.0
    }
}
