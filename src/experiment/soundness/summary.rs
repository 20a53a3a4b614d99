//! Says in sentences what the answers are, from the figures alone.

use super::answers::{Answers, Figure, PatternAnswer, Question};
use super::cases::POLICY_LEVERS;
use super::constants::{ALL_MEASURES, ALL_PHASES, WAYS, compared};
use super::measures::{Better, MAIN, MainMeasure, Smallest};
use crate::experiment::rounding::{percent, rounded};
use crate::experiment::tables::whole_period::WHOLE_PERIOD;

/// The share of draws that counts as nearly all of them.
const NEARLY_ALL: f64 = 0.97;

/// The findings on a base, each a sentence.
pub fn sentences(answers: &Answers) -> Vec<String> {
    let all = [
        read_back(answers),
        explained(answers),
        without_accusations(answers),
        constants(answers),
        moderate(answers),
        free_levers(answers),
        arrests(answers),
        overlap(answers),
        patterns(answers),
        variance(answers),
    ];
    all.into_iter().flatten().collect()
}

fn read_back(answers: &Answers) -> Option<String> {
    let share = |of, metric| answers.estimate(Question::ReadBack, of, metric, WHOLE_PERIOD);
    let accusations = share("criticism", "log accusations_per_1000")?;
    let authority = share("managerial_authority", "authority")?;
    Some(format!(
        "Month by month, the lever of criticism alone explains {} of the variance of log accusations, and the lever of managerial authority, followed as slowly as authority follows it, {} of that of authority.",
        rounded(accusations, 2),
        rounded(authority, 2),
    ))
}

fn explained(answers: &Answers) -> Option<String> {
    let of = |metric: &str| answers.estimate(Question::Explained, "levers by phase", metric, WHOLE_PERIOD);
    let mut all: Vec<(&str, f64)> = MAIN.iter().filter_map(|main| Some((main.key, of(main.key)?))).collect();
    all.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let (most, least) = (all.first()?, all.last()?);
    Some(format!(
        "Over {} random policies, a ridge regression on the levers explains out of sample between {} ({}) and {} ({}) of the variance of the main measures in the whole period.",
        answers.draws[0],
        rounded(least.1, 2),
        least.0,
        rounded(most.1, 2),
        most.0,
    ))
}

/// Names of the phases from the lowest to the highest value of a measure.
fn order<'a>(answers: &'a Answers, of: &str, metric: &str) -> Option<Vec<&'a str>> {
    let phases = answers.periods.split_last()?.1;
    let mut all: Vec<(&str, f64)> = phases
        .iter()
        .map(|phase| Some((phase.as_str(), answers.estimate(Question::NoAccusations, of, metric, phase)?)))
        .collect::<Option<_>>()?;
    all.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    Some(all.into_iter().map(|(phase, _)| phase).collect())
}

fn without_accusations(answers: &Answers) -> Option<String> {
    let (with, without) = (order(answers, "with", "discipline")?, order(answers, "without", "discipline")?);
    let same = if with == without {
        "the order of the phases in discipline stays".to_owned()
    } else {
        format!(
            "the order of the phases in discipline, from the lowest, changes from {} to {}",
            with.join(" < "),
            without.join(" < ")
        )
    };
    let phases = answers.periods.split_last()?.1;
    let fall = |of: &str, pair: &[String]| {
        let level = |phase| answers.estimate(Question::NoAccusations, of, "discipline", phase);
        Some(level(&pair[0])? - level(&pair[1])?)
    };
    let largest = phases
        .windows(2)
        .filter_map(|pair| Some((pair, fall("with", pair)?)))
        .max_by(|(_, one), (_, other)| one.total_cmp(other))
        .filter(|(_, with)| *with > 0.0);
    let kept = largest.and_then(|(pair, with)| Some((pair, with, fall("without", pair)?))).map_or_else(
        String::new,
        |(pair, with, without)| {
            let share = rounded(without / with, 2);
            format!(", and {share} of its largest fall, from {} to {}, is left", pair[0], pair[1])
        },
    );
    Some(format!("Without any accusation, {same}{kept}."))
}

/// The figure on policies that are at least as good in all compared measures.
fn at_least_as_good<'a>(answers: &'a Answers, of: &str, way: &str, period: &str) -> Option<&'a Figure> {
    let of = format!("{of}, {way}");
    let named =
        |figure: &&Figure| figure.of == of && figure.metric == ALL_MEASURES && figure.period == period;
    answers.of(Question::Constant).find(named)
}

fn constants(answers: &Answers) -> Option<String> {
    let of_all = |way, period| {
        let figure = at_least_as_good(answers, "constant policies", way, period)?;
        Some((percent(round(100.0 * figure.estimate?)), figure.n))
    };
    let [strictly, by_margin] = WAYS.map(|(way, _)| way);
    let (share, told) = of_all(strictly, ALL_PHASES)?;
    Some(format!(
        "Of {told} constant policies, {share} % are in every phase at least as good as the base in discipline, output, public mood, unrest and stability of the elite at once, {} % if differences that do not count are passed over; over the whole period, {} % and {} %.",
        of_all(by_margin, ALL_PHASES)?.0,
        of_all(strictly, WHOLE_PERIOD)?.0,
        of_all(by_margin, WHOLE_PERIOD)?.0,
    ))
}

