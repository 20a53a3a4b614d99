//! Step 3, person by person: everybody's acquaintance is looked up, and one draw decides whether it is accused.

use super::acquaintance::Pools;
use super::{Country, Somebody};
use crate::engine::maths::one_minus_exp_neg;
use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::people::Person;
use crate::model::person::{REGIONAL, WORKER};
use crate::model::processes::accusation::{
    Accuser, Climate, Target, climate, eligible, motives, opportunity, whole_shares,
};
use crate::model::processes::acquaintance::{Meeting, Met, Official};
use crate::model::processes::regions::RegionMonth;
use crate::model::purpose::monthly;
use crate::model::unit::{Act, Unit};

impl Country {
    /// R5: everybody meets somebody and may accuse; suspicion follows from the accusations of the month.
    pub(super) fn accuse(&mut self, conditions: &Conditions, months: &[RegionMonth]) {
        let plants = self.plants();
        let officials: Vec<Vec<Official>> =
            self.people[plants..].iter().map(|people| officials(conditions, people)).collect();
        for position in 0..self.units.len() {
            let unit = &self.units[position];
            let own = unit.region as usize;
            let people = &self.people[position];
            let hopeful = people.iter().filter(|somebody| {
                let person = &somebody.person;
                somebody.rank() == WORKER && eligible(person.standing, person.competence(conditions.month.0))
            });
            let climate = climate(
                conditions,
                &self.regions[own],
                unit,
                hopeful.count() as u32,
                self.units[plants + own].posts[usize::from(REGIONAL)],
                months[own].directors as u32,
            );
            let pools = Pools::new(people, &officials[own]);
            let acts: Vec<Act> =
                (0..people.len()).filter_map(|row| act(conditions, &climate, &pools, row)).collect();
            let acquaintances = pools.expected(conditions);
            let now = &mut self.units[position].now;
            (now.accusers, now.acquaintances) = (acts.len() as u32, acquaintances);
            for act in &acts {
                let target = if act.official { plants + own } else { position };
                receive(&mut self.units[target], &mut self.people[target][act.row as usize]);
            }
            self.units[position].now.acts = acts;
        }
        let kept = (1.0 - conditions.rules.suspicion_forgetting) as f32;
        for Somebody { person, accused, .. } in self.people.iter_mut().flatten() {
            person.suspicion = kept * person.suspicion + f32::from(*accused);
        }
    }
}

fn officials(conditions: &Conditions, people: &[Somebody]) -> Vec<Official> {
    let regional = (0u32..).zip(people).filter(|(_, somebody)| somebody.rank() == REGIONAL);
    regional
        .map(|(row, Somebody { person, .. })| Official {
            identity: person.identity,
            row,
            standing: person.standing,
            ambition: person.drive.ambition().value(),
            since: person.months_in_rank(conditions.month.0),
        })
        .collect()
}

/// An accusation reaches somebody of a unit.
fn receive(unit: &mut Unit, target: &mut Somebody) {
    unit.now.accused_people += u32::from(target.accused == 0);
    target.accused = target.accused.saturating_add(1);
    unit.now.accusations_received += 1;
    unit.now.accusations_of_bosses += u32::from(target.person.standing.boss());
}

fn accuser(conditions: &Conditions, somebody: &Somebody) -> Accuser {
    let person = &somebody.person;
    Accuser {
        standing: person.standing,
        hero: somebody.hero(conditions),
        eligible: eligible(person.standing, person.competence(conditions.month.0)),
        egalitarianism: person.egalitarianism,
        grievance: person.grievance,
        temper: person.temperament.temper().value(),
        ambition: person.drive.ambition().value(),
        fear: person.fear,
        grudge: person.rankles(conditions.month.0),
    }
}

/// The accusation that the person in `row` makes, if any.
fn act(conditions: &Conditions, climate: &Climate, pools: &Pools, row: usize) -> Option<Act> {
    let somebody = &pools.people[row];
    let met = pools.meet(row, &Meeting::of(|word| somebody.words[word]))?;
    let accuser = accuser(conditions, somebody);
    let (target, target_row, official) = match met {
        Met::Row(row) => {
            let other = &pools.people[row as usize];
            let Person { standing, drive, .. } = other.person;
            let since = other.person.months_in_rank(conditions.month.0);
            (
                Target { standing, hero: other.hero(conditions), ambition: drive.ambition().value(), since },
                row,
                false,
            )
        }
        Met::Official(place) => {
            let Official { row, standing, ambition, since, .. } = pools.officials[place as usize];
            (Target { standing, hero: false, ambition, since }, row, true)
        }
    };
    let motives = motives(climate, &accuser, &target);
    let hazard = motives.iter().sum::<f32>() * opportunity(climate, &accuser, &target);
    (uniform(somebody.words[monthly::ACCUSE]) < one_minus_exp_neg(hazard)).then(|| Act {
        motives: whole_shares(&motives),
        accuser_rank: accuser.standing.rank(),
        accuser_role: accuser.standing.role() as u8,
        target_rank: target.standing.rank(),
        class: target.standing.target_class(target.hero) as u8,
        since: target.since,
        row: target_row,
        official,
    })
}
