//! The four machines as dual problems (Chang and Lin 2011, sections 2.1 to 2.5 and 4.2).

use super::smo::Solution;
use super::variables::Problem;

/// A solved machine of two classes or one target: `f(x) = sum coefficients_i K(x_i, x) - rho`.
#[derive(Clone, Debug)]
pub struct Machine {
    pub coefficients: Vec<f64>,
    pub rho: f64,
    /// The dual objective.
    pub objective: f64,
    pub n_iter: u64,
    pub converged: bool,
}

/// C-SVC with `counts` rows of the + class and then of the - class, and a cost for each.
pub fn c_svc(counts: [usize; 2], costs: [f64; 2]) -> Problem {
    let signs = signs(counts);
    Problem {
        alpha: vec![0.0; signs.len()],
        bounds: per_sign(counts, costs),
        linear: signs.iter().map(|y| -y).collect(),
        grouped: false,
        signs,
    }
}

/// nu-SVC; each class starts with half of `nu n` on its first rows.
pub fn nu_svc(counts: [usize; 2], nu: f64) -> Problem {
    let signs = signs(counts);
    let n = signs.len();
    // Summed one by one, as LIBSVM does, for the last bit of the start.
    let total: f64 = std::iter::repeat_n(nu, n).sum();
    let mut left = [total / 2.0; 2];
    let start = |y: &f64| take(&mut left[usize::from(*y < 0.0)], 1.0);
    Problem {
        alpha: signs.iter().map(start).collect(),
        bounds: vec![1.0; n],
        linear: vec![0.0; n],
        grouped: true,
        signs,
    }
}

/// epsilon-SVR: `n` variables above the tube and `n` below.
pub fn epsilon_svr(y: &[f64], c: f64, epsilon: f64) -> Problem {
    let n = y.len();
    let above = y.iter().map(|y| epsilon - y);
    let below = y.iter().map(|y| -(epsilon + y));
    Problem {
        signs: signs([n, n]),
        alpha: vec![0.0; 2 * n],
        bounds: vec![c; 2 * n],
        linear: above.chain(below).collect(),
        grouped: false,
    }
}

/// nu-SVR; both sides start with `c nu n / 2` on their first rows.
pub fn nu_svr(y: &[f64], c: f64, nu: f64) -> Problem {
    let n = y.len();
    let mut left = std::iter::repeat_n(c * nu, n).sum::<f64>() / 2.0;
    let start: Vec<f64> = (0..n).map(|_| take(&mut left, c)).collect();
    let linear: Vec<f64> = y.iter().map(|y| -y).collect();
    Problem {
        signs: signs([n, n]),
        alpha: start.repeat(2),
        bounds: vec![c; 2 * n],
        linear: linear.repeat(2),
        grouped: true,
    }
}

/// The machine of a classification problem; nu-SVC is divided by its margin `r`, which makes it
/// a C-SVC with `C = 1 / r`.
pub fn classification(solution: Solution, counts: [usize; 2], nu: bool) -> Machine {
    let r = if nu { solution.offsets.r } else { 1.0 };
    let signed = solution.alpha.iter().zip(signs(counts));
    Machine {
        coefficients: signed.map(|(a, y)| a * (y / r)).collect(),
        rho: solution.offsets.rho / r,
        objective: solution.objective / (r * r),
        n_iter: solution.n_iter,
        converged: solution.converged,
    }
}

/// The machine of a regression problem: the difference of the two sides.
pub fn regression(solution: Solution) -> Machine {
    let (above, below) = solution.alpha.split_at(solution.alpha.len() / 2);
    Machine {
        coefficients: above.iter().zip(below).map(|(a, b)| a - b).collect(),
        rho: solution.offsets.rho,
        objective: solution.objective,
        n_iter: solution.n_iter,
        converged: solution.converged,
    }
}

/// As much of what is left as the bound allows.
fn take(left: &mut f64, bound: f64) -> f64 {
    let taken = left.min(bound);
    *left -= taken;
    taken
}

fn signs(counts: [usize; 2]) -> Vec<f64> {
    per_sign(counts, [1.0, -1.0])
}

fn per_sign(counts: [usize; 2], values: [f64; 2]) -> Vec<f64> {
    let mut all = vec![values[0]; counts[0]];
    all.resize(counts[0] + counts[1], values[1]);
    all
}
