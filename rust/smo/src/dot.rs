//! Dot products of one row with others, one pair at a time, summed in OpenBLAS's order.
//!
//! scikit-learn's dense libsvm calls `ddot` for every pair. Its last bits depend on the order of
//! the sum, which differs between OpenBLAS's kernels (`ddot_microk_skylakex-2.c`: 32 and then 16
//! sums where there is AVX-512; `ddot_microk_haswell-2.c`: 16 sums; both fused). The loops below
//! sum in the same orders, so that on x86-64 machines with AVX2 every bit should be `ddot`'s.
//! Elsewhere, or under another BLAS or `OPENBLAS_CORETYPE`, the last bit may differ: rounding to
//! the `f32` of the cache hides all but about one in 10^8 such differences, and the diagonal,
//! kept in `f64`, decides between working sets only where two gains agree to 16 digits.

use super::simd::{FUSED, WIDE, dispatch, fma};

dispatch!(
    /// `out[k] = x . row ids[k]` of the C-order matrix `values`, rows as wide as `x`.
    dots = dots_body(x: &[f64], values: &[f64], ids: &[u32], out: &mut [f64]) -> ()
);
dispatch!(
    /// `x . y` in the same order of summation.
    dot = dot_body(x: &[f64], y: &[f64]) -> f64
);
dispatch!(
    /// `|x - row s|^2` for each row `s` of the C-order matrix `values`; `gap` holds a row.
    distances = distances_body(x: &[f64], values: &[f64], gap: &mut [f64], out: &mut [f64]) -> ()
);

#[inline(always)]
fn dots_body<const LEVEL: u8>(x: &[f64], values: &[f64], ids: &[u32], out: &mut [f64]) {
    let d = x.len();
    for (slot, id) in out.iter_mut().zip(ids) {
        let at = *id as usize * d;
        *slot = dot_body::<LEVEL>(x, &values[at..at + d]);
    }
}

/// The difference is stored before it is squared, as scikit-learn does it in `predict`.
#[inline(always)]
fn distances_body<const LEVEL: u8>(x: &[f64], values: &[f64], gap: &mut [f64], out: &mut [f64]) {
    for (slot, row) in out.iter_mut().zip(values.chunks_exact(x.len())) {
        for ((gap, x), value) in gap.iter_mut().zip(x).zip(row) {
            *gap = x - value;
        }
        let gap = &*gap;
        *slot = dot_body::<LEVEL>(gap, gap);
    }
}

#[inline(always)]
fn dot_body<const LEVEL: u8>(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len().min(y.len());
    let (x, y) = (&x[..n], &y[..n]);
    let mut sums = [0.0; 16];
    let mut done = 0;
    if LEVEL == WIDE {
        let mut wide = [0.0; 32];
        let (x, _) = x.as_chunks::<32>();
        let (y, _) = y.as_chunks::<32>();
        for (x, y) in x.iter().zip(y) {
            for k in 0..32 {
                wide[k] = fma::<LEVEL>(x[k], y[k], wide[k]);
            }
        }
        done = 32 * x.len();
        // Each register of eight is folded into one of four.
        for (k, sum) in sums.iter_mut().enumerate() {
            let at = k / 4 * 8 + k % 4;
            *sum = wide[at] + wide[at + 4];
        }
    }
    let (x, x_rest) = x[done..].as_chunks::<16>();
    let (y, y_rest) = y[done..].as_chunks::<16>();
    for (x, y) in x.iter().zip(y) {
        for k in 0..16 {
            sums[k] = fma::<LEVEL>(x[k], y[k], sums[k]);
        }
    }
    let mut total = match LEVEL {
        FUSED => fold_haswell(&sums),
        _ => fold_skylake(&sums),
    };
    for (x, y) in x_rest.iter().zip(y_rest) {
        total = fma::<LEVEL>(*x, *y, total);
    }
    total
}

/// Registers of four added one after the other, then halves.
#[inline(always)]
fn fold_skylake(sums: &[f64; 16]) -> f64 {
    let mut four = [0.0; 4];
    for k in 0..4 {
        four[k] = sums[k] + sums[k + 4] + sums[k + 8] + sums[k + 12];
    }
    (four[0] + four[2]) + (four[1] + four[3])
}

/// Halves of each register first, then registers in pairs.
#[inline(always)]
fn fold_haswell(sums: &[f64; 16]) -> f64 {
    let mut two = [0.0; 2];
    for k in 0..2 {
        let half = |register: usize| sums[4 * register + k] + sums[4 * register + k + 2];
        two[k] = (half(0) + half(1)) + (half(2) + half(3));
    }
    two[0] + two[1]
}
