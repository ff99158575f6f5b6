//! The four machines as workers offer them, in either form of kernel rows.

mod classified;
mod nusvc;
mod nusvr;
mod regressed;
mod svc;
mod svr;

pub use nusvc::NuSvc;
pub use nusvr::NuSvr;
pub use svc::Svc;
pub use svr::Svr;

use std::borrow::Cow;

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{self, Resources, Rows, Spread, Train, check_finite, svm};
use rmlbench_worker::tensors::Tensor;

use crate::{Form, Kernel, Settings};

/// The form of kernel rows that all machines of a framework are in.
pub trait InForm {
    const FORM: Form;
    /// Whether it goes scikit-learn's way step by step, and tells so.
    const TRACED: bool;
}

/// scikit-learn's arithmetic, one pair of rows at a time.
pub struct Pairwise;

/// Many kernel values at once.
pub struct Product;

impl InForm for Pairwise {
    const FORM: Form = Form::Pairwise;
    const TRACED: bool = true;
}

impl InForm for Product {
    const FORM: Form = Form::Product;
    const TRACED: bool = false;
}

/// Data as the machines take it: the matrix in the asked layout, rows as they come.
pub struct Held;

impl supervised::Form for Held {
    type Data = Train;
    type Input<'a> = Rows<'a>;

    fn convert(train: &Train, layout: Layout) -> Train {
        Train {
            x: train.x.to_layout(layout),
            y: train.y.clone(),
            fold: train.fold.clone(),
        }
    }

    fn input<'a>(rows: Rows<'a>) -> Rows<'a> {
        rows
    }
}

/// The values in C order, which the kernels read: other layouts are copied in fit, as
/// scikit-learn does.
fn in_rows(data: &Train) -> Cow<'_, [f64]> {
    match data.x.layout {
        Layout::C => Cow::Borrowed(&data.x.values),
        Layout::F => Cow::Owned(data.x.to_layout(Layout::C).values),
    }
}

/// The solver's settings for training rows.
fn settings<F: InForm>(
    told: &svm::Common,
    rows: Rows<'_>,
    resources: Resources,
) -> Result<Settings, Fault> {
    let gamma = told.gamma.number(rows.columns, || Spread::new(rows));
    if !gamma.is_finite() {
        check_finite("x_train", rows.values)?;
    }
    let (coef0, degree) = (told.coef0, told.degree);
    let kernel = match told.kernel {
        svm::Kernel::Linear => Kernel::Linear,
        svm::Kernel::Rbf => Kernel::Rbf { gamma },
        svm::Kernel::Sigmoid => Kernel::Sigmoid { gamma, coef0 },
        svm::Kernel::Poly => Kernel::Poly {
            gamma,
            coef0,
            degree,
        },
    };
    Ok(Settings {
        kernel,
        form: F::FORM,
        tol: told.tol,
        cache_mb: told.cache_size,
        shrinking: told.shrinking,
        max_iter: told.limit(),
        threads: resources.threads,
    })
}

/// Steps after which the objective is told.
const STEPS: u32 = 11;

/// The dual objective after 1, 2, 4 ... iterations, by fits that end there, before all machines
/// have ended; nothing where it is not told.
fn trace<F: InForm>(
    told: &svm::Common,
    n_iter: u64,
    after: impl Fn(&svm::Common) -> Result<f64, Fault>,
) -> Result<Vec<Tensor>, Fault> {
    if !F::TRACED {
        return Ok(Vec::new());
    }
    let steps = (0..STEPS).map(|k| 1i64 << k);
    let steps: Vec<i64> = steps.filter(|step| step.cast_unsigned() < n_iter).collect();
    let stopped = |max_iter: &i64| {
        after(&svm::Common {
            max_iter: *max_iter,
            ..*told
        })
    };
    let objectives: Vec<f64> = steps.iter().map(stopped).collect::<Result<_, _>>()?;
    Ok(vec![
        Tensor::new("trace_steps", &[steps.len()], &steps),
        Tensor::new("trace_objective", &[steps.len()], &objectives),
    ])
}

/// Threads worth using for this many rows.
fn at_most(threads: usize, rows: usize) -> usize {
    threads.min(rows).max(1)
}
