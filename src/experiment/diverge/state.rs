//! Compares two societies: whether anything differs, and who or what differs first.
//!
//! People are matched by identity, wherever they are; the order in memory does not matter. A person counts as different
//! if any attribute, the place, or anything that has happened to the person this month differs.

use super::fields::{centre_fields, cohort_fields, fields, person_fields, region_fields, unit_fields};
use crate::model::observed::SoFar;
use crate::model::simulation::Simulation;
use crate::model::society::Society;
use crate::model::state::person::Person;
use crate::model::state::region::{Centre, Region};
use crate::model::state::school::Cohort;
use crate::model::state::standing::RANK_NAMES;
use crate::model::state::unit::Unit;

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

#[cfg(test)]
mod tests;
