//! The exponential of many values at once.
//!
//! `exp(x) = 2^k exp(r)` with `k` the whole number nearest to `x / ln 2` and `|r| <= ln 2 / 2`
//! (Cody and Waite 1980), `exp(r)` by its Taylor polynomial of degree 13, whose remainder is
//! below 4e-18. Within 2 ulp of the exact value from -708 to 709; what lies below is 3e-308.

use super::simd::{dispatch, fma};

const LANES: usize = 16;
/// `1.5 * 2^52`: adding it leaves the nearest whole number in the low bits.
const WHOLE: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts; the first has 21 trailing zeros, so that its product with `k` is exact.
const LN2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);
/// `1 / j!` from 13 down to 2.
const FACTORIALS: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    1.0 / 2.0,
];

dispatch!(
    /// Replace every value by its exponential.
    exp = exp_body(values: &mut [f64]) -> ()
);

#[inline(always)]
fn exp_body<const LEVEL: u8>(values: &mut [f64]) {
    let (chunks, rest) = values.as_chunks_mut::<LANES>();
    for chunk in chunks {
        exp_lanes::<LEVEL>(chunk);
    }
    if !rest.is_empty() {
        let mut chunk = [0.0; LANES];
        chunk[..rest.len()].copy_from_slice(rest);
        exp_lanes::<LEVEL>(&mut chunk);
        rest.copy_from_slice(&chunk[..rest.len()]);
    }
}

#[inline(always)]
fn exp_lanes<const LEVEL: u8>(lanes: &mut [f64; LANES]) {
    let mut scale = [0u64; LANES];
    let mut r = [0.0; LANES];
    for k in 0..LANES {
        // Comparisons and not `clamp`, so that nan stays nan.
        let x = if lanes[k] < -708.0 { -708.0 } else { lanes[k] };
        let x = if x > 709.0 { 709.0 } else { x };
        let shifted = fma::<LEVEL>(x, std::f64::consts::LOG2_E, WHOLE);
        let whole = shifted - WHOLE;
        scale[k] = shifted.to_bits().wrapping_add(1023) << 52;
        r[k] = fma::<LEVEL>(whole, -LN2_LOW, fma::<LEVEL>(whole, -LN2_HIGH, x));
    }
    let mut sum = [FACTORIALS[0]; LANES];
    for factorial in &FACTORIALS[1..] {
        for k in 0..LANES {
            sum[k] = fma::<LEVEL>(sum[k], r[k], *factorial);
        }
    }
    for k in 0..LANES {
        let above = fma::<LEVEL>(sum[k] * r[k], r[k], r[k]);
        lanes[k] = (1.0 + above) * f64::from_bits(scale[k]);
    }
}
