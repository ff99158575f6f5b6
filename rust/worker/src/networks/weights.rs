//! Initial parameters and buffers by name, every one of which must be taken.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::fault::Fault;
use crate::tensors::TensorFile;

/// What stands before the names that are no weights but the plan of the steps.
pub(super) const PLAN: &str = "plan.";

/// The weights of a file, each to be taken under its name with its shape.
pub struct Weights {
    file: TensorFile,
    left: RefCell<BTreeSet<String>>,
    buffers: RefCell<BTreeSet<String>>,
}

impl Weights {
    pub(super) fn new(file: TensorFile) -> Self {
        let names = file.names().into_iter().filter(|n| !n.starts_with(PLAN));
        let left = RefCell::new(names.collect());
        Self {
            file,
            left,
            buffers: RefCell::default(),
        }
    }

    /// The values of a parameter, C order.
    pub fn take(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Fault> {
        let found = self.file.shape_of(name)?;
        if found != shape {
            let allowed = format!("must have the shape {shape:?}");
            return Err(Fault::data(name, format!("{found:?}"), allowed));
        }
        self.left.borrow_mut().remove(name);
        self.file.read(name)
    }

    /// The values of a buffer: what training changes, but by no gradient.
    pub fn take_buffer(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Fault> {
        self.buffers.borrow_mut().insert(name.to_string());
        self.take(name, shape)
    }

    /// The shape of a weight, of which a network's widths are read.
    pub fn shape(&self, name: &str) -> Result<&[usize], Fault> {
        self.file.shape_of(name)
    }

    /// Whether there is a weight of this name.
    pub fn has(&self, name: &str) -> bool {
        self.file.shape_of(name).is_ok()
    }

    /// Refuse weights that no network took.
    pub(super) fn finish(&self, algorithm: &str) -> Result<(), Fault> {
        match self.left.borrow().first() {
            Some(name) => {
                let allowed = format!("{algorithm} has no parameter of this name");
                Err(Fault::data("weights", name.as_str(), allowed))
            }
            None => Ok(()),
        }
    }

    pub(super) fn file(&self) -> &TensorFile {
        &self.file
    }
}
