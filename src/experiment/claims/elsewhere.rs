//! Counts accusations where nobody of the accused was struck, for metrics such as `accusations_of_specialists_elsewhere`.

use crate::model::simulation::Simulation;
use crate::model::state::standing::{ELITE, Role, TARGET_CLASSES};
use crate::model::state::unit::{Cause, Loss};

/// Months for which a group counts as struck in a unit after a case.
const STRUCK_MONTHS: usize = 12;

/// The groups that metrics name, with their target classes.
const GROUPS: [(&str, &[usize]); 5] =
    [("former", &[0]), ("specialists", &[1]), ("managers", &[2]), ("officials", &[3]), ("workers", &[4, 5])];

/// The number of a group by its name.
pub(super) fn group(name: &str) -> Option<usize> {
    GROUPS.iter().position(|(group, _)| *group == name)
}

/// The target classes of a group.
pub(super) fn classes(group: usize) -> &'static [usize] {
    GROUPS[group].1
}

/// Accusations of groups in units in which nobody of the group was arrested or demoted in the twelve months before.
#[derive(Default)]
pub(super) struct Elsewhere {
    /// By unit and group: the last month with a case.
    struck: Vec<[Option<usize>; GROUPS.len()]>,
    /// By month and group: accusations in such units, and the people of these units.
    months: Vec<[(u64, u64); GROUPS.len()]>,
}

/// A unit in a month, by target class.
#[derive(Default, Clone, Copy)]
struct UnitMonth {
    people: u64,
    accusations: [u64; TARGET_CLASSES],
    struck: [bool; TARGET_CLASSES],
}

impl Elsewhere {
    /// Adds a month; months arrive in the order of the calendar.
    pub(super) fn month(&mut self, society: &Simulation) {
        self.months.push([(0, 0); GROUPS.len()]);
        for (position, unit) in society.units().enumerate() {
            let mut found = UnitMonth { people: u64::from(unit.now.people()), ..UnitMonth::default() };
            for act in &unit.now.acts {
                found.accusations[usize::from(act.target.class)] += 1;
            }
            found.struck = unit.now.arrests_by_class.map(|arrests| arrests > 0);
            for loss in unit.now.losses.iter().filter(|loss| demoted(loss)) {
                found.struck[class_of(loss)] = true;
            }
            self.unit(position, &found);
        }
    }

    fn unit(&mut self, position: usize, found: &UnitMonth) {
        let now = self.months.len() - 1;
        if self.struck.len() == position {
            self.struck.push([None; GROUPS.len()]);
        }
        for (group, (_, classes)) in GROUPS.iter().enumerate() {
            let last = &mut self.struck[position][group];
            if last.is_none_or(|last| now - last > STRUCK_MONTHS) {
                let (accusations, people) = &mut self.months[now][group];
                *accusations += classes.iter().map(|class| found.accusations[*class]).sum::<u64>();
                *people += found.people;
            }
            // A case keeps its own month free, so that the accusation that led to it counts.
            if classes.iter().any(|class| found.struck[*class]) {
                *last = Some(now);
            }
        }
    }

    /// Accusations of a group and people in a month, in units where the group was not struck.
    pub(super) fn of(&self, month: usize, group: usize) -> (u64, u64) {
        self.months[month][group]
    }
}

fn demoted(loss: &Loss) -> bool {
    !matches!(loss.cause, Cause::Arrest | Cause::Natural)
}

/// The target class of a boss who lost rank, as far as the loss shows it: trained foremen count as managers.
fn class_of(loss: &Loss) -> usize {
    let official = loss.role == Role::Party as u8 || loss.role == Role::Union as u8;
    match (loss.origin, loss.rank >= ELITE) {
        (3, _) => 0,
        (_, true) if official => 3,
        (_, true) if loss.role == Role::Specialist as u8 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit of ten people in which class 5 is struck in month 1, and each class is accused once in every month: the
    /// workers, classes 4 and 5 together, are counted in months 0, 1 and from 14 on, all others in every month.
    #[test]
    fn a_group_is_struck_for_twelve_months_as_a_whole() {
        let mut counts = Elsewhere::default();
        let quiet = UnitMonth { people: 10, accusations: [1; TARGET_CLASSES], ..UnitMonth::default() };
        for month in 0..16 {
            let mut found = quiet;
            found.struck[5] = month == 1;
            counts.months.push([(0, 0); GROUPS.len()]);
            counts.unit(0, &found);
        }
        let workers = group("workers").unwrap();
        for month in 0..16 {
            let free = month < 2 || month > 13;
            assert_eq!(counts.of(month, workers), if free { (2, 10) } else { (0, 0) }, "{month}");
            assert_eq!(counts.of(month, group("managers").unwrap()), (1, 10));
        }
    }
}
