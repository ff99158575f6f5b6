//! The worker: its table of networks and its `main`.

use std::process::ExitCode;

use rmlbench_worker::facts::{self, Declared};
use rmlbench_worker::framework::{self, Entry, Framework};
use rmlbench_worker::networks::{convolutional, recurrent};

use crate::network::Trained;
use crate::pool::Pool;

const NOTES: [&str; 10] = [
    "momentum, nesterov and rmsprop are the caller's, on candle's tensors: candle's SGD has no \
     momentum; weight_decay of sgd, adam and rmsprop and clip_norm are added to the gradients by \
     the caller; adam is AdamW without weight_decay",
    "the gradient of relu at 0 is 1, torch's is 0; of relu6 it is a half at 0 and 6, torch's is 0",
    "dropout draws from a generator that takes no seed",
    "evaluation reads the same weights through tensors of which candle records no operations",
    "alexnet: candle has no adaptive average pooling; the caller multiplies by the means' weights",
    "mobilenet: candle convolves each channel alone one after the other, and joins them",
    "conv2d has no gradient where its stride is above 1 and the image is not square, unless height \
     and width leave as many pixels over",
    "rnn is the caller's, written as candle's LSTM: candle has no plain recurrent layer",
    "lstm, gru: one step of candle's layer after the other; of bidirectional_lstm the caller turns \
     the steps around, of stacked_lstm the caller stacks the states",
    "conv2d and matmul run on rayon's global pool, of which the worker's thread is one; all else \
     on one thread",
];

/// Every network, pooled by `P`.
const fn table<P: Pool>() -> [Entry; 14] {
    [
        convolutional::<Trained<P>>("lenet"),
        convolutional::<Trained<P>>("simple_cnn"),
        convolutional::<Trained<P>>("attention_cnn"),
        convolutional::<Trained<P>>("alexnet"),
        convolutional::<Trained<P>>("vgg16"),
        convolutional::<Trained<P>>("resnet18"),
        convolutional::<Trained<P>>("resnet34"),
        convolutional::<Trained<P>>("mobilenet"),
        recurrent::<Trained<P>>("rnn"),
        recurrent::<Trained<P>>("lstm"),
        recurrent::<Trained<P>>("gru"),
        recurrent::<Trained<P>>("bidirectional_lstm"),
        recurrent::<Trained<P>>("stacked_lstm"),
        recurrent::<Trained<P>>("attention_lstm"),
    ]
}

/// Run one job from standard input, or print the listing with `--list`.
pub fn main<P: Pool>() -> ExitCode {
    framework::main(|| Framework {
        name: P::NAME,
        version: facts::version("candle-core"),
        declared: Declared {
            libraries: &["candle-core", "candle-nn", "gemm", "rayon"],
            features: if cfg!(feature = "x86-v4") {
                &["gemm/x86-v4"]
            } else {
                &[]
            },
            notes: [P::NOTE]
                .into_iter()
                .chain(NOTES)
                .collect::<Vec<_>>()
                .leak(),
        },
        prepare,
        algorithms: const { &table::<P>() },
    })
}

/// Make the caller one of the threads of rayon's global pool, on which candle works.
fn prepare(threads: usize) -> usize {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let built = pool.use_current_thread().build_global();
    built.expect("the pool is built once");
    threads
}
