//! Sums up the months of a phase and defines its measures, the columns of `phases.csv`.
//!
//! Rates and shares of events (accusations, turnover, discipline, quits, chains) are computed from sums over the
//! phase. Any other measure is the mean of its monthly values.

use super::measures::{
    Measure, Value, discipline, entropy, entropy_of_counts, measures, ratio, real, recorded_days,
};
use super::record::MonthRecord;
use super::state::standing::{ELITE, FOREMAN, MOTIVES, ORIGINS, RANKS, REGIONAL, TARGET_CLASSES};
use super::state::target::THIRDS;
use super::state::unit::{Cause, WHOLE_ACT};
use super::targets::{Targets, add};
use crate::engine::maths::from_fixed;

/// Months at each end of a phase whose mean outputs are compared for its growth.
const GROWTH_MONTHS: usize = 6;

/// Mean over the months in which a measure is defined.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Mean {
    sum: f64,
    months: f64,
}

impl Mean {
    fn add(&mut self, value: Value) {
        if let Some(value) = value.number() {
            self.sum += value;
            self.months += 1.0;
        }
    }

    fn value(&self) -> Value {
        ratio(self.sum, self.months)
    }
}

/// Measures that are means of their monthly values, by column of `series.csv`.
const MEANS: [&str; 18] = [
    "grievance",
    "authority",
    "fear",
    "fear_elite",
    "mood",
    "mood_public",
    "image_overlap",
    "newcomers",
    "unrest",
    "tightness",
    "union_capacity",
    "implementation",
    "plan_gap",
    "openness",
    "grievance_regime",
    "falsification",
    "acceptance",
    "pay_gini",
];

/// Sums over the months of one phase.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PhaseRecord {
    months: u64,
    people: u64,
    workers: u64,
    elite: u64,
    acts: u64,
    motives: [u64; MOTIVES],
    targets: Targets,
    chance_targets: Targets,
    bosses_by_since: [u64; 3],
    bosses_by_ambition: [u64; THIRDS],
    bosses_by_ability: [u64; THIRDS],
    people_by_rank: [u64; RANKS],
    candidates: [u64; RANKS],
    boss_losses: u64,
    expelled: u64,
    expelled_recent: u64,
    exposed_to_purge: [u64; 2],
    ability_gap: f64,
    promotions_compared: u64,
    former_bosses: u64,
    bosses: u64,
    losses: [u64; 3],
    accused: u64,
    punished: u64,
    shirkers: u64,
    quits: u64,
    arrests: u64,
    arrests_by_class: [u64; TARGET_CLASSES],
    arrests_planned: f64,
    arrests_under_plan: u64,
    promotions: u64,
    openings: u64,
    elite_entries: [u64; ORIGINS],
    heads: [u64; ORIGINS],
    party_exits: u64,
    standing: [u64; 2],
    voted_out: [u64; 2],
    elite_competence: u64,
    vacant: u64,
    posts: u64,
    official: [f64; TARGET_CLASSES],
    official_months: f64,
    popular: [f64; TARGET_CLASSES],
    popular_months: f64,
    recorded: Mean,
    discipline_least: Option<f64>,
    means: [Mean; MEANS.len()],
    output: Vec<f64>,
}

