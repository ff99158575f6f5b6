//! burn's networks on its pure Rust backend, written as its book does.

extern crate burn_core as burn; // the name its macros know it by

mod alexnet;
mod attention_cnn;
mod backend;
mod clip;
mod layers;
mod lenet;
mod mobilenet;
mod names;
mod network;
mod optimizer;
mod pixels;
mod recurrent;
mod recurrent_layers;
mod resnet;
mod rows;
mod simple_cnn;
mod training;
mod vgg16;

use std::process::ExitCode;

use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework};
use rmlbench_worker::networks::{convolutional, recurrent};

use crate::training::Training;

static ALGORITHMS: [Entry; 14] = [
    convolutional::<Training>("lenet"),
    convolutional::<Training>("simple_cnn"),
    convolutional::<Training>("attention_cnn"),
    convolutional::<Training>("alexnet"),
    convolutional::<Training>("vgg16"),
    convolutional::<Training>("resnet18"),
    convolutional::<Training>("resnet34"),
    convolutional::<Training>("mobilenet"),
    recurrent::<Training>("rnn"),
    recurrent::<Training>("lstm"),
    recurrent::<Training>("gru"),
    recurrent::<Training>("bidirectional_lstm"),
    recurrent::<Training>("stacked_lstm"),
    recurrent::<Training>("attention_lstm"),
];

fn main() -> ExitCode {
    framework::main(|| Framework {
        name: "burn",
        version: facts::version("burn-core"),
        declared: Declared {
            libraries: &[
                "burn-core",
                "burn-nn",
                "burn-optim",
                "burn-autodiff",
                "burn-flex",
                "gemm",
                "macerator",
            ],
            features: if cfg!(feature = "x86-v4") {
                &["x86-v4"]
            } else {
                &[]
            },
            notes: &[
                "Flex backend, built with std, simd and rayon, which are burn's default features",
                "batch normalisation keeps the biased variance as its running one, torch the \
                 unbiased: evaluations differ",
                "relu says 0 of a nan: a training that diverges may show finite losses only",
                "clip_norm is done by tensor operations: burn's clipping takes each tensor alone",
                "adam, adamw and rmsprop hold betas, alpha and the corrections of their bias in \
                 float32, torch in float64",
                "lstm and gru hold a linear layer a gate and kind of input; weights are split, and \
                 put together again in gradients and states",
                "stacked_lstm is two modules with dropout between them; mobilenet's relu6 is relu \
                 and clamp_max; attention and excitation are tensor operations",
                "dropout masks are burn's own: no seed gives torch's",
            ],
        },
        prepare,
        algorithms: &ALGORITHMS,
    })
}

/// Make the caller one of the threads of rayon's global pool: beside it the caller would wait for
/// the pool, in turns of yielding that count as one thread more than told.
fn prepare(threads: usize) -> usize {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let built = pool.use_current_thread().build_global();
    built.expect("the pool is built once");
    threads
}
