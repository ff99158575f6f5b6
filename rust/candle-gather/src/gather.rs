//! Max-pooling by candle's `argmax` and `gather`, which have a right gradient.

use candle_core::{Result, Tensor};
use rmlbench_candle::{Pool, Window};

pub struct Gather;

impl Pool for Gather {
    const NAME: &'static str = "candle-gather";
    const NOTE: &'static str = "max-pooling is the caller's: argmax of each window's pixels, and \
                                gather, because candle's max_pool2d has a wrong gradient";
    const OVERLAPPING: bool = true;

    fn max(images: &Tensor, window: Window) -> Result<Tensor> {
        let (n, channels, high, wide) = images.dims4()?;
        let planes = images.reshape((n * channels, high * wide))?;
        let [down, across] = [high, wide].map(|pixels| windows(pixels, window));
        let (count, size) = (down.len() * across.len(), window.side * window.side);
        let pixels = pixels(&down, &across, wide);
        let pixels = Tensor::from_vec(pixels, count * size, images.device())?;
        let seen = planes.detach().index_select(&pixels, 1)?;
        let largest = seen.reshape((n * channels, count, size))?.argmax(2)?;
        let begins = (Tensor::arange(0, count as u32, images.device())? * size as f64)?;
        let largest = largest.broadcast_add(&begins)?.flatten_all()?;
        let largest = pixels.index_select(&largest, 0)?;
        let pooled = planes.gather(&largest.reshape((n * channels, count))?, 1)?;
        pooled.reshape((n, channels, down.len(), across.len()))
    }
}

/// The pixels of each window along one axis. A pixel beyond the edge is replaced by the one at
/// the edge, which the window has anyway: the largest is the same, and so is the first of them.
fn windows(pixels: usize, window: Window) -> Vec<Vec<usize>> {
    let Window {
        side,
        step,
        padding,
    } = window;
    let inside = |at: usize| at.saturating_sub(padding).min(pixels - 1);
    let begins = (0..=pixels + 2 * padding - side).step_by(step);
    begins
        .map(|begin| (begin..begin + side).map(inside).collect())
        .collect()
}

/// The places of the pixels of every window in an image, window after window, row after row.
fn pixels(down: &[Vec<usize>], across: &[Vec<usize>], wide: usize) -> Vec<u32> {
    let mut places = Vec::new();
    for rows in down {
        for columns in across {
            for row in rows {
                places.extend(columns.iter().map(|column| (row * wide + column) as u32));
            }
        }
    }
    places
}
