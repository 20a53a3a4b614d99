//! Who does the work changes nothing: the same records and the same state for any number of threads, with other
//! replicates beside it, in any order of rows, with any instructions of the processor.

use std::sync::Arc;

use kadry::engine::parallel::Workers;
use kadry::engine::simd::Instructions;
use kadry::model::fast::society::{Options, Society};
use kadry::model::record::MonthRecord;
use kadry::model::setup::Setup;
use kadry::model::state::standing::RANKS;
use rayon::prelude::*;

use super::{MONTHS, digest, historical, start};

/// Records of some months, and the digest of the state after them.
type Run = (Vec<MonthRecord>, String);

fn run(setup: &Arc<Setup>, replicate: u32, months: u16, workers: Workers) -> Run {
    let options = Options { workers, ..Options::default() };
    let mut society = Society::start(Arc::clone(setup), 1, replicate, options);
    let records = (0..months).map(|_| society.month()).collect();
    let state = digest(&society);
    (records, state)
}

fn in_pool(threads: usize, run: impl FnOnce() -> Run + Send) -> Run {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads").install(run)
}

fn assert_same(one: &Run, other: &Run, what: &str) {
    for (one, other) in one.0.iter().zip(&other.0) {
        assert_eq!(one, other, "{what}: {}", one.month);
    }
    assert_eq!(one.1, other.1, "{what}: state");
}

#[test]
fn any_number_of_threads_gives_the_same_society() {
    let setup = Arc::new(historical(300_000, 750, 10).setup());
    let society = start(Arc::clone(&setup), 1, 7);
    let (units, blocks) = (society.units().len(), society.block_count());
    drop(society);
    println!("{units} units in {blocks} blocks");
    // Far more units than blocks, so that blocks hold several; far more blocks than threads, so that threads take
    // turns in ways that differ from run to run.
    assert!(units > 5 * blocks && blocks > 5 * 8);
    let alone = run(&setup, 7, 6, Workers::One);
    for threads in [1, 2, 3, 8] {
        let together = in_pool(threads, || run(&setup, 7, 6, Workers::Pool));
        assert_same(&alone, &together, &format!("{threads} threads"));
    }
}

#[test]
fn any_number_of_threads_lives_through_all_thirteen_years() {
    // Trials, purges, elections, graduates, the ratchet of quotas: all of the calendar.
    let setup = Arc::new(historical(20_000, 150, 7).setup());
    let alone = run(&setup, 3, MONTHS, Workers::One);
    let together = in_pool(3, || run(&setup, 3, MONTHS, Workers::Pool));
    assert_same(&alone, &together, "3 threads");
}

#[test]
fn a_replicate_beside_others_is_the_replicate_alone() {
    let setup = Arc::new(historical(40_000, 100, 10).setup());
    let alone = run(&setup, 7, 12, Workers::One);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("a pool of threads");
    let among: Vec<Run> = pool.install(|| {
        (5..=9u32).into_par_iter().map(|replicate| run(&setup, replicate, 12, Workers::Pool)).collect()
    });
    assert_same(&alone, &among[2], "beside four others");
    assert!(among.iter().enumerate().all(|(other, run)| other == 2 || run.1 != alone.1));
}

/// Shuffles the people of each rank in every unit, by a sequence of its own.
fn shuffle(society: &mut Society, mut state: u64) {
    for unit in society.units_mut() {
        for rank in 0..RANKS as u8 {
            let rows = unit.people.ranks.of(rank);
            for row in rows.clone() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let other = (state >> 33) % (row - rows.start + 1) as u64;
                unit.people.swap(row, rows.start + other as usize);
            }
        }
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let setup = Arc::new(historical(8_000, 40, 5).setup());
    let expected = run(&setup, 2, MONTHS, Workers::One);
    let mut society = start(Arc::clone(&setup), 1, 2);
    let mut records = Vec::new();
    for month in 0..MONTHS {
        shuffle(&mut society, u64::from(month) + 1);
        records.push(society.month());
    }
    assert_same(&expected, &(records, digest(&society)), "rows shuffled before every month");
}

#[test]
fn every_set_of_instructions_gives_the_same_society() {
    let setup = Arc::new(historical(8_000, 40, 5).setup());
    let expected = run(&setup, 2, MONTHS, Workers::One);
    for instructions in Instructions::available() {
        let options = Options { instructions, ..Options::default() };
        let mut society = Society::start(Arc::clone(&setup), 1, 2, options);
        let records = (0..MONTHS).map(|_| society.month()).collect();
        assert_same(&expected, &(records, digest(&society)), instructions.name());
        println!("{}: the same", instructions.name());
    }
}

#[test]
fn blocks_of_any_size_give_the_same_society() {
    let setup = Arc::new(historical(20_000, 50, 5).setup());
    let run = |block: f64| {
        let options = Options { block, ..Options::default() };
        let mut society = Society::start(Arc::clone(&setup), 1, 1, options);
        let blocks = society.block_count();
        let records = (0..MONTHS).map(|_| society.month()).collect();
        (blocks, (records, digest(&society)))
    };
    let (usual, expected) = run(4_096.0);
    let (few, one_block) = run(50_000.0);
    let (many, small_blocks) = run(500.0);
    assert!((few, usual >= 4, many >= 20) == (1, true, true), "{few}, {usual}, {many} blocks");
    assert_same(&expected, &one_block, "one block");
    assert_same(&expected, &small_blocks, "small blocks");
}

#[test]
fn a_clone_goes_its_own_way_from_the_same_state() {
    let setup = Arc::new(historical(8_000, 40, 5).setup());
    let mut society = start(setup, 1, 2);
    for _ in 0..30 {
        society.month();
    }
    let mut clone = society.clone();
    let expected: Run = ((0..30).map(|_| society.month()).collect(), digest(&society));
    let records = (0..30).map(|_| clone.month()).collect();
    assert_same(&expected, &(records, digest(&clone)), "a clone");
}
