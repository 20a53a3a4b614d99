//! One month: the schedule of section 3 of docs/model.md, step by step, in its words and order.
//!
//! Owns the order of processes and nothing else. The rules are in [`super::processes`], one file each; what has to be
//! known for the whole country or a region between them is gathered in [`super::country`].

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
    society.renew_stock(workers);
    let mut months = society.regional_presence();
    let officials = society.officials();

    let hopes = society.school_hopes(&conditions);

    // 2. and 3. Grievance, norms, effort, quitting (draw only); natural exits (draw only); accusations.
    // 4. Sanctions, repression, purge, elections. 5. Authority, catharsis, fear, union, regions. 6. Mood.
    // 7. Apply: departures; growth of workers and posts.
    society.live_in_units(workers, &conditions, &months, &officials, hopes);
    society.punish_officials(&conditions);
    let purge_mean = society.purge_mean(workers, &conditions);
    society.conclude(workers, &conditions, &months, purge_mean);
    society.update_regions(&conditions, &mut months);
    //    Graduates return, movers are placed.
    society.return_graduates(&conditions);
    society.place_movers(workers, &conditions);
    //    Vacancy chain; with its last posts, hires, which nothing in the chain or school can change.
    let mut risen = society.fill_regional_posts(&conditions);
    society.fill_posts_of_the_elite(workers, &conditions, &mut risen);
    let (mut outsiders, hopeful) = society.fill_lowest_posts_and_hire(workers, &conditions, &mut risen);
    //    School.
    let students = society.choose_students(workers, &conditions, hopes, hopeful);
    society.see_off(&conditions, &risen, &students, hopes, &mut outsiders);
    society.close_chain(&conditions, &risen, &mut months);
    //    Recruitment, ageing. 8. Output, plan gap, discourse, the month's record.
    society.recruit_age_and_produce(workers, &conditions, &outsiders);
    let images = society.discuss(&conditions);
    society.next = Month(conditions.month.0 + 1);
    let mut record = tally::record(&conditions, &society.units, &society.regions, &images);
    record.outsiders_to_school = society.outsiders_to_school();
    society.observed = Some(record.observation());
    society.crew.watch.lap(Process::Country);
    record
}
