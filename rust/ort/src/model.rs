//! A session of onnxruntime.

use std::cell::RefCell;
use std::env;
use std::sync::OnceLock;

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::builder::SessionBuilder;
use ort::session::{HasSelectedOutputs, OutputSelector, RunOptions, Session};
use ort::value::{TensorElementType, TensorRef, ValueType};
use rmlbench_worker::Fault;
use rmlbench_worker::networks::{Array, Examples};
use rmlbench_worker::served::Served;
use rmlbench_worker::supervised::Rows;

/// The environment variable with the path of libonnxruntime.so.
pub const PATH: &str = "ORT_DYLIB_PATH";
static RUNTIME: OnceLock<Environment> = OnceLock::new();

/// A session, the type its input wants, and how each of its outputs is asked for alone.
pub struct Model {
    session: RefCell<Session>,
    wanted: TensorElementType,
    outputs: Vec<Asked>,
}

struct Asked {
    kind: TensorElementType,
    options: RunOptions<HasSelectedOutputs>,
}

impl Served for Model {
    type Input = Examples;

    /// Load the shared library.
    fn prepare() -> Result<(), Fault> {
        let path = env::var(PATH).map_err(|_| {
            let allowed = "must be the path of libonnxruntime.so";
            Fault::data(PATH, serde_json::Value::Null, allowed)
        })?;
        let refused = |words: String| Fault::data(PATH, path.as_str(), words);
        let builder = ort::init_from(&path).map_err(|error| refused(error.to_string()))?;
        let runtime = builder
            .build()
            .map_err(|error| refused(error.to_string()))?;
        RUNTIME.get_or_init(|| runtime);
        Ok(())
    }

    fn load(model: &[u8], threads: usize) -> Result<Self, Fault> {
        let runtime = RUNTIME.get().expect("prepare is called first");
        let refused = |error: ort::Error| {
            let size = format!("{} bytes", model.len());
            Fault::data("model", size, first_line(&error.to_string()))
        };
        let mut builder = builder(runtime, threads).map_err(refused)?;
        let session = builder.commit_from_memory(model).map_err(refused)?;
        let wanted = kind(session.inputs()[0].dtype())?;
        let outputs = session.outputs().iter().map(|output| {
            let alone = OutputSelector::no_default().with(output.name());
            Ok(Asked {
                kind: kind(output.dtype())?,
                options: RunOptions::new().map_err(refused)?.with_outputs(alone),
            })
        });
        Ok(Self {
            wanted,
            outputs: outputs.collect::<Result<_, Fault>>()?,
            session: RefCell::new(session),
        })
    }

    fn output(&self, number: usize, rows: &Rows<'_>) -> Result<Vec<f64>, Fault> {
        match self.wanted {
            TensorElementType::Float32 => {
                let values: Vec<f32> = rows.values.iter().map(|value| *value as f32).collect();
                self.run(
                    number,
                    rows,
                    TensorRef::from_array_view((shape(rows), &*values)),
                )
            }
            _ => self.run(
                number,
                rows,
                TensorRef::from_array_view((shape(rows), rows.values)),
            ),
        }
    }

    fn input(&self, examples: Examples) -> Result<Examples, Fault> {
        Ok(examples)
    }

    fn answer(&self, input: &Examples) -> Result<Array<f32>, Fault> {
        match input {
            Examples::Real(array) => self.logits(array),
            Examples::Tokens(array) => self.logits(array),
        }
    }
}

impl Model {
    fn logits<T: Clone + std::fmt::Debug + ort::value::PrimitiveTensorElementType + 'static>(
        &self,
        array: &Array<T>,
    ) -> Result<Array<f32>, Fault> {
        let refused = |error: ort::Error| {
            let given = format!("{:?}", array.shape);
            Fault::data("x", given, first_line(&error.to_string()))
        };
        let view = (array.shape.as_slice(), array.values.as_slice());
        let tensor = TensorRef::from_array_view(view).map_err(refused)?;
        let mut session = self.session.borrow_mut();
        let found = session.run(ort::inputs![tensor]).map_err(refused)?;
        let (shape, values) = found[0].try_extract_tensor::<f32>().map_err(refused)?;
        Ok(Array {
            shape: shape.iter().map(|size| *size as usize).collect(),
            values: values.to_vec(),
        })
    }

    fn run<T: std::fmt::Debug + ort::value::PrimitiveTensorElementType>(
        &self,
        number: usize,
        rows: &Rows<'_>,
        tensor: ort::Result<TensorRef<'_, T>>,
    ) -> Result<Vec<f64>, Fault> {
        let refused = |error: ort::Error| {
            let given = format!("{} x {}", rows.len(), rows.columns);
            Fault::data("x", given, first_line(&error.to_string()))
        };
        let asked = &self.outputs[number];
        let mut session = self.session.borrow_mut();
        let inputs = ort::inputs![tensor.map_err(refused)?];
        let found = session
            .run_with_options(inputs, &asked.options)
            .map_err(refused)?;
        match asked.kind {
            TensorElementType::Float32 => {
                let (_, values) = found[0].try_extract_tensor::<f32>().map_err(refused)?;
                Ok(values.iter().map(|value| f64::from(*value)).collect())
            }
            TensorElementType::Int64 => {
                let (_, values) = found[0].try_extract_tensor::<i64>().map_err(refused)?;
                Ok(values.iter().map(|value| *value as f64).collect())
            }
            _ => {
                let (_, values) = found[0].try_extract_tensor::<f64>().map_err(refused)?;
                Ok(values.to_vec())
            }
        }
    }
}

/// skl2onnx states another width of the scores than they have, of which every call would warn.
fn builder(runtime: &Environment, threads: usize) -> ort::Result<SessionBuilder> {
    let told = Session::builder(runtime)?.with_intra_threads(threads)?;
    Ok(told.with_log_level(LogLevel::Error)?)
}

fn shape(rows: &Rows<'_>) -> [usize; 2] {
    [rows.len(), rows.columns]
}

fn kind(of: &ValueType) -> Result<TensorElementType, Fault> {
    use TensorElementType::{Float32, Float64, Int64};
    match of {
        ValueType::Tensor { ty, .. } if matches!(ty, Float32 | Float64 | Int64) => Ok(*ty),
        _ => Err(Fault::data(
            "model",
            of.to_string(),
            "takes and gives plain tensors",
        )),
    }
}

fn first_line(words: &str) -> &str {
    words.lines().next().unwrap_or_default()
}
