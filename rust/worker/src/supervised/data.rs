//! Matrices, training data and inputs of supervised learning.

use std::borrow::Cow;

use crate::fault::Fault;
use crate::job::Layout;
use crate::tensors::TensorFile;

/// A dense float64 matrix in one of the two layouts.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    pub values: Vec<f64>,
    pub rows: usize,
    pub columns: usize,
    pub layout: Layout,
}

impl Matrix {
    /// Read a matrix of at least one row and column, in C order.
    pub fn read(file: &TensorFile, name: &str) -> Result<Self, Fault> {
        let [rows, columns] = file.shape(name)?;
        if rows == 0 || columns == 0 {
            let found = format!("{rows} x {columns}");
            return Err(Fault::data(name, found, "must have rows and columns"));
        }
        Ok(Self {
            values: file.read(name)?,
            rows,
            columns,
            layout: Layout::C,
        })
    }

    /// The values row after row: as they are, or a transposed copy.
    pub fn by_rows(&self) -> Cow<'_, [f64]> {
        match self.layout {
            Layout::C => Cow::Borrowed(&self.values),
            Layout::F => Cow::Owned(self.to_layout(Layout::C).values),
        }
    }

    /// A copy of this matrix in the asked layout.
    pub fn to_layout(&self, layout: Layout) -> Self {
        let mut values = Vec::with_capacity(self.values.len());
        if layout == self.layout {
            values.extend_from_slice(&self.values);
        } else {
            let (outer, inner) = match self.layout {
                Layout::C => (self.rows, self.columns),
                Layout::F => (self.columns, self.rows),
            };
            transpose(&self.values, outer, inner, &mut values);
        }
        Self {
            values,
            layout,
            ..*self
        }
    }

    /// The value in a row and column.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        match self.layout {
            Layout::C => self.values[row * self.columns + column],
            Layout::F => self.values[column * self.rows + row],
        }
    }
}

/// Write the transpose of `outer` runs of `inner` values, 8 x 64 values at a time.
fn transpose(from: &[f64], outer: usize, inner: usize, to: &mut Vec<f64>) {
    const OUTER: usize = 64;
    const INNER: usize = 8;
    let target = to.as_mut_ptr();
    for i0 in (0..outer).step_by(OUTER) {
        for j0 in (0..inner).step_by(INNER) {
            for i in i0..(i0 + OUTER).min(outer) {
                for j in j0..(j0 + INNER).min(inner) {
                    // SAFETY: j * outer + i < outer * inner, the capacity of `to`.
                    unsafe { *target.add(j * outer + i) = from[i * inner + j] };
                }
            }
        }
    }
    // SAFETY: the loops wrote each of the outer * inner values once.
    unsafe { to.set_len(outer * inner) };
}

/// The training file: rows and their targets, or their class numbers.
#[derive(Clone, Debug)]
pub struct Train {
    /// n x d, C order as loaded.
    pub x: Matrix,
    /// n targets; for classification the class numbers 0 to k - 1, see `Labels`.
    pub y: Vec<f64>,
    /// The fold each row is held out in; read only where `Params::uses_folds`.
    pub fold: Option<Vec<i64>>,
}

impl Train {
    /// Read `x_train` and `y_train`.
    pub fn read(file: &TensorFile) -> Result<Self, Fault> {
        let x = Matrix::read(file, "x_train")?;
        let [targets] = file.shape("y_train")?;
        if targets != x.rows {
            let allowed = format!("must have {} values", x.rows);
            return Err(Fault::data("y_train", targets, allowed));
        }
        Ok(Self {
            x,
            y: file.read("y_train")?,
            fold: None,
        })
    }

    /// The rows (of a C-order matrix) whose number `keep` accepts.
    pub fn subset(&self, keep: impl Fn(usize) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.x.rows).filter(|row| keep(*row)).collect();
        let d = self.x.columns;
        let row = |i: &usize| &self.x.values[i * d..(i + 1) * d];
        Self {
            x: Matrix {
                values: kept.iter().flat_map(row).copied().collect(),
                rows: kept.len(),
                ..self.x
            },
            y: kept.iter().map(|i| self.y[*i]).collect(),
            fold: (self.fold.as_ref()).map(|fold| kept.iter().map(|i| fold[*i]).collect()),
        }
    }

    /// Refuse values that are not finite, for libraries that do not look themselves.
    pub fn check_finite(&self) -> Result<(), Fault> {
        check_finite("x_train", &self.x.values)?;
        check_finite("y_train", &self.y)
    }
}

/// Refuse values that are not finite: their sum tells, and where it overflows each is looked at.
pub fn check_finite(name: &str, values: &[f64]) -> Result<(), Fault> {
    let mut lanes = [0.0f64; 16];
    let chunks = values.chunks_exact(16);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    let sum = lanes.iter().chain(rest).sum::<f64>();
    if sum.is_finite() || values.iter().all(|value| value.is_finite()) {
        return Ok(());
    }
    Err(Fault::data(
        name,
        "nan or infinity",
        "every value must be finite",
    ))
}

/// Some rows of the inputs, C order.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    pub values: &'a [f64],
    pub columns: usize,
}

impl Rows<'_> {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Refuse rows of another width than the model was fitted on.
    pub fn check_width(&self, columns: usize) -> Result<(), Fault> {
        if self.columns == columns {
            return Ok(());
        }
        let allowed = format!("must have {columns} columns");
        Err(Fault::data("x", self.columns, allowed))
    }

    /// Refuse rows of another width or with values that are not finite.
    pub fn check(&self, columns: usize) -> Result<(), Fault> {
        self.check_width(columns)?;
        check_finite("x", self.values)
    }
}

/// The inputs file: rows, and windows that hold every test row once.
pub(crate) struct Inputs {
    values: Vec<f64>,
    columns: usize,
    windows: Vec<(usize, usize)>,
}

impl Inputs {
    pub fn read(file: &TensorFile) -> Result<Self, Fault> {
        let [rows, columns] = file.shape("x")?;
        let [_, 2] = file.shape("windows")? else {
            return Err(Fault::data("windows", "other", "must have 2 columns"));
        };
        let bounds: Vec<i64> = file.read("windows")?;
        let windows: Vec<_> = bounds
            .chunks_exact(2)
            .map(|pair| (pair[0] as usize, pair[1] as usize))
            .collect();
        let width = windows.first().map(|(begin, end)| end.wrapping_sub(*begin));
        for (begin, end) in &windows {
            if begin >= end || *end > rows || Some(end - begin) != width {
                let found = format!("{begin} to {end}");
                let allowed = format!("windows must be equally long and within {rows} rows");
                return Err(Fault::data("windows", found, allowed));
            }
        }
        if windows.is_empty() {
            return Err(Fault::data("windows", 0, "must have at least one window"));
        }
        Ok(Self {
            values: file.read("x")?,
            columns,
            windows,
        })
    }

    /// The windows, in order.
    pub fn windows(&self) -> impl Iterator<Item = Rows<'_>> {
        self.windows
            .iter()
            .map(|(begin, end)| self.rows(*begin, *end))
    }

    /// The single rows, in order.
    pub fn singles(&self) -> impl Iterator<Item = Rows<'_>> {
        (0..self.values.len() / self.columns.max(1)).map(|i| self.rows(i, i + 1))
    }

    fn rows(&self, begin: usize, end: usize) -> Rows<'_> {
        Rows {
            values: &self.values[begin * self.columns..end * self.columns],
            columns: self.columns,
        }
    }
}

#[cfg(test)]
#[path = "data_tests.rs"]
mod tests;
