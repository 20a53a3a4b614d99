//! Limits with known answers: what the model has to give where mathematics says what that is.

use std::sync::Arc;

use kadry::engine::calendar::Month;
use kadry::engine::maths::gumbel_of_word;
use kadry::engine::random::Key;
use kadry::model::fast::society::Society;
use kadry::model::levers::Levers;
use kadry::model::measures::MONTH_MEASURES;
use kadry::model::purpose::MONTHLY;
use kadry::model::purpose::monthly;
use kadry::model::record::MonthRecord;
use kadry::model::setup::Events;
use kadry::model::setup::PolicyMode;
use kadry::model::setup::Setup;
use kadry::model::state::person::Person;
use kadry::model::state::standing::RANKS;
use kadry::model::state::unit::Cause;

use super::{MONTHS, everybody, historical, live, mean, start};

/// Standard deviations that a count of independent draws may be away from its mean: one case in 16,000 by chance.
const DEVIATIONS: f64 = 4.0;

/// The historical setup of a size with other levers and without events.
fn setup(size: u64, enterprises: u32, change: impl Fn(&mut Levers)) -> Setup {
    let mut setup = historical(size, enterprises, 5).setup();
    let PolicyMode::Schedule(months) = &mut setup.policy;
    months.iter_mut().for_each(change);
    setup.events = Events::none();
    setup
}

#[test]
fn without_accusations_and_removals_the_elite_turns_over_at_the_natural_rate() {
    let mut setup = setup(40_000, 100, |levers| {
        (levers.repression, levers.purge) = (0.0, 0.0);
    });
    setup.parameters.accusation_scale = 0.0;
    let rules = setup.parameters.clone();
    let records = live(&Arc::new(setup), 1, 1, MONTHS);
    let (mut elite, mut natural_elite, mut others, mut natural) = (0u64, 0u64, 0u64, 0u64);
    for record in &records {
        assert_eq!((record.acts, record.arrests, record.accused, record.expelled), (0, 0, 0, 0));
        assert_eq!(record.all_elite_losses(), record.elite_losses(Cause::Natural));
        elite += record.elite();
        natural_elite += record.elite_losses(Cause::Natural);
        others += record.people() - record.elite();
        natural += record.natural - record.elite_losses(Cause::Natural);
    }
    // Given who is present, exits are independent draws of known chance: the sum of their deviations is a martingale.
    for (name, count, people, chance) in [
        ("elite", natural_elite, elite, rules.natural_exit + rules.natural_exit_elite),
        ("others", natural, others, rules.natural_exit),
    ] {
        let people = people as f64;
        let deviation = (count as f64 - people * chance) / (people * chance * (1.0 - chance)).sqrt();
        println!(
            "{name}: {:.4} a year against {:.4} ({deviation:+.1} deviations over {people} person-months)",
            12.0 * count as f64 / people,
            12.0 * chance
        );
        assert!(deviation.abs() < DEVIATIONS, "{name}: {deviation}");
    }
}

fn logistic(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}

/// Constant authority at its start of .40, no union, full implementation: what a unit adds to the logit of shirking is
/// the same everywhere. Grievance stays as it is, so that it is known before the month.
fn constant_authority() -> Setup {
    let mut setup = setup(20_000, 50, |levers| {
        levers.managerial_authority = 0.40;
        levers.union = 0.0;
        levers.penalty = 0.45;
    });
    setup.mechanisms.authority_feedback = false;
    setup.mechanisms.union_stock = false;
    let rules = &mut setup.parameters;
    (rules.scarcity_slack, rules.accusation_slack, rules.scarcity_softening) = (0.0, 0.0, 0.0);
    rules.grievance_speed = 0.0;
    setup
}

/// Lives through 36 months and gives shirkers and the sums of the chances and their variances, with the chance of a
/// worker of some grievance and tenure.
fn shirking(setup: Setup, grievances: bool, chance: impl Fn(f64, f64) -> f64) -> (u64, f64, f64) {
    let mut society = start(Arc::new(setup), 1, 1);
    let (mut shirkers, mut expected, mut spread) = (0, 0.0, 0.0);
    for month in 0..36 {
        for unit in society.units_mut() {
            assert!((unit.state.authority - 0.40).abs() < 1e-12);
            for row in 0..unit.people.len() {
                if grievances {
                    // Some grievance for everybody, spread over 0 to 1 by identity.
                    let spread = unit.people.identity[row].wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
                    unit.people.grievance[row] = spread as f32 / (1u64 << 24) as f32;
                }
                if !unit.people.standing[row].boss() {
                    let person = unit.people.person(row);
                    let (grievance, tenure) = (person.grievance, person.tenure(month));
                    let chance = chance(f64::from(grievance), f64::from(tenure));
                    expected += chance;
                    spread += chance * (1.0 - chance);
                }
            }
        }
        let record = society.month();
        shirkers += record.shirkers;
    }
    (shirkers, expected, spread)
}

