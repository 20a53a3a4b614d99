//! Shows a society before each step of a month, and names the steps with the draws that they read.
//!
//! [`super::month`] writes the schedule once, inside [`observable`]. The macro makes two functions of it: the month, and
//! the same month with a call of an observer before each step. The month itself is not changed by this.

use super::purpose::{BIRTH, DESTINATION, MONTHLY, RARE, birth, monthly, rare};
use super::society::{Agent, Society};
use super::state::counts::with_counts;
use super::state::person::Person;
use super::state::unit::UnitMonth;

/// Defines `month` as it is written, and `month_in_steps`, which calls an observer with the name of each step and the
/// society just before that step.
macro_rules! observable {
    ($(#[$doc:meta])* pub fn month(&mut $society:ident) -> $record:ty { $($step:stmt);+ }) => {
        $(#[$doc])*
        // The semicolon that separates two steps is redundant after a `let`.
        #[allow(redundant_semicolons)]
        pub fn month(&mut $society) -> $record {
            $($step);+
        }

        /// Like [`Society::month`], calling `look` before each step with the step's name and the society so far.
        #[allow(redundant_semicolons)]
        pub(in crate::model) fn month_in_steps(
            &mut $society,
            look: &mut dyn FnMut(&'static str, &Society),
        ) -> $record {
            $(look($crate::model::observed::step_name(stringify!($step)), $society); $step);+
        }
    };
}
pub(super) use observable;

/// Returns the name of a step from its line in the schedule: the function that it calls.
pub(super) fn step_name(line: &'static str) -> &'static str {
    let call = line.split('(').next().unwrap_or(line);
    call.rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next().unwrap_or(call)
}

/// A draw that a step may read for a person: a word of the block of the person, page and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonalDraw {
    /// What it decides, in words.
    pub name: &'static str,
    /// Page of [`super::purpose`].
    pub page: u16,
    /// Slot on that page.
    pub slot: usize,
}

/// A step of the month.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Name of the function that [`super::month`] calls.
    pub name: &'static str,
    /// Number of the step in section 3 of docs/model.md.
    pub number: u8,
    /// What happens in it, in words.
    pub words: &'static str,
    /// The draws that it may read for a person. Draws of units and of the centre are not listed.
    pub draws: &'static [PersonalDraw],
}

const fn draw(name: &'static str, page: u16, slot: usize) -> PersonalDraw {
    PersonalDraw { name, page, slot }
}

const fn step(name: &'static str, number: u8, words: &'static str, draws: &'static [PersonalDraw]) -> Step {
    Step { name, number, words, draws }
}

/// The draws of a person who enters the model.
const ENTRY_DRAWS: &[PersonalDraw] = &[
    draw("origin", BIRTH, birth::ORIGIN),
    draw("ability", BIRTH, birth::COMPETENCE),
    draw("egalitarianism", BIRTH, birth::EGALITARIANISM),
    draw("ambition", BIRTH, birth::AMBITION),
    draw("temper", BIRTH, birth::TEMPER),
    draw("quality as a shock worker", BIRTH, birth::SHOCK_QUALITY),
    draw("threshold of unrest", BIRTH, birth::THRESHOLD),
    draw("brigade", BIRTH, birth::BRIGADE),
];

/// The draws of a person who is present in January 1928.
pub const START_DRAWS: &[PersonalDraw] = &[
    draw("origin", BIRTH, birth::ORIGIN),
    draw("standing in the party", BIRTH, birth::PARTY),
    draw("months since joining the party", BIRTH, birth::JOINED),
    draw("role", BIRTH, birth::ROLE),
    draw("training", BIRTH, birth::TRAINED),
    draw("ability", BIRTH, birth::COMPETENCE),
    draw("egalitarianism", BIRTH, birth::EGALITARIANISM),
    draw("ambition", BIRTH, birth::AMBITION),
    draw("temper", BIRTH, birth::TEMPER),
    draw("quality as a shock worker", BIRTH, birth::SHOCK_QUALITY),
    draw("threshold of unrest", BIRTH, birth::THRESHOLD),
    draw("blemish", BIRTH, birth::BLEMISH),
    draw("brigade", BIRTH, birth::BRIGADE),
    draw("experience", BIRTH, birth::TENURE),
    draw("months in rank", BIRTH, birth::SINCE),
];

/// The steps of the month, in the order of the schedule.
pub const STEPS: &[Step] = &[
    step("set_levers", 0, "policy: levers and show trials", &[]),
    step("call_roll", 1, "roll call: who is present, enforcement of the rules", &[]),
    step("roll_of_regions", 1, "roll call of the regions", &[]),
    step("school_places", 1, "places at the technical school", &[]),
    step("feel", 2, "grievance and egalitarian conviction", &[]),
    step(
        "work",
        2,
        "work, shirking, quitting",
        &[draw("shirking", MONTHLY, monthly::SHIRK), draw("quitting", MONTHLY, monthly::QUIT)],
    ),
    step(
        "accuse",
        3,
        "accusation and suspicion",
        &[
            draw("kind of acquaintance", MONTHLY, monthly::MEETING),
            draw("level of the superior", MONTHLY, monthly::LEVEL),
            draw("choice of the acquaintance, first word", MONTHLY, monthly::ACQUAINTANCE),
            draw("choice of the acquaintance, second word", MONTHLY, monthly::ACQUAINTANCE + 1),
            draw("accusing", MONTHLY, monthly::ACCUSE),
        ],
    ),
    step("sanction", 4, "sanctions after accusations", &[draw("sanction", MONTHLY, monthly::SANCTION)]),
    step(
        "arrest",
        4,
        "arrests",
        &[
            draw("selection for arrest", MONTHLY, monthly::SELECTION),
            draw("arrest despite a weak case", MONTHLY, monthly::WEAK_CASE),
        ],
    ),
    step(
        "exit_naturally",
        4,
        "death, retirement, departure",
        &[draw("natural exit", MONTHLY, monthly::NATURAL_EXIT)],
    ),
    step(
        "purge",
        4,
        "purge of the party",
        &[
            draw("purge", MONTHLY, monthly::PURGE),
            draw("demotion on expulsion", RARE, rare::EXPULSION_DEMOTION),
        ],
    ),
    step("elect", 4, "elections", &[draw("losing the election", RARE, rare::ELECTION)]),
    step("count_fates", 4, "count of fates", &[]),
    step("update_units", 5, "authority, catharsis and unions", &[]),
    step("fear", 6, "fear, and the measurement of mood", &[]),
    step("fade_at_school", 5, "suspicion and fear of students", &[]),
    step("update_regions", 5, "regions: perceived punishment, attack on officials, quota", &[]),
    step(
        "depart",
        7,
        "departures and demotions",
        &[
            draw("leaving industry", MONTHLY, monthly::LEAVE_INDUSTRY),
            draw("plant after demotion", RARE, rare::PLANT),
        ],
    ),
    step("grow", 7, "growth of posts and jobs", &[]),
    step(
        "return_graduates",
        7,
        "return of graduates",
        &[
            draw("plant, first word", RARE, rare::PLANT),
            draw("plant, second word", RARE, rare::PLANT + 1),
            draw("brigade", RARE, rare::BRIGADE),
            draw("region of an outsider", RARE, rare::REGION),
        ],
    ),
    step(
        "place_movers",
        7,
        "arrival of movers",
        &[
            draw("first plant proposed, first word", DESTINATION, 0),
            draw("first plant proposed, second word", DESTINATION, 1),
            draw("acceptance of it", DESTINATION, 2),
        ],
    ),
    step(
        "fill_posts",
        7,
        "vacancy chain: promotions",
        &[
            draw("noise in the score for promotion", MONTHLY, monthly::PROMOTION),
            draw("ability in the new rank", RARE, rare::ABILITY),
            draw("role", RARE, rare::ROLE),
            draw("role of a regional official", RARE, rare::REGIONAL_ROLE),
        ],
    ),
    step("close_vacancy_chain", 7, "openness of units, mobility of origins", &[]),
    step(
        "send_to_school",
        7,
        "workers sent to school",
        &[draw("noise in the choice of students", MONTHLY, monthly::SCHOOL)],
    ),
    step("hire", 7, "hiring", ENTRY_DRAWS),
    step("recruit", 7, "admission to the party", &[draw("joining the party", MONTHLY, monthly::RECRUITMENT)]),
    step("produce", 8, "output and the plan", &[]),
    step("close_month", 8, "images of the enemy", &[]),
];

/// What has happened to a person so far this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SoFar {
    /// Fates, as bits of [`super::state::fate`].
    pub fates: u16,
    /// Accusations received.
    pub accusations: u16,
    /// True if the person has accused someone.
    pub accuses: bool,
    /// True if the rank has changed.
    pub rank_changed: bool,
}

impl Society {
    /// Calls `look` for everyone present, with the position of the person's unit and what has happened to the person
    /// this month.
    pub fn for_each_person(&self, mut look: impl FnMut(usize, &Person, SoFar)) {
        for (position, people) in self.people.iter().enumerate() {
            for agent in people {
                let Agent { fate: fates, accusations, accuses, rank_changed, .. } = *agent;
                look(position, &agent.person, SoFar { fates, accusations, accuses, rank_changed });
            }
        }
    }
}

macro_rules! counts_by_name {
    ($($(#[$doc:meta])* $count:ident: $type:ty;)*) => {
        /// Returns the counts of a unit's month by name, as text.
        pub fn counts_by_name(now: &UnitMonth) -> Vec<(&'static str, String)> {
            vec![$((stringify!($count), format!("{:?}", now.$count)),)*]
        }
    };
}
with_counts!(counts_by_name);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_the_name_of_the_function_that_it_calls() {
        assert_eq!(step_name("let movers = self.depart(&conditions)"), "depart");
        assert_eq!(step_name("self.country.close_month(&conditions, self.units.iter())"), "close_month");
        assert_eq!(
            step_name("let mut regions = roll_of_regions(self.country.regions.len())"),
            "roll_of_regions"
        );
    }
}
