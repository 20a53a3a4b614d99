//! Turns a uniform or a random word into a deviate by inversion, in `f64`: normal, Beta of three shapes, Poisson, random
//! rounding.
//!
//! With inversion, counterfactual pairs that share a uniform have different deviates only where their distributions
//! differ. Normal and Beta deviates are read from tables of cubics ([`Quantiles`]). The tables, built on first use, and
//! Poisson counts rely on the crate `libm`, which is pure Rust and gives the same bits on every platform. The words come
//! from [`super::random`].

use std::sync::LazyLock;

/// The standard normal distribution, from -6.34 to 6.34. The deviate of `!word` is the negated deviate of `word`.
pub static NORMAL: LazyLock<Quantiles> = LazyLock::new(|| {
    Quantiles::new(|distance, end, _| {
        let (z, slope) = lower_normal(distance);
        if end == End::Lower { (z, slope) } else { (-z, -slope) }
    })
});
/// The distribution Beta(3.5, 2).
pub static BETA_3_5_2: LazyLock<Quantiles> = LazyLock::new(Quantiles::of::<Beta3_5And2>);
/// The distribution Beta(2, 4).
pub static BETA_2_4: LazyLock<Quantiles> = LazyLock::new(Quantiles::of::<Beta2And4>);
/// The distribution Beta(1.5, 5).
pub static BETA_1_5_5: LazyLock<Quantiles> = LazyLock::new(Quantiles::of::<Beta1_5And5>);

/// The standard normal deviate of a word: [`NORMAL`] at it.
pub fn normal_of_word(word: u32) -> f64 {
    NORMAL.at(word)
}

/// Number of bits of a distance that select a cell within a doubling.
const PART_BITS: u32 = 4;
/// Number of cells on each side of the median: distances run from 2^-33 to 2^-1.
const SIDE: usize = 32 << PART_BITS;
/// Number of bits of a distance that give the position within a cell.
const PLACE_BITS: u32 = f64::MANTISSA_DIGITS - 1 - PART_BITS;
/// The first bits of 1/2, the smallest distance in units of 2^-32.
const FIRST: u64 = 0.5f64.to_bits() >> PLACE_BITS;

/// The cubics of one distribution.
type Cells = [[f64; 4]; 2 * SIDE];

/// The quantile function of a distribution at (word + 1/2) / 2^32, by cubics.
///
/// Near an end of (0, 1) a quantile varies with a power or the logarithm of the distance from that end. Each side of the
/// median is therefore divided into 16 cells for every doubling of the distance, which makes the function about equally
/// smooth in all cells. The exponent and the first bits of the distance, a floating-point number, select the cell; the
/// other bits give the position in it. The cubic of a cell matches the quantiles and their slopes at both ends.
///
/// Absolute error below 1e-7 (normal) and 3e-8 (Beta), including the tails. Strictly increasing in the word. Computed with
/// `+ - *` and bit operations only: the same bits on every platform.
#[derive(Debug)]
pub struct Quantiles(Box<Cells>);

/// An end of (0, 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Lower,
    Upper,
}

impl Quantiles {
    /// The deviate of a word.
    #[inline(always)]
    pub fn at(&self, word: u32) -> f64 {
        // The word below the median, its complement above it: below 2^31, so the faster conversion from `i32` applies.
        let upper = word as i32 >> 31;
        let bits = (f64::from(word as i32 ^ upper) + 0.5).to_bits();
        let cell = ((bits >> PLACE_BITS) - FIRST) as usize % SIDE + (upper as usize & SIDE);
        let place = f64::from_bits(bits & ((1 << PLACE_BITS) - 1) | 1.0f64.to_bits()) - 1.0;
        let [a, b, c, d] = self.0[cell];
        a + place * (b + place * (c + place * d))
    }

    /// Writes `of(deviate)` of every word to `made`, up to the shorter of the two slices.
    ///
    /// Not compiled for wider instructions: loading the cubics dominates, and gather instructions are slower at it.
    pub fn fill<T>(&self, made: &mut [T], words: &[u32], of: impl Fn(f64) -> T) {
        for (made, word) in made.iter_mut().zip(words) {
            *made = of(self.at(*word));
        }
    }

    /// Builds the table from a function that gives the quantile at a distance from an end and its slope by the distance.
    /// The third argument of the function is the quantile at the previous distance, as a starting point.
    fn new(quantile: impl Fn(f64, End, f64) -> (f64, f64)) -> Quantiles {
        const WIDTH: f64 = 1.0 / (1 << PART_BITS) as f64;
        const UNIT: f64 = 1.0 / (1u64 << 32) as f64;
        let mut cells = Box::new([[0.0; 4]; 2 * SIDE]);
        for (end, cells) in [End::Lower, End::Upper].into_iter().zip(cells.chunks_mut(SIDE)) {
            let distance = |knot: usize| f64::from_bits((FIRST + knot as u64) << PLACE_BITS);
            let (mut value, mut slope) = quantile(distance(0) * UNIT, end, 0.5);
            for (knot, cell) in cells.iter_mut().enumerate() {
                let (next_value, next_slope) = quantile(distance(knot + 1) * UNIT, end, value);
                // The derivative of the distance by the place, which grows by `WIDTH` along a cell.
                let scale = (distance(knot + 1) - distance(knot)) / WIDTH * UNIT;
                let (begin, end) = (slope * scale, next_slope * scale);
                let rise = (next_value - value) / WIDTH;
                *cell = [
                    value,
                    begin,
                    (3.0 * rise - 2.0 * begin - end) / WIDTH,
                    (begin + end - 2.0 * rise) / (WIDTH * WIDTH),
                ];
                (value, slope) = (next_value, next_slope);
            }
        }
        Quantiles(cells)
    }

