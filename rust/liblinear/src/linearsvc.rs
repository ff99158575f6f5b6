//! Linear support vector classification by LIBLINEAR, one against the rest.

use liblinear::SolverType;
use rmlbench_worker::Fault;
use rmlbench_worker::supervised::svm::{self, LossOfClasses};
use rmlbench_worker::supervised::{Algorithm, Fitted, Labels, Params, Resources};
use rmlbench_worker::tensors::Tensor;

use crate::data::{Data, Held, Input};
use crate::told::{self, Linear, Told};

/// The library's model.
pub struct Classified {
    model: Box<dyn Linear>,
    columns: usize,
    /// The place among the library's labels of each class; of two, that of the first label only.
    places: Vec<usize>,
    /// -1 where the library counts class 0 of two as positive, else 1.
    sign: f64,
}

pub struct LinearSvc;

impl Algorithm for LinearSvc {
    type Form = Held;
    type Params = svm::LinearSvc;
    type Model = Classified;

    fn check(params: &svm::LinearSvc) -> Result<(), Fault> {
        params.check()?;
        told::check(params.max_iter)
    }

    fn fit(
        params: &svm::LinearSvc,
        data: &Data,
        resources: Resources,
    ) -> Result<Classified, Fault> {
        let labels = Labels::new(&data.y)?;
        let told = Told {
            solver: match (params.loss, params.dual) {
                (LossOfClasses::Hinge, _) => SolverType::L2R_L1LOSS_SVC_DUAL,
                (LossOfClasses::SquaredHinge, true) => SolverType::L2R_L2LOSS_SVC_DUAL,
                (LossOfClasses::SquaredHinge, false) => SolverType::L2R_L2LOSS_SVC,
            },
            c: params.c,
            tol: params.tol,
            bias: match params.fit_intercept {
                true => params.intercept_scaling,
                false => -1.0,
            },
            factors: params.class_weight.factors(&labels.counts),
            seed: resources.seed,
        };
        let model = told::train(told, data)?;
        Ok(Classified::new(model, data.columns, labels.k()))
    }
}

impl Classified {
    /// The library numbers classes as they appear; of two, its only plane is the first one's.
    fn new(model: Box<dyn Linear>, columns: usize, classes: usize) -> Self {
        let labels = model.labels();
        let place = |class| labels.iter().position(|label| *label == class);
        let (places, sign) = match classes {
            2 => (vec![0], if labels[0] == 0 { -1.0 } else { 1.0 }),
            _ => {
                let each = (0..classes as i32).map(|c| place(c).expect("every class is learned"));
                (each.collect(), 1.0)
            }
        };
        Self {
            model,
            columns,
            places,
            sign,
        }
    }

    /// Decision values: above 0 for class 1 of two, else one a class.
    fn values(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        let rows = input.checked(self.columns)?;
        let mut values = Vec::with_capacity(rows.len() * self.places.len());
        for row in rows {
            // By value, so that a caller who keeps the row has to copy it.
            let found = self.model.values(row.clone()).map_err(told::refused)?;
            values.extend(self.places.iter().map(|place| self.sign * found[*place]));
        }
        Ok(values)
    }
}

impl Fitted<Held> for Classified {
    fn predict(&self, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        let values = self.values(input)?;
        Ok(match self.places.len() {
            1 => values.iter().map(|value| f64::from(*value > 0.0)).collect(),
            k => values
                .chunks_exact(k)
                .map(|row| largest(row) as f64)
                .collect(),
        })
    }

    fn decision(&self, input: &Input<'_>) -> Result<Option<Vec<f64>>, Fault> {
        self.values(input).map(Some)
    }

    fn attributes(&self) -> Vec<Tensor> {
        let (mut coefficients, mut intercepts) = (Vec::new(), Vec::new());
        for place in &self.places {
            let (weights, intercept) = self.model.plane(self.columns, *place);
            coefficients.extend(weights.iter().map(|weight| self.sign * weight));
            intercepts.push(self.sign * intercept);
        }
        let planes = self.places.len();
        vec![
            Tensor::new("coefficients", &[planes, self.columns], &coefficients),
            Tensor::new("intercept", &[planes], &intercepts),
        ]
    }
}

/// The first of the largest values.
fn largest(values: &[f64]) -> usize {
    let mut best = 0;
    for (class, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = class;
        }
    }
    best
}
