//! Smooths monthly columns and finds their extrema.

use super::quantities::{ReadBack, Span};
use crate::engine::calendar::Month;
use crate::scenario::claims::{Extremum, Statistic};

/// The centred moving average over `window` months (an odd number), shorter at both ends. A month without a value takes no
/// part; where no month of the window has one, neither has the average.
pub(super) fn smoothed(values: &[Option<f64>], window: u32) -> Vec<Option<f64>> {
    let half = (window / 2) as usize;
    let mean = |month: usize| {
        let around = month.saturating_sub(half)..(month + half + 1).min(values.len());
        let defined: Vec<f64> = values[around].iter().copied().flatten().collect();
        (!defined.is_empty()).then(|| defined.iter().sum::<f64>() / defined.len() as f64)
    };
    (0..values.len()).map(mean).collect()
}

/// The first month of the largest (smallest) value in a span, by position in the calendar.
pub(super) fn extreme(values: &[Option<f64>], span: Span, extremum: Extremum) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for month in span.months().filter(|month| *month < values.len()) {
        let Some(value) = values[month].map(|value| signed(value, extremum)) else { continue };
        if best.is_none_or(|(_, largest)| value > largest) {
            best = Some((month, value));
        }
    }
    best.map(|(month, _)| month)
}

/// How far a column is a lever read back; `None` if either does not vary.
pub(super) fn read_back(of: &ReadBack, column: &[Option<f64>], lever: &[Option<f64>]) -> Option<f64> {
    let column: Vec<Option<f64>> = if of.log {
        column.iter().map(|value| value.filter(|value| *value > 0.0).map(libm::log)).collect()
    } else {
        column.to_vec()
    };
    let speed = of.speed.map_or(1.0, f64::from_bits);
    let mut followed = lever.first().copied().flatten()?;
    let lever: Vec<Option<f64>> = lever
        .iter()
        .map(|value| {
            followed += speed * ((*value)? - followed);
            Some(followed)
        })
        .collect();
    let last = Month(u16::try_from(column.len()).ok()?.checked_sub(1)?);
    let found = correlation(&column, &lever, Span { first: Month::FIRST, last })?;
    Some(found * found)
}

/// The number of extrema in a span whose prominence is at least `least`. An extremum lies between lower (higher)
/// neighbours, so the ends of the span have none; its prominence is its distance from the deepest point that separates it
/// from a higher extremum, or from the end of the span.
pub(super) fn peaks(values: &[Option<f64>], span: Span, extremum: Extremum, least: f64) -> usize {
    let heights: Vec<f64> = span
        .months()
        .filter_map(|month| values.get(month).copied().flatten())
        .map(|value| signed(value, extremum))
        .collect();
    let mut count = 0;
    let mut month = 1;
    while month + 1 < heights.len() {
        let height = heights[month];
        let plateau = heights[month..].iter().take_while(|other| **other == height).count();
        let after = heights.get(month + plateau);
        let is_peak = heights[month - 1] < height && after.is_some_and(|after| *after < height);
        if is_peak {
            let lowest = |side: &mut dyn Iterator<Item = &f64>| {
                side.take_while(|other| **other <= height).fold(height, |low, other| low.min(*other))
            };
            let left = lowest(&mut heights[..month].iter().rev());
            let right = lowest(&mut heights[month + plateau..].iter());
            if height - left.max(right) >= least {
                count += 1;
            }
        }
        month += plateau;
    }
    count
}

fn signed(value: f64, extremum: Extremum) -> f64 {
    match extremum {
        Extremum::Maximum => value,
        Extremum::Minimum => -value,
    }
}

/// A statistic of the months of a span in which a column has a value; `None` if none has, or the span ends after the column.
pub(super) fn statistic_of(values: &[Option<f64>], span: Span, statistic: Statistic) -> Option<f64> {
    let months = values.get(span.months())?;
    let defined: Vec<f64> = months.iter().copied().flatten().collect();
    if defined.is_empty() {
        return None;
    }
    let (n, sum) = (defined.len() as f64, defined.iter().sum::<f64>());
    match statistic {
        Statistic::Mean => Some(sum / n),
        Statistic::Sum => Some(sum),
        Statistic::End => *months.last()?,
        Statistic::Spread => {
            let squares: f64 = defined.iter().map(|value| (value - sum / n) * (value - sum / n)).sum();
            (n > 1.0).then(|| (squares / (n - 1.0)).sqrt())
        }
    }
}

