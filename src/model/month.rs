//! One month: the schedule of section 3 of docs/model.md, step by step, in its words and order.
//!
//! Owns the order of processes and nothing else. The rules are in [`super::processes`], one file each; what has to be
//! known for the whole country or a region between them is gathered in [`super::country`], [`super::chain`] and
//! [`super::students`].

use super::profile::Process;
use super::society::Society;
use super::tally::{self, MonthRecord};
use crate::engine::calendar::Month;
use crate::engine::parallel::Workers;

/// Lives through the next month of a society.
pub(super) fn live(society: &mut Society, workers: Workers) -> MonthRecord {
    // 0. Levers; pulses of the trials.
    society.crew.watch.start();
    let conditions = society.set_levers();

    // 1. Who is present.
    let mut months = society.regional_presence();
    let officials = society.officials(&conditions);
    let places = society.school_places(&conditions);
    let lookout = society.look_out(&conditions, &places);

    // 2. and 3. Grievance, norms, effort, quitting (draw only); natural exits (draw only); accusations.
    // 4. Sanctions, repression, purge, elections. 5. Authority, catharsis, fear, union, regions. 6. Mood.
    // 7. Apply: departures; growth of workers and posts.
    society.live_in_units(workers, &conditions, &lookout, &months, &officials);
    society.punish_officials(&conditions, &lookout);
    let purge_mean = society.purge_mean(&conditions);
    let fallen = society.conclude(workers, &conditions, &lookout, &months, purge_mean);
    society.update_regions(&conditions, &mut months);
    //    Graduates and fallen officials come to plants, movers find a destination.
    society.return_graduates(&conditions, &lookout);
    society.place_fallen(&conditions, &lookout, &fallen);
    society.direct_movers(workers, &conditions);
    //    Vacancy chain; with its last posts, movers arrive, and hires, which nothing in the chain or school can change.
    society.fill_regional_posts(&conditions, &lookout);
    society.fill_posts_of_the_elite(workers, &conditions, &lookout);
    let hopeful = society.fill_lowest_posts_and_hire(workers, &conditions, &lookout);
    //    School.
    society.send_to_school(workers, &conditions, &lookout, &places, hopeful);
    let outsiders = society.close_chain(&mut months);
    //    Recruitment, ageing. 8. Output, plan gap, discourse, the month's record.
    society.recruit_and_produce(workers, &conditions, &lookout, &outsiders);
    let images = society.discuss(&conditions);
    society.next = Month(conditions.month.0 + 1);
    let mut record = tally::record(&conditions, &society.units, &society.regions, &images);
    record.outsiders_to_school = society.outsiders_to_school();
    society.observed = Some(record.observation());
    society.crew.watch.lap(Process::Country);
    record
}