impl PhaseRecord {
    /// Adds a month; months must be added in the order of the calendar.
    pub fn add(&mut self, month: &MonthRecord) {
        self.months += 1;
        self.people += month.people();
        self.workers += month.people_by_rank[0];
        self.elite += month.elite();
        self.acts += month.acts;
        add(&mut self.motives, &month.motives);
        self.targets.add_all(&month.targets);
        self.chance_targets.add_all(&month.chance_targets);
        add(&mut self.bosses_by_since, &month.bosses_by_since);
        add(&mut self.bosses_by_ambition, &month.bosses_by_ambition);
        add(&mut self.bosses_by_ability, &month.bosses_by_ability);
        add(&mut self.people_by_rank, &month.people_by_rank);
        add(&mut self.candidates, &month.candidates);
        self.boss_losses += month.losses.iter().flatten().sum::<u64>();
        self.expelled += month.expelled;
        self.expelled_recent += month.expelled_recent;
        add(&mut self.exposed_to_purge, &month.exposed_to_purge);
        self.compare_abilities(month);
        self.former_bosses += month.former_bosses;
        self.bosses += month.people() - month.people_by_rank[0];
        add(
            &mut self.losses,
            &[
                month.elite_losses(Cause::Arrest),
                month.administrative_elite_losses(),
                month.elite_losses(Cause::Natural),
            ],
        );
        self.accused += month.accused;
        self.punished += month.punished;
        self.shirkers += month.shirkers;
        self.quits += month.quits;
        self.arrests += month.arrests;
        add(&mut self.arrests_by_class, &month.arrests_by_class);
        self.arrests_planned += month.arrests_planned;
        self.arrests_under_plan += month.arrests_under_plan;
        self.promotions += month.promotions.iter().sum::<u64>();
        self.openings += month.openings();
        add(&mut self.elite_entries, &month.elite_entries);
        add(&mut self.heads, &month.origins);
        self.party_exits += month.expelled + month.left_party;
        add(&mut self.standing, &month.stood);
        add(&mut self.voted_out, &month.voted_out);
        self.elite_competence += month.elite_competence;
        self.vacant += month.vacant[2..].iter().sum::<u64>();
        self.posts += month.posts[2..].iter().sum::<u64>();
        add_image(&mut self.official, &mut self.official_months, month.images.official);
        add_image(&mut self.popular, &mut self.popular_months, month.images.popular);
        self.recorded.add(recorded_days(month));
        if let Some(discipline) = discipline(month).number() {
            let least = self.discipline_least.unwrap_or(discipline);
            self.discipline_least = Some(least.min(discipline));
        }
        for (mean, measure) in self.means.iter_mut().zip(mean_measures()) {
            mean.add((measure.value)(month));
        }
        self.output.push(month.output);
    }

    /// Compares the people promoted to ranks 2 to 4 with the candidates for these posts.
    fn compare_abilities(&mut self, month: &MonthRecord) {
        for post in usize::from(ELITE)..RANKS {
            let promoted = month.promotions[post];
            if let Some(mean) =
                ratio(from_fixed(month.candidate_ability[post]), month.candidates[post] as f64).number()
            {
                self.ability_gap += from_fixed(month.promoted_ability[post]) - promoted as f64 * mean;
                self.promotions_compared += promoted;
            }
        }
    }

    /// Returns the targets of the accusations.
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// Returns the people drawn beside the targets, without regard to motives; nobody unless
    /// [`super::simulation::Simulation::with_chance_targets`] asked for them.
    pub fn chance_targets(&self) -> &Targets {
        &self.chance_targets
    }

    /// Returns the phase with the people drawn by chance in the place of the targets.
    ///
    /// Measures of whom accusations hit (directions, classes, hazards and their ratios, accusations of bosses and among
    /// workers) then belong to accusers who are the same but choose without motive. All other measures are those of the
    /// phase as it was, among them the number of accusations, the motives and the images.
    #[must_use]
    pub fn with_chance_targets(&self) -> PhaseRecord {
        PhaseRecord { targets: self.chance_targets, ..self.clone() }
    }

    fn years(&self) -> f64 {
        self.months as f64 / 12.0
    }

    /// Returns `events` per thousand people and year.
    fn per_1000(&self, events: u64, person_months: u64) -> Value {
        ratio(12_000.0 * events as f64, person_months as f64)
    }

    fn turnover(&self, losses: u64) -> Value {
        ratio(12.0 * losses as f64, self.elite as f64)
    }

    fn mean(&self, key: &str) -> Value {
        let position = MEANS.iter().position(|mean| *mean == key);
        position.map_or(Value::Missing, |position| self.means[position].value())
    }

    fn motive(&self, motive: usize) -> Value {
        ratio(self.motives[motive] as f64 / f64::from(WHOLE_ACT), self.acts as f64)
    }

    fn hazard_by_since(&self, bin: usize) -> Value {
        self.per_1000(self.targets.by_since[bin], self.bosses_by_since[bin])
    }

    fn mean_image(image: &[f64; TARGET_CLASSES], months: f64) -> Option<[f64; TARGET_CLASSES]> {
        (months > 0.0).then(|| image.map(|share| share / months))
    }

