//! Portable elementary functions in `f32`, made of `+ - * /`, comparisons and bit operations only.
//!
//! Owns what the loops over columns need: exponential, logarithm and what is built of them, and sums that do not
//! depend on order. Every function is branch-free and `#[inline(always)]`, so that a loop over it is vectorised (see
//! [`super::simd`]), and gives the same bits on every platform and instruction set. Must not call the
//! standard library's `exp`, `ln` or `powf`: they are the platform's, and differ. Slower `f64` functions that are
//! called rarely stand in [`super::distributions`].
//!
//! The polynomials are minimax fits (Remez exchange, weighted for relative error) with coefficients rounded to
//! `f32`. A bound on an error is stated at each function, and tested on dense grids against `libm` in `f64`.

// Clamps are comparisons, not `f32::max`: a comparison fixes which zero comes out.
#![allow(clippy::manual_clamp)]

/// log2(e).
const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// ln 2, cut to 9 bits so that its product with an exponent is exact.
const LN2_HIGH: f32 = 0.693_359_4;
/// ln 2 less [`LN2_HIGH`].
const LN2_LOW: f32 = -2.121_944_4e-4;
/// 1.5 · 2^23: adding it to a small number rounds that number to an integer, left in the low bits of the sum.
const ROUNDER: f32 = 12_582_912.0;

/// x = n ln 2 + r: the n (twice: as a number, and shifted to the place of an exponent) and e^r - 1, |r| <= 0.347.
#[inline(always)]
const fn reduced(x: f32) -> (f32, u32, f32) {
    let shifted = x * LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = (x - n * LN2_HIGH) - n * LN2_LOW;
    let q = (((1.390_454_2e-3 * r + 8.370_556e-3) * r + 4.166_673e-2) * r + 1.666_650_2e-1) * r + 0.5;
    (n, shifted.to_bits() << 23, r * r * q + r)
}

/// e^x. Below -87 it is e^-87, above 88 e^88. Relative error below 1.2e-7.
#[inline(always)]
pub const fn exp(x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let (_, exponent, tail) = reduced(x);
    // 1 + tail lies between 0.7 and 1.42: adding n to its exponent field multiplies by 2^n.
    f32::from_bits((1.0 + tail).to_bits().wrapping_add(exponent))
}

/// 1 - e^-x for x >= 0: the probability that a hazard x strikes. Relative error below 1.2e-7, also for small x; at
/// most 1.
#[inline(always)]
pub fn one_minus_exp_neg(x: f32) -> f32 {
    let x = if x > 80.0 { 80.0 } else { x };
    let (_, exponent, tail) = reduced(-x);
    let scale = f32::from_bits(1.0f32.to_bits().wrapping_add(exponent));
    (1.0 - scale) - scale * tail
}

/// A positive normal number as 2^e · (1 + f) with 1 + f between sqrt(1/2) and sqrt 2: e and f.
#[inline(always)]
fn split(x: f32) -> (f32, f32) {
    const SQRT_HALF: u32 = 0x3f35_04f3;
    let bits = x.to_bits().wrapping_sub(SQRT_HALF);
    let fraction = (bits & 0x007f_ffff).wrapping_add(SQRT_HALF);
    ((bits as i32 >> 23) as f32, f32::from_bits(fraction) - 1.0)
}

/// e ln 2 + ln(1 + f), for f as [`split`] gives it.
#[inline(always)]
fn joined(e: f32, f: f32) -> f32 {
    let low = (-7.635_654e-2 * f + 1.276_332_6e-1) * f - 1.316_058_2e-1;
    let middle = ((low * f + 1.420_155_3e-1) * f - 1.662_329_9e-1) * f + 2.000_123_4e-1;
    let p = (middle * f - 2.500_082_3e-1) * f + 3.333_333e-1;
    let square = f * f;
    let tail = e * LN2_LOW + (square * f * p - 0.5 * square);
    (f + tail) + e * LN2_HIGH
}

