//! Detects the instruction sets of the processor and compiles functions for each of them.
//!
//! Results must not depend on the instruction set: every path gives the same bytes, and only the speed differs.
//!
//! # Use
//!
//! ```ignore
//! dispatch! {
//!     /// Adds `source` to `target`, element by element.
//!     pub fn add(instructions, target: &mut [f32], source: &[f32]) {
//!         for (target, source) in target.iter_mut().zip(source) {
//!             *target += source;
//!         }
//!     }
//! }
//! add(Instructions::detect(), &mut target, &source);
//! ```
//!
//! The body is compiled for the baseline of the target, for AVX2 and for AVX-512, so that the compiler vectorises its
//! loops with 4, 8 or 16 lanes. Three rules help it:
//!
//! - Write loops over whole columns. The compiler unrolls a fixed inner loop of 16 before it could vectorise it.
//! - Take slices of equal length, so that the bounds checks move out of the loop.
//! - Mark every function called in the loop `#[inline(always)]`. A function that is not inlined is compiled for the
//!   baseline.
//!
//! # Why the bytes are the same
//!
//! IEEE 754 fixes the result of `+ - * /`, `sqrt` and conversions in any vector width. With every instruction set, Rust
//! neither fuses `a * b + c` into one operation nor reorders a floating-point sum. Such a sum is therefore not vectorised;
//! sum integers instead ([`super::maths::fixed`]). The body must observe three rules:
//!
//! - Do not use `mul_add`.
//! - Do not let results depend on the sign of a zero or the bits of a NaN.
//! - Write `if x < low { low } else { x }` where zeros of both signs can occur, because `f32::min` and `f32::max` may
//!   return either.

use std::sync::LazyLock;

/// An instruction set that this processor has. Only detection creates values, so a value proves that the set is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instructions {
    /// The set that every processor of the target has (x86-64: SSE2).
    Baseline,
    /// AVX2 without fused multiply-add: 8 lanes of 32 bits.
    Avx2(HasAvx2),
    /// AVX-512 (F, BW, DQ and VL): 16 lanes of 32 bits.
    Avx512(HasAvx512),
}

/// Proof that the processor has AVX2. Only this module can create it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HasAvx2(());

/// Proof that the processor has AVX-512 F, BW, DQ and VL. A separate type, so that [`HasAvx2`] cannot take its place.
///
/// ```compile_fail
/// use kadry::engine::simd::Instructions;
/// let Some(Instructions::Avx2(proof)) = Instructions::named("avx2") else { return };
/// let unsound = Instructions::Avx512(proof);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HasAvx512(());

static BEST: LazyLock<Instructions> =
    LazyLock::new(|| Instructions::available().last().unwrap_or(Instructions::Baseline));

impl Instructions {
    /// The widest set that this processor has, detected once per process.
    pub fn detect() -> Instructions {
        *BEST
    }

    /// Every set that this processor has, narrowest first. For tests of all paths.
    pub fn available() -> impl Iterator<Item = Instructions> {
        #[cfg(target_arch = "x86_64")]
        let wider = {
            let avx2 = std::arch::is_x86_feature_detected!("avx2");
            let avx512 = avx2
                && std::arch::is_x86_feature_detected!("avx512f")
                && std::arch::is_x86_feature_detected!("avx512bw")
                && std::arch::is_x86_feature_detected!("avx512dq")
                && std::arch::is_x86_feature_detected!("avx512vl");
            [
                avx2.then_some(Instructions::Avx2(HasAvx2(()))),
                avx512.then_some(Instructions::Avx512(HasAvx512(()))),
            ]
        };
        #[cfg(not(target_arch = "x86_64"))]
        let wider: [Option<Instructions>; 2] = [None, None];
        std::iter::once(Instructions::Baseline).chain(wider.into_iter().flatten())
    }

    /// The set with this [name](Instructions::name), if this processor has it.
    pub fn named(name: &str) -> Option<Instructions> {
        Instructions::available().find(|instructions| instructions.name() == name)
    }

    /// `baseline`, `avx2` or `avx512`, as in manifests and benchmarks.
    pub fn name(self) -> &'static str {
        match self {
            Instructions::Baseline => "baseline",
            Instructions::Avx2(_) => "avx2",
            Instructions::Avx512(_) => "avx512",
        }
    }
}

