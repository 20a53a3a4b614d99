//! Computes elementary functions in `f32` with `+ - * /`, comparisons and bit operations only, and sums that do not
//! depend on order.
//!
//! Every function is branch-free and `#[inline(always)]`, so that the compiler vectorises loops over it (see
//! [`super::simd`]), and gives the same bits on every platform and instruction set. This module must not call the standard
//! library's `exp`, `ln` or `powf`, which differ between platforms. [`super::distributions`] has slower functions in `f64`.
//!
//! The polynomials are minimax fits (Remez exchange, weighted for relative error) with coefficients rounded to `f32`.
//! Each function states a bound on its error; tests check it on dense grids against `libm` in `f64`.

// Clamps are comparisons because `f32::max` may return a zero of either sign.
#![allow(clippy::manual_clamp)]

/// log2(e).
const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// ln 2 rounded to 9 bits, so that its product with an exponent is exact.
const LN2_HIGH: f32 = 0.693_359_4;
/// ln 2 minus [`LN2_HIGH`].
const LN2_LOW: f32 = -2.121_944_4e-4;
/// 1.5 · 2^23. Adding it to a small number rounds that number to an integer, which the low bits of the sum hold.
const ROUNDER: f32 = 12_582_912.0;

/// Splits x = n ln 2 + r with |r| <= 0.347: n as a number, n shifted to the exponent field, and e^r - 1.
#[inline(always)]
const fn reduced(x: f32) -> (f32, u32, f32) {
    let shifted = x * LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    let q = (((1.390_454_2e-3 * r + 8.370_556e-3) * r + 4.166_673e-2) * r + 1.666_650_2e-1) * r + 0.5;
    (n, shifted.to_bits() << 23, r * r * q + r)
}

/// e^x, with x clamped to -87 and 88. Relative error below 1.2e-7.
#[inline(always)]
pub const fn exp(x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let (_, exponent, tail) = reduced(x);
    // 1 + tail is between 0.7 and 1.42, so adding n to its exponent field multiplies it by 2^n.
    f32::from_bits((1.0 + tail).to_bits().wrapping_add(exponent))
}

/// 1 - e^-x for x >= 0: the probability of an event with hazard x. Relative error below 1.2e-7, also for small x; at
/// most 1.
#[inline(always)]
pub fn one_minus_exp_neg(x: f32) -> f32 {
    let x = if x > 80.0 { 80.0 } else { x };
    let (_, exponent, tail) = reduced(-x);
    let scale = f32::from_bits(1.0f32.to_bits().wrapping_add(exponent));
    (1.0 - scale) - scale * tail
}

/// Splits a positive normal number into 2^e · (1 + f), with 1 + f between sqrt(1/2) and sqrt 2. Returns e and f.
#[inline(always)]
fn split(x: f32) -> (f32, f32) {
    const SQRT_HALF: u32 = 0x3f35_04f3;
    let bits = x.to_bits().wrapping_sub(SQRT_HALF);
    let fraction = (bits & 0x007f_ffff).wrapping_add(SQRT_HALF);
    ((bits as i32 >> 23) as f32, f32::from_bits(fraction) - 1.0)
}

/// e ln 2 + ln(1 + f), for e and f from [`split`].
#[inline(always)]
fn joined(e: f32, f: f32) -> f32 {
    let low = (-7.635_654e-2 * f + 1.276_332_6e-1) * f - 1.316_058_2e-1;
    let middle = ((low * f + 1.420_155_3e-1) * f - 1.662_329_9e-1) * f + 2.000_123_4e-1;
    let p = (middle * f - 2.500_082_3e-1) * f + 3.333_333e-1;
    let square = f * f;
    let tail = e * LN2_LOW + (square * f * p - 0.5 * square);
    (f + tail) + e * LN2_HIGH
}

/// ln x for positive normal x (from 1.2e-38). Relative error below 1.2e-7, also near 1; ln 1 is 0. For zero, subnormal and
/// negative numbers the result is finite and meaningless.
#[inline(always)]
pub fn ln(x: f32) -> f32 {
    let (e, f) = split(x);
    joined(e, f)
}