fn moderate(answers: &Answers) -> Option<String> {
    let by_margin = WAYS[1].0;
    let good = at_least_as_good(answers, "moderate policy", by_margin, ALL_PHASES)?.estimate? > 0.0;
    Some(format!(
        "The moderate policy {} at least as good in all of them in every phase, by what counts.",
        if good { "is" } else { "is not" }
    ))
}

/// The shares of the variance of plants between replicates, between regions and between plants of a region that are expected
/// if plants are independent of each other: 1/P, (R - 1)/P and (P - R)/P for P plants in R regions.
pub(super) fn independent_plants(answers: &Answers) -> [f64; 3] {
    let [plants, regions] = answers.units.map(|count| count as f64);
    [1.0 / plants, (regions - 1.0) / plants, (plants - regions) / plants]
}

/// One decimal.
fn round(value: f64) -> f64 {
    (10.0 * value).round() / 10.0
}

/// What a constant lever does to one of the measures by which policies are compared, over all months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Better,
    Worse,
    /// Less than the smallest difference that counts, or within chance.
    Nothing,
}

/// The effects of a lever at its highest level against its lowest, one for each compared measure; `None` if one is missing.
fn effects(answers: &Answers, lever: &str) -> Option<Vec<Effect>> {
    let of = format!("{lever}, highest minus lowest");
    let effect = |(main, better, smallest): (&MainMeasure, Better, Smallest)| {
        let named =
            |figure: &&Figure| figure.of == of && figure.metric == main.key && figure.period == WHOLE_PERIOD;
        let figure = answers.of(Question::Dose).find(named)?;
        let (estimate, (low, high)) = figure.estimate.zip(figure.interval)?;
        let smallest = match smallest {
            Smallest::Absolute(smallest) => smallest,
            Smallest::Share(share) => {
                share * answers.estimate(Question::NoAccusations, "with", main.key, WHOLE_PERIOD)?.abs()
            }
        };
        let counts = estimate.abs() >= smallest && (low > 0.0 || high < 0.0);
        Some(match ((estimate > 0.0) == (better == Better::More), counts) {
            (_, false) => Effect::Nothing,
            (true, true) => Effect::Better,
            (false, true) => Effect::Worse,
        })
    };
    compared().map(effect).collect()
}

/// The levers that have no price: one of their ends is better by what counts in some of the compared measures and worse in none.
fn free_levers(answers: &Answers) -> Option<String> {
    let mut free = Vec::new();
    for lever in POLICY_LEVERS {
        let effects = effects(answers, lever)?;
        let any = |effect| effects.contains(&effect);
        match (any(Effect::Better), any(Effect::Worse)) {
            (true, false) => free.push(format!("{lever} (high)")),
            (false, true) => free.push(format!("{lever} (low)")),
            _ => {}
        }
    }
    Some(if free.is_empty() {
        "Over all months, both ends of every lever have a price that counts in one of these measures."
            .to_owned()
    } else {
        format!(
            "Over all months, {} of {} levers have an end that is better than the other in some of these measures by what counts, and worse in none: {}.",
            free.len(),
            POLICY_LEVERS.len(),
            free.join(", ")
        )
    })
}

fn arrests(answers: &Answers) -> Option<String> {
    let arrested: Vec<String> = answers
        .of(Question::Fates)
        .filter(|figure| figure.metric == "arrested")
        .map(|figure| {
            Some(format!("{} % of {}", percent(round(100.0 * figure.estimate?)), people(&figure.of)))
        })
        .collect::<Option<_>>()?;
    (!arrested.is_empty())
        .then(|| format!("Arrested in 1937-38, in percent of the stock: {}.", arrested.join(", ")))
}

/// The word for people of a rank.
fn people(rank: &str) -> &str {
    match rank {
        "foreman" => "foremen",
        "middle" => "middle managers",
        "director" => "directors",
        "regional" => "regional officials",
        rank => rank,
    }
}

fn overlap(answers: &Answers) -> Option<String> {
    let least = |of: &str| {
        let phases =
            answers.of(Question::Overlap).filter(|figure| figure.of == of && figure.period != WHOLE_PERIOD);
        phases.filter_map(|figure| figure.estimate).min_by(f64::total_cmp)
    };
    Some(format!(
        "The two images of the enemy overlap by at least {} in every phase, and by {} if the official image has no influence on accusations.",
        rounded(least("image_weight x1")?, 2),
        rounded(least("image_weight x0")?, 2),
    ))
}

