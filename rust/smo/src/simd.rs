//! Compiling an inner loop for AVX-512, AVX2 and the plain machine, chosen at run time.
//!
//! The loop knows which of the three it is: the order of a BLAS sum depends on it (`dot.rs`).

/// No fused multiply-add.
pub const PLAIN: u8 = 0;
/// AVX2 and fused multiply-add.
pub const FUSED: u8 = 1;
/// AVX-512.
pub const WIDE: u8 = 2;

/// `a b + c`, rounded once where the machine can.
#[inline(always)]
pub fn fma<const LEVEL: u8>(a: f64, b: f64, c: f64) -> f64 {
    if LEVEL == PLAIN {
        a * b + c
    } else {
        a.mul_add(b, c)
    }
}

/// Compile `$body` (generic over the level) for each machine.
macro_rules! dispatch {
    ($(#[$doc:meta])* $name:ident = $body:ident ( $($arg:ident : $type:ty),* ) -> $out:ty) => {
        $(#[$doc])*
        pub fn $name($($arg: $type),*) -> $out {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
                fn wide($($arg: $type),*) -> $out {
                    $body::<{ $crate::simd::WIDE }>($($arg),*)
                }
                #[target_feature(enable = "avx2,fma")]
                fn fused($($arg: $type),*) -> $out {
                    $body::<{ $crate::simd::FUSED }>($($arg),*)
                }
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
                {
                    // SAFETY: the features were just detected.
                    return unsafe { wide($($arg),*) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: the features were just detected.
                    return unsafe { fused($($arg),*) };
                }
            }
            $body::<{
                if cfg!(target_arch = "aarch64") {
                    $crate::simd::FUSED
                } else {
                    $crate::simd::PLAIN
                }
            }>($($arg),*)
        }
    };
}
pub(super) use dispatch;
