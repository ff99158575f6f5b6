//! A model as tract runs it.

use std::sync::Arc;

use rmlbench_worker::Fault;
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
}

impl Model {
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
    let columns = stated.shape.dim(1).and_then(|dim| dim.concretize());
    let columns = columns.context("the model's input has no number of columns")?;
    let kind = stated.datum_type.concretize();
    let kind = kind.context("the model's input has no type")?;
    let rows = model.symbols.sym("rows");
    model.set_input_fact(0, kind.fact([rows.to_dim(), columns]).into())?;
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
