//! Ageing: how experience, time in rank, ability and grudges change as months pass.
//!
//! End of step 7. All of these grow or fade by the same amount for everyone. People therefore keep dates, and
//! the value of an attribute follows from its date and the current month. Students gain no experience, time in
//! rank or ability from work: on their return these dates move by the months of absence. Their grudges fade.

use crate::model::parameters::Parameters;
use crate::model::state::person::Person;
use crate::model::state::traits::{Aptitude, Months, Skill, UNRANKED};

/// Growth of ability per month. Not a parameter: ability follows from a person and the month alone, and its
/// growth must exceed half a step of aptitude per month and stay below 1 over a run.
const LEARNING: f32 = 0.0008;

/// Returns the ability gained by everyone between January 1928 and `month`.
#[inline(always)]
pub fn learned(month: u16) -> f32 {
    LEARNING * f32::from(month)
}

/// Returns ability (comp), 0 to 1, from skill and what has been [`learned`].
///
/// In the month in which ability is set it may lie below 0 by half a step of aptitude, which is less than a
/// month adds.
#[inline(always)]
pub fn competence(skill: Skill, learned: f32) -> f32 {
    let grown = skill.aptitude().value() + learned;
    if grown < 1.0 { grown } else { 1.0 }
}

/// Returns the months of industrial experience (tenure) in `month`.
#[inline(always)]
pub fn tenure(skill: Skill, month: u16) -> f32 {
    f32::from(month) - skill.began().value()
}

/// Returns the months in rank (since) in `month`, at most 255. By then the exposure of the newly risen is
/// below 1e-9 of its peak.
#[inline(always)]
pub fn months_in_rank(ranked: i16, month: u16) -> u8 {
    (month as i16).saturating_sub(ranked).clamp(0, i16::from(u8::MAX)) as u8
}

impl Person {
    /// Returns the ability (comp) in `month`, 0 to 1.
    pub fn competence(&self, month: u16) -> f32 {
        competence(self.skill, learned(month))
    }

    /// Sets the ability in `month`.
    pub fn set_competence(&mut self, competence: f32, month: u16) {
        self.skill.set_aptitude(Aptitude::nearest(competence - learned(month)));
    }

    /// Returns the months of industrial experience (tenure) in `month`.
    pub fn tenure(&self, month: u16) -> f32 {
        tenure(self.skill, month)
    }

    /// Sets the months of industrial experience in `month`.
    pub fn set_tenure(&mut self, tenure: f32, month: u16) {
        self.skill.set_began(Months::nearest(f32::from(month) - tenure));
    }

    /// Reduces industrial experience to the share `kept`, on a change of plant in `month`.
    pub fn lose_tenure(&mut self, kept: f32, month: u16) {
        self.set_tenure(self.tenure(month) * kept, month);
    }

    /// Returns the months in rank (since) in `month`, at most 255.
    pub fn months_in_rank(&self, month: u16) -> u8 {
        months_in_rank(self.career.ranked(), month)
    }

    /// Sets the months in rank in `month`.
    pub fn set_months_in_rank(&mut self, months: i16, month: u16) {
        self.career.set_ranked(month as i16 - months);
    }

    /// Returns true if a demotion or an expulsion still rankles in `month` (grudge above 0).
    pub fn rankles(&self, month: u16) -> bool {
        month as i16 <= self.dates.rankles_until()
    }

    /// Starts a grudge over a demotion or an expulsion in `month`, which is its first month.
    pub fn take_offence(&mut self, rules: &Parameters, month: u16) {
        self.dates.set_rankles_until(month as i16 + rules.grudge_months as i16 - 1);
    }

    /// Moves the dates of experience, ability and rank of a person who returns to work after `months`.
    pub fn resume(&mut self, months: u16) {
        let Person { skill, career, .. } = self;
        skill.set_began(Months::nearest(skill.began().value() + f32::from(months)));
        skill.set_aptitude(Aptitude::nearest(skill.aptitude().value() - learned(months)));
        if career.ranked() != UNRANKED {
            career.set_ranked(career.ranked() + months as i16);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::person::tests::sample_person;

    #[test]
    fn a_month_passes() {
        let mut person = sample_person(1, 1);
        person.set_competence(0.3, 10);
        person.set_tenure(11.5, 10);
        person.set_months_in_rank(11, 10);
        person.take_offence(&Parameters::default(), 10);
        assert!((person.competence(11) - 0.3008).abs() < Aptitude::STEP);
        assert_eq!((person.tenure(11), person.months_in_rank(11)), (12.5, 12));
        // Six months, including the one in which it happened.
        assert!((10..=15).all(|month| person.rankles(month)) && !person.rankles(16));
        assert_eq!(person.months_in_rank(1000), 255);
        person.set_competence(0.9999, 10);
        assert_eq!([11, 12].map(|month| person.competence(month)), [1.0, 1.0]);
    }

    #[test]
    fn work_stands_still_at_school_and_grudges_do_not() {
        let mut person = sample_person(1, 1);
        person.take_offence(&Parameters::default(), 20);
        let before = (person.competence(20), person.tenure(20), person.months_in_rank(20));
        person.resume(48);
        assert!((person.competence(68) - before.0).abs() < Aptitude::STEP);
        assert_eq!((person.tenure(68), person.months_in_rank(68)), (before.1, before.2));
        assert!(person.rankles(25) && !person.rankles(26));
        let mut content = sample_person(2, 0);
        content.resume(48);
        assert_eq!(content.months_in_rank(68), 255);
    }
}