/// x^y for x >= 0 and |y ln x| <= 87. 0^y is 0 for y > 0, also for subnormal x, and x^0 is 1. Relative error below
/// 1.5e-7 · (1 + |y ln x|).
#[inline(always)]
pub fn pow(x: f32, y: f32) -> f32 {
    let power = exp(y * ln(x));
    let power = if x < f32::MIN_POSITIVE { 0.0 } else { power };
    if y == 0.0 { 1.0 } else { power }
}

/// A standard Gumbel deviate, -ln(-ln u) with u = (word + 1/2) / 2^32: from -3.13 (word 0) to 22.87 (word 2^32 - 1).
///
/// Absolute error below 2e-7 · (1 + |value|), in both tails too. The deviate never decreases by more than that error as
/// the word grows.
#[inline(always)]
pub fn gumbel_of_word(word: u32) -> f32 {
    gumbel_of_exponential(exponential_of_word(word))
}

/// A standard exponential deviate, -ln u with u as in [`gumbel_of_word`]: the first of the two logarithms of a Gumbel
/// deviate, for loops over columns that compute the second one separately.
#[inline(always)]
pub fn exponential_of_word(word: u32) -> f32 {
    const SCALE: f32 = 1.0 / (1u64 << 32) as f32;
    let u = (word as f32 + 0.5) * SCALE;
    // 1 - u from the word, because u itself has lost its last bits where it is close to 1.
    let rest = (!word as f32 + 0.5) * SCALE;
    let (e, f) = split(u);
    // Above sqrt(1/2) the exponent is 0 and f is u - 1. That holds also where u rounds to 1.
    let f = if e == 0.0 { -rest } else { f };
    -joined(e, f)
}

/// The Gumbel deviate of an exponential deviate.
#[inline(always)]
pub fn gumbel_of_exponential(exponential: f32) -> f32 {
    -ln(exponential)
}

/// An upper bound of [`gumbel_of_word`] at a fraction of its cost, to find the candidates for the highest deviates before
/// computing them. Where the deviate is above 1, the bound is at most 0.25 higher, except for the 64 highest words.
///
/// With v = 1 - u, -ln(-ln u) <= -ln v. The bits of v as a number, read as an integer and scaled, are log2 v with an error
/// of at most 0.0861 downwards.
#[inline(always)]
pub fn gumbel_ceiling(word: u32) -> f32 {
    const LN_2: f32 = std::f32::consts::LN_2;
    // The bits of 1 have the exponent field 127.
    const HIGHEST: f32 = (127.0 + 31.0) * LN_2;
    // Covers the roundings to 24 bits of v, of its bits and of numbers near 110.
    const MARGIN: f32 = 5e-5;
    // At most v, in units of 2^-31. It is 0 for the two highest words, which makes their bound far too high.
    let least = (!word >> 1) as i32 as f32;
    (HIGHEST + MARGIN) - least.to_bits() as i32 as f32 * (LN_2 / (1 << 23) as f32)
}

/// Rounds a number from 0 to 1 to units of 2^-23. Sums of these integers do not depend on order.
#[inline(always)]
pub fn fixed(x: f32) -> u32 {
    debug_assert!((0.0..=1.0).contains(&x), "{x} does not lie between 0 and 1");
    (1.0 + x).to_bits().wrapping_sub(1.0f32.to_bits())
}

/// Number of [`fixed`] values whose sum fits 32 bits. Loops over columns sum this many at a time, because with 64-bit sums
/// only half as many lanes would fit a register.
pub const SUMMABLE: usize = 256;

/// The value of a sum of [`fixed`] numbers. Exact below 2^53 units, which is a billion numbers.
#[inline(always)]
pub fn from_fixed(sum: u64) -> f64 {
    sum as f64 * (1.0 / (1 << 23) as f64)
}

/// Returns the scale for sums in fixed point of numbers up to `largest`: the smallest power of two that exceeds it by 1 %, a
/// margin for rounding.
pub fn scale_above(largest: f64) -> f32 {
    let mut scale = 1.0;
    while scale < 1.01 * largest {
        scale *= 2.0;
    }
    scale as f32
}

#[cfg(test)]
#[path = "maths_tests.rs"]
mod tests;
