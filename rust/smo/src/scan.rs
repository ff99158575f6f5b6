//! The scans of the working-set selection over all active variables, without branches.
//!
//! Each of `LANES` lanes keeps its own best; the lanes are compared at the end, by value and then
//! by place, so that the result is that of one scan in order in which ties go to the later.

use super::simd::dispatch;

/// What a curvature that is not positive is replaced with.
pub const TAU: f64 = 1e-12;
/// No variable.
pub const NOWHERE: u64 = u64::MAX;
const LANES: usize = 16;
const CLOSED: [f64; LANES] = [f64::NEG_INFINITY; LANES];

/// The second variable of a pair.
#[derive(Clone, Copy, Debug)]
pub struct Partner {
    /// The largest `h` of I_low.
    pub lowest: f64,
    /// Twice the change of the objective, below 0.
    pub change: f64,
    pub place: u64,
}

dispatch!(
    /// The largest `-h` of I_up and the last place that has it.
    steepest = steepest_body(gradient: &[f64], up: &[f64]) -> (f64, u64)
);
dispatch!(
    /// The best partner of a variable with `-h_i` of `steepest` and `K_ii` of `curvature`, from
    /// gradient, mask of I_low, diagonal and kernel row of all.
    partner = partner_body(
        gradient: &[f64], low: &[f64], diagonal: &[f64], row: &[f32], steepest: f64, curvature: f64
    ) -> Partner
);

#[inline(always)]
fn steepest_body<const LEVEL: u8>(gradient: &[f64], up: &[f64]) -> (f64, u64) {
    let n = gradient.len().min(up.len());
    let (g, g_rest) = gradient[..n].as_chunks::<LANES>();
    let (u, u_rest) = up[..n].as_chunks::<LANES>();
    let (mut best, mut places) = (CLOSED, [NOWHERE; LANES]);
    let mut at = 0;
    for (g, u) in g.iter().zip(u) {
        for k in 0..LANES {
            let value = u[k] - g[k];
            let better = value >= best[k];
            best[k] = if better { value } else { best[k] };
            places[k] = if better { at + k as u64 } else { places[k] };
        }
        at += LANES as u64;
    }
    for (k, (g, u)) in g_rest.iter().zip(u_rest).enumerate() {
        let value = u - g;
        if value >= best[k] {
            (best[k], places[k]) = (value, at + k as u64);
        }
    }
    let mut found = (f64::NEG_INFINITY, NOWHERE);
    for (value, place) in best.into_iter().zip(places) {
        // A lane of closed variables only has a place too, and a value of minus infinity.
        let later = value == found.0 && place > found.1;
        if value > found.0 || later && found.1 != NOWHERE {
            found = (value, place);
        }
    }
    found
}

#[inline(always)]
fn partner_body<const LEVEL: u8>(
    gradient: &[f64],
    low: &[f64],
    diagonal: &[f64],
    row: &[f32],
    steepest: f64,
    curvature: f64,
) -> Partner {
    let n = gradient.len();
    let (g, g_rest) = gradient.as_chunks::<LANES>();
    let (l, l_rest) = low[..n].as_chunks::<LANES>();
    let (d, d_rest) = diagonal[..n].as_chunks::<LANES>();
    let (r, r_rest) = row[..n].as_chunks::<LANES>();
    let mut lanes = Lanes {
        lowest: CLOSED,
        change: [f64::INFINITY; LANES],
        places: [NOWHERE; LANES],
    };
    let mut at = 0;
    for (((g, l), d), r) in g.iter().zip(l).zip(d).zip(r) {
        lanes.look(g, l, d, r, (steepest, curvature), at);
        at += LANES as u64;
    }
    // What is left, filled up with closed variables.
    let (mut g, mut l, mut d, mut r) = ([0.0; LANES], CLOSED, [1.0; LANES], [0.0; LANES]);
    g[..g_rest.len()].copy_from_slice(g_rest);
    l[..l_rest.len()].copy_from_slice(l_rest);
    d[..d_rest.len()].copy_from_slice(d_rest);
    r[..r_rest.len()].copy_from_slice(r_rest);
    lanes.look(&g, &l, &d, &r, (steepest, curvature), at);
    lanes.best()
}

struct Lanes {
    lowest: [f64; LANES],
    change: [f64; LANES],
    places: [u64; LANES],
}

impl Lanes {
    /// Look at `LANES` variables from place `at` on.
    #[inline(always)]
    fn look(
        &mut self,
        g: &[f64; LANES],
        low: &[f64; LANES],
        diagonal: &[f64; LANES],
        row: &[f32; LANES],
        (steepest, curvature): (f64, f64),
        at: u64,
    ) {
        for k in 0..LANES {
            let reach = g[k] + low[k];
            let higher = reach >= self.lowest[k];
            self.lowest[k] = if higher { reach } else { self.lowest[k] };
            let gap = steepest + reach;
            let bend = curvature + diagonal[k] - 2.0 * f64::from(row[k]);
            let bend = if bend > 0.0 { bend } else { TAU };
            let change = -(gap * gap) / bend;
            let better = (gap > 0.0) & (change <= self.change[k]);
            self.change[k] = if better { change } else { self.change[k] };
            let place = at + k as u64;
            self.places[k] = if better { place } else { self.places[k] };
        }
    }

    #[inline(always)]
    fn best(&self) -> Partner {
        let mut found = Partner {
            lowest: f64::NEG_INFINITY,
            change: f64::INFINITY,
            place: NOWHERE,
        };
        for k in 0..LANES {
            found.lowest = found.lowest.max(self.lowest[k]);
            let (change, place) = (self.change[k], self.places[k]);
            let first = found.place == NOWHERE || change < found.change;
            let later = change == found.change && place > found.place;
            if place != NOWHERE && (first || later) {
                (found.change, found.place) = (change, place);
            }
        }
        found
    }
}
