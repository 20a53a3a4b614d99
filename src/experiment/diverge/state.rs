//! Compares two societies: whether anything differs, and who or what differs first.
//!
//! People are matched by identity, wherever they are; the order in memory does not matter. A person counts as different
//! if any attribute, the place, or anything that has happened to the person this month differs.

use crate::model::observed::{SoFar, counts_by_name};
use crate::model::simulation::Simulation;
use crate::model::society::Society;
use crate::model::state::fate;
use crate::model::state::person::Person;
use crate::model::state::region::{Centre, Region};
use crate::model::state::school::Cohort;
use crate::model::state::standing::{ORIGIN_NAMES, Party, RANK_NAMES, Role};
use crate::model::state::traits::{ENTERED_BEFORE, NEVER_ENTERED, NEVER_JOINED, NOTHING_RANKLES, UNRANKED};
use crate::model::state::unit::Unit;
use std::fmt::Debug;

/// Where a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a plant, by its number.
    Plant(u32),
    /// In the office of a region.
    Office(u32),
    /// At school; the region is that to which the person returns.
    School(u32),
}

/// An attribute that differs, with both values as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name of the attribute.
    pub name: &'static str,
    /// Its value on the left.
    pub left: String,
    /// Its value on the right.
    pub right: String,
}

/// What is known of a person on one side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PersonAt {
    /// Where the person is.
    pub place: Place,
    /// The person.
    pub person: Person,
    /// What has happened to the person this month; nothing between two months.
    pub so_far: SoFar,
}

impl PersonAt {
    /// Name of the person's rank.
    pub fn rank_name(&self) -> &'static str {
        RANK_NAMES[usize::from(self.person.rank())]
    }
}

/// The first thing that differs between two societies.
#[derive(Debug, Clone, PartialEq)]
pub enum Differing {
    /// A person who is in both.
    Person {
        /// The person on both sides.
        sides: Box<[PersonAt; 2]>,
        /// What differs.
        fields: Vec<Field>,
    },
    /// A person who is in one society only; the other is `None`.
    PersonOfOne(Box<[Option<PersonAt>; 2]>),
    /// A plant or an office.
    Unit {
        /// Its place.
        place: Place,
        /// What differs.
        fields: Vec<Field>,
    },
    /// A region, by its number.
    Region(u32, Vec<Field>),
    /// The centre.
    Centre(Vec<Field>),
    /// Outsiders at school.
    School(Vec<Field>),
    /// The numbers of units, regions or cohorts, where these differ.
    Structure(Vec<Field>),
}

impl SocietyDifference {
    /// Whether any person differs.
    pub fn of_people(&self) -> bool {
        self.differing > 0 || self.only != [0, 0]
    }
}

/// How two societies differ.
#[derive(Debug, Clone, PartialEq)]
pub struct SocietyDifference {
    /// People of each society, those at school included.
    pub people: [u64; 2],
    /// People who are in both and differ.
    pub differing: u64,
    /// People who are in one only.
    pub only: [u64; 2],
    /// The first that differs: of the people in both the one with the lowest identity, else of the people in one, else a
    /// unit, region or the centre.
    pub first: Differing,
}

/// A society between two months, or before a step of a month.
pub(super) trait Snapshot {
    /// Calls `look` for everyone present, with the position of the person's unit.
    fn present(&self, look: &mut dyn FnMut(usize, &Person, SoFar));
    /// The units, plants before offices.
    fn units(&self) -> Vec<&Unit>;
    /// The regions.
    fn regions(&self) -> &[Region];
    /// The centre.
    fn centre(&self) -> &Centre;
    /// The cohorts at school.
    fn school(&self) -> Vec<&Cohort>;
}

impl Snapshot for Simulation {
    fn present(&self, look: &mut dyn FnMut(usize, &Person, SoFar)) {
        self.for_each_person(|unit, person| look(unit, person, SoFar::default()));
    }

    fn units(&self) -> Vec<&Unit> {
        self.units().collect()
    }

    fn regions(&self) -> &[Region] {
        self.regions()
    }

    fn centre(&self) -> &Centre {
        self.centre()
    }

    fn school(&self) -> Vec<&Cohort> {
        self.school().collect()
    }
}

impl Snapshot for Society {
    fn present(&self, look: &mut dyn FnMut(usize, &Person, SoFar)) {
        self.for_each_person(look);
    }