    /// Returns half the distance between the mean official image and the classes of the people arrested (iog).
    fn intent_outcome_gap(&self) -> Value {
        let image = PhaseRecord::mean_image(&self.official, self.official_months);
        match (image, self.arrests) {
            (Some(image), arrests) if arrests > 0 => {
                let shares = image.iter().zip(&self.arrests_by_class);
                let distance: f64 =
                    shares.map(|(share, &count)| (share - count as f64 / arrests as f64).abs()).sum();
                // Rounding can take the distance of disjoint shares above 2 by a unit in the last place.
                Value::Real((0.5 * distance).min(1.0))
            }
            _ => Value::Missing,
        }
    }

    /// Returns the log ratio of elite entries per person: white-collar and former people over peasants and workers.
    fn fluidity(&self) -> Value {
        let [peasant, worker, employee, former] = self.elite_entries;
        let upper = ratio((employee + former) as f64, (self.heads[2] + self.heads[3]) as f64).number();
        let lower = ratio((peasant + worker) as f64, (self.heads[0] + self.heads[1]) as f64).number();
        match (upper, lower) {
            (Some(upper), Some(lower)) if upper > 0.0 && lower > 0.0 => Value::Real(libm::log(upper / lower)),
            _ => Value::Missing,
        }
    }

    /// Returns the yearly growth of output, from the mean of the first six months to that of the last six.
    fn output_growth(&self) -> Value {
        let months = self.output.len();
        if months <= GROWTH_MONTHS {
            return Value::Missing;
        }
        let first: f64 = self.output[..GROWTH_MONTHS].iter().sum();
        let last: f64 = self.output[months - GROWTH_MONTHS..].iter().sum();
        if first <= 0.0 {
            return Value::Missing;
        }
        Value::Real(libm::pow(last / first, 12.0 / (months - GROWTH_MONTHS) as f64) - 1.0)
    }

    /// Returns the hazard of accusation of former people among the bosses over that of other bosses.
    fn hazard_ratio_former(&self) -> Value {
        hazard_ratio(
            (self.targets.former_bosses, self.former_bosses),
            (self.targets.of_bosses() - self.targets.former_bosses, self.bosses - self.former_bosses),
        )
    }

    /// Returns the hazard of accusation of the bosses with less than 12 months in rank over that of the bosses with 36
    /// months and more.
    fn hazard_ratio_newly_risen(&self) -> Value {
        let ([risen, _, established], [risen_bosses, _, established_bosses]) =
            (self.targets.by_since, self.bosses_by_since);
        hazard_ratio((risen, risen_bosses), (established, established_bosses))
    }

    /// Returns the hazard of accusation of the bosses in the upper third over that of those in the lower third.
    fn hazard_ratio_of_thirds(acts: &[u64; THIRDS], bosses: &[u64; THIRDS]) -> Value {
        hazard_ratio((acts[THIRDS - 1], bosses[THIRDS - 1]), (acts[0], bosses[0]))
    }

    /// Returns the accusations of bosses who are candidates for an open post over those expected if candidates had the
    /// hazard of the other bosses of their rank. Ranks without others are left out.
    fn hazard_ratio_candidates(&self) -> Value {
        let (mut observed, mut expected) = (0, 0.0);
        for rank in usize::from(FOREMAN)..usize::from(REGIONAL) {
            let (people, candidates) = (self.people_by_rank[rank], self.candidates[rank + 1]);
            let acts = self.targets.candidates[rank];
            let others = (self.targets.by_rank[rank] - acts) as f64;
            if let Some(hazard) = ratio(others, (people - candidates) as f64).number() {
                observed += acts;
                expected += hazard * candidates as f64;
            }
        }
        ratio(observed as f64, expected)
    }

    /// Returns the hazard of expulsion of recent recruits of the party over that of others, in months with a purge.
    fn recent_expulsion_ratio(&self) -> Value {
        let [recent, others] = self.exposed_to_purge;
        hazard_ratio((self.expelled_recent, recent), (self.expelled - self.expelled_recent, others))
    }

    /// Returns the part of new specialists, managers and officials in the popular image, mean of the months in which it is
    /// defined, over their share of the people of all months.
    fn popular_image_bosses_ratio(&self) -> Value {
        let image = PhaseRecord::mean_image(&self.popular, self.popular_months);
        // The bosses but the former people among them are the people of these classes.
        let share = ratio((self.bosses - self.former_bosses) as f64, self.people as f64).number();
        match (image, share) {
            (Some(image), Some(share)) => ratio(image[1..=3].iter().sum(), share),
            _ => Value::Missing,
        }
    }
}

