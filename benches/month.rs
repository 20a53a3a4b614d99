//! The month, in agent-months per second: by size, by threads, by instruction set, beside the plain month; and the random
//! words it draws.
//!
//! `cargo bench` runs all; `cargo bench -- month/40000` one size. How to read and compare: `benches/README.md`.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kadry::engine::chacha::Words;
use kadry::engine::instructions::Instructions;
use kadry::engine::parallel::Workers;
use kadry::engine::random::Key;
use kadry::model::plain::Country;
use kadry::model::setup::{Population, Setup};
use kadry::model::society::Society;

/// Month at which the timed months begin: the first two years have settled who sits where.
const WARM_MONTHS: usize = 24;
/// Months timed at once: the plan of 1930 to the middle of 1931.
const MONTHS: usize = 6;

fn setup(size: u64) -> Arc<Setup> {
    let scenario =
        kadry::scenario::load("historical", &[]).unwrap_or_else(|_| panic!("the baseline is sound"));
    Arc::new(Setup { population: Population::of_size(size), ..scenario.setup() })
}

fn warm(size: u64, workers: Workers) -> Society {
    let mut society = Society::start(setup(size), 1, 1, workers);
    for _ in 0..WARM_MONTHS {
        society.month(workers);
    }
    society
}

/// The month at several sizes, on one thread and on all.
fn month(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("month");
    group.sample_size(10);
    let threads = rayon::current_num_threads();
    for size in [10_000u64, 40_000, 100_000, 1_000_000] {
        for (name, workers) in [("1 thread", Workers::One), ("all threads", Workers::Pool)] {
            if threads == 1 && workers == Workers::Pool {
                continue;
            }
            let people = warm(size, workers).people();
            group.throughput(Throughput::Elements(people * MONTHS as u64));
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher.iter_batched_ref(
                    || warm(size, workers),
                    |society| {
                        for _ in 0..MONTHS {
                            black_box(society.month(workers));
                        }
                    },
                    BatchSize::PerIteration,
                );
            });
        }
    }
    group.finish();
}

/// The month on each set of instructions that the processor has.
fn instructions(criterion: &mut Criterion) {
    const SIZE: u64 = 100_000;
    let mut group = criterion.benchmark_group("instructions");
    group.sample_size(10);
    let people = warm(SIZE, Workers::One).people();
    group.throughput(Throughput::Elements(people * MONTHS as u64));
    for instructions in Instructions::available() {
        group.bench_function(instructions.name(), |bencher| {
            bencher.iter_batched_ref(
                || warm(SIZE, Workers::One).with_instructions(instructions),
                |society| {
                    for _ in 0..MONTHS {
                        black_box(society.month(Workers::One));
                    }
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// The plain month, which is the oracle of the fast one, and the fast one beside it at the same size, on one thread.
fn plain(criterion: &mut Criterion) {
    const SIZE: u64 = 10_000;
    let mut group = criterion.benchmark_group("plain");
    group.sample_size(10);
    let people = warm(SIZE, Workers::One).people();
    group.throughput(Throughput::Elements(people * MONTHS as u64));
    group.bench_function("plain", |bencher| {
        bencher.iter_batched_ref(
            || {
                let mut country = Country::start(setup(SIZE), 1, 1);
                for _ in 0..WARM_MONTHS {
                    country.month();
                }
                country
            },
            |country| {
                for _ in 0..MONTHS {
                    black_box(country.month());
                }
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("fast", |bencher| {
        bencher.iter_batched_ref(
            || warm(SIZE, Workers::One),
            |society| {
                for _ in 0..MONTHS {
                    black_box(society.month(Workers::One));
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
        bencher.iter(|| Society::start(setup.clone(), 1, 1, Workers::One));
    });
    group.finish();
}

criterion_group!(benches, words, start, month, instructions, plain);
criterion_main!(benches);