    /// Builds the table of a distribution on (0, 1).
    fn of<S: Shape>() -> Quantiles {
        Quantiles::new(|distance, end, before| {
            let x = solve::<S>(if end == End::Lower { distance } else { 1.0 - distance }, before);
            let slope = 1.0 / S::at(x).1;
            (x, if end == End::Lower { slope } else { -slope })
        })
    }
}

/// The standard normal quantile at `u`, from 2^-33 to 1/2, and its slope. Relative error about 1e-15.
///
/// Algorithm AS 241 of Wichura (1988), routine PPND16, without its third region, which lies below 2^-33.
fn lower_normal(u: f64) -> (f64, f64) {
    const A: [f64; 8] = [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ];
    const B: [f64; 8] = [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ];
    const C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ];
    const D: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const DENSITY_AT_0: f64 = 0.398_942_280_401_432_7;
    let ratio = |top: &[f64; 8], bottom: &[f64; 8], r: f64| polynomial(top, r) / polynomial(bottom, r);
    let q = u - 0.5;
    let z = if q >= -0.425 {
        q * ratio(&A, &B, 0.180625 - q * q)
    } else {
        -ratio(&C, &D, libm::sqrt(-libm::log(u)) - 1.6)
    };
    (z, libm::exp(0.5 * z * z) / DENSITY_AT_0)
}

/// A polynomial at `x`, with coefficients in rising order.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// A distribution on (0, 1) whose distribution function is elementary.
trait Shape {
    /// P(X <= x) and the density at x.
    fn at(x: f64) -> (f64, f64);
}

struct Beta3_5And2;
struct Beta2And4;
struct Beta1_5And5;

impl Shape for Beta3_5And2 {
    fn at(x: f64) -> (f64, f64) {
        let power = x * x * libm::sqrt(x);
        (power * x * (4.5 - 3.5 * x), 15.75 * power * (1.0 - x))
    }
}

impl Shape for Beta2And4 {
    fn at(x: f64) -> (f64, f64) {
        let cube = (1.0 - x) * (1.0 - x) * (1.0 - x);
        (1.0 - cube * (1.0 - x) * (1.0 + 4.0 * x), 20.0 * x * cube)
    }
}

impl Shape for Beta1_5And5 {
    fn at(x: f64) -> (f64, f64) {
        // 1 / B(1.5, 5) = 1.5 · 2.5 · 3.5 · 4.5 · 5.5 / 24; the integral is that of sqrt(x) (1 - x)^4.
        const SCALE: f64 = 324.84375 / 24.0;
        let root = libm::sqrt(x);
        let square = (1.0 - x) * (1.0 - x);
        let integral = 1.0 / 1.5 + x * (-4.0 / 2.5 + x * (6.0 / 3.5 + x * (-4.0 / 4.5 + x * (1.0 / 5.5))));
        (SCALE * x * root * integral, SCALE * root * square * square)
    }
}

/// The x between 0 and 1 with P(X <= x) = u, by Newton's method with bisection where it would leave the bracket. Error
/// below 1e-9; below 1e-7 for `u` within 1e-8 of 1.
fn solve<S: Shape>(u: f64, start: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = start;
    // Bisection alone needs 60 rounds, Newton's method a few.
    for _ in 0..80 {
        let (probability, density) = S::at(x);
        let excess = probability - u;
        if excess < 0.0 {
            low = x
        } else {
            high = x
        }
        let next = x - excess / density;
        // The error after a step is about the square of the step (relative to x): another round would gain nothing.
        if (next - x).abs() <= 1e-7 * x * (1.0 - x) {
            return next;
        }
        x = if next > low && next < high { next } else { 0.5 * (low + high) };
    }
    x
}

/// The Poisson count at the uniform `u` in (0, 1): the smallest k with P(count <= k) >= u. 0 for a mean of 0.
///
/// `mean` runs from 0 to 1e8; the time is proportional to the count. The count never decreases in `u`. It never decreases in
/// `mean` either, except where `u` is within about 1e-11 of a step for means up to 100,000, and a little more above (rounding of
/// the summed probabilities).
pub fn poisson(mean: f64, u: f64) -> u32 {
    // e^-mean underflows from 745 on, so the factor is applied in parts: the remainder of the mean first, then e^-CUT
    // whenever the terms have grown. While a part is owed, the true sum is below 1e-100, far below any u.
    const CUT: f64 = 500.0;
    debug_assert!((0.0..=1e8).contains(&mean) && u > 0.0 && u < 1.0, "mean {mean}, u {u}");
    let mut owed = (mean / CUT) as u32;
    let mut term = libm::exp(-(mean - f64::from(owed) * CUT));
    let mut sum = term;
    let mut count = 0;
    while owed > 0 || sum < u {
        count += 1;
        term *= mean / f64::from(count);
        sum += term;
        if owed > 0 && term > 1e100 {
            let factor = libm::exp(-CUT);
            (term, sum, owed) = (term * factor, sum * factor, owed - 1);
        }
        // u is so close to 1 that the rounded sum cannot reach it.
        if owed == 0 && f64::from(count) > mean && term < sum * 1e-17 {
            break;
        }
    }
    count
}

/// Rounds x >= 0 down or up at random so that the mean is x: floor(x + u) for a uniform `u` in [0, 1). Whole numbers of
/// any size stay unchanged.
pub fn round_randomly(x: f64, u: f64) -> u64 {
    let whole = x as u64;
    whole + u64::from((x - whole as f64) + u >= 1.0)
}

#[cfg(test)]
#[path = "distributions_tests.rs"]
mod tests;
