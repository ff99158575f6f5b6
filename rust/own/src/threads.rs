//! Threads: none but the caller's for 1, rayon's global pool for more.

use faer::Par;
#[cfg(feature = "rayon")]
use rayon::prelude::*;

/// Build the pool before any data is touched; answers the threads in use.
#[cfg(feature = "rayon")]
pub fn prepare(threads: usize) -> usize {
    if threads > 1 {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build_global().expect("the pool is built once");
        rayon::broadcast(|_| ());
        return rayon::current_num_threads();
    }
    1
}

/// This build has no pool: one thread whatever was asked.
#[cfg(not(feature = "rayon"))]
pub fn prepare(_threads: usize) -> usize {
    1
}

/// How faer is told.
pub fn par(threads: usize) -> Par {
    #[cfg(feature = "rayon")]
    if threads > 1 {
        return Par::rayon(threads);
    }
    let _ = threads;
    Par::Seq
}

/// Split `0..total` into one range a thread and map each, in parallel.
pub fn map_ranges<T: Send>(
    total: usize,
    threads: usize,
    map: impl Fn(std::ops::Range<usize>) -> T + Sync,
) -> Vec<T> {
    let bound = |k: usize| total * k / threads;
    #[cfg(feature = "rayon")]
    if threads > 1 {
        return (0..threads)
            .into_par_iter()
            .with_max_len(1)
            .map(|k| map(bound(k)..bound(k + 1)))
            .collect();
    }
    (0..threads).map(|k| map(bound(k)..bound(k + 1))).collect()
}
