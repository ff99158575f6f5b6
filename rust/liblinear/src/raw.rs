//! LIBLINEAR's own C interface, declared as its header `linear.h` (version 2.30) does.
//!
//! The crate liblinear compiles and links that library but keeps its bindings private, and its
//! safe interface reads the labels of every model it has trained. A regression model has none,
//! so what regression needs is declared here once more.

use std::ffi::{CStr, c_char};
use std::ptr;

use liblinear::FeatureNode;

/// `L2R_L2LOSS_SVR`, `L2R_L2LOSS_SVR_DUAL` and `L2R_L1LOSS_SVR_DUAL`.
#[derive(Clone, Copy)]
#[repr(i32)]
pub enum Solver {
    SquaredPrimal = 11,
    SquaredDual = 12,
    AbsoluteDual = 13,
}

#[repr(C)]
struct Problem {
    rows: i32,
    columns: i32,
    y: *const f64,
    x: *const *const FeatureNode,
    bias: f64,
}

#[repr(C)]
struct Parameter {
    solver: i32,
    tol: f64,
    c: f64,
    weights: i32,
    weight_labels: *const i32,
    weight: *const f64,
    epsilon: f64,
    start: *const f64,
}

/// LIBLINEAR's `struct model`, looked into by its own functions only.
#[repr(C)]
struct Opaque {
    _private: [u8; 0],
}

unsafe extern "C" {
    fn check_parameter(problem: *const Problem, parameter: *const Parameter) -> *const c_char;
    fn train(problem: *const Problem, parameter: *const Parameter) -> *mut Opaque;
    fn predict(model: *const Opaque, row: *const FeatureNode) -> f64;
    fn get_decfun_coef(model: *const Opaque, column: i32, label: i32) -> f64;
    fn get_decfun_bias(model: *const Opaque, label: i32) -> f64;
    fn free_and_destroy_model(model: *mut *mut Opaque);
}

/// What the solver is told; `bias` is the value of the intercept's column, below 0 for none.
pub struct Told {
    pub solver: Solver,
    pub tol: f64,
    pub c: f64,
    pub epsilon: f64,
    pub bias: f64,
    pub seed: i64,
}

/// Rows as LIBLINEAR's nodes: one after the other, each with the intercept's column and an end.
pub struct Nodes {
    nodes: Vec<FeatureNode>,
    starts: Vec<usize>,
    columns: usize,
    bias: f64,
}

impl Nodes {
    /// No rows yet, of so many columns.
    pub fn new(columns: usize, bias: f64) -> Self {
        Self {
            nodes: Vec::new(),
            starts: Vec::new(),
            columns,
            bias,
        }
    }

    /// Add a row of pairs (column from 1, value), ascending, of at most `columns`.
    pub fn push(&mut self, row: &[(u32, f64)]) {
        self.starts.push(self.nodes.len());
        self.nodes.extend(row.iter().map(|(index, value)| {
            assert!(*index as usize <= self.columns, "a row is wider than told");
            node(*index as i32, *value)
        }));
        if self.bias >= 0.0 {
            self.nodes.push(node(self.columns as i32 + 1, self.bias));
        }
        self.nodes.push(node(-1, 0.0));
    }
}

fn node(index: i32, value: f64) -> FeatureNode {
    FeatureNode { index, value }
}

/// A regression model that LIBLINEAR holds.
pub struct Model {
    held: *mut Opaque,
    columns: usize,
    bias: f64,
}

impl Model {
    /// Train; LIBLINEAR's words where it refuses a parameter.
    ///
    /// Its dual solvers draw the order of the rows from the C library's `rand`, whose seed
    /// LIBLINEAR leaves as it is: without a new one each fit would be another.
    pub fn train(told: &Told, rows: &Nodes, y: &[f64]) -> Result<Self, String> {
        assert_eq!(rows.starts.len(), y.len(), "there is a target for each row");
        let starts = rows.starts.iter();
        let x: Vec<*const FeatureNode> = starts.map(|at| ptr::from_ref(&rows.nodes[*at])).collect();
        let problem = Problem {
            rows: y.len() as i32,
            columns: rows.columns as i32 + i32::from(told.bias >= 0.0),
            y: y.as_ptr(),
            x: x.as_ptr(),
            bias: told.bias,
        };
        let parameter = Parameter {
            solver: told.solver as i32,
            tol: told.tol,
            c: told.c,
            weights: 0,
            weight_labels: ptr::null(),
            weight: ptr::null(),
            epsilon: told.epsilon,
            start: ptr::null(),
        };
        // SAFETY: both structures are laid out as in linear.h, all they point to outlives the
        // calls, each row ends with index -1 and no index is above `columns`; `train` copies the
        // parameter and keeps no pointer of ours. No other thread runs, so `srand` races nobody.
        unsafe {
            let refused = check_parameter(&problem, &parameter);
            if !refused.is_null() {
                return Err(CStr::from_ptr(refused).to_string_lossy().into_owned());
            }
            libc::srand(told.seed as u32);
            Ok(Self {
                held: train(&problem, &parameter),
                columns: rows.columns,
                bias: told.bias,
            })
        }
    }

    /// The value of each row; `rows` are of the columns and the intercept trained on.
    pub fn predict(&self, rows: &Nodes) -> Vec<f64> {
        let alike = rows.columns == self.columns && rows.bias == self.bias;
        assert!(alike, "rows are made as those trained on");
        let one = |at: &usize| {
            // SAFETY: the model is alive until dropped, and the row ends with index -1.
            unsafe { predict(self.held, &rows.nodes[*at]) }
        };
        rows.starts.iter().map(one).collect()
    }

    /// Coefficients and intercept.
    pub fn plane(&self) -> (Vec<f64>, f64) {
        let columns = 1..=self.columns as i32;
        // SAFETY: the model is alive until dropped; columns count from 1.
        unsafe {
            let coefficients = columns.map(|j| get_decfun_coef(self.held, j, 0)).collect();
            (coefficients, get_decfun_bias(self.held, 0))
        }
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        // SAFETY: `train` made it, and nobody else frees it.
        unsafe { free_and_destroy_model(&mut self.held) }
    }
}
