//! A matrix cut into tiles of rows, each held column after column.
//!
//! Loops over a tile run along its rows whatever the number of columns, and a tile is what a
//! matrix product takes without packing.

use std::ops::Range;

use faer::MatRef;
use rayon::prelude::*;

/// Rows of a tile; the last tile has what is left.
pub const ROWS: usize = 256;

/// An n x width matrix in tiles.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiles {
    values: Vec<f64>,
    rows: usize,
    width: usize,
}

impl Tiles {
    pub fn zeros(rows: usize, width: usize) -> Self {
        Self {
            values: vec![0.0; rows * width],
            rows,
            width,
        }
    }

    /// Cut a matrix held row after row.
    pub fn from_rows(rows: &[f64], width: usize) -> Self {
        let mut tiles = Self::zeros(rows.len() / width, width);
        let parts = tiles.values.chunks_mut(ROWS * width);
        for (tile, part) in parts.zip(rows.chunks(ROWS * width)) {
            let m = part.len() / width;
            for (i, row) in part.chunks_exact(width).enumerate() {
                for (j, value) in row.iter().enumerate() {
                    tile[j * m + i] = *value;
                }
            }
        }
        tiles
    }

    /// The matrix row after row.
    pub fn to_rows(&self) -> Vec<f64> {
        let mut rows = vec![0.0; self.values.len()];
        for (t, part) in rows.chunks_mut(ROWS * self.width).enumerate() {
            let (tile, m) = (self.tile(t), self.height(t));
            for (i, row) in part.chunks_exact_mut(self.width).enumerate() {
                for (j, value) in row.iter_mut().enumerate() {
                    *value = tile[j * m + i];
                }
            }
        }
        rows
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of tiles.
    pub fn count(&self) -> usize {
        self.rows.div_ceil(ROWS)
    }

    /// Rows of a tile.
    pub fn height(&self, tile: usize) -> usize {
        ROWS.min(self.rows - tile * ROWS)
    }

    /// Values of a tile, column after column.
    pub fn tile(&self, tile: usize) -> &[f64] {
        let begin = tile * ROWS * self.width;
        &self.values[begin..begin + self.height(tile) * self.width]
    }

    /// A tile as a matrix.
    pub fn matrix(&self, tile: usize) -> MatRef<'_, f64> {
        MatRef::from_column_major_slice(self.tile(tile), self.height(tile), self.width)
    }

    /// Map one run of tiles a thread, with the tiles' memory; answers in order.
    pub fn map_mut<T: Send>(
        &mut self,
        threads: usize,
        map: impl Fn(Range<usize>, std::slice::ChunksMut<'_, f64>) -> T + Sync,
    ) -> Vec<T> {
        let (count, size) = (self.count(), ROWS * self.width);
        if threads == 1 {
            return vec![map(0..count, self.values.chunks_mut(size))];
        }
        let share = count.div_ceil(threads).max(1);
        let parts = self.values.par_chunks_mut(share * size).with_max_len(1);
        let parts = parts.enumerate().map(|(k, part)| {
            let tiles = k * share..(k + 1) * share;
            map(tiles.start..tiles.end.min(count), part.chunks_mut(size))
        });
        parts.collect()
    }
}
