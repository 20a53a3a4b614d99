//! Replaces the decisions of the historical record by a leadership that reacts to what it sees, and compares the two.
//!
//! The leadership keeps the historical levers, but lets people criticise their superiors only while discipline is high, and
//! backs managers while it is low.
//!
//! ```text
//! cargo run --release --example own_leadership
//! ```

use kadry::{Leadership, Levers, Month, Observation, PolicyMode, Schedule, Simulation, scenario};

/// Discipline below which the leadership chooses order.
const TOLERABLE: f64 = 0.85;

#[derive(Debug, Clone)]
struct Reactive {
    history: Schedule,
}

impl Leadership for Reactive {
    fn levers(&mut self, month: Month, observed: Option<&Observation>) -> Levers {
        let levers = self.history.levers(month, observed);
        match observed {
            Some(seen) if seen.discipline < TOLERABLE => {
                Levers { criticism: 0.1, managerial_authority: 0.9, ..levers }
            }
            _ => Levers { criticism: 0.8, managerial_authority: 0.4, ..levers },
        }
    }
}

/// Mean discipline, and accusations, over all months.
fn outcome(mut simulation: Simulation) -> (f64, u64) {
    let (mut discipline, mut months, mut accusations) = (0.0, 0.0, 0);
    while let Some(record) = simulation.month() {
        discipline += record.observation().discipline;
        months += 1.0;
        accusations += record.acts;
    }
    (discipline / months, accusations)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let setup = scenario::load("historical", &["population.size=10000".to_owned()])?.setup();
    let PolicyMode::Schedule(months) = &setup.policy;
    let reactive = Reactive { history: Schedule::new(months.clone()) };
    // Seed and replicate are the same, so both societies start alike and use the same random numbers.
    let historical = Simulation::start(setup.clone().into(), 1, 1);
    let changed = Simulation::start(setup.into(), 1, 1).with_leadership(reactive)?;
    for (name, simulation) in [("historical", historical), ("reactive", changed)] {
        let (discipline, accusations) = outcome(simulation);
        println!("{name:<10}  mean discipline {discipline:.3}  accusations {accusations}");
    }
    Ok(())
}
