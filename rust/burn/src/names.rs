//! torch's names for what burn holds under identifiers of its own.

use std::collections::HashMap;

use burn_core::module::{Module, ModuleVisitor, Param, ParamId};
use burn_core::tensor::Tensor;
use burn_optim::GradientsParams;

use crate::backend::{Inner, values};
use crate::network::Net;

/// How burn holds a tensor of torch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    Same,
    Transposed,
}

struct Name {
    name: String,
    layout: Layout,
    /// What stands below one another in torch's tensor.
    parts: Vec<ParamId>,
}

/// The parameters and buffers of a network.
#[derive(Default)]
pub struct Names(Vec<Name>);

impl Names {
    /// Say which parameters a tensor of torch became.
    pub fn add(&mut self, name: &str, layout: Layout, parts: Vec<ParamId>) {
        let name = name.to_string();
        self.0.push(Name {
            name,
            layout,
            parts,
        });
    }

    /// Parameters and buffers as they are, in torch's layout.
    pub fn state(&self, net: &Net<Inner>) -> Vec<(String, Vec<f32>)> {
        self.read(net, None)
    }

    /// The gradients of the parameters, in torch's layout.
    pub fn gradients(
        &self,
        net: &Net<Inner>,
        gradients: &GradientsParams,
    ) -> Vec<(String, Vec<f32>)> {
        self.read(net, Some(gradients))
    }

    fn read(
        &self,
        net: &Net<Inner>,
        gradients: Option<&GradientsParams>,
    ) -> Vec<(String, Vec<f32>)> {
        let mut reader = Reader {
            gradients,
            found: HashMap::new(),
        };
        net.visit(&mut reader);
        let known = self.0.iter().filter_map(|name| {
            let parts = name.parts.iter().map(|id| reader.found.get(id));
            let parts: Vec<_> = parts.collect::<Option<_>>()?;
            let parts = parts.into_iter().map(|part| part.laid_out(name.layout));
            Some((name.name.clone(), parts.flatten().collect()))
        });
        known.collect()
    }
}

/// A tensor's values, C order, and the length of its last axis.
struct Part {
    values: Vec<f32>,
    last: usize,
}

impl Part {
    fn laid_out(&self, layout: Layout) -> Vec<f32> {
        if layout == Layout::Same {
            return self.values.clone();
        }
        let rows = self.values.len() / self.last;
        let at = |i: usize| self.values[i % rows * self.last + i / rows];
        (0..self.values.len()).map(at).collect()
    }
}

struct Reader<'a> {
    gradients: Option<&'a GradientsParams>,
    found: HashMap<ParamId, Part>,
}

impl ModuleVisitor<Inner> for Reader<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<Inner, D>>) {
        let tensor = match self.gradients {
            Some(gradients) => gradients.get::<Inner, D>(param.id),
            None => Some(param.val()),
        };
        if let Some(tensor) = tensor {
            let last = tensor.dims()[D - 1];
            let values = values(tensor);
            self.found.insert(param.id, Part { values, last });
        }
    }
}