    fn units(&self) -> Vec<&Unit> {
        self.units().iter().collect()
    }

    fn regions(&self) -> &[Region] {
        self.regions()
    }

    fn centre(&self) -> &Centre {
        self.centre()
    }

    fn school(&self) -> Vec<&Cohort> {
        self.school().collect()
    }
}

fn place_of(unit: &Unit) -> Place {
    if unit.office { Place::Office(unit.region) } else { Place::Plant(unit.number) }
}

/// Calls `look` for everyone, those at school included.
fn each(society: &dyn Snapshot, look: &mut dyn FnMut(PersonAt)) {
    let places: Vec<Place> = society.units().into_iter().map(place_of).collect();
    society.present(&mut |unit, &person, so_far| look(PersonAt { place: places[unit], person, so_far }));
    for student in society.school().into_iter().flat_map(|cohort| &cohort.workers) {
        let place = Place::School(student.region);
        look(PersonAt { place, person: student.person, so_far: SoFar::default() });
    }
}

/// Everything about a person as words. Destructured, so that a new attribute cannot be forgotten here.
fn words(person_at: &PersonAt) -> [u64; 9] {
    let &PersonAt { place, person, so_far } = person_at;
    let Person {
        identity,
        standing,
        brigade,
        grievance,
        egalitarianism,
        drive,
        temperament,
        skill,
        fear,
        suspicion,
        dates,
        career,
    } = person;
    let SoFar { fates, accusations, accuses, rank_changed } = so_far;
    let place = match place {
        Place::Plant(number) => u64::from(number),
        Place::Office(region) => 1 << 32 | u64::from(region),
        Place::School(region) => 2 << 32 | u64::from(region),
    };
    let pair = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
    [
        identity,
        place,
        pair(u32::from(standing.bits()), u32::from(brigade)),
        pair(grievance.to_bits(), egalitarianism.to_bits()),
        pair(drive.bits(), temperament.bits()),
        pair(fear.to_bits(), suspicion.to_bits()),
        pair(skill.bits(), dates.bits()),
        pair(career.bits(), u32::from(rank_changed) | u32::from(accuses) << 1),
        pair(u32::from(fates), u32::from(accusations)),
    ]
}

