//! Inner loops on contiguous float64, with AVX-512 or AVX2 chosen at run time.
//!
//! Each kernel is written once over `LANES` independent sums; the macro compiles it for each
//! instruction set. What is fused stands in loops, never in a closure: a closure would be
//! compiled without the instruction set, and `mul_add` would become a call.

use crate::wide::{FUSED, LANES, fma, fold};
#[cfg(target_arch = "x86_64")]
use crate::wide::{Instructions, instructions};

/// Compile `$body` (generic over FMA) for AVX-512, AVX2 and the compiled-in features.
macro_rules! dispatch {
    ($(#[$doc:meta])* $name:ident = $body:ident ( $($arg:ident : $type:ty),* ) -> $out:ty) => {
        $(#[$doc])*
        pub fn $name($($arg: $type),*) -> $out {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
                fn wide($($arg: $type),*) -> $out { $body::<true>($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                fn medium($($arg: $type),*) -> $out { $body::<true>($($arg),*) }
                // SAFETY: the features were just detected.
                match instructions() {
                    Some(Instructions::Wide) => return unsafe { wide($($arg),*) },
                    Some(Instructions::Medium) => return unsafe { medium($($arg),*) },
                    None => {}
                }
            }
            $body::<FUSED>($($arg),*)
        }
    };
}

dispatch!(
    /// `a . b`
    dot = dot_body(a: &[f64], b: &[f64]) -> f64
);
dispatch!(
    /// `(a - mean) . r`; `next` is the column after `a`, fetched ahead.
    dot_centered = dot_centered_body(a: &[f64], mean: f64, r: &[f64], next: &[f64]) -> f64
);
dispatch!(
    /// `r += s (a - a_mean)`, then `(b - b_mean) . r`, in one pass over `r`; `next` is the
    /// column after `b`, fetched ahead.
    axpy_dot = axpy_dot_body(
        s: f64, a: &[f64], a_mean: f64, r: &mut [f64], b: &[f64], b_mean: f64, next: &[f64]
    ) -> f64
);
dispatch!(
    /// `r += s (a - mean)`
    axpy = axpy_body(s: f64, a: &[f64], mean: f64, r: &mut [f64]) -> ()
);
dispatch!(
    /// Sum of the values.
    sum = sum_body(a: &[f64]) -> f64
);
dispatch!(
    /// `|a - mean|^2` and `(a - mean) . y`
    moments = moments_body(a: &[f64], mean: f64, y: &[f64]) -> (f64, f64)
);
dispatch!(
    /// `x w + b` for the rows of C-order `x`, and whether every answer was finite.
    predict = predict_body(x: &[f64], w: &[f64], b: f64) -> (Vec<f64>, bool)
);

#[inline(always)]
fn dot_body<const FMA: bool>(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    let mut lanes = [0.0; LANES];
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for k in 0..LANES {
            lanes[k] = fma::<FMA>(a[k], b[k], lanes[k]);
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    fold(lanes) + rest
}

#[inline(always)]
fn dot_centered_body<const FMA: bool>(a: &[f64], mean: f64, r: &[f64], next: &[f64]) -> f64 {
    let n = a.len().min(r.len());
    let (a, a_rest) = a[..n].as_chunks::<LANES>();
    let (r, r_rest) = r[..n].as_chunks::<LANES>();
    let mut ahead = next.as_ptr();
    let mut lanes = [0.0; LANES];
    for (a, r) in a.iter().zip(r) {
        prefetch(ahead);
        ahead = ahead.wrapping_add(LANES);
        for k in 0..LANES {
            lanes[k] = fma::<FMA>(a[k] - mean, r[k], lanes[k]);
        }
    }
    let rest: f64 = a_rest.iter().zip(r_rest).map(|(a, r)| (a - mean) * r).sum();
    fold(lanes) + rest
}

#[inline(always)]
fn axpy_dot_body<const FMA: bool>(
    s: f64,
    a: &[f64],
    a_mean: f64,
    r: &mut [f64],
    b: &[f64],
    b_mean: f64,
    next: &[f64],
) -> f64 {
    let n = r.len();
    let (a, a_rest) = a[..n].as_chunks::<LANES>();
    let (b, b_rest) = b[..n].as_chunks::<LANES>();
    let (r, r_rest) = r.as_chunks_mut::<LANES>();
    let mut ahead = next.as_ptr();
    let mut lanes = [0.0; LANES];
    for ((a, r), b) in a.iter().zip(r).zip(b) {
        prefetch(ahead);
        ahead = ahead.wrapping_add(LANES);
        for k in 0..LANES {
            r[k] = fma::<FMA>(s, a[k] - a_mean, r[k]);
            lanes[k] = fma::<FMA>(b[k] - b_mean, r[k], lanes[k]);
        }
    }
    let mut rest = 0.0;
    for ((a, r), b) in a_rest.iter().zip(r_rest).zip(b_rest) {
        *r += s * (a - a_mean);
        rest += *r * (b - b_mean);
    }
    fold(lanes) + rest
}

/// Ask for the cache lines of the next `LANES` values; an address out of bounds does no harm.
#[inline(always)]
fn prefetch(at: *const f64) {
    #[cfg(target_arch = "x86_64")]
    for line in 0..LANES / 8 {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: a prefetch never faults.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(at.wrapping_add(line * 8).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

#[inline(always)]
fn axpy_body<const FMA: bool>(s: f64, a: &[f64], mean: f64, r: &mut [f64]) {
    for (a, r) in a.iter().zip(r) {
        *r = fma::<FMA>(s, *a - mean, *r);
    }
}

#[inline(always)]
fn sum_body<const FMA: bool>(a: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (chunks, rest) = a.as_chunks::<LANES>();
    for chunk in chunks {
        for k in 0..LANES {
            lanes[k] += chunk[k];
        }
    }
    fold(lanes) + rest.iter().sum::<f64>()
}

#[inline(always)]
fn moments_body<const FMA: bool>(a: &[f64], mean: f64, y: &[f64]) -> (f64, f64) {
    let n = a.len().min(y.len());
    let (a, a_rest) = a[..n].as_chunks::<LANES>();
    let (y, y_rest) = y[..n].as_chunks::<LANES>();
    let mut squares = [0.0; LANES];
    let mut products = [0.0; LANES];
    for (a, y) in a.iter().zip(y) {
        for k in 0..LANES {
            let value = a[k] - mean;
            squares[k] = fma::<FMA>(value, value, squares[k]);
            products[k] = fma::<FMA>(value, y[k], products[k]);
        }
    }
    let (mut square, mut product) = (fold(squares), fold(products));
    for (a, y) in a_rest.iter().zip(y_rest) {
        square += (a - mean) * (a - mean);
        product += (a - mean) * y;
    }
    (square, product)
}

#[inline(always)]
fn predict_body<const FMA: bool>(x: &[f64], w: &[f64], b: f64) -> (Vec<f64>, bool) {
    let (w_chunks, w_rest) = w.as_chunks::<8>();
    let mut answers = vec![0.0; x.len() / w.len()];
    let mut total = 0.0;
    for (row, answer) in x.chunks_exact(w.len()).zip(&mut answers) {
        let mut lanes = [0.0; 8];
        let (chunks, rest) = row.as_chunks::<8>();
        for (x, w) in chunks.iter().zip(w_chunks) {
            for k in 0..8 {
                lanes[k] = fma::<FMA>(x[k], w[k], lanes[k]);
            }
        }
        let mut sum = b;
        for (x, w) in rest.iter().zip(w_rest) {
            sum = fma::<FMA>(*x, *w, sum);
        }
        *answer = fold(lanes) + sum;
        total += *answer; // a value that is not finite makes its answer so, whatever its weight
    }
    (answers, total.is_finite())
}

#[cfg(test)]
#[path = "vectors_tests.rs"]
mod tests;
