//! AlexNet: Krizhevsky 2014, arXiv:1404.5997, as in torchvision.

use candle_core::{ModuleT, Result, Tensor};
use candle_nn::{Activation, Linear, Sequential, seq};
use rmlbench_worker::networks::Image;

use crate::answer::Built;
use crate::layers::{Dropping, conv, linear, strided};
use crate::pool::{MaxPool, Pool, Window};
use crate::store::Store;

/// Width, side, stride and padding of each convolution, and whether a pool follows.
const CONVOLUTIONS: [([usize; 4], bool); 5] = [
    ([64, 11, 4, 2], true),
    ([192, 5, 1, 2], true),
    ([384, 3, 1, 1], false),
    ([256, 3, 1, 1], false),
    ([256, 3, 1, 1], true),
];
/// Pixels a side of what the classifier sees.
const SIDE: usize = 6;

pub struct AlexNet {
    features: Sequential,
    classifier: [Linear; 3],
    dropout: Dropping,
}

impl AlexNet {
    pub fn new<P: Pool>(
        store: &Store,
        [channels, ..]: Image,
        outputs: usize,
        dropout: f64,
    ) -> Built<Self> {
        let mut features = seq();
        let mut before = channels;
        for ([width, side, stride, padding], pooled) in CONVOLUTIONS {
            let place = store.at("features").at(features.len());
            let settings = strided(stride, padding);
            let layer = conv(&place, [before, width, side], settings)?;
            features = features.add(layer).add(Activation::Relu);
            if pooled {
                features = features.add(MaxPool::<P>::new(Window::overlapping(0)));
            }
            before = width;
        }
        let place = |number: usize| store.at("classifier").at(number);
        Ok(Self {
            features,
            classifier: [
                linear(&place(1), before * SIDE * SIDE, 4096)?,
                linear(&place(4), 4096, 4096)?,
                linear(&place(6), 4096, outputs)?,
            ],
            dropout: Dropping::new(dropout),
        })
    }
}

impl ModuleT for AlexNet {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let [first, second, last] = &self.classifier;
        let x = averaged(&x.apply(&self.features)?)?.flatten_from(1)?;
        let x = x.apply_t(&self.dropout, train)?.apply(first)?.relu()?;
        let x = x.apply_t(&self.dropout, train)?.apply(second)?.relu()?;
        x.apply(last)
    }
}

/// torch's adaptive average pooling to `SIDE` by `SIDE`, which candle has none of, as a product
/// with the means' weights on either side.
fn averaged(x: &Tensor) -> Result<Tensor> {
    let (_, _, high, wide) = x.dims4()?;
    if (high, wide) == (SIDE, SIDE) {
        return Ok(x.clone());
    }
    let x = x.broadcast_matmul(&means(wide, x)?.t()?)?;
    means(high, &x)?.broadcast_matmul(&x)
}

/// The weights that make `SIDE` means of so many values.
fn means(count: usize, like: &Tensor) -> Result<Tensor> {
    let mut weights = vec![0f32; SIDE * count];
    for (i, row) in weights.chunks_exact_mut(count).enumerate() {
        let (first, last) = (i * count / SIDE, ((i + 1) * count).div_ceil(SIDE));
        row[first..last].fill(1.0 / (last - first) as f32);
    }
    Tensor::from_vec(weights, (SIDE, count), like.device())
}
