//! Defines the measures of a month and of a phase: key, unit, definition and formula.
//!
//! They are the columns of `series.csv` and `phases.csv` (appendix A of docs/model.md). Rates are per year. An
//! undefined measure is missing, never zero. The unit of a measure determines its range; see [`range`].

use super::record::MonthRecord;
use super::state::standing::TARGET_CLASSES;
use super::state::unit::Cause;
use crate::engine::maths::from_fixed;

/// The value of one cell of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A whole number of people, posts or acts.
    Count(u64),
    /// A finite real number.
    Real(f64),
    /// Not defined in this month or phase, such as the share of a motive in a month without accusations; an empty
    /// cell.
    Missing,
}

impl Value {
    /// Returns the number, if there is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Value::Count(count) => Some(count as f64),
            Value::Real(real) => Some(real),
            Value::Missing => None,
        }
    }
}

/// One column: a measure of a `T` (a month or a phase).
#[derive(Debug)]
pub struct Measure<T> {
    /// Column name, snake_case.
    pub key: &'static str,
    /// Unit, which also determines the [`range`] of the values.
    pub unit: &'static str,
    /// Definition in one phrase.
    pub definition: &'static str,
    /// True if every value is a [`Value::Count`] or missing.
    pub count: bool,
    /// Formula that computes the value.
    pub value: fn(&T) -> Value,
}

/// Returns the least and the greatest value of measures with this unit.
///
/// A number without a dimension has the unit `share` if it is part of a whole, `0 to 1` if it is an index, and
/// `ratio` if it can exceed 1. A unit is never a bare number: other programs would read a column of such units as
/// numbers.
pub fn range(unit: &str) -> (f64, f64) {
    match unit {
        "share" | "0 to 1" => (0.0, 1.0),
        "at most 1" => (f64::NEG_INFINITY, 1.0),
        "change per year" => (-1.0, f64::INFINITY),
        "-1 to 1" => (-1.0, 1.0),
        "nats" => (0.0, libm::log(TARGET_CLASSES as f64)),
        "log ratio" => (f64::NEG_INFINITY, f64::INFINITY),
        // Counts, rates and ratios.
        _ => (0.0, f64::INFINITY),
    }
}

/// Returns `part` over `whole`; missing if `whole` is zero.
pub(super) fn ratio(part: f64, whole: f64) -> Value {
    if whole > 0.0 { Value::Real(part / whole) } else { Value::Missing }
}

fn mean(sum: u64, people: u64) -> Value {
    ratio(from_fixed(sum), people as f64)
}

/// Returns the entropy of shares in nats; zero shares add nothing.
pub(super) fn entropy(shares: &[f64; TARGET_CLASSES]) -> f64 {
    let sum =
        -shares.iter().filter(|share| **share > 0.0).map(|share| share * libm::log(*share)).sum::<f64>();
    // Rounding can leave the range by a unit in the last place.
    let (least, most) = range("nats");
    sum.clamp(least, most)
}

/// Returns the entropy in nats of the shares from which these counts were drawn, with the correction of Miller and
/// Madow; missing without counts.
///
/// The entropy of the shares found is too low by about (classes − 1)/(2·count), to first order, because few counts miss classes and
/// favour others by chance. Classes that occur stand for the classes that can.
pub(super) fn entropy_of_counts(counts: &[u64; TARGET_CLASSES]) -> Value {
    let sum: u64 = counts.iter().sum();
    if sum == 0 {
        return Value::Missing;
    }
    let found = counts.iter().filter(|&&count| count > 0).count();
    let correction = (found - 1) as f64 / (2.0 * sum as f64);
    let (_, most) = range("nats");
    Value::Real((entropy(&counts.map(|count| count as f64 / sum as f64)) + correction).min(most))
}

pub(super) fn real(value: Option<f64>) -> Value {
    value.map_or(Value::Missing, Value::Real)
}

/// Returns the overlap of the two images if both are defined.
pub(super) fn overlap(month: &MonthRecord) -> Option<f64> {
    let images = &month.images;
    (images.official.is_some() && images.popular.is_some()).then_some(images.overlap)
}

/// Returns `discipline` of a month.
pub(super) fn discipline(month: &MonthRecord) -> Value {
    let workers = month.people_by_rank[0];
    ratio(workers.saturating_sub(month.shirkers) as f64, workers as f64)
}

/// Returns `recorded_absence_days` of a month.
pub(super) fn recorded_days(month: &MonthRecord) -> Value {
    ratio(12.0 * month.absence_days * month.recorded, month.people_by_rank[0] as f64)
}