/// Returns the ratio of two hazards, each given as events and the number of those exposed.
fn hazard_ratio(one: (u64, u64), other: (u64, u64)) -> Value {
    let hazard = |(events, exposed): (u64, u64)| ratio(events as f64, exposed as f64).number();
    match (hazard(one), hazard(other)) {
        (Some(one), Some(other)) => ratio(one, other),
        _ => Value::Missing,
    }
}

fn add_image(sum: &mut [f64; TARGET_CLASSES], months: &mut f64, image: Option<[f64; TARGET_CLASSES]>) {
    if let Some(image) = image {
        *months += 1.0;
        for (sum, share) in sum.iter_mut().zip(image) {
            *sum += share;
        }
    }
}

fn mean_measures() -> impl Iterator<Item = &'static Measure<MonthRecord>> {
    MEANS.iter().filter_map(|key| super::measures::MONTH_MEASURES.iter().find(|measure| measure.key == *key))
}

measures! { PHASE_MEASURES: PhaseRecord, "The columns of `phases.csv` behind scenario, replicate, seed and phase.";
    months, "months", count, "months of the phase that were run", |p| Value::Count(p.months);
    people, "people", real, "mean of people present", |p| ratio(p.people as f64, p.months as f64);
    workers, "people", real, "mean of workers present", |p| ratio(p.workers as f64, p.months as f64);
    elite, "people", real, "mean of the elite present", |p| ratio(p.elite as f64, p.months as f64);
    elite_turnover, "per year", real, "elite arrested, demoted or gone naturally over the mean elite, a year", |p| p.turnover(p.losses.iter().sum());
    elite_turnover_repressive, "per year", real, "elite arrested over the mean elite, a year", |p| p.turnover(p.losses[0]);
    elite_turnover_administrative, "per year", real, "elite demoted by sanction, purge or election over the mean elite, a year", |p| p.turnover(p.losses[1]);
    elite_turnover_natural, "per year", real, "natural exits of the elite over the mean elite, a year", |p| p.turnover(p.losses[2]);
    accusations_per_1000, "per 1000 people per year", real, "accusations over mean people present, a year", |p| p.per_1000(p.acts, p.people);
    share_principle, "share", real, "share of the motive of principle in the accusations of the phase; empty if there were none", |p| p.motive(0);
    share_temperament, "share", real, "share of the motive of temperament in the accusations of the phase", |p| p.motive(1);
    share_rivalry, "share", real, "share of the motive of rivalry in the accusations of the phase", |p| p.motive(2);
    share_fear, "share", real, "share of the motive of fear in the accusations of the phase", |p| p.motive(3);
    share_upwards, "share", real, "share of accusations of a person of higher rank", |p| ratio(p.targets.by_direction[0] as f64, p.targets.acts as f64);
    share_sideways, "share", real, "share of accusations of a person of the same rank", |p| ratio(p.targets.by_direction[1] as f64, p.targets.acts as f64);
    discipline, "share", real, "share of worker-months without shirking (D)", |p| ratio((p.workers - p.shirkers) as f64, p.workers as f64);
    discipline_least, "share", real, "discipline of the month in which it was lowest", |p| real(p.discipline_least);
    recorded_absence_days, "days per worker per year", real, "recorded absence, mean of the months", |p| p.recorded.value();
    quit_rate, "per worker per year", real, "12 times the draws of quitting over worker-months", |p| ratio(12.0 * p.quits as f64, p.workers as f64);
    grievance, "0 to 1", real, "mean grievance of workers, mean of the months", |p| p.mean("grievance");
    authority, "0 to 1", real, "managerial authority, mean of the months", |p| p.mean("authority");
    fear, "0 to 1", real, "mean fear of all people, mean of the months", |p| p.mean("fear");
    fear_elite, "0 to 1", real, "mean fear of the elite, mean of the months", |p| p.mean("fear_elite");
    mood, "0 to 1", real, "mean grievance of all people, mean of the months", |p| p.mean("mood");
    mood_public, "0 to 1", real, "mean grievance as shown, mean of the months", |p| p.mean("mood_public");
    falsification, "0 to 1", real, "mood minus mood as shown, mean of the months", |p| p.mean("falsification");
    grievance_regime, "0 to 1", real, "mean grievance directed at the regime, mean of the months", |p| p.mean("grievance_regime");
    acceptance, "at most 1", real, "1 minus the workers' mean grievance from deprivation, mean of the months", |p| p.mean("acceptance");
    unrest, "share", real, "share of people above their threshold of unrest, mean of the months", |p| p.mean("unrest");
    arrests_per_1000, "per 1000 people per year", real, "arrests over mean people present, a year", |p| p.per_1000(p.arrests, p.people);
    arrests_over_plan, "ratio", real, "arrests over the plan before any ratchet, in months of repression above .2; empty if there were none", |p| ratio(p.arrests_under_plan as f64, p.arrests_planned);
    sanctioned_share, "share", real, "share of the accused who were sanctioned or arrested in the same month; empty if there were none", |p| ratio(p.punished as f64, p.accused as f64);
    image_overlap, "0 to 1", real, "overlap of the official and the popular image, mean of the months in which it is defined; too low, without correction, where the popular image rests on few accusations", |p| p.mean("image_overlap");
    image_entropy, "nats", real, "entropy of the phase's mean official image", |p| real(PhaseRecord::mean_image(&p.official, p.official_months).as_ref().map(entropy));
    popular_image_entropy, "nats", real, "entropy of the phase's mean popular image; not corrected for few accusations", |p| real(PhaseRecord::mean_image(&p.popular, p.popular_months).as_ref().map(entropy));
    accused_entropy, "nats", real, "entropy of the phase's accusations over six target classes, with the correction of Miller and Madow for few accusations: half of (classes accused - 1) over accusations is added; at most that of equal shares", |p| entropy_of_counts(&p.targets.by_class);
    former_share_of_accused, "share", real, "share of accusations that are of former people", |p| ratio(p.targets.by_class[0] as f64, p.targets.acts as f64);
    former_hazard_ratio, "ratio", real, "hazard of accusation of former people among the bosses over that of other bosses", PhaseRecord::hazard_ratio_former;
    intent_outcome_gap, "0 to 1", real, "half the distance between the mean official image and the target classes of those arrested; too high, without correction, where few are arrested: compare phases or scenarios only if their arrests are alike; empty without arrests", PhaseRecord::intent_outcome_gap;
    hazard_newly_risen, "per 1000 bosses per year", real, "accusations of bosses with less than 12 months in rank over their person-years", |p| p.hazard_by_since(0);
    hazard_settled, "per 1000 bosses per year", real, "the same, 12 to 35 months in rank", |p| p.hazard_by_since(1);
    hazard_established, "per 1000 bosses per year", real, "the same, 36 months in rank and more", |p| p.hazard_by_since(2);
    chain_length, "promotions per opening", real, "promotions over openings; empty if there were none", |p| ratio(p.promotions as f64, p.openings as f64);
    openings, "posts per year", real, "posts of rank 1 and above that opened, a year", |p| ratio(p.openings as f64, p.years());
    upward_inflow, "per 1000 people per year", real, "promotions to rank 2 of people without a spell in the elite, over mean people present, a year", |p| p.per_1000(p.elite_entries.iter().sum(), p.people);
    upward_inflow_peasant, "per 1000 people per year", real, "the same of peasant origin, over people of peasant origin", |p| p.per_1000(p.elite_entries[0], p.heads[0]);
    upward_inflow_worker, "per 1000 people per year", real, "the same of worker origin, over people of worker origin", |p| p.per_1000(p.elite_entries[1], p.heads[1]);
    upward_inflow_employee, "per 1000 people per year", real, "the same of white-collar origin, over people of that origin", |p| p.per_1000(p.elite_entries[2], p.heads[2]);
    upward_inflow_former, "per 1000 people per year", real, "the same of the former people, over former people", |p| p.per_1000(p.elite_entries[3], p.heads[3]);
    fluidity_index, "log ratio", real, "log of entries per head from white-collar and former origin over those from peasant and worker origin: 0 open, larger more closed", PhaseRecord::fluidity;
    elite_competence, "0 to 1", real, "mean ability of the elite over person-months", |p| ratio(from_fixed(p.elite_competence), p.elite as f64);
    vacancies, "share", real, "vacant posts of ranks 2 to 4 over whole posts, before each rank is filled", |p| ratio(p.vacant as f64, p.posts as f64);
    newcomers, "share", real, "share of workers with less than 24 months of experience, mean of the months", |p| p.mean("newcomers");
    tightness, "0 to 1", real, "scarcity of labour, mean of the months", |p| p.mean("tightness");
    union_capacity, "0 to 1", real, "union capacity, mean of the months", |p| p.mean("union_capacity");
    implementation, "0 to 1", real, "share of the rules that is enforced, mean of the months", |p| p.mean("implementation");
    plan_gap, "share", real, "plan gap, mean of the months", |p| p.mean("plan_gap");
    openness, "promotions per post per year", real, "openness of posts, mean of the months", |p| p.mean("openness");
    output, "output of a standard worker-month", real, "output, mean of the months", |p| ratio(p.output.iter().sum(), p.months as f64);
    output_growth, "change per year", real, "growth of output: mean of the last six months over that of the first six, per year; empty in phases of six months or less", PhaseRecord::output_growth;
    party_exits, "people", count, "people expelled from the party or gone quietly", |p| Value::Count(p.party_exits);
    voted_out_middle, "share", real, "share of the officials of rank 2 standing for election who were voted out; empty without candidates", |p| ratio(p.voted_out[0] as f64, p.standing[0] as f64);
    voted_out_upper, "share", real, "share of the officials of ranks 3 and 4 standing for election who were voted out; empty without candidates", |p| ratio(p.voted_out[1] as f64, p.standing[1] as f64);
    replacement_share, "share", real, "share of the openings that bosses left who were arrested, demoted or gone naturally; growth added the others; empty without openings", |p| ratio(p.boss_losses as f64, p.openings as f64);
    accusations_of_bosses_per_1000, "per 1000 people per year", real, "accusations of people of rank 1 and above, over mean people present, a year", |p| p.per_1000(p.targets.of_bosses(), p.people);
    accusations_worker_on_worker_per_1000, "per 1000 people per year", real, "accusations of workers by workers, over mean people present, a year", |p| p.per_1000(p.targets.workers_by_workers, p.people);
    hazard_ratio_ambitious, "ratio", real, "hazard of accusation of bosses in the upper third of ambition over that of bosses in the lower third; thirds of the people who enter the model", |p| PhaseRecord::hazard_ratio_of_thirds(&p.targets.by_ambition, &p.bosses_by_ambition);
    hazard_ratio_able, "ratio", real, "hazard of accusation of bosses in the upper third of ability over that of bosses in the lower third; thirds of the bosses of the same rank in January of the year", |p| PhaseRecord::hazard_ratio_of_thirds(&p.targets.by_ability, &p.bosses_by_ability);
    hazard_ratio_candidates, "ratio", real, "accusations of candidates, bosses of ranks 1 to 3 with an open post one rank above them at the roll call (in their unit, for directors in the office of the region), over the accusations that they would have with the hazard of the other bosses of their rank", PhaseRecord::hazard_ratio_candidates;
    promoted_ability_gap, "-1 to 1", real, "mean over promotions to ranks 2 to 4 of the ability before promotion minus the mean ability of the month's candidates for posts of that rank", |p| ratio_of_any(p.ability_gap, p.promotions_compared);
    recent_expulsion_ratio, "ratio", real, "hazard of expulsion from the party of people who joined less than 36 months ago over that of others, in months with a purge; empty without a purge", PhaseRecord::recent_expulsion_ratio;
    pay_gini, "0 to 1", real, "Gini coefficient of pay among workers, mean of the months; shock workers earn more, the model pays all others alike", |p| p.mean("pay_gini");
    popular_image_bosses_ratio, "ratio", real, "part of new specialists, managers and officials in the popular image, mean of the months in which it is defined, over their share of the people present in all months of the phase; empty if it is never defined", PhaseRecord::popular_image_bosses_ratio;
    hazard_ratio_newly_risen, "ratio", real, "hazard of accusation of bosses with less than 12 months in rank over that of bosses with 36 months and more", PhaseRecord::hazard_ratio_newly_risen;
}

/// Returns a sum of any sign over a number of people; missing if there are none.
fn ratio_of_any(sum: f64, people: u64) -> Value {
    if people > 0 { Value::Real(sum / people as f64) } else { Value::Missing }
}

#[cfg(test)]
#[path = "phase_tests.rs"]
mod tests;
