//! A model as tract runs it.

use std::sync::Arc;

use rmlbench_worker::Fault;
use rmlbench_worker::networks::{Array, Examples};
use rmlbench_worker::served::Served;
use rmlbench_worker::supervised::Rows;
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::infer::Factoid;
use tract_onnx::tract_hir::internal::TractErrorContext;

/// A plan for each output, so that none pays for what another needs.
pub struct Model {
    plans: Vec<Arc<TypedRunnableModel>>,
    wanted: DatumType,
}

impl Served for Model {
    type Input = TValue;

    /// tract runs a plan on the thread that asks.
    fn load(model: &[u8], _: usize) -> Result<Self, Fault> {
        let refused = |error: TractError| {
            let size = format!("{} bytes", model.len());
            Fault::unsupported("model", size, words(&error))
        };
        let read = tract_onnx::onnx().model_for_read(&mut &*model);
        let read = read.and_then(any_rows).map_err(refused)?;
        let outputs = read.output_outlets().map_err(refused)?.to_vec();
        let plan = |output| plan(read.clone(), output);
        let plans = outputs
            .into_iter()
            .map(plan)
            .collect::<TractResult<Vec<_>>>();
        let plans = plans.map_err(refused)?;
        let wanted = plans[0].model().input_fact(0).map_err(refused)?.datum_type;
        Ok(Self { plans, wanted })
    }

    fn output(&self, number: usize, rows: &Rows<'_>) -> Result<Vec<f64>, Fault> {
        self.asked(number, rows).map_err(|error| {
            let given = format!("{} x {}", rows.len(), rows.columns);
            Fault::data("x", given, words(&error))
        })
    }

    fn input(&self, examples: Examples) -> Result<TValue, Fault> {
        let tensor = match &examples {
            Examples::Real(array) => Tensor::from_shape(&array.shape, &array.values),
            Examples::Tokens(array) => Tensor::from_shape(&array.shape, &array.values),
        };
        let given = || format!("{:?}", examples.shape());
        let tensor = tensor.map_err(|error| Fault::data("x", given(), words(&error)))?;
        Ok(tensor.into())
    }

    fn answer(&self, input: &TValue) -> Result<Array<f32>, Fault> {
        self.logits(input).map_err(|error| {
            let given = format!("{:?}", input.shape());
            Fault::data("x", given, words(&error))
        })
    }
}

impl Model {
    fn logits(&self, input: &TValue) -> TractResult<Array<f32>> {
        let found = self.plans[0].run(tvec!(input.clone()))?;
        Ok(Array {
            shape: found[0].shape().to_vec(),
            values: found[0].try_as_plain_ram()?.as_slice::<f32>()?.to_vec(),
        })
    }

    fn asked(&self, number: usize, rows: &Rows<'_>) -> TractResult<Vec<f64>> {
        let shape = [rows.len(), rows.columns];
        let given = if self.wanted == DatumType::F32 {
            let values: Vec<f32> = rows.values.iter().map(|value| *value as f32).collect();
            Tensor::from_shape(&shape, &values)?
        } else {
            Tensor::from_shape(&shape, rows.values)?
        };
        let found = self.plans[number].run(tvec!(given.into()))?;
        let plain = found[0].cast_to::<f64>()?;
        Ok(plain.try_as_plain_ram()?.as_slice::<f64>()?.to_vec())
    }
}

/// The model with as many rows as it is given: the file leaves their number open, and tract wants
/// it named.
fn any_rows(mut model: InferenceModel) -> TractResult<InferenceModel> {
    let stated = model.input_fact(0)?.clone();
    let axes = stated.shape.rank().concretize();
    let axes = axes.context("the model's input has no number of axes")? as usize;
    let width = |axis| stated.shape.dim(axis).and_then(|dim| dim.concretize());
    let widths: Option<Vec<TDim>> = (1..axes).map(width).collect();
    let widths = widths.context("the model's input leaves more open than its number of rows")?;
    let kind = stated.datum_type.concretize();
    let kind = kind.context("the model's input has no type")?;
    let rows = model.symbols.sym("rows");
    let shape: Vec<TDim> = [vec![rows.to_dim()], widths].concat();
    model.set_input_fact(0, kind.fact(shape).into())?;
    Ok(model)
}

fn plan(mut model: InferenceModel, output: OutletId) -> TractResult<Arc<TypedRunnableModel>> {
    model.select_output_outlets(&[output])?;
    model.into_optimized()?.into_runnable()
}

/// What the library says, from the outermost to the cause.
fn words(error: &TractError) -> String {
    format!("{error:#}")
}
