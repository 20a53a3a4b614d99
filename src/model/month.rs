//! Defines the schedule of the month (section 3 of docs/model.md), one call for each step.
//!
//! The order of the steps is written here and nowhere else. The rules of a step read the state that the earlier steps
//! left. [`observable`] defines a second function from the same lines, which shows the society before each step.

use super::country::roll_of_regions;
use super::observed::observable;
use super::record::MonthRecord;
use super::society::Society;

impl Society {
    observable! {
        /// Simulates the next month and returns what happened in it.
        ///
        /// Must not be called after June 1941, the last month of the calendar.
        pub fn month(&mut self) -> MonthRecord {
            // 0. Policy: levers, show trials.
            let conditions = self.country.set_levers();
            // 1. Roll call: who is present, and how many of each kind.
            self.call_roll(&conditions);
            let mut regions = roll_of_regions(self.country.regions.len(), self.units.iter());
            let places = self.school_places(&conditions);
            // 2. Mood and work: grievance, norms, shirking, quitting.
            self.feel(&conditions);
            self.work(&conditions);
            // 3. Accusation: one acquaintance each, four motives.
            self.accuse(&conditions, &regions);
            // 4. Punishment: sanctions, arrests, natural exits, the purge, elections; the gravest fate prevails.
            self.sanction(&conditions);
            self.arrest(&conditions);
            self.exit_naturally(&conditions);
            self.purge(&conditions);
            self.elect(&conditions, &regions);
            self.count_fates(&conditions);
            // 5. Stocks of units, people and regions. 6. Measurement of mood.
            self.update_units(&conditions);
            self.fear(&conditions);
            self.country.fade_at_school(&conditions);
            self.country.update_regions(&conditions, self.units.iter(), &mut regions);
            // 7. Careers: departures, growth, graduates, movers, the vacancy chain, school, hires, the party.
            let movers = self.depart(&conditions);
            self.grow(&conditions);
            self.return_graduates(&conditions);
            self.place_movers(&conditions, movers);
            self.fill_posts(&conditions);
            self.country.close_vacancy_chain(self.units.iter_mut(), &mut regions);
            self.send_to_school(&conditions, places);
            self.hire(&conditions);
            self.recruit(&conditions);
            // 8. Output, the plan, the images of the enemy, the record.
            self.produce(&conditions);
            self.country.close_month(&conditions, self.units.iter())
        }
    }
}
