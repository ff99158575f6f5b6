//! liblinear's training input and rows: sparse pairs with indices from 1.

use liblinear::util::{PredictionInput, TrainingInput};
use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{Form, Rows, Train, check_finite};

/// The library's input, and the targets beside it.
pub struct Data {
    pub input: TrainingInput,
    pub y: Vec<f64>,
    pub columns: usize,
}

/// Rows to predict: as they came, to be checked, and as the library's inputs.
pub struct Input<'a> {
    rows: Rows<'a>,
    inputs: Vec<PredictionInput>,
}

/// Data as liblinear holds it.
pub struct Held;

impl Form for Held {
    type Data = Data;
    type Input<'a> = Input<'a>;

    fn convert(train: &Train, _: Layout) -> Data {
        let rows = train.x.values.chunks_exact(train.x.columns);
        let input = TrainingInput::from_sparse_features(train.y.clone(), rows.map(pairs).collect());
        Data {
            input: input.expect("there are as many rows as targets"),
            y: train.y.clone(),
            columns: train.x.columns,
        }
    }

    fn input<'a>(rows: Rows<'a>) -> Input<'a> {
        let each = rows.values.chunks_exact(rows.columns.max(1));
        let input = |row| {
            PredictionInput::from_sparse_features(pairs(row)).expect("a row has a last column")
        };
        Input {
            rows,
            inputs: each.map(input).collect(),
        }
    }
}

/// A row's values that are not 0, and the last one whatever it is: the library counts its columns
/// by the largest index it sees, in training as in every row to predict.
fn pairs(row: &[f64]) -> Vec<(u32, f64)> {
    let last = row.len() as u32;
    let numbered = (1..).zip(row.iter().copied());
    numbered
        .filter(|(index, value)| *value != 0.0 || *index == last)
        .collect()
}

impl Data {
    /// Refuse values that are not finite, which LIBLINEAR does not look for.
    pub fn check(&self) -> Result<(), Fault> {
        for i in 0..self.input.len_data() {
            let row = self.input.get(i).expect("the row is there").features();
            if let Some((_, value)) = row.iter().find(|(_, value)| !value.is_finite()) {
                check_finite("x_train", &[*value])?;
            }
        }
        check_finite("y_train", &self.y)
    }
}

impl Input<'_> {
    /// The library's inputs of rows checked for width and finiteness.
    pub fn checked(&self, columns: usize) -> Result<&[PredictionInput], Fault> {
        self.rows.check(columns)?;
        Ok(&self.inputs)
    }
}
