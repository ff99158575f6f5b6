//! Setting aside variables that seem to stay at their bounds, and getting them back
//! (Chang and Lin 2011, sections 5.1 and 5.3).

use super::matrix::Matrix;
use super::smo::Smo;
use super::step;
use super::variables::Variables;

/// The largest `-h` of I_up and the largest `h` of I_low of a group: what a variable at a bound
/// must exceed to be set aside.
#[derive(Clone, Copy)]
struct Extremes {
    up: f64,
    low: f64,
}

impl<M: Matrix> Smo<M> {
    /// Set aside what is beyond the extremes; all comes back once, when the violation first falls
    /// to ten times the tolerance.
    pub(super) fn shrink(&mut self) {
        let extremes = extremes(&self.variables, self.active);
        let near = |group: &Extremes| group.up + group.low <= 10.0 * self.tol;
        if !self.restored && extremes.iter().all(near) {
            self.restored = true;
            self.restore();
        }
        let pairs = self.set_aside(&extremes);
        self.matrix.exchange(&pairs);
    }

    /// Move what is beyond the extremes behind the active variables, each exchanged with the last
    /// that stays; answers the exchanges, which the matrix must follow.
    fn set_aside(&mut self, extremes: &[Extremes]) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        let mut t = 0;
        while t < self.active {
            if beyond(&self.variables, t, extremes) {
                self.active -= 1;
                while self.active > t {
                    if !beyond(&self.variables, self.active, extremes) {
                        self.variables.swap(t, self.active);
                        pairs.push((t, self.active));
                        break;
                    }
                    self.active -= 1;
                }
            }
            t += 1;
        }
        pairs
    }

    /// Make all variables active, their gradient up to date.
    pub(super) fn restore(&mut self) {
        let (n, active) = (self.variables.len(), self.active);
        if active == n {
            return;
        }
        let variables = &mut self.variables;
        for t in active..n {
            variables.gradient[t] = variables.bounded[t] + variables.linear[t];
        }
        let free: Vec<usize> = (0..active).filter(|t| variables.is_free(*t)).collect();
        // By whichever rows are the smaller part of the matrix (section 5.3), as LIBSVM counts.
        if free.len() * n > 2 * active * (n - active) {
            for t in active..n {
                self.matrix.load(t, active);
                let row = self.matrix.row(t);
                let mut sum = variables.gradient[t];
                for &k in &free {
                    sum += variables.signs[k] * variables.alpha[k] * f64::from(row[k]);
                }
                variables.gradient[t] = sum;
            }
        } else {
            for &k in &free {
                self.matrix.load(k, n);
                let row = &self.matrix.row(k)[active..n];
                let weight = variables.signs[k] * variables.alpha[k];
                step::add(&mut variables.gradient[active..], row, weight);
            }
        }
        self.active = n;
    }
}

fn extremes(variables: &Variables, active: usize) -> Vec<Extremes> {
    let of_mask = |group: usize| {
        let mask = &variables.masks[group];
        let mut found = Extremes {
            up: f64::NEG_INFINITY,
            low: f64::NEG_INFINITY,
        };
        for t in 0..active {
            let h = variables.gradient[t];
            found.up = found.up.max(mask.up[t] - h);
            found.low = found.low.max(mask.low[t] + h);
        }
        found
    };
    (0..variables.masks.len()).map(of_mask).collect()
}

/// Whether a variable is at a bound and its gradient holds it there against every candidate.
fn beyond(variables: &Variables, t: usize, extremes: &[Extremes]) -> bool {
    let Extremes { up, low } = extremes[variables.group(t)];
    let h = variables.gradient[t];
    match variables.directions(t) {
        (false, _) => -h > up,
        (_, false) => h > low,
        _ => false,
    }
}
