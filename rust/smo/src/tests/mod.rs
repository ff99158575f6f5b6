//! What can be checked without another library: conditions of optimality, invariances, pieces.

mod classification;
mod pieces;
mod platt;
mod regression;

use rmlbench_worker::supervised::Rows;

use super::{Form, Kernel, Settings};

/// Deterministic noise in [-1, 1].
fn noise(k: usize) -> f64 {
    let mixed = (k as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed >> 11) as f64 / (1u64 << 52) as f64) - 1.0
}

/// Rows of a few overlapping clouds, and the cloud of each.
struct Clouds {
    values: Vec<f64>,
    columns: usize,
    labels: Vec<i64>,
}

impl Clouds {
    /// `n` rows of `d` columns in `k` clouds labelled 10, 20, ..., in turn.
    fn new(n: usize, d: usize, k: usize, seed: usize) -> Self {
        let at = |row: usize, column: usize| {
            let centre = noise(seed + 1_000_003 * (row % k) + 17 * column);
            centre + 1.5 * noise(seed + 7_000_007 + row * d + column)
        };
        Self {
            values: (0..n * d).map(|v| at(v / d, v % d)).collect(),
            columns: d,
            labels: (0..n).map(|row| 10 * (1 + (row % k) as i64)).collect(),
        }
    }

    fn rows(&self) -> Rows<'_> {
        Rows {
            values: &self.values,
            columns: self.columns,
        }
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.columns..(i + 1) * self.columns]
    }

    /// A smooth target with noise.
    fn target(&self) -> Vec<f64> {
        let value = |row: &[f64]| row[0].sin() + 0.3 * row.iter().sum::<f64>();
        let rows = self.values.chunks_exact(self.columns).enumerate();
        rows.map(|(i, row)| value(row) + 0.2 * noise(99 + i))
            .collect()
    }

    /// The same rows in another order, `order[new] = old`.
    fn reordered(&self, order: &[usize]) -> Self {
        Self {
            values: order.iter().flat_map(|i| self.row(*i)).copied().collect(),
            columns: self.columns,
            labels: order.iter().map(|i| self.labels[*i]).collect(),
        }
    }
}

/// A kernel in the plainest way.
fn plain(kernel: Kernel, x: &[f64], z: &[f64]) -> f64 {
    let dot: f64 = x.iter().zip(z).map(|(x, z)| x * z).sum();
    match kernel {
        Kernel::Linear => dot,
        Kernel::Poly {
            gamma,
            coef0,
            degree,
        } => (gamma * dot + coef0).powi(degree as i32),
        Kernel::Rbf { gamma } => {
            let square: f64 = x.iter().zip(z).map(|(x, z)| (x - z) * (x - z)).sum();
            (-gamma * square).exp()
        }
        Kernel::Sigmoid { gamma, coef0 } => (gamma * dot + coef0).tanh(),
    }
}

const RBF: Kernel = Kernel::Rbf { gamma: 0.4 };
/// Positive semidefinite kernels.
const KERNELS: [Kernel; 3] = [
    RBF,
    Kernel::Linear,
    Kernel::Poly {
        gamma: 0.3,
        coef0: 1.0,
        degree: 3,
    },
];
const FORMS: [Form; 2] = [Form::Pairwise, Form::Product];

/// Settings tighter than the defaults, so that objectives agree to many digits.
fn tight(kernel: Kernel, form: Form) -> Settings {
    Settings {
        tol: 1e-5,
        ..Settings::new(kernel, form)
    }
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs()).max(1.0)
}
