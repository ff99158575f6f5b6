//! libsvm-rs's problems and rows: sparse nodes with indices from 1.

use libsvm_rs::{SvmNode, SvmProblem};
use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{Form, Rows, Spread, Train, check_finite};

/// A problem, and what a caller needs beside it.
pub struct Data {
    pub problem: SvmProblem,
    /// Row of the training file behind each instance.
    pub rows: Vec<usize>,
    /// What gamma is computed from.
    pub spread: Spread,
}

/// Rows to predict: as they came, to be checked, and as nodes.
pub struct Input<'a> {
    rows: Rows<'a>,
    nodes: Vec<Vec<SvmNode>>,
}

/// Data for classification, its rows sorted by class: the library numbers classes as they appear.
pub struct Sorted;

/// Data for regression, in its own order.
pub struct InOrder;

impl Form for Sorted {
    type Data = Data;
    type Input<'a> = Input<'a>;

    fn convert(train: &Train, _: Layout) -> Data {
        let mut rows: Vec<usize> = (0..train.y.len()).collect();
        rows.sort_by(|a, b| train.y[*a].total_cmp(&train.y[*b]));
        data(train, rows)
    }

    fn input<'a>(rows: Rows<'a>) -> Input<'a> {
        input(rows)
    }
}

impl Form for InOrder {
    type Data = Data;
    type Input<'a> = Input<'a>;

    fn convert(train: &Train, _: Layout) -> Data {
        data(train, (0..train.y.len()).collect())
    }

    fn input<'a>(rows: Rows<'a>) -> Input<'a> {
        input(rows)
    }
}

/// The problem of some rows of a C-order matrix.
fn data(train: &Train, rows: Vec<usize>) -> Data {
    let d = train.x.columns;
    let node_row = |i: &usize| nodes(&train.x.values[i * d..(i + 1) * d]);
    let values = Rows {
        values: &train.x.values,
        columns: d,
    };
    Data {
        problem: SvmProblem {
            labels: rows.iter().map(|i| train.y[*i]).collect(),
            instances: rows.iter().map(node_row).collect(),
        },
        rows,
        spread: Spread::new(values),
    }
}

fn input(rows: Rows<'_>) -> Input<'_> {
    let each = rows.values.chunks_exact(rows.columns.max(1));
    Input {
        rows,
        nodes: each.map(nodes).collect(),
    }
}

/// A row's values that are not 0.
fn nodes(row: &[f64]) -> Vec<SvmNode> {
    let numbered = (1..).zip(row).filter(|(_, value)| **value != 0.0);
    let node = |(index, value): (i32, &f64)| SvmNode {
        index,
        value: *value,
    };
    numbered.map(node).collect()
}

impl Data {
    /// Refuse values that are not finite, which libsvm-rs does not look for.
    pub fn check(&self) -> Result<(), Fault> {
        for instance in &self.problem.instances {
            if let Some(node) = instance.iter().find(|node| !node.value.is_finite()) {
                check_finite("x_train", &[node.value])?;
            }
        }
        check_finite("y_train", &self.problem.labels)
    }
}

impl Input<'_> {
    /// The nodes of rows checked for width and finiteness.
    pub fn checked(&self, columns: usize) -> Result<&[Vec<SvmNode>], Fault> {
        self.rows.check(columns)?;
        Ok(&self.nodes)
    }
}
