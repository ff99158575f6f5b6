//! The kernel cache: leading parts of kernel rows in `f32`, the least recently used given up
//! first (Chang and Lin 2011, section 5.2).
//!
//! `f32` is part of the algorithm and not only of its memory: LIBSVM's `Qfloat` is `float`, the
//! gradient is a sum of rounded kernel values, and with `f64` rows the working sets, and so the
//! number of iterations, would be others. Gradients and the diagonal stay in `f64`, as there.

const NONE: u32 = u32::MAX;

/// Rows by their number, in a doubly linked list from the oldest to the latest used.
pub struct Cache {
    rows: Vec<Vec<f32>>,
    /// Neighbours of each row; the last entry is the list's head.
    links: Vec<Link>,
    /// Values that may still be stored.
    room: usize,
}

#[derive(Clone, Copy)]
struct Link {
    older: u32,
    newer: u32,
}

impl Cache {
    /// A cache for `n` rows of up to `width` values in `bytes`, its own lists included, and for
    /// two rows in any case.
    pub fn new(n: usize, width: usize, bytes: usize) -> Self {
        let lists = n * (size_of::<Vec<f32>>() + size_of::<Link>());
        let room = bytes.saturating_sub(lists) / size_of::<f32>();
        let unused = Link {
            older: NONE,
            newer: NONE,
        };
        let mut links = vec![unused; n + 1];
        links[n] = Link {
            older: n as u32,
            newer: n as u32,
        };
        Self {
            rows: vec![Vec::new(); n],
            links,
            room: room.max(2 * width),
        }
    }

    /// The values held of a row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.rows[row]
    }

    /// Make a row the latest used and give it place for `len` values; answers the values to fill
    /// in: those from what it held to `len`.
    pub fn extend(&mut self, row: usize, len: usize) -> &mut [f32] {
        let held = self.rows[row].len();
        if held > 0 {
            self.unlink(row);
        }
        let more = len.saturating_sub(held);
        while self.room < more {
            self.give_up_oldest();
        }
        self.room -= more;
        self.link_latest(row);
        let values = &mut self.rows[row];
        if more > 0 {
            values.reserve_exact(more);
            values.resize(len, 0.0);
        }
        let from = values.len() - more;
        &mut values[from..]
    }

    /// Follow exchanges of columns in every row, in order; a row that reaches only the first of
    /// two exchanged columns is given up.
    pub fn exchange(&mut self, pairs: &[(usize, usize)]) {
        for row in 0..self.rows.len() {
            let values = &mut self.rows[row];
            if values.is_empty() {
                continue;
            }
            let cut = pairs.iter().any(|&(i, j)| {
                let (first, last) = (i.min(j), i.max(j));
                if last < values.len() {
                    values.swap(first, last);
                    return false;
                }
                first < values.len()
            });
            if cut {
                self.unlink(row);
                self.release(row);
            }
        }
    }

    fn head(&self) -> usize {
        self.rows.len()
    }

    fn give_up_oldest(&mut self) {
        let oldest = self.links[self.head()].newer as usize;
        assert!(oldest != self.head(), "two rows always fit");
        self.unlink(oldest);
        self.release(oldest);
    }

    fn release(&mut self, row: usize) {
        let values = std::mem::take(&mut self.rows[row]);
        self.room += values.len();
    }

    fn unlink(&mut self, row: usize) {
        let Link { older, newer } = self.links[row];
        self.links[older as usize].newer = newer;
        self.links[newer as usize].older = older;
    }

    fn link_latest(&mut self, row: usize) {
        let head = self.head();
        let latest = self.links[head].older;
        self.links[row] = Link {
            older: latest,
            newer: head as u32,
        };
        self.links[latest as usize].newer = row as u32;
        self.links[head].older = row as u32;
    }
}