/// Defines a function that is compiled for every instruction set and dispatches on its first argument, an
/// [`Instructions`]. See the module documentation.
///
/// The first argument is written without its type. Other arguments are plain names with types (references, scalars);
/// the result may have any type; generics are not supported.
macro_rules! dispatch {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident(
        $instructions:ident $(, $argument:ident : $type:ty)* $(,)?
    ) $(-> $result:ty)? $body:block) => {
        $(#[$attribute])*
        #[allow(clippy::too_many_arguments)]
        $visibility fn $name(
            $instructions: $crate::engine::simd::Instructions $(, $argument: $type)*
        ) $(-> $result)? {
            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            fn body($($argument: $type),*) $(-> $result)? $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            #[allow(clippy::too_many_arguments)]
            fn avx2($($argument: $type),*) $(-> $result)? {
                body($($argument),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
            #[allow(clippy::too_many_arguments)]
            fn avx512($($argument: $type),*) $(-> $result)? {
                body($($argument),*)
            }

            match $instructions {
                // SAFETY: a value of `HasAvx2` exists only where detection found AVX2.
                #[cfg(target_arch = "x86_64")]
                $crate::engine::simd::Instructions::Avx2(_) => unsafe { avx2($($argument),*) },
                // SAFETY: a value of `HasAvx512` exists only where detection found these four parts of AVX-512.
                #[cfg(target_arch = "x86_64")]
                $crate::engine::simd::Instructions::Avx512(_) => unsafe { avx512($($argument),*) },
                _ => body($($argument),*),
            }
        }
    };
}
pub(crate) use dispatch;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::maths;

    dispatch! {
        /// e^x, element by element, and the number of elements.
        #[inline(never)]
        pub(crate) fn exponentials(instructions, target: &mut [f32], source: &[f32], scale: f32) -> usize {
            for (target, source) in target.iter_mut().zip(source) {
                *target = maths::exp(*source * scale);
            }
            source.len()
        }
    }

    dispatch! {
        fn products(instructions, target: &mut [f32], a: &[f32], b: &[f32], c: &[f32],) {
            for (((target, a), b), c) in target.iter_mut().zip(a).zip(b).zip(c) {
                *target = a * b + c;
            }
        }
    }

    dispatch! {
        fn first(instructions, values: &[f32]) -> &f32 {
            &values[0]
        }
    }

    #[test]
    fn every_path_gives_the_same_bits() {
        let source: Vec<f32> = (0..1003).map(|i| (i as f32 - 500.0) * 0.173).collect();
        let expected: Vec<u32> = source.iter().map(|x| maths::exp(x * 0.9).to_bits()).collect();
        for instructions in Instructions::available() {
            let mut target = vec![0.0; source.len()];
            assert_eq!(exponentials(instructions, &mut target, &source, 0.9), source.len());
            let bits: Vec<u32> = target.iter().map(|x| x.to_bits()).collect();
            assert_eq!(bits, expected, "{}", instructions.name());
        }
    }

    #[test]
    fn multiplication_and_addition_are_not_fused() {
        // If fused, a * a minus the rounded a * a would be the rounding error of the product.
        let a: Vec<f32> = (0..100).map(|i| 1.0 + (i as f32 + 1.0) / 8191.0).collect();
        let c: Vec<f32> = a.iter().map(|a| -(a * a)).collect();
        for instructions in Instructions::available() {
            let mut target = vec![1.0; a.len()];
            products(instructions, &mut target, &a, &a, &c);
            assert!(target.iter().all(|x| *x == 0.0), "{}", instructions.name());
        }
    }

    #[test]
    fn references_are_returned() {
        assert!(Instructions::available().all(|instructions| *first(instructions, &[7.0, 8.0]) == 7.0));
    }

    #[test]
    fn detection_takes_the_widest_set_and_names_find_it() {
        let all: Vec<_> = Instructions::available().collect();
        assert_eq!(all.first(), Some(&Instructions::Baseline));
        assert_eq!(all.last(), Some(&Instructions::detect()));
        for instructions in all {
            assert_eq!(Instructions::named(instructions.name()), Some(instructions));
        }
        assert_eq!(Instructions::named("mmx"), None);
    }
}
