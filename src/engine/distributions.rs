//! Deviates by inversion from one uniform, in `f64`: normal, Poisson, Beta of three shapes, random rounding.
//!
//! Owns the quantiles of the distributions that traits and counts are drawn from. For what happens to a few per cent
//! of the people in a month: built on the `libm` crate, which is pure Rust and gives the same bits on every platform,
//! and not meant for loops over columns. Inversion, because then counterfactual pairs that share a uniform have
//! deviates that differ only where their distributions do. Draws nothing itself: [`super::random`].

use std::sync::LazyLock;

/// The standard normal quantile at (word + 1/2) / 2^32: from -6.34 to 6.34, increasing in the word. Relative error
/// about 1e-15 (algorithm AS 241 of Wichura 1988, routine PPND16; its third region lies beyond 2^-33 and is left out).
pub fn normal_of_word(word: u32) -> f64 {
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
    let ratio = |top: &[f64; 8], bottom: &[f64; 8], r: f64| polynomial(top, r) / polynomial(bottom, r);
    // Both exact, so that the two halves mirror each other.
    let q = super::random::uniform64(word) - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(&A, &B, 0.180625 - q * q);
    }
    let tail = super::random::uniform64(if q < 0.0 { word } else { !word });
    let r = libm::sqrt(-libm::log(tail));
    ratio(&C, &D, r - 1.6).copysign(q)
}

/// A polynomial with coefficients in rising order.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// The Poisson count at the uniform `u` in (0, 1): the smallest k with P(count <= k) >= u. 0 for a mean of 0.
///
/// For means from 0 to 100,000, in time proportional to the count. Never decreases in `u`; never decreases in `mean`
/// except where `u` lies within about 1e-11 of a step (the rounding of the sum of probabilities).
pub fn poisson(mean: f64, u: f64) -> u32 {
    // e^-mean underflows from 745 on. So at most e^-CUT is applied at the start, and the rest in steps of e^-CUT
    // whenever the terms have grown: as long as a step is owed, the true sum is below 1e-100, far below any u.
    const CUT: f64 = 500.0;
    debug_assert!((0.0..=1e5).contains(&mean) && u > 0.0 && u < 1.0, "mean {mean}, u {u}");
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
        // The sum has stopped growing, short of a u within rounding of 1.
        if owed == 0 && f64::from(count) > mean && term < sum * 1e-17 {
            break;
        }
    }
    count
}

/// x >= 0 rounded down or up at random, so that the mean is x: floor(x + u) for a uniform `u` in [0, 1). A whole
/// number stays as it is, whatever its size.
pub fn round_randomly(x: f64, u: f64) -> u64 {
    let whole = x as u64;
    whole + u64::from((x - whole as f64) + u >= 1.0)
}

/// The quantile of Beta(3.5, 2) at `u` in (0, 1). See [`beta_2_4`].
pub fn beta_3_5_2(u: f64) -> f64 {
    static TABLE: LazyLock<Table> = LazyLock::new(Table::new::<Beta3_5And2>);
    TABLE.quantile::<Beta3_5And2>(u)
}

/// The quantile of Beta(2, 4) at `u` in (0, 1), itself in (0, 1). Error below 1e-9, but for `u` within 1e-8 of 1 (below
/// 1e-7); increasing over uniforms that differ by 2^-32 or more.
pub fn beta_2_4(u: f64) -> f64 {
    static TABLE: LazyLock<Table> = LazyLock::new(Table::new::<Beta2And4>);
    TABLE.quantile::<Beta2And4>(u)
}

/// The quantile of Beta(1.5, 5) at `u` in (0, 1). See [`beta_2_4`].
pub fn beta_1_5_5(u: f64) -> f64 {
    static TABLE: LazyLock<Table> = LazyLock::new(Table::new::<Beta1_5And5>);
    TABLE.quantile::<Beta1_5And5>(u)
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
    #[inline(always)]
    fn at(x: f64) -> (f64, f64) {
        let power = x * x * libm::sqrt(x);
        (power * x * (4.5 - 3.5 * x), 15.75 * power * (1.0 - x))
    }
}

impl Shape for Beta2And4 {
    #[inline(always)]
    fn at(x: f64) -> (f64, f64) {
        let cube = (1.0 - x) * (1.0 - x) * (1.0 - x);
        (1.0 - cube * (1.0 - x) * (1.0 + 4.0 * x), 20.0 * x * cube)
    }
}

impl Shape for Beta1_5And5 {
    #[inline(always)]
    fn at(x: f64) -> (f64, f64) {
        // 1 / B(1.5, 5) = 1.5 · 2.5 · 3.5 · 4.5 · 5.5 / 24; the coefficients are those of (1 - x)^4, integrated.
        const SCALE: f64 = 324.84375 / 24.0;
        let root = libm::sqrt(x);
        let square = (1.0 - x) * (1.0 - x);
        let integral = 1.0 / 1.5 + x * (-4.0 / 2.5 + x * (6.0 / 3.5 + x * (-4.0 / 4.5 + x * (1.0 / 5.5))));
        (SCALE * x * root * integral, SCALE * root * square * square)
    }
}

/// Quantiles at the multiples of 1 / [`CELLS`]: brackets, and where the search starts.
struct Table(Box<[f64; CELLS + 1]>);

/// Cells of a table: at 512 two steps of Newton do, but for the outermost cells.
const CELLS: usize = 512;

impl Table {
    fn new<S: Shape>() -> Table {
        let mut quantiles = Box::new([0.0; CELLS + 1]);
        quantiles[CELLS] = 1.0;
        for (cell, quantile) in quantiles.iter_mut().enumerate().take(CELLS).skip(1) {
            *quantile = solve::<S>(cell as f64 / CELLS as f64, (0.0, 1.0), 0.5);
        }
        Table(quantiles)
    }

    fn quantile<S: Shape>(&self, u: f64) -> f64 {
        debug_assert!(u > 0.0 && u < 1.0, "{u} does not lie between 0 and 1");
        let place = u * CELLS as f64;
        let cell = (place as usize).min(CELLS - 1);
        let (low, high) = (self.0[cell], self.0[cell + 1]);
        solve::<S>(u, (low, high), low + (high - low) * (place - cell as f64))
    }
}

/// The x between `low` and `high` with P(X <= x) = u: Newton's method, halving the bracket where it would leave it.
#[inline(always)]
fn solve<S: Shape>(u: f64, (mut low, mut high): (f64, f64), start: f64) -> f64 {
    let mut x = start;
    // Halving alone ends in 60 rounds; Newton's method in two or three.
    for _ in 0..80 {
        let (probability, density) = S::at(x);
        let excess = probability - u;
        if excess < 0.0 {
            low = x
        } else {
            high = x
        }
        let next = x - excess / density;
        // The error after a step is about the square of the step (relative to x): no further round is needed.
        if (next - x).abs() <= 1e-7 * x * (1.0 - x) {
            return next;
        }
        x = if next > low && next < high { next } else { 0.5 * (low + high) };
    }
    x
}

#[cfg(test)]
#[path = "distributions_tests.rs"]
mod tests;
