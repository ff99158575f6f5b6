//! Cyclic coordinate descent with gap-safe screening, as scikit-learn 1.9's
//! `enet_coordinate_descent` does it.
//!
//! Minimises `|y - Xw|^2 / 2 + l1 |w|_1 + l2 |w|^2 / 2` on centred data with
//! `l1 = n alpha l1_ratio` and `l2 = n alpha (1 - l1_ratio)`.

use std::borrow::Cow;

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::params::ElasticNet;

use crate::center::mean;
use crate::kernels;
use crate::model::{Convergence, Data, Model};
use crate::sweep::{Extremes, Sweep};
use crate::threads::map_ranges;

/// Rows taken at once where all columns are multiplied with the residual: its part stays in
/// the first-level cache.
const ROWS: usize = 2048;

/// Fit the elastic net.
pub fn fit(data: &Data, params: &ElasticNet, threads: usize) -> Result<Model, Fault> {
    let columns = Columns::new(data, params.fit_intercept, threads)?;
    let n = data.x.rows as f64;
    let mut descent = Descent::new(
        &columns,
        params.alpha * params.l1_ratio * n,
        params.alpha * (1.0 - params.l1_ratio) * n,
        threads,
    );
    let (n_iter, gap) = descent.run(params.tol, params.max_iter);
    let convergence = Convergence {
        n_iter,
        dual_gap: gap / n,
    };
    Ok(Model {
        convergence: Some(convergence),
        ..Model::centred(descent.w, &columns.means, columns.y_mean)
    })
}

/// The data column after column, centred on the fly: `x` is not copied where its layout fits.
pub struct Columns<'a> {
    x: Cow<'a, [f64]>,
    pub means: Vec<f64>,
    y: Vec<f64>,
    y_mean: f64,
    /// Squared norms of the centred columns.
    pub norms: Vec<f64>,
    /// Products of the centred columns with `y`.
    products: Vec<f64>,
}

impl<'a> Columns<'a> {
    fn new(data: &'a Data, intercept: bool, threads: usize) -> Result<Self, Fault> {
        let n = data.x.rows;
        let x: Cow<[f64]> = match data.x.layout {
            Layout::F => Cow::Borrowed(&data.x.values),
            Layout::C => Cow::Owned(data.x.to_layout(Layout::F).values),
        };
        let y_mean = mean("y_train", &data.y, intercept)?;
        let y: Vec<f64> = data.y.iter().map(|y| y - y_mean).collect();
        let moments = |j: usize| {
            let column = &x[j * n..(j + 1) * n];
            let mean = mean("x_train", column, intercept)?;
            let (norm, product) = kernels::moments(column, mean, &y);
            Ok((mean, norm, product))
        };
        let parts = map_ranges(data.x.columns, threads, |columns| {
            columns.map(moments).collect::<Result<Vec<_>, Fault>>()
        });
        let (mut means, mut norms, mut products) = (vec![], vec![], vec![]);
        for part in parts {
            for (mean, norm, product) in part? {
                means.push(mean);
                norms.push(norm);
                products.push(product);
            }
        }
        Ok(Self {
            x,
            means,
            y,
            y_mean,
            norms,
            products,
        })
    }

    /// The values of a column, not centred.
    pub fn column(&self, j: usize) -> &[f64] {
        let n = self.y.len();
        &self.x[j * n..(j + 1) * n]
    }

    /// `(x_j - mean_j) . r` of every column, some rows at a time.
    fn times(&self, r: &[f64], threads: usize) -> Vec<f64> {
        let parts = map_ranges(self.means.len(), threads, |columns| {
            let mut products = vec![0.0; columns.len()];
            for (k, part) in r.chunks(ROWS).enumerate() {
                let rows = k * ROWS..k * ROWS + part.len();
                for (product, j) in products.iter_mut().zip(columns.clone()) {
                    let column = &self.column(j)[rows.clone()];
                    *product += kernels::dot_centered(column, self.means[j], part, &[]);
                }
            }
            products
        });
        parts.concat()
    }
}

