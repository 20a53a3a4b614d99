//! Writes the attributes of people, units, regions, the centre and cohorts as texts by name, and finds those that differ.

use super::state::{Field, PersonAt, Place};
use crate::model::observed::counts_by_name;
use crate::model::state::fate;
use crate::model::state::region::{Centre, Region};
use crate::model::state::school::Cohort;
use crate::model::state::standing::{ORIGIN_NAMES, Party, RANK_NAMES, Role};
use crate::model::state::traits::{ENTERED_BEFORE, NEVER_ENTERED, NEVER_JOINED, NOTHING_RANKLES, UNRANKED};
use crate::model::state::unit::Unit;
use std::fmt::Debug;

/// The attributes whose values differ.
pub(super) fn fields([left, right]: &[Vec<(&'static str, String)>; 2]) -> Vec<Field> {
    let pairs = left.iter().zip(right).filter(|((_, left), (_, right))| left != right);
    pairs.map(|((name, left), (_, right))| Field { name, left: left.clone(), right: right.clone() }).collect()
}

fn text(value: impl Debug) -> String {
    format!("{value:?}")
}

/// A date in months since January 1928 as text, also before 1928; `never` for the value that says so.
fn date(months: i16, never: i16) -> String {
    if months == never {
        return "never".to_owned();
    }
    let (years, month) = (months.div_euclid(12), months.rem_euclid(12));
    format!("{}-{:02}", 1928 + years, month + 1)
}

fn word(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// The names of fates, in the order of their bits.
const FATES: [(u16, &str); 8] = [
    (fate::QUITS, "quits"),
    (fate::NATURAL, "natural exit"),
    (fate::SANCTIONED, "sanctioned"),
    (fate::ARRESTED, "arrested"),
    (fate::EXPELLED, "expelled from the party"),
    (fate::LEFT_PARTY, "leaves the party"),
    (fate::PURGED, "demoted on expulsion"),
    (fate::VOTED_OUT, "voted out"),
];

fn fates(marks: u16) -> String {
    let names: Vec<&str> = FATES.iter().filter(|(bit, _)| marks & bit != 0).map(|(_, name)| *name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// The attributes of a person by name. Ability and experience are those of the month.
pub(super) fn person_fields(person_at: &PersonAt, month: u16) -> Vec<(&'static str, String)> {
    let PersonAt { place, person, so_far } = person_at;
    let standing = person.standing;
    let role = match standing.role() {
        Role::None => "none",
        Role::Manager => "manager",
        Role::Specialist => "specialist",
        Role::Party => "party",
        Role::Union => "union",
    };
    let party = match standing.joined_as() {
        Party::Outside => "outside",
        Party::Candidate => "joined as candidate",
        Party::Member => "joined as member",
    };
    let entered = match person.career.entered() {
        ENTERED_BEFORE => "before 1928".to_owned(),
        entered => date(entered, NEVER_ENTERED),
    };
    vec![
        ("place", place_text(*place)),
        ("rank", RANK_NAMES[usize::from(person.rank())].to_owned()),
        ("role", role.to_owned()),
        ("fate this month", fates(so_far.fates)),
        ("accusations this month", so_far.accusations.to_string()),
        ("accused someone this month", word(so_far.accuses)),
        ("rank changed this month", word(so_far.rank_changed)),
        ("grievance", text(person.grievance)),
        ("egalitarianism", text(person.egalitarianism)),
        ("suspicion", text(person.suspicion)),
        ("fear", text(person.fear)),
        ("party", party.to_owned()),
        (
            if standing.in_party() { "joined the party" } else { "lost the party card" },
            date(person.dates.joined(), NEVER_JOINED),
        ),
        ("grudge until", date(person.dates.rankles_until(), NOTHING_RANKLES)),
        ("in the elite since", entered),
        ("in this rank since", date(person.career.ranked(), UNRANKED)),
        ("trained", word(standing.trained())),
        ("brigade", person.brigade.to_string()),
        ("ability", text(person.competence(month))),
        ("months of experience", text(person.tenure(month))),
        ("origin", ORIGIN_NAMES[standing.origin() as usize].to_owned()),
        ("blemish", word(standing.blemish())),
        ("ambition", text(person.ambition())),
        ("quality as a shock worker", text(person.drive.shock_quality().value())),
        ("temper", text(person.temper())),
        ("threshold of unrest", text(person.unrest_threshold())),
        ("aptitude", text(person.skill.aptitude().value())),
    ]
}

/// A place in words.
pub fn place_text(place: Place) -> String {
    match place {
        Place::Plant(number) => format!("plant {number}"),
        Place::Office(region) => format!("office of region {region}"),
        Place::School(region) => format!("school, from region {region}"),
    }
}

/// The stocks and counts of a unit by name, counts in the order of the month.
pub(super) fn unit_fields(unit: &Unit) -> Vec<(&'static str, String)> {
    let now = &unit.now;
    let mut fields = counts_by_name(now);
    fields.extend([
        ("enforcement of rules", text(now.implementation)),
        ("share of absences recorded", text(now.recording)),
        ("expected acquaintances by class", text(now.acquaintances)),
        ("authority", text(unit.authority)),
        ("union capacity", text(unit.union)),
        ("catharsis", text(unit.catharsis)),
        ("accused bosses", text(unit.accused_bosses)),
        ("denouncers", text(unit.denouncers)),
        ("openness", text(unit.openness)),
        ("scarcity of labour", text(unit.tightness)),
        ("workers wanted", text(unit.workers_wanted)),
        ("posts by rank", text(unit.posts)),
        ("trend of output", text(unit.output_trend)),
        ("gap to the plan", text(unit.plan_gap)),
    ]);
    fields
}

pub(super) fn region_fields(region: &Region) -> Vec<(&'static str, String)> {
    let Region { quota, attack, accused, punishments, perceived_punishment, mobility } = region;
    vec![
        ("quota", text(quota)),
        ("attack on officials", text(attack)),
        ("people accused", text(accused)),
        ("punishments", text(punishments)),
        ("perceived punishment", text(perceived_punishment)),
        ("mobility by origin group", text(mobility)),
    ]
}

pub(super) fn centre_fields(centre: &Centre) -> Vec<(&'static str, String)> {
    let Centre { pulses, popular_acts, popular_meetings, capital } = centre;
    vec![
        ("pulses of show trials by class", text(pulses)),
        ("popular accusations by class", text(popular_acts)),
        ("popular meetings by class", text(popular_meetings)),
        ("capital", text(capital)),
    ]
}

pub(super) fn cohort_fields(cohort: &Cohort) -> Vec<(&'static str, String)> {
    vec![("outsiders at school", cohort.outsiders.to_string())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_before_1928_are_dates() {
        assert_eq!(
            [-1, 0, 161, -13].map(|months| date(months, -99)),
            ["1927-12", "1928-01", "1941-06", "1926-12"]
        );
        assert_eq!(date(-99, -99), "never");
        assert_eq!(fates(fate::QUITS | fate::ARRESTED), "quits, arrested");
        assert_eq!(fates(0), "none");
    }
}
