//! Fills `accusation_profiles.csv`: accusations by phase and by what the targets were, one attribute at a time.
//!
//! [`super::accusation_cells`] has some of the attributes together.

use super::{
    Extent, MonthView, PHASE, PHASE_FROM, Recorder, RowWriter, Table, count, label_columns, real, text,
};
use crate::model::record::MonthRecord;
use crate::model::state::standing::{MOTIVE_NAMES, MOTIVES, RANKS};
use crate::model::state::target::THIRD_NAMES;
use crate::model::state::target::TargetProfile;
use crate::model::state::unit::{Act, WHOLE_ACT, since_bin};
use crate::output::table::{Cell, Column, Layout};

/// The table.
pub struct AccusationProfiles;

/// Names of the differences of rank between target and accuser.
pub(super) const DIFFERENCES: [&str; 2 * RANKS - 1] =
    ["4_below", "3_below", "2_below", "1_below", "same", "1_above", "2_above", "3_above", "4_above"];
/// Names of the bins of months in rank.
pub(super) const BINS: [&str; 3] = ["0-11", "12-35", "36+"];
/// Names of the values of an attribute that a target has or has not. Other programs would read `no` and `yes` as truth values.
pub(super) const NO_YES: [&str; 2] = ["without", "with"];

/// The attributes and the names of their values.
const ATTRIBUTES: [(&str, &[&str]); 9] = [
    ("all", &["all"]),
    ("rank_difference", &DIFFERENCES),
    ("months_in_rank", &BINS),
    ("ambition", &THIRD_NAMES),
    ("ability", &THIRD_NAMES),
    ("candidate", &NO_YES),
    ("suspected", &NO_YES),
    ("both_in_party", &NO_YES),
    ("same_brigade", &NO_YES),
];

/// Largest number of values of an attribute.
const VALUES: usize = DIFFERENCES.len();

/// Names of the kinds of targets.
const TARGETS: [&str; 2] = ["worker", "boss"];

/// Returns the place of the difference of rank between target and accuser in [`DIFFERENCES`].
pub(super) fn difference(accuser_rank: u8, target: &TargetProfile) -> usize {
    usize::from(target.rank) + RANKS - 1 - usize::from(accuser_rank)
}

/// Returns the places of the values of a target; `None` for attributes that are not recorded of workers.
fn values(accuser_rank: u8, target: &TargetProfile) -> [Option<usize>; ATTRIBUTES.len()] {
    let of_bosses = |value| target.boss().then_some(value);
    [
        Some(0),
        Some(difference(accuser_rank, target)),
        of_bosses(since_bin(target.since)),
        Some(usize::from(target.ambition)),
        of_bosses(usize::from(target.ability)),
        Some(usize::from(target.candidate)),
        Some(usize::from(target.suspected)),
        Some(usize::from(target.comrades)),
        Some(usize::from(target.same_brigade)),
    ]
}

/// Accusations of one kind of target.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Acts {
    pub(super) acts: u64,
    /// Motives in units of 2^-20 of an act.
    pub(super) motives: [u64; MOTIVES],
    pub(super) chance: u64,
}

impl Acts {
    /// Adds an accusation.
    pub(super) fn add(&mut self, act: &Act) {
        self.acts += 1;
        for (sum, &share) in self.motives.iter_mut().zip(&act.motives) {
            *sum += u64::from(share);
        }
    }

    /// Returns the cells of [`act_columns`].
    pub(super) fn cells<'c>(&self) -> impl Iterator<Item = Cell<'c>> + use<'c> {
        let motives = self.motives.map(|units| Cell::Real(units as f64 / f64::from(WHOLE_ACT)));
        [Cell::Integer(self.acts)].into_iter().chain(motives).chain([Cell::Integer(self.chance)])
    }
}

/// The columns of counts of accusations.
pub(super) fn act_columns() -> Vec<Column> {
    let motive = |name| {
        real(name, "acts", "sum of the motive's shares in these accusations, in exact multiples of 2^-20")
    };
    let mut columns = vec![count("acts", "acts", "accusations of such targets")];
    columns.extend(MOTIVE_NAMES.map(motive));
    columns.push(count(
        "chance",
        "people",
        "people of this kind among those whom the same accusers met in a second draw from the same acquaintances, one for each accusation: what there would be if motives did not matter",
    ));
    columns
}

/// Sums of one phase.
#[derive(Debug, Default)]
struct Phase {
    acts: [[[Acts; VALUES]; ATTRIBUTES.len()]; TARGETS.len()],
    /// Person-months at risk; `None` where they are not counted.
    exposed: [[[Option<u64>; VALUES]; ATTRIBUTES.len()]; TARGETS.len()],
}

impl Phase {
    fn add(&mut self, act: &Act) {
        let values_of = |target: &TargetProfile| {
            let values = values(act.accuser_rank, target);
            values
                .into_iter()
                .enumerate()
                .filter_map(|(attribute, value)| value.map(|value| (attribute, value)))
        };
        for (attribute, value) in values_of(&act.target) {
            self.acts[usize::from(act.target.boss())][attribute][value].add(act);
        }
        if let Some(other) = &act.chance {
            for (attribute, value) in values_of(other) {
                self.acts[usize::from(other.boss())][attribute][value].chance += 1;
            }
        }
    }

