//! The reference probe run before every run: fixed float work, its nanoseconds on one line.

use std::hint::black_box;

use rmlbench_worker::clock::monotonic_ns;

/// 2 MB of float64.
const VALUES: usize = 262_144;
/// About 4 ms on a 2.6 GHz server core.
const PASSES: usize = 32;

fn main() {
    let mut buffer: Vec<f64> = (0..VALUES).map(|i| 1.0 + i as f64 * 1e-6).collect();
    let begin = monotonic_ns();
    for pass in 0..PASSES {
        let shift = black_box(1e-9 * pass as f64);
        for value in &mut buffer {
            *value = *value * 0.999_999 + shift;
        }
        black_box(&mut buffer);
    }
    let took = monotonic_ns() - begin;
    println!("{took}");
}
