//! Follows one person month by month: a worker of January 1928 who has risen to the elite ten years later.
//!
//! ```text
//! cargo run --release --example one_life
//! ```

use kadry::{Person, RANK_NAMES, Simulation, scenario};

/// The person with this identity, if present.
fn find(simulation: &Simulation, identity: u64) -> Option<Person> {
    let mut found = None;
    simulation.for_each_person(|_, person| {
        if person.identity == identity {
            found = Some(*person);
        }
    });
    found
}

/// The identities of everybody present who has such a rank.
fn identities(simulation: &Simulation, ranks: std::ops::RangeInclusive<u8>) -> Vec<u64> {
    let mut found = Vec::new();
    simulation.for_each_person(|_, person| {
        if ranks.contains(&person.rank()) {
            found.push(person.identity);
        }
    });
    found
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = scenario::load("historical", &["population.size=4000".to_owned()])?.setup();
    let start = Simulation::start(setup.into(), 1, 1);
    let workers = identities(&start, 0..=0);
    // A clone is a society of its own: ten years in it say whom to follow from the start.
    let mut later = start.clone();
    while later.next().year() < 1938 {
        later.month();
    }
    let elite = identities(&later, 2..=4);
    let Some(&identity) = workers.iter().find(|identity| elite.contains(identity)) else {
        println!("no worker of 1928 was in the elite in 1938");
        return Ok(());
    };
    println!("month    rank      party  grievance  fear  suspicion");
    let mut simulation = start;
    while let Some(record) = simulation.month() {
        let Some(person) = find(&simulation, identity) else {
            println!("{}  gone, or at school", record.month);
            continue;
        };
        println!(
            "{}  {:<9} {:<5}  {:9.2}  {:4.2}  {:9.2}",
            record.month,
            RANK_NAMES[usize::from(person.rank())],
            if person.standing.in_party() { "yes" } else { "no" },
            person.grievance,
            person.fear,
            person.suspicion,
        );
    }
    Ok(())
}