/// Pay of a shock worker above that of other workers at full Stakhanovism, in units of a worker's wage. It is the .8 of
/// section 7.2 of docs/model.md; R1 reads it through the parameter `shock_deprivation`, which also holds the weight.
const SHOCK_PAY: f64 = 0.8;

/// Returns the Gini coefficient of pay among workers. The model knows two kinds of pay: that of shock workers and that
/// of all others.
fn pay_gini(month: &MonthRecord) -> Value {
    let shock_share = ratio(month.shock_workers as f64, month.people_by_rank[0] as f64).number();
    real(shock_share.map(|share| {
        let above = SHOCK_PAY * month.stakhanovism;
        let share_of_pay = share * (1.0 + above) / (1.0 + share * above);
        // Rounding can leave the range by a unit in the last place.
        (share_of_pay - share).max(0.0)
    }))
}

macro_rules! measures {
    ($name:ident: $type:ty, $doc:literal; $($key:ident, $unit:literal, $kind:ident, $definition:literal, $value:expr;)*) => {
        #[doc = $doc]
        pub static $name: &[Measure<$type>] = &[$(Measure {
            key: stringify!($key),
            unit: $unit,
            definition: $definition,
            count: measures!(@ $kind),
            value: $value,
        },)*];
    };
    (@ count) => { true };
    (@ real) => { false };
}
pub(super) use measures;