/// Mixes a word into a hash: the finalizer of SplitMix64 over the sum, so that every bit affects every other.
pub(in crate::experiment) fn mixed(hash: u64, word: u64) -> u64 {
    let mut mixed = (hash ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// Hashes of a society. Different societies have equal hashes with a probability of about 2^-64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hashes {
    /// The sum over people, so that their order does not matter.
    pub(super) people: u64,
    /// Units, regions, centre and school.
    pub(super) others: u64,
}

/// Computes the hashes of a society.
pub(super) fn digest(society: &dyn Snapshot) -> Hashes {
    let mut people = 0u64;
    each(society, &mut |person_at| {
        people = people.wrapping_add(words(&person_at).into_iter().fold(0, mixed));
    });
    let mut hash = 0;
    let mut add = |fields: Vec<(&'static str, String)>| {
        for (_, value) in fields {
            let bytes = value.as_bytes();
            hash = mixed(hash, bytes.len() as u64);
            for chunk in bytes.chunks(8) {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                hash = mixed(hash, u64::from_le_bytes(word));
            }
        }
    };
    society.units().into_iter().for_each(|unit| add(unit_fields(unit)));
    society.regions().iter().for_each(|region| add(region_fields(region)));
    add(centre_fields(society.centre()));
    society.school().into_iter().for_each(|cohort| add(cohort_fields(cohort)));
    Hashes { people, others: hash }
}

/// Largest number of people who are sorted at once, per society.
const PEOPLE_AT_ONCE: u64 = 1 << 20;

/// Finds how two societies differ; `None` if they do not.
pub(super) fn difference(left: &dyn Snapshot, right: &dyn Snapshot, month: u16) -> Option<SocietyDifference> {
    let people = [left, right].map(|society| {
        let mut people = 0;
        each(society, &mut |_| people += 1);
        people
    });
    // One part of the people after the other, so that memory stays bounded.
    let parts = people[0].max(people[1]) / PEOPLE_AT_ONCE + 1;
    difference_by_parts([left, right], people, month, parts)
}

fn difference_by_parts(
    societies: [&dyn Snapshot; 2],
    people: [u64; 2],
    month: u16,
    parts: u64,
) -> Option<SocietyDifference> {
    let (mut differing, mut only) = (0, [0; 2]);
    let mut first_of_both: Option<[PersonAt; 2]> = None;
    let mut first_of_one: Option<[Option<PersonAt>; 2]> = None;
    for part in 0..parts {
        let [left, right] = societies.map(|society| {
            let mut found = Vec::new();
            each(society, &mut |person_at| {
                if mixed(0, person_at.person.identity) % parts == part {
                    found.push(person_at);
                }
            });
            found.sort_unstable_by_key(|person_at| person_at.person.identity);
            found
        });
        for pair in matched(&left, &right) {
            let identity = |pair: &[Option<PersonAt>; 2]| {
                pair.iter().flatten().next().map_or(u64::MAX, |person_at| person_at.person.identity)
            };
            match pair {
                [Some(left), Some(right)] if words(&left) == words(&right) => {}
                [Some(left), Some(right)] => {
                    differing += 1;
                    let known = first_of_both.map_or(u64::MAX, |[known, _]| known.person.identity);
                    if left.person.identity < known {
                        first_of_both = Some([left, right]);
                    }
                }
                pair => {
                    only[usize::from(pair[0].is_none())] += 1;
                    if first_of_one.is_none_or(|known| identity(&pair) < identity(&known)) {
                        first_of_one = Some(pair);
                    }
                }
            }
        }
    }
    let first = match (first_of_both, first_of_one) {
        (Some(sides), _) => {
            let fields = fields(&sides.map(|side| person_fields(&side, month)));
            Differing::Person { sides: Box::new(sides), fields }
        }
        (None, Some(pair)) => Differing::PersonOfOne(Box::new(pair)),
        (None, None) => without_people(societies[0], societies[1])?,
    };
    Some(SocietyDifference { people, differing, only, first })
}

/// Pairs two lists that are sorted by identity.
fn matched<'a>(
    left: &'a [PersonAt],
    right: &'a [PersonAt],
) -> impl Iterator<Item = [Option<PersonAt>; 2]> + 'a {
    let (mut left, mut right) = (left.iter().copied().peekable(), right.iter().copied().peekable());
    std::iter::from_fn(move || {
        let identities = [left.peek(), right.peek()].map(|side| side.map(|one| one.person.identity));
        let lowest = identities.into_iter().flatten().min()?;
        let has = |side: Option<u64>| side == Some(lowest);
        let pair = [has(identities[0]).then(|| left.next()), has(identities[1]).then(|| right.next())];
        Some(pair.map(Option::flatten))
    })
}

/// The first difference between two societies of equal people.
fn without_people(left: &dyn Snapshot, right: &dyn Snapshot) -> Option<Differing> {
    let sizes = |society: &dyn Snapshot| {
        vec![
            ("units", society.units().len().to_string()),
            ("regions", society.regions().len().to_string()),
            ("cohorts at school", society.school().len().to_string()),
        ]
    };
    let structure = fields(&[sizes(left), sizes(right)]);
    if !structure.is_empty() {
        return Some(Differing::Structure(structure));
    }
    for (left, right) in left.units().into_iter().zip(right.units()) {
        let fields = fields(&[unit_fields(left), unit_fields(right)]);
        if !fields.is_empty() {
            return Some(Differing::Unit { place: place_of(left), fields });
        }
    }
    for ((number, left), right) in (0..).zip(left.regions()).zip(right.regions()) {
        let fields = fields(&[region_fields(left), region_fields(right)]);
        if !fields.is_empty() {
            return Some(Differing::Region(number, fields));
        }
    }
    let centre = fields(&[centre_fields(left.centre()), centre_fields(right.centre())]);
    if !centre.is_empty() {
        return Some(Differing::Centre(centre));
    }
    left.school()
        .into_iter()
        .zip(right.school())
        .map(|(left, right)| fields(&[cohort_fields(left), cohort_fields(right)]))
        .find(|fields| !fields.is_empty())
        .map(Differing::School)
}

