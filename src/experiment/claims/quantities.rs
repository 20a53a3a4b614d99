//! Defines the numbers of one run that tests are computed from.

use crate::engine::calendar::Month;
use crate::model::state::standing::RANK_NAMES;
use crate::scenario::claims::{Extremum, PlantOutcome, PlantRegressor, Statistic};

/// Months from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
}

impl Span {
    /// The months, by position in the calendar.
    pub fn months(self) -> std::ops::RangeInclusive<usize> {
        self.first.index()..=self.last.index()
    }

    /// Number of months.
    pub fn count(self) -> usize {
        self.last.index() + 1 - self.first.index()
    }
}

/// A smoothed column of `series.csv` and the months in which an extremum is sought.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Course {
    /// The column.
    pub metric: String,
    /// The months.
    pub span: Span,
    /// Months of the centred moving average, an odd number.
    pub smooth: u32,
}

/// A number of one run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// A metric over months.
    Measured {
        /// The metric.
        metric: String,
        /// The months.
        span: Span,
        /// How the months make a number.
        statistic: Statistic,
        /// Whether accusations hit the targets that chance would have drawn from the same pools.
        chance: bool,
    },
    /// The month of an extremum, counted from January 1928.
    Extreme(Course, Extremum),
    /// The number of extrema that stand out by a prominence, given by its bits.
    Peaks(Course, Extremum, u64),
    /// A column of `series.csv` in a month, smoothed.
    Month(String, Month, u32),
    /// The log hazard ratio of two cohorts of the elite over some months, by the log-rank statistic.
    LogRank(Span, Span, u32),
    /// The coefficient of a regression across plants.
    Plants(PlantOutcome, PlantRegressor, Span, Span),
    /// The response of the most egalitarian workers to a fall in their plant minus that of the least egalitarian.
    Terciles(Span, u32),
    /// The correlation of two columns over months, or its absolute value.
    Correlation {
        /// A column.
        metric: String,
        /// The other one.
        with: String,
        /// The months.
        span: Span,
        /// Whether the sign is dropped.
        absolute: bool,
    },
    /// The share of a true motive's accusations that is ascribed to a motive.
    Ascribed(usize, usize),
    /// How far a column of `series.csv` is a lever read back.
    ReadBack(ReadBack),
    /// The losses of a rank in some months over its mean stock: arrested, demoted or gone naturally.
    Lost(Fate, usize, Span),
    /// A part of the variance of an outcome among plants in a span, or the mean over plants.
    Among(PlantOutcome, Part, Span),
}

/// How far a column of `series.csv` is a lever read back: the squared correlation over months.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadBack {
    /// The column.
    pub metric: &'static str,
    /// The lever.
    pub lever: &'static str,
    /// Whether the logarithm of the column is taken; months in which it is 0 are left out.
    pub log: bool,
    /// The share of the distance to the lever that is covered in a month, given by its bits, if people follow it slowly.
    pub speed: Option<u64>,
}

/// How bosses leave their rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Arrested.
    Arrested,
    /// Demoted by sanction, purge or election.
    Demoted,
    /// Death, retirement or departure.
    Gone,
}

impl Fate {
    /// All fates, in the order of tables.
    pub const ALL: [Fate; 3] = [Fate::Arrested, Fate::Demoted, Fate::Gone];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Fate::Arrested => "arrested",
            Fate::Demoted => "demoted",
            Fate::Gone => "gone naturally",
        }
    }
}

/// A part of the distribution of an outcome among plants, each of which counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The mean over plants.
    Mean,
    /// The variance of the means of regions around the mean, weighted by their plants.
    Regions,
    /// The variance of plants around the mean of their region.
    Plants,
}

impl Part {
    /// All parts.
    pub const ALL: [Part; 3] = [Part::Mean, Part::Regions, Part::Plants];

    fn word(self) -> &'static str {
        match self {
            Part::Mean => "mean over plants",
            Part::Regions => "variance between regions",
            Part::Plants => "variance between plants of a region",
        }
    }
}

impl Quantity {
    /// The name of its column.
    pub fn column(&self) -> String {
        let span = |span: &Span| format!("{}_{}", span.first, span.last);
        let name = match self {
            Quantity::Measured { metric, span: months, statistic, chance } => {
                let statistic = match statistic {
                    Statistic::Mean => "",
                    Statistic::Sum => "_sum",
                    Statistic::End => "_end",
                    Statistic::Spread => "_spread",
                };
                let chance = if *chance { "_chance" } else { "" };
                format!("{metric}{statistic}{chance}_{}", span(months))
            }
            Quantity::Extreme(course, extremum) => {
                format!("{}_of_{}_{}_{}", word(*extremum), course.metric, course.smooth, span(&course.span))
            }
            Quantity::Peaks(course, extremum, prominence) => format!(
                "{}s_of_{}_{}_{}_{}",
                word(*extremum),
                course.metric,
                course.smooth,
                f64::from_bits(*prominence),
                span(&course.span)
            ),
            Quantity::Month(metric, month, smooth) => format!("{metric}_{smooth}_{month}"),
            Quantity::LogRank(one, other, months) => {
                format!("log_rank_{}_{}_{months}", span(one), span(other))
            }
            Quantity::Plants(outcome, regressor, from, to) => {
                format!("plants_{}_{}_{}_{}", outcome.word(), regressor.word(), span(from), span(to))
            }
            Quantity::Terciles(months, lag) => format!("terciles_{}_{lag}", span(months)),
            Quantity::Correlation { metric, with, span: months, absolute } => {
                let absolute = if *absolute { "absolute_" } else { "" };
                format!("{absolute}correlation_{metric}_{with}_{}", span(months))
            }
            Quantity::Ascribed(of, to) => {
                let names = crate::model::state::standing::MOTIVE_NAMES;
                format!("{}_ascribed_to_{}", names[*of], names[*to])
            }
            Quantity::ReadBack(ReadBack { metric, lever, log, .. }) => {
                format!("{metric}_{}read_back_from_{lever}", if *log { "log_" } else { "" })
            }
            Quantity::Lost(fate, rank, months) => {
                format!("{}_{}_{}", RANK_NAMES[*rank], fate.word(), span(months))
            }
            Quantity::Among(outcome, part, months) => {
                format!("{}_{}_{}", outcome.word(), part.word(), span(months))
            }
        };
        snake_case(&name)
    }

