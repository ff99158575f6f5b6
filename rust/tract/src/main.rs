//! tract, an ONNX runtime in pure Rust.

mod model;

use std::process::ExitCode;

use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework, single_threaded};
use rmlbench_worker::served;

static ALGORITHMS: [Entry; 25] = served::entries::<model::Model>();

fn main() -> ExitCode {
    framework::main(|| Framework {
        name: "tract",
        version: facts::version("tract-onnx"),
        declared: Declared {
            libraries: &["tract-onnx", "tract-linalg"],
            features: &[],
            notes: &[
                "a model of regression or SVM is scikit-learn's, converted by skl2onnx; rows are \
                 converted to the type it wants inside predict",
                "a network is torch's, exported by torch.onnx",
                "values are not checked to be finite: tract does not look",
                "the kernels are chosen at run time by tract-linalg",
            ],
        },
        prepare: single_threaded,
        algorithms: &ALGORITHMS,
    })
}
