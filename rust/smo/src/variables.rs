//! The variables of a dual problem and what is kept for each.
//!
//! The problem is `min f(a) = a' Q a / 2 + p' a` with `y' a` fixed, `0 <= a <= C` and
//! `Q_ij = y_i y_j K_ij` (Chang and Lin 2011, section 4.1). Everything here is multiplied by `y`:
//! the gradient is `h = y grad f`, the linear term `y p`. A variable may move up along `y` if it
//! is in I_up (`y = +1` below C, or `y = -1` above 0) and down if in I_low (the other way
//! around); the optimum is where no `-h` of I_up exceeds one of I_low.

/// A dual problem, before its first step.
pub struct Problem {
    /// `y`, +1 or -1.
    pub signs: Vec<f64>,
    /// A feasible start.
    pub alpha: Vec<f64>,
    /// Upper bounds `C`, above 0.
    pub bounds: Vec<f64>,
    /// `y p`
    pub linear: Vec<f64>,
    /// Whether the sum of each sign's variables is fixed too, as in the nu problems.
    pub grouped: bool,
}

/// 0 where a variable may move, minus infinity where not or where it is of another group: added
/// to a candidate, it leaves or excludes it without a branch.
pub struct Mask {
    pub up: Vec<f64>,
    pub low: Vec<f64>,
}

/// The state of all variables, in an order that shrinking changes.
pub struct Variables {
    pub signs: Vec<f64>,
    pub alpha: Vec<f64>,
    pub bounds: Vec<f64>,
    pub linear: Vec<f64>,
    /// `h = y grad f`; current for the active variables only.
    pub gradient: Vec<f64>,
    /// The part of `h` that comes from variables at their upper bound.
    pub bounded: Vec<f64>,
    /// One mask, or one a sign where the problem is grouped: + and then -.
    pub masks: Vec<Mask>,
    /// Number each variable had at first.
    pub numbers: Vec<u32>,
}

impl Variables {
    /// The state at the problem's start, its gradient still without the kernel's part.
    pub fn new(problem: Problem) -> Self {
        let n = problem.alpha.len();
        let groups = if problem.grouped { 2 } else { 1 };
        let mask = |_| Mask {
            up: vec![f64::NEG_INFINITY; n],
            low: vec![f64::NEG_INFINITY; n],
        };
        let mut variables = Self {
            gradient: problem.linear.clone(),
            bounded: vec![0.0; n],
            masks: (0..groups).map(mask).collect(),
            numbers: (0..n as u32).collect(),
            signs: problem.signs,
            alpha: problem.alpha,
            bounds: problem.bounds,
            linear: problem.linear,
        };
        (0..n).for_each(|t| variables.refresh(t));
        variables
    }

    pub fn len(&self) -> usize {
        self.alpha.len()
    }

    pub fn at_upper(&self, t: usize) -> bool {
        self.alpha[t] >= self.bounds[t]
    }

    pub fn at_lower(&self, t: usize) -> bool {
        !self.at_upper(t) && self.alpha[t] <= 0.0
    }

    pub fn is_free(&self, t: usize) -> bool {
        !self.at_upper(t) && self.alpha[t] > 0.0
    }

    /// Which mask a variable is in.
    pub fn group(&self, t: usize) -> usize {
        usize::from(self.masks.len() == 2 && self.signs[t] < 0.0)
    }

    /// Whether a variable is in I_up and whether in I_low.
    pub fn directions(&self, t: usize) -> (bool, bool) {
        let (below, above) = (!self.at_upper(t), !self.at_lower(t));
        if self.signs[t] > 0.0 {
            (below, above)
        } else {
            (above, below)
        }
    }

    /// Set a variable's masks after it has moved.
    pub fn refresh(&mut self, t: usize) {
        let (up, low) = self.directions(t);
        let group = self.group(t);
        let value = |open: bool| if open { 0.0 } else { f64::NEG_INFINITY };
        self.masks[group].up[t] = value(up);
        self.masks[group].low[t] = value(low);
    }

    /// Exchange two variables.
    pub fn swap(&mut self, i: usize, j: usize) {
        for values in [
            &mut self.signs,
            &mut self.alpha,
            &mut self.bounds,
            &mut self.linear,
            &mut self.gradient,
            &mut self.bounded,
        ] {
            values.swap(i, j);
        }
        for mask in &mut self.masks {
            mask.up.swap(i, j);
            mask.low.swap(i, j);
        }
        self.numbers.swap(i, j);
    }

    /// `a' (Q a + 2 p) / 2`, from a current gradient.
    pub fn objective(&self) -> f64 {
        let term = |t: usize| {
            let sum = self.gradient[t] + self.linear[t];
            self.alpha[t] * (self.signs[t] * sum)
        };
        (0..self.len()).map(term).sum::<f64>() / 2.0
    }

    /// The variables' values in their first order.
    pub fn solution(&self) -> Vec<f64> {
        let mut alpha = vec![0.0; self.len()];
        for (value, number) in self.alpha.iter().zip(&self.numbers) {
            alpha[*number as usize] = *value;
        }
        alpha
    }
}
