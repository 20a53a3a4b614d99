//! The month, in agent-months per second.

use criterion::{Criterion, criterion_group, criterion_main};

fn month(_criterion: &mut Criterion) {}

criterion_group!(benches, month);
criterion_main!(benches);