fn patterns(answers: &Answers) -> Option<String> {
    let told =
        || answers.patterns.iter().filter(|pattern| pattern.input.is_empty() && pattern.prior.is_some());
    let share = |pattern: &&PatternAnswer| pattern.prior.unwrap_or_default();
    let always = told().filter(|pattern| share(pattern) >= NEARLY_ALL).count();
    let never = told().filter(|pattern| share(pattern) <= 1.0 - NEARLY_ALL).count();
    let between = || told().filter(|pattern| (1.0 - NEARLY_ALL..NEARLY_ALL).contains(&share(pattern)));
    let moved = between().filter(|pattern| pattern.is_moved()).count();
    (told().count() > 0).then(|| {
        format!(
            "Of {} held-out patterns that are no inputs, {always} hold in {} % or more of the draws of the judged parameters and {never} in {} % or less. Of the {} others, {moved} are moved by a judged parameter beyond chance.",
            told().count(),
            percent(round(100.0 * NEARLY_ALL)),
            percent(round(100.0 * (1.0 - NEARLY_ALL))),
            between().count(),
        )
    })
}

fn variance(answers: &Answers) -> Option<String> {
    let alike: Vec<String> = answers
        .of(Question::Alike)
        .map(|figure| Some(format!("{} in {}", correlation(figure.estimate?), figure.metric)))
        .collect::<Option<_>>()?;
    (!alike.is_empty()).then(|| {
        format!("Two replicates, which share the levers, correlate month by month at {}.", alike.join(", "))
    })
}

/// A correlation with three digits; one that would be rounded to 1 is more than .999.
fn correlation(value: f64) -> String {
    if value > 0.9995 { "more than 0.999".to_owned() } else { rounded(value, 3) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(figures: Vec<Figure>) -> Answers {
        Answers {
            base: "base".into(),
            seed: 1,
            people: 8_000,
            units: [20, 5],
            replicates: 2,
            draws: [200, 500, 300],
            periods: ["criticism from below", "terror", WHOLE_PERIOD].map(str::to_owned).into(),
            figures,
            patterns: Vec::new(),
            policies: Vec::new(),
        }
    }

    fn discipline(of: &str, period: &str, estimate: f64) -> Figure {
        Figure {
            question: Question::NoAccusations,
            of: of.into(),
            metric: "discipline".into(),
            period: period.into(),
            unit: "share".into(),
            n: 2,
            estimate: Some(estimate),
            interval: None,
        }
    }

    #[test]
    fn a_fall_that_is_left_without_accusations_is_named() {
        let found = answers(vec![
            discipline("with", "criticism from below", 0.8),
            discipline("with", "terror", 0.7),
            discipline("without", "criticism from below", 0.85),
            discipline("without", "terror", 0.8),
        ]);
        assert_eq!(
            sentences(&found),
            [
                "Without any accusation, the order of the phases in discipline stays, and 0.50 of its largest fall, from criticism from below to terror, is left."
            ]
        );
        let mut turned = found;
        turned.figures[3].estimate = Some(0.9);
        let sentence = without_accusations(&turned).unwrap();
        assert!(
            sentence.contains("changes from terror < criticism from below to criticism from below < terror"),
            "{sentence}"
        );
        assert!(sentence.contains("-0.50 of its largest fall"), "{sentence}");
    }

    /// Every lever lowers turnover and raises discipline; unions raise unrest as well.
    #[test]
    fn a_lever_is_free_if_one_end_is_worse_in_nothing() {
        let figure = |lever: &str, metric: &str, interval: (f64, f64)| Figure {
            question: Question::Dose,
            of: format!("{lever}, highest minus lowest"),
            metric: metric.into(),
            period: WHOLE_PERIOD.into(),
            estimate: Some(f64::midpoint(interval.0, interval.1)),
            interval: Some(interval),
            ..discipline("", "", 0.0)
        };
        let base = |metric: &str| Figure { metric: metric.into(), ..discipline("with", WHOLE_PERIOD, 0.5) };
        let mut figures = vec![base("output"), base("elite_turnover")];
        for lever in POLICY_LEVERS {
            for (main, ..) in compared() {
                let interval = match (main.key, lever) {
                    ("discipline", _) => (0.1, 0.2),
                    ("elite_turnover", _) => (-0.2, -0.1),
                    ("unrest", "union") => (0.1, 0.2),
                    // Beyond chance, but less than what counts.
                    ("mood_public", _) => (0.005, 0.015),
                    _ => (-0.1, 0.1),
                };
                figures.push(figure(lever, main.key, interval));
            }
        }
        let sentence = free_levers(&answers(figures)).unwrap();
        assert!(sentence.contains("7 of 8 levers") && !sentence.contains("union"), "{sentence}");
        assert!(sentence.contains("criticism (high)"), "{sentence}");
    }

    #[test]
    fn answers_without_figures_have_no_sentences() {
        assert_eq!(sentences(&answers(Vec::new())), Vec::<String>::new());
    }

    #[test]
    fn independent_plants_divide_their_variance_by_numbers() {
        assert_eq!(independent_plants(&answers(Vec::new())), [0.05, 0.2, 0.75]);
    }
}
