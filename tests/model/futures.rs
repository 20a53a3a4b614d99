//! Many futures of one past: the months before are shared, the months from then on are not, and whatever has the words of
//! one replicate throughout is that replicate.

use std::sync::Arc;

use kadry::engine::calendar::Month;
use kadry::model::fast::society::{Options, Society as Fast};
use kadry::model::record::MonthRecord;
use kadry::model::setup::Setup;
use kadry::model::simulation::Simulation;
use kadry::model::society::Society as Readable;

use super::{MONTHS, digest, first_difference, historical, live, start};

/// January 1937.
const FROM: Month = Month(108);

fn setup() -> Arc<Setup> {
    Arc::new(historical(4_000, 30, 6).setup())
}

/// All months of a past that another replicate continues.
fn future(setup: &Arc<Setup>, past: u32, from: Month, replicate: u32) -> Vec<MonthRecord> {
    let mut society = start(Arc::clone(setup), 1, past).with_future(from, replicate);
    (0..MONTHS).map(|_| society.month()).collect()
}

#[test]
fn futures_share_every_month_of_their_past_and_none_from_then_on() {
    let setup = setup();
    let past = live(&setup, 1, 2, MONTHS);
    for replicate in [1, 3, 4, u32::MAX] {
        let records = future(&setup, 2, FROM, replicate);
        assert_eq!(first_difference(&past, &records), Some(FROM.index()), "future {replicate}");
        for month in FROM.index()..usize::from(MONTHS) {
            assert_ne!(records[month], past[month], "future {replicate}, month {month}");
        }
    }
    // Nor do the futures share anything but the past.
    let (one, other) = (future(&setup, 2, FROM, 3), future(&setup, 2, FROM, 4));
    assert_eq!(first_difference(&one, &other), Some(FROM.index()));
}

#[test]
fn pasts_with_the_same_future_differ_from_the_start() {
    let setup = setup();
    let (one, other) = (future(&setup, 1, FROM, 3), future(&setup, 2, FROM, 3));
    assert_eq!(first_difference(&one, &other), Some(0));
    assert!((FROM.index()..usize::from(MONTHS)).all(|month| one[month] != other[month]));
}

#[test]
fn the_future_of_the_same_number_is_the_replicate_itself() {
    let setup = setup();
    for from in [Month::FIRST, Month(1), FROM, Month::LAST] {
        assert_eq!(future(&setup, 5, from, 5), live(&setup, 1, 5, MONTHS), "from {from}");
    }
}

#[test]
fn a_future_after_the_last_month_changes_nothing() {
    let setup = setup();
    let after = Month(Month::LAST.0 + 1);
    assert_eq!(future(&setup, 1, after, 2), live(&setup, 1, 1, MONTHS));
    assert_eq!(
        first_difference(&future(&setup, 1, Month::LAST, 2), &live(&setup, 1, 1, MONTHS)),
        Some(Month::LAST.index())
    );
}

/// A future from the first month starts with the plants, people and students of the past, and draws everything else: it is
/// a replicate of neither number.
#[test]
fn a_future_from_the_first_month_starts_as_the_past() {
    // Enough people for more than one graduate a month.
    let setup = Arc::new(historical(40_000, 100, 10).setup());
    let mut society = start(Arc::clone(&setup), 1, 1).with_future(Month::FIRST, 2);
    assert_eq!(digest(&society), digest(&start(Arc::clone(&setup), 1, 1)));
    let records: Vec<MonthRecord> = (0..48).map(|_| society.month()).collect();
    let (past, other) = (live(&setup, 1, 1, 48), live(&setup, 1, 2, 48));
    assert_eq!(first_difference(&records, &past), Some(0));
    assert_eq!(first_difference(&records, &other), Some(0));
    assert_eq!(records[0].people_by_rank, past[0].people_by_rank);
    // Outsiders at school in January 1928 graduate for four years. Their number was drawn at the start.
    let graduates =
        |records: &[MonthRecord]| -> Vec<u64> { records.iter().map(|record| record.graduates[0]).collect() };
    assert_eq!(graduates(&records), graduates(&past));
    assert_ne!(graduates(&records), graduates(&other));
}

/// A society that has reached the month can be cloned for each future, whatever it was told before.
#[test]
fn a_clone_of_the_past_has_the_futures_of_the_past() {
    let setup = setup();
    let mut past = Simulation::start(Arc::clone(&setup), 1, 2);
    while past.next() < FROM {
        past.month();
    }
    for replicate in [2, 7] {
        let expected = future(&setup, 2, FROM, replicate);
        let mut society = past.clone().with_future(FROM, 99).with_future(FROM, replicate);
        for month in &expected[FROM.index()..] {
            assert_eq!(society.month().as_ref(), Some(month), "future {replicate}, {}", month.month);
        }
        assert_eq!(society.month(), None);
    }
}

#[test]
fn the_readable_month_and_the_fast_one_have_the_same_futures() {
    let setup = Arc::new(historical(3_000, 12, 3).setup());
    // Spring 1931, when students of the start still return, and the terror.
    for from in [Month(40), FROM] {
        let mut readable = Readable::start(Arc::clone(&setup), 1, 1).with_future(from, 2);
        let mut societies = [4096.0, 700.0, 1.0].map(|block| {
            let options = Options { block, ..Options::default() };
            Fast::start(Arc::clone(&setup), 1, 1, options).with_future(from, 2)
        });
        assert_eq!(societies[2].block_count(), 15);
        assert!(societies[1].block_count() > 1);
        for month in 0..MONTHS {
            let expected = readable.month();
            for society in &mut societies {
                let blocks = society.block_count();
                assert_eq!(society.month(), expected, "from {from}, month {month}, {blocks} blocks");
            }
        }
        // The people too, not just their sums.
        let [one, other, last] = societies.each_ref().map(digest);
        assert!(one == other && other == last);
        let mut people: Vec<u64> = (0..readable.units().len())
            .flat_map(|unit| readable.people_of(unit))
            .map(|person| person.identity)
            .collect();
        let mut of_fast: Vec<u64> = societies[0]
            .units()
            .iter()
            .flat_map(|unit| unit.everybody())
            .map(|person| person.identity)
            .collect();
        people.sort_unstable();
        of_fast.sort_unstable();
        assert_eq!(people, of_fast);
    }
}