/// Pearson's correlation of the months of a span in which both columns have a value; `None` below three of them or without
/// variation.
pub(in crate::experiment) fn correlation(
    one: &[Option<f64>],
    other: &[Option<f64>],
    span: Span,
) -> Option<f64> {
    let pairs: Vec<(f64, f64)> = span
        .months()
        .filter_map(|month| one.get(month).copied().flatten().zip(other.get(month).copied().flatten()))
        .collect();
    if pairs.len() < 3 {
        return None;
    }
    let n = pairs.len() as f64;
    let mean_x = pairs.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_y = pairs.iter().map(|(_, y)| y).sum::<f64>() / n;
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        xx += (x - mean_x) * (x - mean_x);
        yy += (y - mean_y) * (y - mean_y);
        xy += (x - mean_x) * (y - mean_y);
    }
    (xx > 0.0 && yy > 0.0).then(|| (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::calendar::Month;

    fn values(of: &[f64]) -> Vec<Option<f64>> {
        of.iter().map(|value| Some(*value)).collect()
    }

    fn span(first: u16, last: u16) -> Span {
        Span { first: Month(first), last: Month(last) }
    }

    #[test]
    fn averages_are_centred_and_shorter_at_the_ends() {
        let mut course = values(&[1.0, 2.0, 6.0, 4.0]);
        assert_eq!(smoothed(&course, 1), course);
        assert_eq!(smoothed(&course, 3), values(&[1.5, 3.0, 4.0, 5.0]));
        course[1] = None;
        assert_eq!(smoothed(&course, 3)[0], Some(1.0));
        assert_eq!(smoothed(&[None, None], 3), [None, None]);
    }

    #[test]
    fn the_first_of_equal_extrema_counts() {
        let course = values(&[3.0, 1.0, 4.0, 1.0, 4.0]);
        assert_eq!(extreme(&course, span(0, 4), Extremum::Maximum), Some(2));
        assert_eq!(extreme(&course, span(0, 4), Extremum::Minimum), Some(1));
        assert_eq!(extreme(&course, span(3, 9), Extremum::Maximum), Some(4));
        assert_eq!(extreme(&[None], span(0, 0), Extremum::Maximum), None);
    }

    #[test]
    fn prominences_are_heights_above_the_pass_to_a_higher_peak() {
        // Peaks 5 (prominence 5 - 2), 3 (3 - 2), 7 (7 - 0, the deeper side counts less), none at the ends.
        let course = values(&[0.0, 5.0, 2.0, 3.0, 2.0, 7.0, 7.0, 1.0, 9.0]);
        let count = |least| peaks(&course, span(0, 8), Extremum::Maximum, least);
        assert_eq!([0.5, 1.5, 3.5, 5.5, 6.5].map(count), [3, 2, 1, 1, 0]);
        let upside_down: Vec<Option<f64>> = course.iter().map(|value| value.map(|value| -value)).collect();
        assert_eq!(peaks(&upside_down, span(0, 8), Extremum::Minimum, 1.5), 2);
        assert_eq!(peaks(&course, span(0, 1), Extremum::Maximum, 0.0), 0);
    }

    #[test]
    fn correlations_by_hand() {
        let x = values(&[1.0, 2.0, 3.0, 4.0]);
        let found = correlation(&x, &values(&[2.0, 4.0, 6.0, 8.0]), span(0, 3)).unwrap();
        assert!((found - 1.0).abs() < 1e-12);
        let found = correlation(&x, &values(&[1.0, 3.0, 2.0, 4.0]), span(0, 3)).unwrap();
        assert!((found - 0.8).abs() < 1e-12);
        assert_eq!(correlation(&x, &values(&[1.0; 4]), span(0, 3)), None);
    }
}
