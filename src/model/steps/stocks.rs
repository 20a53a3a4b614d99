//! Steps 5 and 6: updates authority, catharsis, unions and fear, and measures the mood (R7). Also grows posts (R8,
//! step 7).

use crate::engine::maths::fixed;
use crate::model::conditions::Conditions;
use crate::model::rules::{authority, fear, growth};
use crate::model::society::{Agent, Society};
use crate::model::state::standing::ELITE;

impl Society {
    /// R7: updates the stocks of the units.
    pub(in crate::model) fn update_units(&mut self, conditions: &Conditions) {
        self.units.iter_mut().for_each(|unit| authority::update(conditions, unit));
    }

    /// R7 and step 6: updates fear, then measures publicly shown grievance, grievance against the regime, and unrest.
    pub(in crate::model) fn fear(&mut self, conditions: &Conditions) {
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            let terms = fear::terms(conditions, unit);
            let now = &mut unit.now;
            for Agent { person, .. } in people {
                let terms = &terms[usize::from(person.rank().min(ELITE))];
                person.fear = fear::fear(terms, person.fear, person.suspicion);
                now.fear_all += u64::from(fixed(person.fear));
                if person.standing.elite() {
                    now.fear_elite += u64::from(fixed(person.fear));
                }
                let shown = fear::shown(person.grievance, person.fear, terms.falsification);
                let regime = person.grievance * terms.regime;
                let unrest = regime > person.unrest_threshold() + terms.deterrence * person.fear;
                now.grievance_public += u64::from(fixed(shown));
                now.grievance_regime += u64::from(fixed(regime));
                now.unrest += u32::from(unrest);
            }
        }
    }

    /// R8: grows the workers wanted and the posts.
    pub(in crate::model) fn grow(&mut self, conditions: &Conditions) {
        self.units.iter_mut().for_each(|unit| growth::update(conditions, unit));
    }
}