#[test]
fn constant_authority_and_no_union_give_the_closed_form_of_shirking() {
    let rules = constant_authority().parameters;
    let deterrence = rules.shirking_sanction * 0.40 * (0.25 + 0.75 * 0.45);
    let intercept = rules.shirking_intercept - deterrence;
    // First without what differs between people: one logistic for all.
    let mut alike = constant_authority();
    (alike.parameters.shirking_grievance, alike.parameters.shirking_newcomer) = (0.0, 0.0);
    let one = shirking(alike, false, |_, _| logistic(intercept));
    // Then averaged over actual grievance and experience.
    let by_person = |grievance: f64, tenure: f64| {
        let novelty = libm::exp(-tenure / rules.acculturation_months);
        logistic(intercept + rules.shirking_grievance * grievance + rules.shirking_newcomer * novelty)
    };
    let averaged = shirking(constant_authority(), true, by_person);
    for (name, (shirkers, expected, variance)) in [("all alike", one), ("averaged", averaged)] {
        // Uniforms of 23 bits and exponentials of 32 move a chance by less than a millionth: far below one deviation.
        let deviation = (shirkers as f64 - expected) / variance.sqrt();
        println!("{name}: {shirkers} shirk, {expected:.0} expected, {deviation:+.1} deviations");
        assert!(deviation.abs() < DEVIATIONS, "{name}: {deviation}");
    }
}

#[test]
fn constant_levers_and_no_growth_settle() {
    let scenario = historical(20_000, 50, 5);
    // The levers of June 1935: some criticism, some repression, no purge, no war.
    let mut levers = scenario.steps()[89];
    (levers.growth, levers.post_growth, levers.purge) = (0.0, 0.0, 0.0);
    let setup = setup(20_000, 50, |month| *month = levers);
    let records = live(&Arc::new(setup), 1, 1, MONTHS);
    // Differences between the means of the last two years. Stocks with memories of years (people's experience, the
    // level of training) have not quite settled after thirteen; the tolerance is a fiftieth of a share's range, and
    // for figures made of rare events some four times what chance moves a yearly mean by.
    let tolerances = [
        ("grievance", 0.02),
        ("authority", 0.02),
        ("union_capacity", 0.005),
        ("tightness", 0.05),
        ("implementation", 0.02),
        ("fear", 0.02),
        ("discipline", 0.01),
        ("quit_rate", 0.05),
        ("newcomers", 0.02),
        ("openness", 0.1),
        ("plan_gap", 0.02),
        ("vacancies", 0.02),
        ("elite_turnover", 0.06),
    ];
    let last = MONTHS as usize;
    for (key, tolerance) in tolerances {
        let measure = MONTH_MEASURES.iter().find(|measure| measure.key == key);
        let measure = measure.unwrap_or_else(|| panic!("no measure {key}"));
        let year = |records: &[MonthRecord]| {
            let values: Vec<f64> =
                records.iter().filter_map(|record| (measure.value)(record).number()).collect();
            mean(&values)
        };
        let (before, after) = (year(&records[last - 24..last - 12]), year(&records[last - 12..]));
        println!("{key}: {before:.4} then {after:.4}");
        assert!((after - before).abs() < tolerance, "{key}: {before} then {after}");
    }
    // Nobody beyond the posts and workers wanted: the country keeps its size.
    let (before, after) = (records[last - 13].people() as f64, records[last - 1].people() as f64);
    assert!((after / before - 1.0).abs() < 0.01, "{before} then {after}");
}

/// Moves that a vacancy of each rank makes on the way down, by the formula for an absorbing Markov chain: the row sums
/// of (I − Q)⁻¹, with `q[k][j]` the chance that a vacancy of rank k moves on to rank j when it is filled.
fn markov_lengths(q: &[[f64; RANKS]; RANKS]) -> [f64; RANKS] {
    let mut lengths = [0.0; RANKS];
    // Vacancies only move down, so that Q is triangular and substitution solves the system. Rank 0 is the outside.
    for rank in 1..RANKS {
        lengths[rank] = 1.0 + (1..rank).map(|below| q[rank][below] * lengths[below]).sum::<f64>();
    }
    lengths
}

