//! tch, the Rust binding of libtorch, on the libtorch of the Python package.

mod alexnet;
mod architectures;
mod attention_cnn;
mod efficientnet;
mod layers;
mod lenet;
mod libtorch;
mod mobilenet;
mod optimiser;
mod recurrent;
mod resnet;
mod rnn;
mod simple_cnn;
mod source;
mod training;
mod vgg16;

use std::process::ExitCode;

use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework};
use rmlbench_worker::networks::{convolutional, recurrent};
use training::Trained;

static ALGORITHMS: [Entry; 15] = [
    convolutional::<Trained>("lenet"),
    convolutional::<Trained>("simple_cnn"),
    convolutional::<Trained>("attention_cnn"),
    convolutional::<Trained>("alexnet"),
    convolutional::<Trained>("vgg16"),
    convolutional::<Trained>("resnet18"),
    convolutional::<Trained>("resnet34"),
    convolutional::<Trained>("mobilenet"),
    convolutional::<Trained>("efficientnet_lite0"),
    recurrent::<Trained>("rnn"),
    recurrent::<Trained>("lstm"),
    recurrent::<Trained>("gru"),
    recurrent::<Trained>("bidirectional_lstm"),
    recurrent::<Trained>("stacked_lstm"),
    recurrent::<Trained>("attention_lstm"),
];

fn main() -> ExitCode {
    framework::main_with(libtorch::facts, || Framework {
        name: "tch",
        version: facts::version("tch"),
        declared: Declared {
            libraries: &["tch", "torch-sys"],
            features: &[],
            notes: &[
                "operations, their gradients and the optimisers are those of libtorch, the C++ \
                 library under Python's torch",
                "libtorch's Adam and AdamW round in another order than Python's",
                "gradients are clipped by the operations of torch.nn.utils.clip_grad_norm_: tch's \
                 own clip_grad_norm rounds its factor otherwise",
                "evaluation is in no_grad mode: tch has no inference mode",
            ],
        },
        prepare: libtorch::prepare,
        algorithms: &ALGORITHMS,
    })
}