/// ln x for positive normal x (from 1.2e-38; zero, subnormal and negative numbers give finite nonsense). Relative
/// error below 1.2e-7, also near 1; ln 1 is 0.
#[inline(always)]
pub fn ln(x: f32) -> f32 {
    let (e, f) = split(x);
    joined(e, f)
}

/// x^y for x >= 0 as e^(y ln x), |y ln x| <= 87. 0^y is 0 for y > 0 (so is that of a subnormal x), and x^0 is 1.
/// Relative error below 1.5e-7 · (1 + |y ln x|).
#[inline(always)]
pub fn pow(x: f32, y: f32) -> f32 {
    let power = exp(y * ln(x));
    let power = if x < f32::MIN_POSITIVE { 0.0 } else { power };
    if y == 0.0 { 1.0 } else { power }
}

/// A standard Gumbel deviate, -ln(-ln u) with u = (word + 1/2) / 2^32: from -3.13 (word 0) to 22.87 (word 2^32 - 1),
/// never decreasing by more than its error. Absolute error below 2e-7 · (1 + |value|); both tails are those of the
/// whole 32-bit word.
#[inline(always)]
pub fn gumbel_of_word(word: u32) -> f32 {
    gumbel_of_exponential(exponential_of_word(word))
}

/// A standard exponential deviate, -ln u with u as in [`gumbel_of_word`]: the first of its two logarithms, for loops over
/// columns that take the second in a loop of its own.
#[inline(always)]
pub fn exponential_of_word(word: u32) -> f32 {
    const SCALE: f32 = 1.0 / (1u64 << 32) as f32;
    let u = (word as f32 + 0.5) * SCALE;
    // 1 - u, from the word: close to 1, u itself has lost its last bits.
    let rest = (!word as f32 + 0.5) * SCALE;
    let (e, f) = split(u);
    // Above sqrt(1/2) the exponent is 0 and f stands for u - 1. (u can round to 1, whose f is 0: -rest again.)
    let f = if e == 0.0 { -rest } else { f };
    -joined(e, f)
}

/// The Gumbel deviate of an exponential one.
#[inline(always)]
pub fn gumbel_of_exponential(exponential: f32) -> f32 {
    -ln(exponential)
}

/// Not below [`gumbel_of_word`], for a fraction of its cost; at most .25 above it where that is above 1, but for the 64
/// highest words. To find out who may be among the highest before their deviates are computed.
///
/// With v = 1 - u, -ln(-ln u) <= -ln v, and the bits of v as a number, read as an integer, are log2 v but for an error of
/// at most .0861 downwards.
#[inline(always)]
pub fn gumbel_ceiling(word: u32) -> f32 {
    const LN_2: f32 = std::f32::consts::LN_2;
    // The bits of 1 stand for an exponent of 127.
    const HIGHEST: f32 = (127.0 + 31.0) * LN_2;
    // Roundings to 24 bits, of v, of its bits, and of numbers near 110 here, may be against the bound.
    const MARGIN: f32 = 5e-5;
    // Not above v in units of 2^-31; nothing for the two highest words, whose bound is far too high.
    let least = (!word >> 1) as i32 as f32;
    (HIGHEST + MARGIN) - least.to_bits() as i32 as f32 * (LN_2 / (1 << 23) as f32)
}

/// A number from 0 to 1 in units of 2^-23, rounded to the nearest: integers, whose sum does not depend on order.
#[inline(always)]
pub fn fixed(x: f32) -> u32 {
    debug_assert!((0.0..=1.0).contains(&x), "{x} does not lie between 0 and 1");
    (1.0 + x).to_bits().wrapping_sub(1.0f32.to_bits())
}

/// Values in fixed point whose sum is sure to fit 32 bits. Loops over columns sum so many at a time: with sums of 64
/// bits only half as many lanes would fit a register.
pub const SUMMABLE: usize = 256;

/// The number that a sum of [`fixed`] stands for. Exact below 2^53 units, that is for a billion numbers.
#[inline(always)]
pub fn from_fixed(sum: u64) -> f64 {
    sum as f64 * (1.0 / (1 << 23) as f64)
}

#[cfg(test)]
#[path = "maths_tests.rs"]
mod tests;
