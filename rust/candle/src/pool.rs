//! Max-pooling, of which there is more than one.

use std::marker::PhantomData;

use candle_core::{Module, Result, Tensor};

/// A square window: pixels a side, pixels from one to the next, and pixels added at each edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub side: usize,
    pub step: usize,
    pub padding: usize,
}

impl Window {
    /// Windows of two by two, none over another.
    pub const HALVING: Self = Self {
        side: 2,
        step: 2,
        padding: 0,
    };

    /// Windows of three by three, two pixels from each other.
    pub const fn overlapping(padding: usize) -> Self {
        Self {
            side: 3,
            step: 2,
            padding,
        }
    }
}

/// A way to take the largest pixel of each window of images `[n, c, h, w]`.
pub trait Pool: 'static {
    /// The worker's name.
    const NAME: &'static str;
    /// What a reader should know of it.
    const NOTE: &'static str;
    /// Whether it has a gradient where windows overlap.
    const OVERLAPPING: bool;

    /// The largest pixels.
    fn max(images: &Tensor, window: Window) -> Result<Tensor>;
}

/// candle's own `max_pool2d`.
pub struct Stock;

impl Pool for Stock {
    const NAME: &'static str = "candle";
    const NOTE: &'static str = "max_pool2d has a wrong gradient, a quarter of the right one where \
                                one of four pixels is the largest, and none where windows overlap: \
                                lenet, simple_cnn, attention_cnn and vgg16 are trained by wrong \
                                gradients, alexnet, resnet18 and resnet34 are refused";
    const OVERLAPPING: bool = false;

    fn max(images: &Tensor, window: Window) -> Result<Tensor> {
        images.max_pool2d_with_stride(window.side, window.step)
    }
}

/// A layer that pools by `P`.
pub struct MaxPool<P> {
    window: Window,
    by: PhantomData<P>,
}

impl<P> MaxPool<P> {
    /// A layer of such windows.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            by: PhantomData,
        }
    }
}

impl<P: Pool> Module for MaxPool<P> {
    fn forward(&self, images: &Tensor) -> Result<Tensor> {
        P::max(images, self.window)
    }
}
