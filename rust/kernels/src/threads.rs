//! Threads: none but the caller's for 1, rayon's global pool for more.

use std::ops::Range;

use faer::Par;
use rayon::prelude::*;

/// Build the pool before any data is touched; answers the threads in use.
pub fn prepare(threads: usize) -> usize {
    if threads > 1 {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build_global().expect("the pool is built once");
        rayon::broadcast(|_| ());
    }
    threads
}

/// How faer is told.
pub fn par(threads: usize) -> Par {
    match threads {
        1 => Par::Seq,
        _ => Par::rayon(threads),
    }
}

/// Split `0..total` into one range a thread and map each, in parallel.
pub fn map_ranges<T: Send>(
    total: usize,
    threads: usize,
    map: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let range = |k: usize| total * k / threads..total * (k + 1) / threads;
    match threads {
        1 => vec![map(0..total)],
        _ => {
            let parts = (0..threads).into_par_iter().with_max_len(1);
            parts.map(|k| map(range(k))).collect()
        }
    }
}
