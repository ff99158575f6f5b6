//! Rows shared among threads together with the memory their answers go to.

use std::ops::Range;

use rayon::prelude::*;

/// Split `out` (`width` values a row) into one run of rows a thread, a multiple of `grain` rows
/// each, and map each with its part; answers in order.
pub fn map_rows<L: Send, T: Send>(
    out: &mut [L],
    width: usize,
    grain: usize,
    threads: usize,
    map: impl Fn(Range<usize>, &mut [L]) -> T + Sync,
) -> Vec<T> {
    let rows = out.len() / width;
    if threads == 1 {
        return vec![map(0..rows, out)];
    }
    let share = rows.div_ceil(threads).next_multiple_of(grain).max(grain);
    let parts = out.par_chunks_mut(share * width).with_max_len(1);
    let parts = parts.enumerate().map(|(k, part)| {
        let begin = k * share;
        map(begin..begin + part.len() / width, part)
    });
    parts.collect()
}

/// Map columns of `rows` values each; `map` is told the column's number.
pub fn each_column(
    values: &mut [f64],
    rows: usize,
    threads: usize,
    map: impl Fn(usize, &mut [f64]) + Sync,
) {
    match threads {
        1 => {
            for (j, column) in values.chunks_exact_mut(rows).enumerate() {
                map(j, column);
            }
        }
        _ => {
            let columns = values.par_chunks_exact_mut(rows).enumerate();
            columns.for_each(|(j, column)| map(j, column));
        }
    }
}
