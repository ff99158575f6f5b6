//! epsilon-support vector regression by smartcore's SMO.

use std::sync::Arc;

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{
    Algorithm, Fitted, Form, Params, Resources, Rows, Spread, Train, check_finite, svm,
};
use rmlbench_worker::tensors::Tensor;
use self_cell::self_cell;
use smartcore::linalg::basic::arrays::Array;
use smartcore::svm::svr::{SVR, SVRParameters};

use crate::data::{self, Dense, Input};
use crate::told;

/// smartcore's matrix and targets, and what gamma is computed from.
pub struct Data {
    x: Dense,
    y: Vec<f64>,
    spread: Spread,
}

/// Data as smartcore's machine borrows it.
pub struct Shared;

impl Form for Shared {
    type Data = Arc<Data>;
    type Input<'a> = Input<'a>;

    fn convert(train: &Train, layout: Layout) -> Arc<Data> {
        let rows = Rows {
            values: &train.x.values,
            columns: train.x.columns,
        };
        Arc::new(Data {
            spread: Spread::new(rows),
            x: data::dense(train.x.to_layout(layout)),
            y: train.y.clone(),
        })
    }

    fn input<'a>(rows: Rows<'a>) -> Input<'a> {
        data::input(rows)
    }
}

type Machine<'a> = SVR<'a, f64, Dense, Vec<f64>>;

/// What smartcore's model borrows.
struct Lent {
    data: Arc<Data>,
    told: SVRParameters<f64>,
}

self_cell!(
    /// smartcore's model with what it borrows.
    struct Held {
        owner: Lent,
        #[covariant]
        dependent: Machine,
    }
);

/// smartcore's model.
pub struct Model {
    machine: Held,
    columns: usize,
}

pub struct Svr;

impl Algorithm for Svr {
    type Form = Shared;
    type Params = svm::Svr;
    type Model = Model;

    fn check(params: &svm::Svr) -> Result<(), Fault> {
        params.check()?;
        told::check(&params.common())
    }

    /// Inside, the library copies every row and keeps the kernel rows it computes.
    fn fit(params: &svm::Svr, data: &Arc<Data>, _: Resources) -> Result<Model, Fault> {
        if let Some(value) = data.x.iterator(0).find(|value| !value.is_finite()) {
            check_finite("x_train", &[*value])?;
        }
        check_finite("y_train", &data.y)?;
        let lent = Lent {
            data: Arc::clone(data),
            told: SVRParameters::default()
                .with_c(params.c)
                .with_eps(params.epsilon)
                .with_tol(params.tol)
                .with_kernel(told::kernel(&params.common(), data.spread)),
        };
        let machine = Held::try_new(lent, |lent| {
            SVR::fit(&lent.data.x, &lent.data.y, &lent.told).map_err(data::refused)
        })?;
        Ok(Model {
            machine,
            columns: data.spread.columns,
        })
    }
}

impl Fitted<Shared> for Model {
    fn predict(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        let dense = input.checked(self.columns)?;
        let machine = self.machine.borrow_dependent();
        machine.predict(dense).map_err(data::refused)
    }

    /// None: smartcore keeps support vectors, coefficients and iterations to itself.
    fn attributes(&self) -> Vec<Tensor> {
        Vec::new()
    }
}
