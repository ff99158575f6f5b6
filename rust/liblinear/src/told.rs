//! Hyper-parameters as liblinear is told them, and the training.

use liblinear::util::PredictionInput;
use liblinear::{Builder, LibLinearModel, ModelError, SolverType};
use rmlbench_worker::Fault;

use crate::data::Data;

/// LIBLINEAR's limit of iterations, which is scikit-learn's default.
const MAX_ITER: u64 = 1000;

/// What the solver is told.
pub struct Told {
    pub solver: SolverType,
    pub c: f64,
    pub tol: f64,
    /// The value of the column that stands for the intercept; below 0 is none.
    pub bias: f64,
    /// Factors of the cost of class 0, 1, ...
    pub factors: Vec<f64>,
    pub seed: i64,
}

/// The library's model; its own trait has no objects, and its type no name.
pub trait Linear {
    /// Decision values in the order of the labels; of two classes the first's only.
    fn values(&self, row: PredictionInput) -> Result<Vec<f64>, ModelError>;
    /// The classes, in the order they appear in the data.
    fn labels(&self) -> &[i32];
    /// Coefficients (d) and intercept of the class at a place of the labels.
    fn plane(&self, columns: usize, place: usize) -> (Vec<f64>, f64);
}

impl<M: LibLinearModel> Linear for M {
    fn values(&self, row: PredictionInput) -> Result<Vec<f64>, ModelError> {
        self.predict_values(row).map(|(values, _)| values)
    }

    fn labels(&self) -> &[i32] {
        LibLinearModel::labels(self)
    }

    fn plane(&self, columns: usize, place: usize) -> (Vec<f64>, f64) {
        let place = place as i32;
        let each = (1..=columns as i32).map(|j| self.feature_coefficient(j, place));
        (each.collect(), self.label_bias(place))
    }
}

/// Refuse what liblinear does not have.
pub fn check(max_iter: u64) -> Result<(), Fault> {
    if max_iter == MAX_ITER {
        return Ok(());
    }
    let allowed = format!("must be {MAX_ITER}: liblinear lets nobody set the limit of iterations");
    Err(Fault::unsupported("max_iter", max_iter, allowed))
}

/// Train on checked data.
///
/// The library takes its input by value and copies it into LIBLINEAR's nodes, so fit also copies
/// what convert built. LIBLINEAR draws the order of its dual descent from the C library's `rand`,
/// whose seed it leaves as it is: without a new one each fit would be another.
pub fn train(told: Told, data: &Data) -> Result<Box<dyn Linear>, Fault> {
    data.check()?;
    // SAFETY: sets the state of the C library's generator; no other thread runs.
    unsafe { libc::srand(told.seed as u32) };
    let mut builder = Builder::new();
    builder
        .problem()
        .input_data(data.input.clone())
        .bias(told.bias);
    builder
        .parameters()
        .solver_type(told.solver)
        .stopping_criterion(told.tol)
        .constraints_violation_cost(told.c)
        .cost_penalty_labels((0..told.factors.len() as i32).collect())
        .cost_penalty_weights(told.factors);
    match builder.build_model() {
        Ok(model) => Ok(Box::new(model)),
        Err(error) => Err(refused(error)),
    }
}

/// liblinear's words where it refuses a job.
pub fn refused(error: impl std::fmt::Display) -> Fault {
    let allowed = "the library must be able to do this";
    Fault::numerical("liblinear", error.to_string(), allowed)
}
