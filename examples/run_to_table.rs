//! Simulates the historical scenario and writes every measure of every month to a CSV table on the standard output.
//!
//! ```text
//! cargo run --release --example run_to_table > months.csv
//! ```

use kadry::{MONTH_MEASURES, Simulation, Value, scenario};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let historical = scenario::load("historical", &["population.size=10000".to_owned()])?;
    let mut simulation = Simulation::start(historical.setup().into(), 1, 1);
    let mut table = csv::Writer::from_writer(std::io::stdout());
    table.write_record(["month"].into_iter().chain(MONTH_MEASURES.iter().map(|measure| measure.key)))?;
    while let Some(record) = simulation.month() {
        let cells = MONTH_MEASURES.iter().map(|measure| match (measure.value)(&record) {
            Value::Count(count) => count.to_string(),
            Value::Real(real) => real.to_string(),
            Value::Missing => String::new(),
        });
        table.write_record([record.month.to_string()].into_iter().chain(cells))?;
    }
    table.flush()?;
    Ok(())
}
