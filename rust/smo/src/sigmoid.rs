//! The sigmoid of Platt scaling: `P(positive | f) = 1 / (1 + exp(a f + b))`.
//!
//! Loss and smoothed targets are those of Platt, "Probabilistic outputs for support vector
//! machines and comparisons to regularized likelihood methods", 1999, section 2.2, as in
//! scikit-learn 1.9's `calibration.py` (`_sigmoid_calibration`). scikit-learn minimises by
//! L-BFGS-B; here it is Newton's method with backtracking of Lin, Lin and Weng, "A note on
//! Platt's probabilistic outputs for support vector machines", Machine Learning 68, 2007, algorithm
//! 1, run until nothing moves.

use rmlbench_worker::Fault;

/// Steps at most; a handful is enough, because the loss is convex.
const STEPS: usize = 100;
/// Added to the diagonal of the Hessian (Lin, Lin and Weng 2007, algorithm 1).
const RIDGE: f64 = 1e-12;
/// The share of the expected decrease that a step must bring, and the shortest step.
const DECREASE: f64 = 1e-4;
const SHORTEST: f64 = 1e-10;
/// Below this squared Newton decrement the loss no longer tells two points apart, so that whole
/// steps are taken; below the second the sigmoid is known to 1e-12.
const NEAR: f64 = 1e-10;
const SOLVED: f64 = 1e-24;

/// A fitted sigmoid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sigmoid {
    pub a: f64,
    pub b: f64,
}

impl Sigmoid {
    /// The sigmoid nearest to what is `positive` among these scores.
    pub fn fit(scores: &[f64], positive: &[bool]) -> Result<Self, Fault> {
        let n = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / n;
        let square = scores.iter().map(|f| (f - mean) * (f - mean)).sum::<f64>();
        // Newton's steps do not depend on the scale, their rounding errors do.
        let scale = match (square / n).sqrt() {
            0.0 => 1.0,
            deviation => deviation,
        };
        let problem = Problem::new(
            scores.iter().map(|f| (f - mean) / scale).collect(),
            positive,
        );
        let [a, b] = problem.solve()?;
        Ok(Self {
            a: a / scale,
            b: b - a / scale * mean,
        })
    }

    /// The probability at a score.
    pub fn at(&self, score: f64) -> f64 {
        expit(-(self.a * score + self.b))
    }
}

/// `1 / (1 + exp(-x))` without overflow.
fn expit(x: f64) -> f64 {
    let small = (-x.abs()).exp();
    let numerator = if x >= 0.0 { 1.0 } else { small };
    numerator / (1.0 + small)
}

struct Problem {
    scores: Vec<f64>,
    targets: Vec<f64>,
    begin: [f64; 2],
}

impl Problem {
    /// Targets are `(n+ + 1) / (n+ + 2)` and `1 / (n- + 2)`, not 1 and 0 (Platt 1999).
    fn new(scores: Vec<f64>, positive: &[bool]) -> Self {
        let ones = positive.iter().filter(|is| **is).count() as f64;
        let zeros = positive.len() as f64 - ones;
        let (high, low) = ((ones + 1.0) / (ones + 2.0), 1.0 / (zeros + 2.0));
        let target = |is: &bool| if *is { high } else { low };
        Self {
            scores,
            targets: positive.iter().map(target).collect(),
            begin: [0.0, ((zeros + 1.0) / (ones + 1.0)).ln()],
        }
    }

    fn solve(&self) -> Result<[f64; 2], Fault> {
        let (mut at, mut last) = (self.begin, f64::INFINITY);
        for _ in 0..STEPS {
            let (step, decrement) = self.newton(at);
            let rounding = last < NEAR && decrement >= last;
            if decrement <= SOLVED || rounding {
                return Ok(at);
            }
            let length = match decrement < NEAR {
                true => Some(1.0),
                false => self.length(at, step, decrement),
            };
            let Some(length) = length else { break };
            at = moved(at, step, length);
            last = decrement;
        }
        let allowed = "the sigmoid must have a minimum: the decision values are too large";
        Err(Fault::numerical("probability", true, allowed))
    }

    /// Newton's step and its squared decrement, `g' H^-1 g`.
    fn newton(&self, [a, b]: [f64; 2]) -> ([f64; 2], f64) {
        let (mut g, mut h) = ([0.0; 2], [RIDGE, 0.0, RIDGE]);
        for (f, t) in self.scores.iter().zip(&self.targets) {
            let p = expit(-(a * f + b));
            let (first, second) = (t - p, p * (1.0 - p));
            g = [g[0] + f * first, g[1] + first];
            h = [h[0] + f * f * second, h[1] + f * second, h[2] + second];
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        let step = [
            -(h[2] * g[0] - h[1] * g[1]) / determinant,
            -(h[0] * g[1] - h[1] * g[0]) / determinant,
        ];
        (step, -(g[0] * step[0] + g[1] * step[1]))
    }

    /// The longest of 1, 1/2, 1/4, ... that decreases the loss enough.
    fn length(&self, at: [f64; 2], step: [f64; 2], decrement: f64) -> Option<f64> {
        let (here, mut length) = (self.loss(at), 1.0);
        while length >= SHORTEST {
            if self.loss(moved(at, step, length)) < here - DECREASE * length * decrement {
                return Some(length);
            }
            length /= 2.0;
        }
        None
    }

    /// `sum log(1 + exp(u)) - (1 - t) u` with `u = a f + b`, the binomial loss, without overflow.
    fn loss(&self, [a, b]: [f64; 2]) -> f64 {
        let term = |(f, t): (&f64, &f64)| {
            let u = a * f + b;
            u.max(0.0) + (-u.abs()).exp().ln_1p() - (1.0 - t) * u
        };
        self.scores.iter().zip(&self.targets).map(term).sum()
    }
}

fn moved([a, b]: [f64; 2], [da, db]: [f64; 2], length: f64) -> [f64; 2] {
    [a + length * da, b + length * db]
}
