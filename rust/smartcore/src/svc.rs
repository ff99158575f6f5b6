//! C-support vector classification by smartcore's online solver, one against one.
//!
//! smartcore has a `MultiClassSVC` that does the same, but keeps its machines to itself and gives
//! equal votes to whichever class a hash map lists last: no decision values, and labels that may
//! differ from call to call. So the caller fits its `SVC` to every pair.

use std::sync::Arc;

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::pairs::{Pair, Pairs};
use rmlbench_worker::supervised::{
    Algorithm, Fitted, Form, Params, Resources, Rows, Spread, Train, check_finite, svm, votes,
};
use rmlbench_worker::tensors::Tensor;
use self_cell::self_cell;
use smartcore::linalg::basic::arrays::Array;
use smartcore::svm::svc::{SVC, SVCParameters};

use crate::data::{self, Dense, Input};
use crate::told;

/// Passes over the data. After smartcore's default of 2 decision values are up to 3e-2 from the
/// optimum; after 3, within what the others' stopping tolerance leaves.
const EPOCHS: usize = 3;

/// Rows of two classes, and 1 for the first class, -1 for the second: smartcore counts the larger
/// label as positive.
struct Binary {
    x: Dense,
    y: Vec<i32>,
}

/// The rows of all pairs.
pub struct Data {
    classes: usize,
    each: Vec<Arc<Binary>>,
    spread: Spread,
}

/// Data as a caller of smartcore holds it for one against one.
pub struct Paired;

impl Form for Paired {
    type Data = Result<Data, Fault>;
    type Input<'a> = Input<'a>;

    fn convert(train: &Train, layout: Layout) -> Self::Data {
        let pairs = Pairs::new(train, layout)?;
        let rows = Rows {
            values: &train.x.values,
            columns: train.x.columns,
        };
        let binary = |pair: Pair| {
            let signs = (0..pair.x.rows).map(|row| if row < pair.first { 1 } else { -1 });
            Arc::new(Binary {
                y: signs.collect(),
                x: data::dense(pair.x),
            })
        };
        Ok(Data {
            classes: pairs.labels.k(),
            each: pairs.each.into_iter().map(binary).collect(),
            spread: Spread::new(rows),
        })
    }

    fn input<'a>(rows: Rows<'a>) -> Input<'a> {
        data::input(rows)
    }
}

type Told = SVCParameters<f64, i32, Dense, Vec<i32>>;
type Machine<'a> = SVC<'a, f64, i32, Dense, Vec<i32>>;

/// What smartcore's model borrows.
struct Lent {
    data: Arc<Binary>,
    told: Told,
}

self_cell!(
    /// smartcore's model with what it borrows.
    struct Held {
        owner: Lent,
        #[covariant]
        dependent: Machine,
    }
);

/// The machines of all pairs.
pub struct Model {
    machines: Vec<Held>,
    classes: usize,
    columns: usize,
}

pub struct Svc;

impl Algorithm for Svc {
    type Form = Paired;
    type Params = svm::Svc;
    type Model = Model;

    fn check(params: &svm::Svc) -> Result<(), Fault> {
        params.check()?;
        told::check_weight(params.class_weight)?;
        svm::without_probability(params.probability, "smartcore gives no probabilities")?;
        told::check(&params.common())
    }

    /// Inside, the library visits the rows in a random order, copies each it takes in as a support
    /// vector, and keeps kernel values of those in a hash map.
    fn fit(
        params: &svm::Svc,
        data: &Result<Data, Fault>,
        resources: Resources,
    ) -> Result<Model, Fault> {
        let data = data.as_ref().map_err(Fault::clone)?;
        let fit = |binary: &Arc<Binary>| {
            check(&binary.x)?;
            let lent = Lent {
                data: Arc::clone(binary),
                told: Told::default()
                    .with_c(params.c)
                    .with_tol(params.tol)
                    .with_epoch(EPOCHS)
                    .with_kernel(told::kernel(&params.common(), data.spread))
                    .with_seed(Some(resources.seed as u64)),
            };
            Held::try_new(lent, |lent| {
                SVC::fit(&lent.data.x, &lent.data.y, &lent.told).map_err(data::refused)
            })
        };
        Ok(Model {
            machines: data.each.iter().map(fit).collect::<Result<_, Fault>>()?,
            classes: data.classes,
            columns: data.spread.columns,
        })
    }
}

/// Refuse data that is not finite, which smartcore does not look for.
fn check(x: &Dense) -> Result<(), Fault> {
    match x.iterator(0).find(|value| !value.is_finite()) {
        Some(value) => check_finite("x_train", &[*value]),
        None => Ok(()),
    }
}

impl Model {
    /// Decision values, above 0 for the first class of each pair.
    fn values(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        let dense = input.checked(self.columns)?;
        let value = |machine: &Held| machine.borrow_dependent().decision_function(dense);
        let each = self.machines.iter().map(value);
        let each = each.collect::<Result<Vec<_>, _>>().map_err(data::refused)?;
        let rows = 0..each[0].len();
        Ok(rows
            .flat_map(|row| each.iter().map(move |values| values[row]))
            .collect())
    }
}

impl Fitted<Paired> for Model {
    fn predict(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        Ok(votes::elected(&self.values(input)?, self.classes))
    }

    fn decision(&self, input: &Input<'_>) -> Result<Option<Vec<f64>>, Fault> {
        self.values(input).map(Some)
    }

    /// None: smartcore keeps support vectors, coefficients and iterations to itself.
    fn attributes(&self) -> Vec<Tensor> {
        Vec::new()
    }
}
