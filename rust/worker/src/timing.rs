//! Phases and samples: nothing but the work happens between the two clock readings.

use std::collections::BTreeMap;
use std::hint::black_box;

use crate::channel::Channel;
use crate::clock;
use crate::event::Event;
use crate::fault::Fault;
use crate::job::Repeat;

/// Samples that are listed one by one; the rest is counted and summed.
pub const LISTED: usize = 64;

/// Announce a phase, time it, report wall, CPU and peak RSS.
pub fn phase<T>(
    channel: &mut Channel,
    name: &str,
    work: impl FnOnce() -> Result<T, Fault>,
) -> Result<T, Fault> {
    let resettable = clock::reset_peak_rss();
    channel.send(&Event::PhaseBegin { phase: name.into() });
    let cpu = clock::cpu_ns();
    let wall = clock::monotonic_ns();
    let answer = work()?;
    let wall_ns = clock::monotonic_ns() - wall;
    let cpu_ns = clock::cpu_ns() - cpu;
    channel.send(&Event::PhaseEnd {
        phase: name.into(),
        wall_ns,
        cpu_ns,
        peak_rss: resettable.then(clock::peak_rss).flatten(),
    });
    Ok(answer)
}

/// Time `warmup + samples` samples of `batch` calls, the first of a single call.
///
/// `call` gets the number of the call, counted over the whole phase. Answers the last call's
/// answer; each earlier one is dropped inside the sample of its successor.
pub fn sampled<T>(
    channel: &mut Channel,
    name: &str,
    repeat: Repeat,
    mut call: impl FnMut(usize) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let total = repeat.warmup + repeat.samples;
    let mut ns = Vec::with_capacity(LISTED.min(total));
    let (mut rest_count, mut rest_ns, mut index) = (0, 0, 0);
    let mut answer = None;
    phase(channel, name, || {
        for number in 0..total {
            let begin = clock::monotonic_ns();
            for _ in 0..if number == 0 { 1 } else { repeat.batch } {
                answer = Some(black_box(call(black_box(index))?));
                index += 1;
            }
            let took = clock::monotonic_ns() - begin;
            if number < LISTED {
                ns.push(took);
            } else {
                rest_count += 1;
                rest_ns += took;
            }
        }
        Ok(())
    })?;
    channel.send(&Event::Sample {
        phase: name.into(),
        batch: repeat.batch,
        ns,
        rest_count,
        rest_ns,
    });
    Ok(answer.expect("a job asks for at least one sample"))
}

/// Time single calls into bins of 1 %; warm-up calls are made and not counted.
pub fn latencies<T>(
    channel: &mut Channel,
    repeat: Repeat,
    mut call: impl FnMut(usize) -> Result<T, Fault>,
) -> Result<(), Fault> {
    let total = repeat.warmup + repeat.samples;
    let mut took = vec![0u64; total];
    let mut index = 0;
    phase(channel, "latency", || {
        for slot in &mut took {
            let begin = clock::monotonic_ns();
            for _ in 0..repeat.batch {
                black_box(call(black_box(index))?);
                index += 1;
            }
            *slot = clock::monotonic_ns() - begin;
        }
        Ok(())
    })?;
    let mut bins = BTreeMap::new();
    for ns in &took[repeat.warmup..] {
        *bins
            .entry(bin(*ns as f64 / repeat.batch as f64))
            .or_insert(0) += 1;
    }
    channel.send(&Event::Latency {
        batch: repeat.batch,
        bins: bins.into_iter().collect(),
    });
    Ok(())
}

/// The bin k with 1.01^k <= ns < 1.01^(k+1).
fn bin(ns: f64) -> i32 {
    (ns.max(1.0).ln() / 1.01f64.ln()).floor() as i32
}

#[cfg(test)]
mod tests {
    use super::bin;

    #[test]
    fn bins_hold_the_times_between_their_bounds() {
        for ns in [1.0, 1.5, 10.0, 999.0, 85_000.0, 2e9] {
            let k = bin(ns);
            let floor = 1.01f64.powi(k);
            assert!(floor <= ns * (1.0 + 1e-12) && ns < floor * 1.01 * (1.0 + 1e-12));
        }
        assert_eq!(bin(0.0), 0);
    }
}
