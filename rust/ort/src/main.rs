//! ort, the Rust binding of onnxruntime, on the libonnxruntime.so of the Python package.

mod model;

use std::process::ExitCode;

use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework, single_threaded};
use rmlbench_worker::served;

static ALGORITHMS: [Entry; 25] = served::entries::<model::Model>();

fn main() -> ExitCode {
    let kernels = || facts::shared(model::PATH, "the ONNX file of the case");
    framework::main_with(kernels, || Framework {
        name: "ort",
        version: facts::version("ort"),
        declared: Declared {
            libraries: &["ort"],
            features: &["load-dynamic"],
            notes: &[
                "a model of regression or SVM is scikit-learn's, converted by skl2onnx; its kernel \
                 machines compute in float32, and the rows are converted to it inside predict",
                "a network is torch's, exported by torch.onnx",
                "values are not checked to be finite: onnxruntime does not look",
            ],
        },
        prepare: single_threaded,
        algorithms: &ALGORITHMS,
    })
}