    fn expose(&mut self, month: &MonthRecord) {
        let (workers, bosses) = (month.people_by_rank[0], month.people() - month.people_by_rank[0]);
        let hopeful: u64 = month.candidates[2..].iter().sum();
        let mut add = |target: usize, attribute: usize, people: &[u64]| {
            for (sum, people) in self.exposed[target][attribute].iter_mut().zip(people) {
                *sum = Some(sum.unwrap_or(0) + people);
            }
        };
        add(0, 0, &[workers]);
        add(0, 5, &[workers - month.candidates[1], month.candidates[1]]);
        add(1, 0, &[bosses]);
        add(1, 2, &month.bosses_by_since);
        add(1, 3, &month.bosses_by_ambition);
        add(1, 4, &month.bosses_by_ability);
        add(1, 5, &[bosses - hopeful, hopeful]);
        add(1, 6, &[bosses - month.suspected_bosses, month.suspected_bosses]);
    }
}

impl Table for AccusationProfiles {
    fn layout(&self) -> Layout {
        let own = [
            PHASE,
            PHASE_FROM,
            text("target", "worker (rank 0) or boss (rank 1 and above)"),
            text(
                "attribute",
                "what the rows tell apart: all (nothing), rank_difference (rank of the target minus that of the accuser), months_in_rank, ambition (thirds of the people who enter the model), ability (thirds of the bosses of the same rank in January of the year), candidate (a boss of ranks 1 to 3, or a worker who may hope for a post, with an open post one rank above at the roll call), suspected (suspicion above .1 before the month's accusations), both_in_party, same_brigade",
            ),
            text("value", "value of the attribute; thirds are low, middle and high"),
        ];
        let exposed = real(
            "person_months",
            "person-months",
            "people of this kind present at the start of each month, summed over the months; empty where it depends on the accuser or is not counted",
        );
        let columns = label_columns().into_iter().chain(own).chain(act_columns()).chain([exposed]);
        Layout {
            name: "accusation_profiles",
            row: "one row per replicate, phase, kind of target, attribute and value, zeros included; the values of an attribute divide the same accusations. Months in rank and ability are not recorded of workers",
            columns: columns.collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        let values: usize = ATTRIBUTES.iter().map(|(_, values)| values.len()).sum();
        extent.phases * (TARGETS.len() * values) as u64
    }

    fn by_default(&self) -> bool {
        false
    }

    fn draws_by_chance(&self) -> bool {
        true
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Phase::default())
    }
}

impl Recorder for Phase {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        view.society.units().flat_map(|unit| &unit.now.acts).for_each(|act| self.add(act));
        self.expose(view.record);
        if view.phase_record.is_none() {
            return;
        }
        let from = view.phase_from.to_string();
        for (target, kind) in TARGETS.into_iter().enumerate() {
            for (attribute, (name, values)) in ATTRIBUTES.into_iter().enumerate() {
                // Months in rank and ability are those of bosses.
                if target == 0 && (attribute == 2 || attribute == 4) {
                    continue;
                }
                for (value, label) in values.iter().enumerate() {
                    let words = [view.phase, &from, kind, name, label].map(Cell::Text);
                    let exposed = self.exposed[target][attribute][value]
                        .map_or(Cell::Missing, |people| Cell::Real(people as f64));
                    let acts = self.acts[target][attribute][value].cells();
                    writer.row(words.into_iter().chain(acts).chain([exposed]));
                }
            }
        }
        *self = Phase::default();
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A foreman accused by a worker of the same brigade.
    pub(in crate::experiment::tables) const ACT: Act = Act {
        motives: [WHOLE_ACT / 2, 0, WHOLE_ACT / 2, 0],
        accuser_rank: 0,
        accuser_role: 0,
        target: TargetProfile {
            rank: 1,
            role: 0,
            class: 2,
            since: 40,
            ambition: 2,
            ability: 0,
            candidate: true,
            suspected: false,
            comrades: false,
            same_brigade: true,
        },
        chance: None,
        row: 0,
        official: false,
    };

    #[test]
    fn an_act_has_one_value_of_each_attribute() {
        let mut phase = Phase::default();
        let worker = TargetProfile { rank: 0, candidate: false, ..ACT.target };
        phase.add(&Act { chance: Some(worker), ..ACT });
        let expected = [(0, 0), (1, 5), (2, 2), (3, 2), (4, 0), (5, 1), (6, 0), (7, 0), (8, 1)];
        for (attribute, value) in expected {
            assert_eq!(phase.acts[1][attribute][value].acts, 1, "{attribute}");
            let sum: u64 = phase.acts[1][attribute].iter().map(|acts| acts.acts).sum();
            assert_eq!(sum, 1, "{attribute}");
        }
        assert_eq!(phase.acts[1][1][5].motives, [1 << 19, 0, 1 << 19, 0]);
        // The worker met by chance has neither months in rank nor a third of ability.
        let chance = |attribute: usize| phase.acts[0][attribute].map(|acts| acts.chance);
        assert_eq!(chance(1)[4], 1);
        assert_eq!([chance(2), chance(4)], [[0; VALUES]; 2]);
    }

    #[test]
    fn bosses_are_at_risk_in_every_value_of_an_attribute() {
        let mut month = MonthRecord { suspected_bosses: 3, ..MonthRecord::default() };
        month.people_by_rank = [100, 12, 5, 2, 1];
        month.candidates = [0, 30, 12, 0, 2];
        month.bosses_by_since = [4, 6, 10];
        let mut phase = Phase::default();
        phase.expose(&month);
        phase.expose(&month);
        let exposed = |target: usize, attribute: usize| phase.exposed[target][attribute];
        assert_eq!(exposed(0, 5)[..3], [Some(140), Some(60), None]);
        assert_eq!(exposed(1, 5)[..2], [Some(12), Some(28)]);
        assert_eq!(exposed(1, 6)[..2], [Some(34), Some(6)]);
        assert_eq!(exposed(1, 2)[..3], [Some(8), Some(12), Some(20)]);
        assert_eq!(exposed(1, 1), [None; VALUES]);
    }
}