    /// The columns of `series.csv` and other metrics that it is computed from.
    pub fn metrics(&self) -> Vec<String> {
        match self {
            Quantity::Measured { metric, .. } | Quantity::Month(metric, ..) => vec![metric.clone()],
            Quantity::Extreme(course, _) | Quantity::Peaks(course, ..) => vec![course.metric.clone()],
            Quantity::Correlation { metric, with, .. } => vec![metric.clone(), with.clone()],
            Quantity::ReadBack(of) => vec![of.metric.to_owned()],
            _ => Vec::new(),
        }
    }

    /// The last month that it needs, by position in the calendar. Averages over months around the last of a span reach
    /// beyond it.
    pub fn last_month(&self) -> usize {
        let averaged = |last: Month, smooth: u32| (last.index() + smooth as usize / 2).min(Month::COUNT - 1);
        match self {
            Quantity::Measured { span, .. }
            | Quantity::Terciles(span, _)
            | Quantity::Lost(_, _, span)
            | Quantity::Among(_, _, span)
            | Quantity::Correlation { span, .. } => span.last.index(),
            Quantity::Extreme(course, _) | Quantity::Peaks(course, ..) => {
                averaged(course.span.last, course.smooth)
            }
            Quantity::Month(_, month, smooth) => averaged(*month, *smooth),
            Quantity::LogRank(one, other, _) | Quantity::Plants(_, _, one, other) => {
                one.last.max(other.last).index()
            }
            Quantity::Ascribed(..) | Quantity::ReadBack(_) => 0,
        }
    }

    /// What it is, in words, for the dictionary of columns.
    pub fn definition(&self) -> String {
        let span = |span: &Span| format!("{} to {}", span.first, span.last);
        match self {
            Quantity::Measured { metric, span: months, statistic, chance } => {
                let statistic = match statistic {
                    Statistic::Mean => "",
                    Statistic::Sum => "sum of ",
                    Statistic::End => "last month of ",
                    Statistic::Spread => "standard deviation over months of ",
                };
                let chance = if *chance {
                    ", with the targets that chance would have drawn from the same pools"
                } else {
                    ""
                };
                format!("{statistic}{metric}, {}{chance}", span(months))
            }
            Quantity::Extreme(course, extremum) => format!(
                "month of the {} of {} (mean of {} months), {}, counted from January 1928",
                word(*extremum),
                course.metric,
                course.smooth,
                span(&course.span)
            ),
            Quantity::Peaks(course, extremum, prominence) => format!(
                "number of {} of {} (mean of {} months) that stand out by {}, {}",
                if *extremum == Extremum::Maximum { "maxima" } else { "minima" },
                course.metric,
                course.smooth,
                f64::from_bits(*prominence),
                span(&course.span)
            ),
            Quantity::Month(metric, month, smooth) => {
                format!("{metric}, mean of {smooth} months around {month}")
            }
            Quantity::LogRank(one, other, months) => format!(
                "log hazard ratio of leaving the elite in the first {months} months, entrants of {} over those of {}",
                span(one),
                span(other)
            ),
            Quantity::Plants(outcome, regressor, from, to) => format!(
                "coefficient across plants of the change of {} on that of {}, from {} to {}",
                outcome.word(),
                regressor.word(),
                span(from),
                span(to)
            ),
            Quantity::Terciles(months, lag) => format!(
                "change of grievance within {lag} months of a fall in the elite of the plant, most minus least egalitarian third of workers, plants with minus plants without a fall, {}",
                span(months)
            ),
            Quantity::Correlation { metric, with, span: months, absolute } => {
                let absolute = if *absolute { "absolute " } else { "" };
                format!("{absolute}correlation over months of {metric} and {with}, {}", span(months))
            }
            Quantity::Ascribed(of, to) => {
                let names = crate::model::state::standing::MOTIVE_NAMES;
                format!(
                    "share of accusations from {} that the target's profile ascribes to {}",
                    names[*of], names[*to]
                )
            }
            Quantity::ReadBack(ReadBack { metric, lever, log, speed }) => {
                let log = if *log { "the logarithm of " } else { "" };
                let lag = speed.map_or_else(String::new, |speed| {
                    format!(", which is followed by {} of the distance in a month", f64::from_bits(speed))
                });
                format!("squared correlation over months of {log}{metric} with the lever {lever}{lag}")
            }
            Quantity::Lost(fate, rank, months) => {
                let what = match fate {
                    Fate::Arrested => "were arrested",
                    Fate::Demoted => "were demoted",
                    Fate::Gone => "died, retired or left",
                };
                format!(
                    "people of the rank {} who {what}, {}, over the mean stock",
                    RANK_NAMES[*rank],
                    span(months)
                )
            }
            Quantity::Among(outcome, part, months) => {
                format!("{} of {}, {}", part.word(), outcome.word(), span(months))
            }
        }
    }
}

fn word(extremum: Extremum) -> &'static str {
    match extremum {
        Extremum::Maximum => "maximum",
        Extremum::Minimum => "minimum",
    }
}

/// Lower-case letters, digits and single underscores.
fn snake_case(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_lowercase());
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name.trim_matches('_').to_owned()
}