/// The attributes whose values differ.
fn fields([left, right]: &[Vec<(&'static str, String)>; 2]) -> Vec<Field> {
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
        ("joined the party", date(person.dates.joined(), NEVER_JOINED)),
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
fn unit_fields(unit: &Unit) -> Vec<(&'static str, String)> {
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

fn region_fields(region: &Region) -> Vec<(&'static str, String)> {
    let Region { quota, attack, accusations, punishments, perceived_punishment, mobility } = region;
    vec![
        ("quota", text(quota)),
        ("attack on officials", text(attack)),
        ("accusations", text(accusations)),
        ("punishments", text(punishments)),
        ("perceived punishment", text(perceived_punishment)),
        ("mobility by origin group", text(mobility)),
    ]
}

fn centre_fields(centre: &Centre) -> Vec<(&'static str, String)> {
    let Centre { pulses, popular_acts, popular_meetings, capital } = centre;
    vec![
        ("pulses of show trials by class", text(pulses)),
        ("popular accusations by class", text(popular_acts)),
        ("popular meetings by class", text(popular_meetings)),
        ("capital", text(capital)),
    ]
}

fn cohort_fields(cohort: &Cohort) -> Vec<(&'static str, String)> {
    vec![("outsiders at school", cohort.outsiders.to_string())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::levers::Levers;
    use crate::model::setup::{PolicyMode, Setup};
    use crate::scenario::load;

    fn simulation(months: usize, change: impl Fn(&mut Setup)) -> Simulation {
        let settings = ["population.size=1500".to_owned(), "population.enterprises=5".to_owned()];
        let mut setup = load("historical", &settings).unwrap().setup();
        change(&mut setup);
        let mut simulation = Simulation::start(setup.into(), 1, 1);
        (0..months).for_each(|_| {
            simulation.month();
        });
        simulation
    }

    #[test]
    fn equal_societies_do_not_differ() {
        let [one, other] = [simulation(30, |_| {}), simulation(30, |_| {})];
        assert_eq!(digest(&one), digest(&other));
        assert_eq!(difference(&one, &other, 29), None);
        // The readable society has the people in another order.
        let mut seen = 0;
        one.month_in_steps(|_, society| {
            if seen == 0 {
                assert_eq!(digest(society), digest(&other));
                assert_eq!(difference(society, &other, 29), None);
            }
            seen += 1;
        });
    }

    #[test]
    fn people_are_found_in_any_number_of_parts() {
        let one = simulation(12, |_| {});
        let other = simulation(12, |setup| setup.parameters.quit_base *= 1.2);
        assert_ne!(digest(&one).people, digest(&other).people);
        let found = difference(&one, &other, 11).unwrap();
        assert!(found.differing > 0 && found.only.iter().all(|only| *only > 0), "{found:?}");
        let Differing::Person { sides, fields } = &found.first else { panic!("{found:?}") };
        assert!(!fields.is_empty());
        // Nobody with a lower identity differs.
        let everybody = |society: &Simulation| {
            let mut people = Vec::new();
            each(society, &mut |person_at| people.push(person_at));
            people
        };
        let [left, right] = [everybody(&one), everybody(&other)];
        assert_eq!(found.people, [left.len() as u64, right.len() as u64]);
        for person_at in left.iter().filter(|one| one.person.identity < sides[0].person.identity) {
            let partner = right.iter().find(|other| other.person.identity == person_at.person.identity);
            assert!(partner.is_none_or(|partner| words(partner) == words(person_at)));
        }
        for parts in [2, 7] {
            assert_eq!(difference_by_parts([&one, &other], found.people, 11, parts), Some(found.clone()));
        }
    }

    #[test]
    fn a_lever_that_no_person_feels_shows_in_the_units() {
        let raised = |setup: &mut Setup| {
            let PolicyMode::Schedule(levers) = &mut setup.policy;
            levers[2] = Levers { union: levers[2].union + 0.1, ..levers[2] };
        };
        let [one, other] = [simulation(3, |_| {}), simulation(3, raised)];
        let found = difference(&one, &other, 2).unwrap();
        assert!(!found.of_people() && digest(&one).people == digest(&other).people);
        let Differing::Unit { place: Place::Plant(0), fields } = found.first else { panic!("{found:?}") };
        assert_eq!(fields.iter().map(|field| field.name).collect::<Vec<_>>(), ["union capacity"]);
        assert_eq!(difference(&simulation(2, |_| {}), &simulation(2, raised), 1), None);
    }

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
