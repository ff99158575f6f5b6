//! Sequential minimal optimisation: two variables at a time until none violates optimality.
//!
//! The algorithm of LIBSVM (Chang and Lin, ACM TIST 2(3), 27, 2011, sections 4 and 5), with the
//! same ties, the same order of variables and the same roundings, so that equal kernel values
//! lead to equal iterations. scikit-learn's copy differs from LIBSVM only where it stops: it has
//! no limit of iterations unless one is given, and then leaves without restoring the gradient.

use super::matrix::Matrix;
use super::offset::{Offsets, offsets};
use super::step;
use super::variables::{Problem, Variables};
use super::working_set::{Pair, choose};

/// Iterations between two looks at what can be set aside, at most.
const SHRINK_EVERY: usize = 1000;

/// When to stop and whether to shrink.
#[derive(Clone, Copy, Debug)]
pub struct Stopping {
    pub tol: f64,
    pub shrinking: bool,
    pub max_iter: Option<u64>,
}

/// A solved dual problem.
#[derive(Clone, Debug)]
pub struct Solution {
    /// In the problem's order.
    pub alpha: Vec<f64>,
    pub offsets: Offsets,
    /// `a' Q a / 2 + p' a`
    pub objective: f64,
    pub n_iter: u64,
    /// Whether the tolerance was met, and not the limit of iterations.
    pub converged: bool,
}

/// The solver's state; variables from `active` on are set aside.
pub struct Smo<M> {
    pub(super) variables: Variables,
    pub(super) matrix: M,
    pub(super) active: usize,
    pub(super) tol: f64,
    /// Whether what was set aside came back once already.
    pub(super) restored: bool,
}

/// Solve a dual problem.
pub fn solve(problem: Problem, matrix: impl Matrix, stopping: Stopping) -> Solution {
    let mut smo = Smo::new(problem, matrix, stopping.tol);
    let (n_iter, converged) = smo.run(stopping);
    // LIBSVM takes the offset from the active variables only, which are all on convergence.
    let offsets = offsets(&smo.variables, smo.active);
    smo.restore();
    Solution {
        offsets,
        objective: smo.variables.objective(),
        alpha: smo.variables.solution(),
        n_iter,
        converged,
    }
}

impl<M: Matrix> Smo<M> {
    fn new(problem: Problem, matrix: M, tol: f64) -> Self {
        let variables = Variables::new(problem);
        let n = variables.len();
        let mut smo = Self {
            variables,
            matrix,
            active: n,
            tol,
            restored: false,
        };
        for t in 0..n {
            if smo.variables.alpha[t] <= 0.0 {
                continue;
            }
            smo.matrix.load(t, n);
            let row = &smo.matrix.row(t)[..n];
            let weight = smo.variables.signs[t] * smo.variables.alpha[t];
            step::add(&mut smo.variables.gradient, row, weight);
            if smo.variables.at_upper(t) {
                let weight = smo.variables.signs[t] * smo.variables.bounds[t];
                step::add(&mut smo.variables.bounded, row, weight);
            }
        }
        smo
    }

    /// Iterate; answers the iterations made and whether the tolerance was met.
    fn run(&mut self, stopping: Stopping) -> (u64, bool) {
        let every = self.variables.len().min(SHRINK_EVERY);
        let mut until_shrinking = every + 1;
        let mut n_iter = 0;
        loop {
            if stopping.max_iter == Some(n_iter) {
                return (n_iter, false);
            }
            until_shrinking -= 1;
            if until_shrinking == 0 {
                until_shrinking = every;
                if stopping.shrinking {
                    self.shrink();
                }
            }
            let pair = match self.choose() {
                Some(pair) => pair,
                None => {
                    self.restore();
                    let Some(pair) = self.choose() else {
                        return (n_iter, true);
                    };
                    until_shrinking = 1;
                    pair
                }
            };
            n_iter += 1;
            self.step(pair);
        }
    }

    fn choose(&mut self) -> Option<Pair> {
        choose(&self.variables, &mut self.matrix, self.active, self.tol)
    }

    fn step(&mut self, pair: Pair) {
        let (Pair { i, j }, active) = (pair, self.active);
        self.matrix.load(i, active);
        self.matrix.load(j, active);
        let (variables, matrix) = (&mut self.variables, &self.matrix);
        let was_upper = [variables.at_upper(i), variables.at_upper(j)];
        let rows = (&matrix.row(i)[..active], &matrix.row(j)[..active]);
        let (a, b) = step::take(variables, pair, matrix.diagonal(), rows.0[j]);
        step::follow(&mut variables.gradient[..active], rows.0, a, rows.1, b);
        for (t, was_upper) in [i, j].into_iter().zip(was_upper) {
            self.variables.refresh(t);
            if was_upper != self.variables.at_upper(t) {
                self.cross(t, was_upper);
            }
        }
    }

    /// Follow a variable to its upper bound or away from it in the bounded part of the gradient.
    fn cross(&mut self, t: usize, was_upper: bool) {
        let n = self.variables.len();
        self.matrix.load(t, n);
        let bound = self.variables.signs[t] * self.variables.bounds[t];
        let weight = if was_upper { -bound } else { bound };
        let row = &self.matrix.row(t)[..n];
        step::add(&mut self.variables.bounded, row, weight);
    }
}
