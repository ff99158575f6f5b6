//! VGG16: Simonyan and Zisserman, ICLR 2015; torchvision's features, a classifier of width 512.

use candle_core::{ModuleT, Result, Tensor};
use candle_nn::{Activation, Linear, Sequential, seq};
use rmlbench_worker::networks::Image;

use crate::answer::Built;
use crate::layers::{Dropping, conv, linear, strided};
use crate::pool::{MaxPool, Pool, Window};
use crate::store::Store;

/// Width and number of the convolutions before each pool.
const STAGES: [(usize, usize); 5] = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)];

pub struct Vgg16 {
    features: Sequential,
    classifier: [Linear; 3],
    dropout: Dropping,
}

impl Vgg16 {
    pub fn new<P: Pool>(
        store: &Store,
        [channels, ..]: Image,
        outputs: usize,
        dropout: f64,
    ) -> Built<Self> {
        let mut features = seq();
        let mut before = channels;
        for (width, count) in STAGES {
            for _ in 0..count {
                let place = store.at("features").at(features.len());
                let layer = conv(&place, [before, width, 3], strided(1, 1))?;
                features = features.add(layer).add(Activation::Relu);
                before = width;
            }
            features = features.add(MaxPool::<P>::new(Window::HALVING));
        }
        let place = |number: usize| store.at("classifier").at(number);
        Ok(Self {
            features,
            classifier: [
                linear(&place(0), 512, 512)?,
                linear(&place(3), 512, 512)?,
                linear(&place(6), 512, outputs)?,
            ],
            dropout: Dropping::new(dropout),
        })
    }
}

impl ModuleT for Vgg16 {
    fn forward_t(&self, x: &Tensor, train: bool) -> Result<Tensor> {
        let [first, second, last] = &self.classifier;
        let x = x.apply(&self.features)?.mean((2, 3))?;
        let x = x.apply(first)?.relu()?.apply_t(&self.dropout, train)?;
        let x = x.apply(second)?.relu()?.apply_t(&self.dropout, train)?;
        x.apply(last)
    }
}
