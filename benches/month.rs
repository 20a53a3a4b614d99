//! The month, in agent-months per second: by size, by threads, by instruction set, process by process, beside the readable
//! month; what it is made of (random words, memory); and what is around it (the start, output, replicates).
//!
//! `cargo bench` runs all; `cargo bench -- ^month` the sizes alone. How to read and compare: `benches/README.md`.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use criterion::{
    BatchSize, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use kadry::engine::calendar::Month;
use kadry::engine::chacha::Words;
use kadry::engine::parallel::Workers;
use kadry::engine::random::Key;
use kadry::engine::simd::Instructions;
use kadry::experiment::machine::nanoseconds;
use kadry::experiment::plan::Plan;
use kadry::experiment::replicate;
use kadry::experiment::run::Run;
use kadry::experiment::study::execute::Unobserved;
use kadry::experiment::study::session::{Destination, StudyVerb};
use kadry::experiment::tables::by_default;
use kadry::model::fast::society::{Options, Society};
use kadry::model::setup::{Population, Setup};
use kadry::model::simulation::PROCESSES;
use kadry::model::society::Society as Readable;

/// Month at which the timed months begin: the first two years have settled who sits where.
const WARM_MONTHS: usize = 24;
/// Months timed at once: the plan of 1930 to the middle of 1931.
const MONTHS: usize = 6;

fn setup(size: u64) -> Arc<Setup> {
    let scenario =
        kadry::scenario::load("historical", &[]).unwrap_or_else(|_| panic!("the baseline is sound"));
    Arc::new(Setup { population: Population::of_size(size), ..scenario.setup() })
}

fn warm(size: u64, options: Options) -> Society {
    let mut society = Society::start(setup(size), 1, 1, options);
    for _ in 0..WARM_MONTHS {
        society.month();
    }
    society
}

fn with(workers: Workers) -> Options {
    Options { workers, ..Options::default() }
}

/// A society that is taken from month to month, and started anew when its calendar ends.
struct Walk {
    size: u64,
    options: Options,
    society: Society,
}

impl Walk {
    fn new(size: u64, options: Options) -> Self {
        Walk { size, options, society: warm(size, options) }
    }

    /// Time of so many agent-months, from the time of whole months and the people who lived them.
    fn time(&mut self, agent_months: u64) -> Duration {
        if self.society.next().index() + MONTHS > Month::COUNT {
            *self = Walk::new(self.size, self.options);
        }
        let mut lived = 0;
        let begin = Instant::now();
        for _ in 0..MONTHS {
            lived += self.society.people();
            black_box(self.society.month());
        }
        begin.elapsed().mul_f64(agent_months as f64 / lived as f64)
    }
}

/// The month at several sizes, on one thread and on all.
fn month(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("month");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    let threads = rayon::current_num_threads();
    for size in [10_000u64, 100_000, 1_000_000, 10_000_000] {
        for (name, workers) in [("1 thread", Workers::One), ("all threads", Workers::Pool)] {
            if threads == 1 && workers == Workers::Pool {
                continue;
            }
            group.throughput(Throughput::Elements(size * MONTHS as u64));
            // Made when it is first timed: a society of ten millions takes a gigabyte.
            let mut walk = None;
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                let walk = walk.get_or_insert_with(|| Walk::new(size, with(workers)));
                bencher.iter_custom(|times| (0..times).map(|_| walk.time(size * MONTHS as u64)).sum());
            });
        }
    }
    group.finish();
}

/// Each process of the month alone, as the society itself tells it.
fn processes(criterion: &mut Criterion) {
    const SIZE: u64 = 100_000;
    let mut group = criterion.benchmark_group("process");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(SIZE * MONTHS as u64));
    for (process, name) in PROCESSES.iter().enumerate() {
        let name = name.replace('/', " ");
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let once = || {
                    let mut society = warm(SIZE, with(Workers::One));
                    society.time(nanoseconds);
                    let mut lived = 0;
                    for _ in 0..MONTHS {
                        lived += society.people();
                        black_box(society.month());
                    }
                    let seconds =
                        society.profile().seconds().nth(process).map_or(0.0, |(_, seconds)| seconds);
                    Duration::from_secs_f64(seconds * (SIZE * MONTHS as u64) as f64 / lived as f64)
                };
                (0..times).map(|_| once()).sum()
            });
        });
    }
    group.finish();
}

/// A plan of the historical scenario with the first `tables` tables.
fn plan(size: u64, replicates: u32, tables: usize) -> Plan {
    let scenario =
        kadry::scenario::load("historical", &[]).unwrap_or_else(|_| panic!("the baseline is sound"));
    let threads = rayon::current_num_threads();
    Plan {
        setup: setup(size),
        replicates: 1..=replicates,
        tables: by_default()[..tables].to_vec(),
        threads,
        side_by_side: threads,
        ..Plan::of(&scenario)
    }
}

