//! C-SVC and nu-SVC of any number of classes, one against one (Chang and Lin 2011, section 7).

use rayon::prelude::*;
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::pairs::Supports;
use rmlbench_worker::supervised::{Rows, check_finite, svm, votes};

use super::dual::{self, Machine};
use super::gram::Gram;
use super::smo;
use super::support::Support;
use super::{Settings, above_zero, check_fitted, share};

/// How errors are weighed.
#[derive(Clone, Debug, PartialEq)]
pub enum Margin {
    /// By their cost `c`, times the class's weight in the order of the sorted classes; no weights
    /// are weights of 1.
    C { c: f64, weights: Vec<f64> },
    /// By the share `nu` of errors and support vectors; classes have no weights, as in LIBSVM.
    Nu { nu: f64 },
}

/// A fitted classifier of k classes.
#[derive(Clone, Debug)]
pub struct Classifier {
    /// The labels, sorted.
    pub classes: Vec<i64>,
    /// Support vectors, class after class, each in the order of the data.
    pub support: Support,
    /// Support vectors of each class.
    pub n_support: Vec<usize>,
    /// LIBSVM's `sv_coef`, (k - 1) x m: for the pair (i, j), class i's are in row j - 1 and class
    /// j's in row i.
    pub coefficients: Vec<f64>,
    /// Of the pairs (0, 1), (0, 2), ... (k - 2, k - 1).
    pub machines: Vec<Decision>,
}

/// What is kept of the machine of two classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    pub rho: f64,
    pub objective: f64,
    pub n_iter: u64,
    pub converged: bool,
}

impl Classifier {
    /// Fit one machine for every pair of classes, the smaller label being the + class.
    pub fn fit(
        settings: &Settings,
        margin: &Margin,
        rows: Rows<'_>,
        labels: &[i64],
    ) -> Result<Self, Fault> {
        settings.check()?;
        check_rows(rows, labels.len())?;
        let groups = Groups::new(labels)?;
        margin.check(&groups)?;
        let pairs = groups.pairs();
        let at_once = settings.threads.min(pairs.len());
        let fit = |settings: &Settings, pair: &(usize, usize)| {
            fit_pair(settings, margin, rows, &groups, *pair)
        };
        let machines: Vec<Machine> = if at_once > 1 {
            let shared = settings.shared_by(at_once);
            pairs.par_iter().map(|pair| fit(&shared, pair)).collect()
        } else {
            pairs.iter().map(|pair| fit(settings, pair)).collect()
        };
        let fitted = Self::gather(settings, rows, groups, machines);
        check_fitted(&fitted.coefficients, fitted.machines.iter().map(|m| m.rho))?;
        Ok(fitted)
    }

    /// Keep the rows that support any machine.
    fn gather(settings: &Settings, rows: Rows<'_>, groups: Groups, machines: Vec<Machine>) -> Self {
        let coefficients: Vec<&[f64]> = machines.iter().map(|m| &m.coefficients[..]).collect();
        let found = Supports::gather(&groups.members, &coefficients);
        let keep = |machine: Machine| Decision {
            rho: machine.rho,
            objective: machine.objective,
            n_iter: machine.n_iter,
            converged: machine.converged,
        };
        Self {
            support: Support::new(settings.kernel, settings.form, rows, found.rows),
            classes: groups.classes,
            n_support: found.counts,
            coefficients: found.dual,
            machines: machines.into_iter().map(keep).collect(),
        }
    }
}

impl Margin {
    /// Refuse what no pair of classes can meet.
    fn check(&self, groups: &Groups) -> Result<(), Fault> {
        match self {
            Margin::C { c, weights } => {
                above_zero("C", *c)?;
                let k = groups.classes.len();
                if !weights.is_empty() && weights.len() != k {
                    let allowed = format!("must be one for each of the {k} classes, or none");
                    return Err(Fault::parameter("class_weight", weights.len(), allowed));
                }
                let mut weights = weights.iter();
                weights.try_for_each(|weight| above_zero("class_weight", *weight))
            }
            Margin::Nu { nu } => {
                share("nu", *nu)?;
                let counts: Vec<usize> = groups.members.iter().map(Vec::len).collect();
                svm::feasible(*nu, &counts)
            }
        }
    }
}

fn fit_pair(
    settings: &Settings,
    margin: &Margin,
    rows: Rows<'_>,
    groups: &Groups,
    (i, j): (usize, usize),
) -> Machine {
    let ids = [&groups.members[i][..], &groups.members[j]].concat();
    let counts = groups.counts((i, j));
    let problem = match margin {
        Margin::C { c, weights } => {
            let cost = |class: usize| c * weights.get(class).copied().unwrap_or(1.0);
            dual::c_svc(counts, [cost(i), cost(j)])
        }
        Margin::Nu { nu } => dual::nu_svc(counts, *nu),
    };
    let nu = matches!(margin, Margin::Nu { .. });
    let gram = Gram::new(rows, &ids, settings);
    dual::classification(smo::solve(problem, gram, settings.stopping()), counts, nu)
}

/// Rows by class.
struct Groups {
    classes: Vec<i64>,
    /// Rows of each class, in the order of the data.
    members: Vec<Vec<u32>>,
}

impl Groups {
    fn new(labels: &[i64]) -> Result<Self, Fault> {
        let mut classes = labels.to_vec();
        classes.sort_unstable();
        classes.dedup();
        if classes.len() < 2 {
            let allowed = "must hold at least 2 classes";
            return Err(Fault::data("y_train", classes.len(), allowed));
        }
        let mut members = vec![Vec::new(); classes.len()];
        for (row, label) in labels.iter().enumerate() {
            let class = classes
                .binary_search(label)
                .expect("every label is a class");
            members[class].push(row as u32);
        }
        Ok(Self { classes, members })
    }

    fn pairs(&self) -> Vec<(usize, usize)> {
        votes::pairs(self.classes.len()).collect()
    }

    fn counts(&self, (i, j): (usize, usize)) -> [usize; 2] {
        [self.members[i].len(), self.members[j].len()]
    }
}

/// Refuse rows that are not one for each target, without columns, or not finite.
pub(super) fn check_rows(rows: Rows<'_>, targets: usize) -> Result<(), Fault> {
    if rows.columns == 0 || rows.len() != targets || targets == 0 {
        let allowed = format!("must be as many as the {targets} targets, above 0, with columns");
        return Err(Fault::data("x_train", rows.len(), allowed));
    }
    check_finite("x_train", rows.values)
}