/// What was assumed: no accusations, arrests, purges or elections, so that a boss leaves by natural exit alone and
/// nobody falls into a lower rank; no school places, so that posts are filled from within industry alone (those who
/// were at school in January 1928 return until December 1931: the count begins after them); no growth of posts. A
/// vacancy of rank k is then filled by somebody of rank k − 1, whose post becomes vacant, down to a worker, whose place
/// is no post: Q has a 1 below each diagonal place, and a chain that begins at rank k has k moves. Chains need time
/// (a third of the vacancies is filled in a month), so that moves are counted over ten years, and what was under way at
/// their beginning and end is taken from the signed vacancies then.
#[test]
fn vacancy_chains_without_outside_entry_have_the_length_of_the_markov_formula() {
    let mut setup = setup(40_000, 100, |levers| {
        (levers.repression, levers.purge, levers.schooling) = (0.0, 0.0, 0.0);
        (levers.growth, levers.post_growth) = (0.0, 0.0);
    });
    setup.parameters.accusation_scale = 0.0;
    let mut society = start(Arc::new(setup), 1, 1);
    let (mut openings, mut promotions) = ([0u64; RANKS], [0u64; RANKS]);
    let mut vacancies_at_first = [0i64; RANKS];
    // From January 1932 on: 48 months are over, and the last of those at school in 1928 have returned.
    let begin = Month(48);
    for month in Month::all() {
        if month == begin {
            vacancies_at_first = signed_vacancies(&society);
        }
        let record = society.month();
        if month >= begin {
            assert_eq!(record.graduates, [0, 0], "nobody enters from outside");
            assert_eq!(record.posts_added, 0);
            for rank in 1..RANKS {
                openings[rank] += record.losses.iter().map(|losses| losses[rank]).sum::<u64>();
                promotions[rank] += record.promotions[rank];
            }
        }
    }
    let vacancies_at_last = signed_vacancies(&society);
    let mut q = [[0.0; RANKS]; RANKS];
    for rank in 2..RANKS {
        q[rank][rank - 1] = 1.0;
    }
    let lengths = markov_lengths(&q);
    let expected: f64 = (1..RANKS).map(|rank| openings[rank] as f64 * lengths[rank]).sum();
    // Vacancies that were there at first are filled as well; those left at last are not.
    let under_way: f64 = (1..RANKS)
        .map(|rank| (vacancies_at_last[rank] - vacancies_at_first[rank]) as f64 * lengths[rank])
        .sum();
    let total: u64 = promotions[1..].iter().sum();
    let opened: u64 = openings[1..].iter().sum();
    println!(
        "{opened} openings by rank {:?}, {total} promotions {:?}: chains of {:.3}, by the formula {:.3}",
        &openings[1..],
        &promotions[1..],
        total as f64 / opened as f64,
        expected / opened as f64
    );
    assert!(opened > 1000);
    // Exact once the chains under way are counted; and near without that.
    assert_eq!(total as f64, expected - under_way);
    assert!((total as f64 / expected - 1.0).abs() < 0.05, "{total} and {expected}");
    // Rank by rank: as many promotions as openings of this rank and all above.
    for (rank, &promoted) in promotions.iter().enumerate().skip(1) {
        let from_above: i64 = (rank..RANKS)
            .map(|above| openings[above] as i64 - vacancies_at_last[above] + vacancies_at_first[above])
            .sum();
        assert_eq!(promoted as i64, from_above, "rank {rank}");
    }
}

/// Whole posts less the people in them, by rank; below zero where more people than posts are.
fn signed_vacancies(society: &Society) -> [i64; RANKS] {
    let mut vacancies = [0i64; RANKS];
    for unit in society.units() {
        for (rank, vacant) in vacancies.iter_mut().enumerate().skip(1) {
            *vacant += unit.state.whole_posts(rank) as i64;
        }
        for person in everybody(unit).filter(|person| person.standing.boss()) {
            vacancies[usize::from(person.standing.rank())] -= 1;
        }
    }
    vacancies
}

/// Who goes to school, from the state after the month alone: nobody who stayed would have come before anybody who went.
#[test]
fn the_best_candidates_go_to_school_whoever_they_were_at_the_start_of_the_month() {
    // Many places and many demotions, so that bosses who become workers this month are among the candidates.
    let mut setup = setup(10_000, 25, |levers| {
        (levers.schooling, levers.criticism) = (1.0, 1.0);
        (levers.repression, levers.purge) = (0.0, 0.0);
    });
    (setup.parameters.school_places, setup.parameters.sanction_base) = (0.05, 1.0);
    setup.parameters.accusation_scale = 0.02;
    let key = Key::new(1, 1);
    let mut society = start(Arc::new(setup), 1, 1);
    let (mut pupils, mut fallen) = (0, 0);
    for month in Month::all().take(60) {
        society.month();
        let score = |person: &Person, member: bool, competence: f32| {
            let word = key.block(MONTHLY, month.0, person.identity)[monthly::SCHOOL];
            2.0 * person.drive.ambition().value()
                + if member { 0.5 } else { 0.0 }
                + competence
                + gumbel_of_word(word)
        };
        let gone = society.school().last().map_or(&[][..], |cohort| &cohort.workers);
        let least = gone
            .iter()
            .map(|student| {
                let person = &student.person;
                score(person, person.standing.in_party(), person.competence(month.0))
            })
            .fold(f32::INFINITY, f32::min);
        pupils += gone.len();
        // A demotion rankles from its month on for six; nobody is expelled.
        let fell = |person: &Person| person.dates.rankles_until() == month.0 as i16 + 5;
        fallen += gone.iter().filter(|student| fell(&student.person)).count();
        for person in society.units().iter().flat_map(everybody) {
            let standing = person.standing;
            if standing.boss() || standing.trained() || standing.former() || person.tenure(month.0) < 12.0 {
                continue;
            }
            // Recruitment came after school: who joined this month was outside.
            let member = standing.in_party() && person.dates.joined() != month.0 as i16;
            let own = score(&person, member, person.competence(month.0));
            assert!(own <= least + 1e-4, "{month}: {own} stays, {least} goes: {person:?}");
        }
    }
    println!("{pupils} went to school, {fallen} of them demoted to worker in that month");
    assert!(pupils > 500 && fallen > 10);
}