/// One whole run of 40,000 people without tables, with the series, with all tables.
fn output(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("output");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (name, tables) in [("no table", 0), ("series", 1), ("all tables", by_default().len())] {
        let plan = plan(40_000, 1, tables);
        let go_on = |_| ControlFlow::Continue(());
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(replicate::run(&plan, 1, Workers::One, go_on)));
        });
    }
    group.finish();
}

/// A hundred replicates of 4,000 people on all threads, into a folder.
fn replicates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replicates");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for count in [1u32, 100] {
        let plan = plan(4_000, count, 1);
        group.throughput(Throughput::Elements(u64::from(count)));
        group.bench_function(count.to_string(), |bencher| {
            bencher.iter_batched(
                || tempfile::tempdir().expect("a temporary folder"),
                |home| {
                    let run = Run::new(plan.clone(), String::new(), true);
                    let file = run.plan_file(BTreeMap::new()).sealed();
                    let destination =
                        Destination { folder: home.path().join("run"), ..Destination::default() };
                    let never = AtomicBool::new(false);
                    run.carry_out(&file, &destination, &Unobserved, &never).expect("the run ends well");
                    home
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// What no month can be faster than: an array updated in place, far larger than any cache.
fn memory(criterion: &mut Criterion) {
    let mut array = vec![1.0f32; 64 << 20];
    let mut group = criterion.benchmark_group("memory");
    group.sample_size(10);
    // Each number is read and written.
    group.throughput(Throughput::Bytes(2 * size_of_val(&array[..]) as u64));
    group.bench_function("update in place", |bencher| {
        bencher.iter(|| array.iter_mut().for_each(|number| *number = *number * 0.999 + 0.001));
    });
    group.finish();
}

/// The month of a million people on each set of instructions that the processor has, on one thread.
fn instructions(criterion: &mut Criterion) {
    const SIZE: u64 = 1_000_000;
    let mut group = criterion.benchmark_group("instructions");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(SIZE * MONTHS as u64));
    for instructions in Instructions::available() {
        let mut walk = None;
        group.bench_function(instructions.name(), |bencher| {
            let walk =
                walk.get_or_insert_with(|| Walk::new(SIZE, Options { instructions, ..with(Workers::One) }));
            bencher.iter_custom(|times| (0..times).map(|_| walk.time(SIZE * MONTHS as u64)).sum());
        });
    }
    group.finish();
}

/// The readable month and the fast one at the same size, on one thread.
fn readable(criterion: &mut Criterion) {
    const SIZE: u64 = 10_000;
    let mut group = criterion.benchmark_group("readable");
    group.sample_size(10);
    let people = warm(SIZE, with(Workers::One)).people();
    group.throughput(Throughput::Elements(people * MONTHS as u64));
    group.bench_function("readable", |bencher| {
        bencher.iter_batched_ref(
            || {
                let mut society = Readable::start(setup(SIZE), 1, 1);
                for _ in 0..WARM_MONTHS {
                    society.month();
                }
                society
            },
            |society| {
                for _ in 0..MONTHS {
                    black_box(society.month());
                }
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("fast", |bencher| {
        bencher.iter_batched_ref(
            || warm(SIZE, with(Workers::One)),
            |society| {
                for _ in 0..MONTHS {
                    black_box(society.month());
                }
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// Random words: sixteen for each of many identities at once, and for one.
fn words(criterion: &mut Criterion) {
    const PEOPLE: u64 = 400;
    let key = Key::new(1, 1);
    let identities: Vec<u64> = (0..PEOPLE).map(|person| person.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    let mut group = criterion.benchmark_group("words");
    group.throughput(Throughput::Elements(PEOPLE));
    for instructions in Instructions::available() {
        let mut words = Words::new();
        group.bench_function(instructions.name(), |bencher| {
            bencher.iter(|| words.fill(instructions, &key, 0, 7, black_box(&identities)));
        });
    }
    group.throughput(Throughput::Elements(1));
    group.bench_function("one block", |bencher| bencher.iter(|| key.block(0, 7, black_box(77))));
    group.finish();
}

/// A society of 40,000 people in January 1928.
fn start(criterion: &mut Criterion) {
    const SIZE: u64 = 40_000;
    let setup = setup(SIZE);
    let mut group = criterion.benchmark_group("start");
    group.sample_size(10);
    group.throughput(Throughput::Elements(SIZE));
    group.bench_function("40000", |bencher| {
        bencher.iter(|| Society::start(setup.clone(), 1, 1, Options::default()));
    });
    group.finish();
}

criterion_group!(benches, memory, words, start, month, instructions, processes, readable, output, replicates);
criterion_main!(benches);