struct Descent<'a> {
    data: &'a Columns<'a>,
    l1: f64,
    l2: f64,
    w: Vec<f64>,
    residual: Vec<f64>,
    active: Vec<usize>,
    threads: usize,
}

impl<'a> Descent<'a> {
    fn new(data: &'a Columns<'a>, l1: f64, l2: f64, threads: usize) -> Self {
        let d = data.norms.len();
        Self {
            data,
            l1,
            l2,
            w: vec![0.0; d],
            residual: data.y.clone(),
            active: (0..d).filter(|j| data.norms[*j] > 0.0).collect(),
            threads,
        }
    }

    /// Iterate until the dual gap is at most `tol * y'y`; (iterations, gap).
    fn run(&mut self, tol: f64, max_iter: u64) -> (u64, f64) {
        let limit = tol * kernels::dot(&self.data.y, &self.data.y);
        let mut gap = self.gap_and_screen(limit, &self.data.products);
        if gap <= limit {
            return (0, gap);
        }
        for n_iter in 1..=max_iter {
            let Extremes { largest, moved } = self.sweep();
            if largest == 0.0 || moved / largest <= tol || n_iter == max_iter {
                gap = self.gap_and_screen(limit, &self.data.times(&self.residual, self.threads));
                if gap <= limit {
                    return (n_iter, gap);
                }
            }
        }
        (max_iter, gap)
    }

    fn sweep(&mut self) -> Extremes {
        let sweep = Sweep {
            data: self.data,
            active: &self.active,
            l1: self.l1,
            l2: self.l2,
        };
        sweep.run(&mut self.w, &mut self.residual, self.threads)
    }

    /// The dual gap; where it is above the limit, drop what cannot be nonzero (Eq. 11 of
    /// Ndiaye, Fercoq, Gramfort, Salmon 2017).
    fn gap_and_screen(&mut self, limit: f64, gradient: &[f64]) -> f64 {
        let square = kernels::dot(&self.residual, &self.residual);
        let along = kernels::dot(&self.residual, &self.data.y);
        let w_square = kernels::dot(&self.w, &self.w);
        if self.l1 == 0.0 {
            let norm = kernels::dot(gradient, gradient);
            if self.l2 == 0.0 {
                return norm;
            }
            return square + 0.5 * self.l2 * w_square - along + norm / (2.0 * self.l2);
        }
        let correlation = gradient.iter().zip(&self.w).map(|(g, w)| g - self.l2 * w);
        let correlation: Vec<f64> = correlation.collect();
        let dual_norm = correlation.iter().fold(0.0f64, |m, c| m.max(c.abs()));
        let scale = if dual_norm > self.l1 {
            self.l1 / dual_norm
        } else {
            1.0
        };
        let penalised = square + self.l2 * w_square;
        let w_sum: f64 = self.w.iter().map(|w| w.abs()).sum();
        let gap = 0.5 * penalised * (1.0 + scale * scale) + self.l1 * w_sum - scale * along;
        if gap > limit {
            self.screen(&correlation, dual_norm, gap);
        }
        gap
    }

    fn screen(&mut self, correlation: &[f64], dual_norm: f64, gap: f64) {
        let radius = (2.0 * gap).sqrt() / self.l1;
        let scale = self.l1.max(dual_norm);
        let mut active = std::mem::take(&mut self.active);
        active.retain(|&j| {
            let distance =
                (1.0 - correlation[j].abs() / scale) / (self.data.norms[j] + self.l2).sqrt();
            if distance <= radius {
                return true;
            }
            if self.w[j] != 0.0 {
                kernels::axpy(
                    self.w[j],
                    self.data.column(j),
                    self.data.means[j],
                    &mut self.residual,
                );
                self.w[j] = 0.0;
            }
            false
        });
        self.active = active;
    }
}
