//! Inner loops compiled for AVX-512 and AVX2, chosen at run time.
//!
//! A [`Task`] is a loop with what it works on; unlike a closure its `run` is inlined into the
//! function that has the instruction set, and so compiled for it.

/// Independent sums a reduction keeps: four registers of AVX-512.
pub const LANES: usize = 32;

/// Whether the plain build has fused multiply-add.
pub const FUSED: bool = cfg!(target_feature = "fma") || cfg!(target_arch = "aarch64");

/// Instructions a loop is compiled for beside those of the plain build.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instructions {
    /// AVX-512 F, VL, DQ and BW.
    Wide,
    /// AVX2 and fused multiply-add.
    Medium,
}

/// The widest this machine has; none for the plain build.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn instructions() -> Option<Instructions> {
    if is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512bw")
    {
        return Some(Instructions::Wide);
    }
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        return Some(Instructions::Medium);
    }
    None
}

/// A loop over float64; `FMA` tells whether fused multiply-add is an instruction.
pub trait Task {
    type Output;
    /// Must be `#[inline(always)]`.
    fn run<const FMA: bool>(self) -> Self::Output;
}

/// Run a task with the widest instructions this machine has.
pub fn run<T: Task>(task: T) -> T::Output {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
        fn wide<T: Task>(task: T) -> T::Output {
            task.run::<true>()
        }
        #[target_feature(enable = "avx2,fma")]
        fn medium<T: Task>(task: T) -> T::Output {
            task.run::<true>()
        }
        // SAFETY: the features were just detected.
        match instructions() {
            Some(Instructions::Wide) => return unsafe { wide(task) },
            Some(Instructions::Medium) => return unsafe { medium(task) },
            None => {}
        }
    }
    task.run::<FUSED>()
}

/// Mark the upper halves of the vector registers as not in use.
///
/// faer's eigendecompositions return with them in use; the plain build's instructions (SSE)
/// then keep them, and take up to 4 times as long (EPYC).
pub fn clear_upper_halves() {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx")]
        fn clear() {
            std::arch::x86_64::_mm256_zeroupper();
        }
        if is_x86_feature_detected!("avx") {
            // SAFETY: the feature was just detected.
            unsafe { clear() };
        }
    }
}

/// `a * b + c`
#[inline(always)]
pub fn fma<const FMA: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// Sum of the lanes, halves on halves.
#[inline(always)]
pub fn fold<const N: usize>(mut lanes: [f64; N]) -> f64 {
    let mut width = N / 2;
    while width > 0 {
        for k in 0..width {
            lanes[k] += lanes[k + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// `|a - b|^2`, by differences: exactly zero for equal points.
#[inline(always)]
pub fn squared_distance<const FMA: bool>(a: &[f64], b: &[f64]) -> f64 {
    let (a_chunks, a_rest) = a.as_chunks::<8>();
    let (b_chunks, b_rest) = b.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for k in 0..8 {
            let difference = a[k] - b[k];
            lanes[k] = fma::<FMA>(difference, difference, lanes[k]);
        }
    }
    let mut rest = 0.0;
    for (a, b) in a_rest.iter().zip(b_rest) {
        rest = fma::<FMA>(a - b, a - b, rest);
    }
    fold(lanes) + rest
}