measures! { MONTH_MEASURES: MonthRecord, "The columns of `series.csv` behind scenario, replicate, seed, month and phase.";
    workers, "people", count, "people of rank 0 present at the start of the month", |m| Value::Count(m.people_by_rank[0]);
    elite_posts, "posts", count, "whole posts of ranks 2 to 4, after the month's growth", |m| Value::Count(m.posts[2..].iter().sum());
    elite, "people", count, "people of rank 2 and above present at the start of the month", |m| Value::Count(m.elite());
    party_members, "people", count, "members and candidates of the party present at the start of the month", |m| Value::Count(m.party);
    elite_turnover, "per year", real, "12 times the share of the elite arrested, demoted or gone naturally in the month", |m| ratio(12.0 * m.all_elite_losses() as f64, m.elite() as f64);
    elite_turnover_repressive, "per year", real, "12 times the share of the elite arrested in the month", |m| ratio(12.0 * m.elite_losses(Cause::Arrest) as f64, m.elite() as f64);
    elite_turnover_administrative, "per year", real, "12 times the share of the elite demoted in the month by sanction, purge or election", |m| ratio(12.0 * m.administrative_elite_losses() as f64, m.elite() as f64);
    accusations_per_1000, "per 1000 people per year", real, "12,000 times the month's accusations over people present", |m| ratio(12_000.0 * m.acts as f64, m.people() as f64);
    share_principle, "share", real, "share of the motive of principle in the month's accusations (fractions of acts); empty if there were none", |m| ratio(m.acts_from(0), m.acts as f64);
    share_temperament, "share", real, "share of the motive of temperament in the month's accusations; empty if there were none", |m| ratio(m.acts_from(1), m.acts as f64);
    share_rivalry, "share", real, "share of the motive of rivalry in the month's accusations; empty if there were none", |m| ratio(m.acts_from(2), m.acts as f64);
    share_fear, "share", real, "share of the motive of fear in the month's accusations; empty if there were none", |m| ratio(m.acts_from(3), m.acts as f64);
    discipline, "share", real, "share of workers who did not shirk in the month (D)", discipline;
    shirking, "share", real, "share of workers who shirked in the month, 1 - discipline", |m| ratio(m.shirkers as f64, m.people_by_rank[0] as f64);
    recorded_absence_days, "days per worker per year", real, "absence as recorded by the plants: 12 times the days per month of shirking, times the recorded share of shirkers", recorded_days;
    quit_rate, "per worker per year", real, "12 times the draws of quitting over workers; dismissals are not counted", |m| ratio(12.0 * m.quits as f64, m.people_by_rank[0] as f64);
    grievance, "0 to 1", real, "mean grievance of workers", |m| mean(m.grievance_workers, m.people_by_rank[0]);
    authority, "0 to 1", real, "managerial authority, mean over plants weighted by people", |m| ratio(m.authority, m.plant_people as f64);
    fear, "0 to 1", real, "mean fear of all people", |m| mean(m.fear_all, m.people());
    output, "output of a standard worker-month", real, "output of all plants (Y)", |m| Value::Real(m.output);
    output_per_worker, "output of a standard worker-month per worker", real, "output over workers", |m| ratio(m.output, m.people_by_rank[0] as f64);
    mood, "0 to 1", real, "mean grievance of all people: high is bad", |m| mean(m.grievance_all, m.people());
    mood_public, "0 to 1", real, "mean grievance of all people as they show it: high is bad", |m| mean(m.grievance_public, m.people());
    image_overlap, "0 to 1", real, "overlap of the official and the popular image of the enemy: 1 minus their total variation; too low where the popular image rests on few accusations, by an amount that depends on the true images and is not corrected; empty if one is undefined", |m| real(overlap(m));
    newcomers, "share", real, "share of workers with less than 24 months of experience", |m| ratio(m.newcomers as f64, m.people_by_rank[0] as f64);
    arrests_per_1000, "per 1000 people per year", real, "12,000 times the month's arrests over people present", |m| ratio(12_000.0 * m.arrests as f64, m.people() as f64);
    sanctioned_share, "share", real, "share of those accused this month who were administratively sanctioned or arrested in it; empty if there were none", |m| ratio(m.punished as f64, m.accused as f64);
    chain_length, "promotions per opening", real, "promotions over openings; empty if there were none", |m| ratio(m.promotions.iter().sum::<u64>() as f64, m.openings() as f64);
    unrest, "share", real, "share of people whose grievance against the regime exceeds their threshold", |m| ratio(m.unrest as f64, m.people() as f64);
    fear_elite, "0 to 1", real, "mean fear of the elite", |m| mean(m.fear_elite, m.elite());
    image_entropy, "nats", real, "entropy of the official image of the enemy over six target classes; empty if no class is named", |m| real(m.images.official.as_ref().map(entropy));
    accused_entropy, "nats", real, "entropy of the month's accusations over six target classes, with the correction of Miller and Madow for few accusations: half of (classes accused - 1) over accusations is added; at most that of equal shares; rough below about 10 accusations; empty if there were none", |m| entropy_of_counts(&m.targets.by_class);
    openings, "posts", count, "posts of rank 1 and above that opened: bosses arrested, demoted or gone naturally, and whole posts added by growth", |m| Value::Count(m.openings());
    tightness, "0 to 1", real, "scarcity of labour, mean over plants", |m| ratio(m.plant_sums[2], m.plants as f64);
    people, "people", count, "people present at the start of the month", |m| Value::Count(m.people());
    union_capacity, "0 to 1", real, "union capacity, mean over plants", |m| ratio(m.plant_sums[0], m.plants as f64);
    implementation, "0 to 1", real, "share of the rules that is enforced, mean over plants", |m| ratio(m.plant_sums[1], m.plants as f64);
    plan_gap, "share", real, "share by which output fell short of plan, mean over plants", |m| ratio(m.plant_sums[3], m.plants as f64);
    openness, "promotions per post per year", real, "promotions per post, smoothed over about half a year, mean over plants", |m| ratio(m.plant_sums[4], m.plants as f64);
    popular_image_entropy, "nats", real, "entropy of the popular image of the enemy over six target classes; too low, without correction, where the image rests on few accusations; empty while it is undefined", |m| real(m.images.popular.as_ref().map(entropy));
    grievance_regime, "0 to 1", real, "mean grievance of all people that is directed at the regime", |m| mean(m.grievance_regime, m.people());
    falsification, "0 to 1", real, "mood minus mood as shown: the bias of the leadership's estimate", |m| ratio(from_fixed(m.grievance_all) - from_fixed(m.grievance_public), m.people() as f64);
    acceptance, "at most 1", real, "1 minus the workers' mean grievance from deprivation; negative where that exceeds 1", |m| ratio(m.people_by_rank[0] as f64 - m.deprivation, m.people_by_rank[0] as f64);
    elite_competence, "0 to 1", real, "mean ability of the elite", |m| mean(m.elite_competence, m.elite());
    vacancies, "share", real, "vacant posts of ranks 2 to 4 over whole posts, before each rank is filled", |m| ratio(m.vacant[2..].iter().sum::<u64>() as f64, m.posts[2..].iter().sum::<u64>() as f64);
    quota, "multiple of the plan", real, "arrest quota, mean over regions", |m| Value::Real(m.quota);
    accusations, "acts", count, "accusations", |m| Value::Count(m.acts);
    arrests, "people", count, "people arrested", |m| Value::Count(m.arrests);
    expelled, "people", count, "people expelled from the party", |m| Value::Count(m.expelled);
    left_party, "people", count, "workers who left the party quietly during a purge", |m| Value::Count(m.left_party);
    joined_party, "people", count, "people admitted to the party as candidates", |m| Value::Count(m.recruits);
    voted_out, "people", count, "officials voted out", |m| Value::Count(m.voted_out.iter().sum());
    dismissed, "people", count, "workers dismissed after accusations", |m| Value::Count(m.dismissed);
    promotions, "people", count, "promotions into ranks 1 to 4", |m| Value::Count(m.promotions.iter().sum());
    hired, "people", count, "workers hired", |m| Value::Count(m.hired);
    moved, "people", count, "workers who quit or were dismissed and took up work in a plant again", |m| Value::Count(m.arrived);
    left_industry, "people", count, "workers who quit or were dismissed and left industry", |m| Value::Count(m.left_industry);
    natural_exits, "people", count, "deaths, retirements and departures", |m| Value::Count(m.natural);
    sent_to_school, "people", count, "workers sent to technical schools", |m| Value::Count(m.students);
    outsiders_to_school, "people", count, "people from outside industry who entered technical schools", |m| Value::Count(m.outsiders_to_school);
    graduates, "people", count, "graduates who came to plants, workers and outsiders", |m| Value::Count(m.graduates.iter().sum());
    accusations_of_former, "acts", count, "accusations of former people of any rank", |m| Value::Count(m.targets.by_class[0]);
    accusations_of_specialists, "acts", count, "accusations of new specialists, among them foremen with technical training", |m| Value::Count(m.targets.by_class[1]);
    accusations_of_managers, "acts", count, "accusations of managers, among them foremen without technical training", |m| Value::Count(m.targets.by_class[2]);
    accusations_of_officials, "acts", count, "accusations of officials of party and union", |m| Value::Count(m.targets.by_class[3]);
    accusations_of_workers, "acts", count, "accusations of shock workers and other workers; with the four columns before it makes up all accusations", |m| Value::Count(m.targets.by_class[4..].iter().sum());
    pay_gini, "0 to 1", real, "Gini coefficient of pay among workers; shock workers earn .8 times Stakhanovism more than the others, whom the model pays alike", pay_gini;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entropy_of_few_counts_is_corrected() {
        let value = |counts| entropy_of_counts(&counts).number();
        let close = |counts, expected: f64| (value(counts).unwrap() - expected).abs() < 1e-12;
        // Shares 1/2, 1/4, 1/4: 1.5 ln 2, and 2 classes more than one over twice 8 accusations.
        assert!(close([4, 2, 0, 2, 0, 0], 1.5 * std::f64::consts::LN_2 + 2.0 / 16.0));
        assert!(close([0, 0, 9, 0, 0, 0], 0.0));
        // Two accusations of two classes: ln 2 and 1/4. Six of six exceed what six classes can have.
        assert!(close([1, 0, 0, 0, 1, 0], std::f64::consts::LN_2 + 0.25));
        assert!(close([1; 6], libm::log(6.0)));
        assert_eq!(value([0; 6]), None);
    }

    #[test]
    fn the_correction_removes_most_of_the_bias() {
        // The exact expectation over samples of 8 from shares 1/2, 1/4, 1/4.
        let factorial = |n: u64| (1..=n).map(|k| k as f64).product::<f64>();
        let (mut plain, mut corrected) = (0.0, 0.0);
        for one in 0..=8u64 {
            for two in 0..=8 - one {
                let counts = [one, two, 8 - one - two, 0, 0, 0];
                let ways = factorial(8) / counts.iter().map(|&n| factorial(n)).product::<f64>();
                let chance = ways * 0.5f64.powi(one as i32) * 0.25f64.powi((8 - one) as i32);
                plain += chance * entropy(&counts.map(|n| n as f64 / 8.0));
                corrected += chance * entropy_of_counts(&counts).number().unwrap();
            }
        }
        let truth = 1.5 * std::f64::consts::LN_2;
        assert!(truth - plain > 0.1 && (corrected - truth).abs() < 0.04, "{truth} {plain} {corrected}");
    }

    #[test]
    fn the_gini_of_two_kinds_of_pay_is_the_surplus_share_of_the_higher() {
        let mut month = MonthRecord { stakhanovism: 0.5, shock_workers: 20, ..MonthRecord::default() };
        month.people_by_rank[0] = 100;
        // A fifth of the workers earns 1.4: .28 of 1.08 in all.
        let Value::Real(gini) = pay_gini(&month) else { panic!("there are workers") };
        assert!((gini - (0.28 / 1.08 - 0.2)).abs() < 1e-12, "{gini}");
        // The mean difference of all pairs over twice the mean pay.
        let pairs = 2.0 * 0.2 * 0.8 * 0.4 / (2.0 * 1.08);
        assert!((gini - pairs).abs() < 1e-12, "{gini} {pairs}");
        month.shock_workers = 100;
        assert_eq!(pay_gini(&month), Value::Real(0.0));
        assert_eq!(pay_gini(&MonthRecord::default()), Value::Missing);
    }
}
