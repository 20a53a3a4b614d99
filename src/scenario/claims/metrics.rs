//! Lists the metrics that a test can name.

use crate::model::levers::LEVERS;
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;

/// Metrics of cohorts that entered the elite; the period is that of entry.
const COHORTS: [&str; 3] = ["survival_12", "survival_24", "half_life_months"];

/// Classes of targets whose accusations are metrics, as the names of the metrics call them.
const ACCUSED: [&str; 5] = ["former", "specialists", "managers", "officials", "workers"];

/// Endings of the metrics of accusations: in all units, and in units without a case of their own.
const WHERE: [&str; 2] = ["_per_1000", "_elsewhere"];

/// All metrics: columns of `phases.csv`, further columns of `series.csv`, levers as people see them, and metrics that are
/// in no table.
pub fn metrics() -> Vec<String> {
    let phases = PHASE_MEASURES.iter().map(|measure| measure.key.to_owned());
    let months = MONTH_MEASURES.iter().filter(|measure| !is_phase(measure.key));
    let months = months.map(|measure| measure.key.to_owned());
    let levers = LEVERS.iter().map(|lever| format!("levers.{}", lever.key));
    let cohorts = COHORTS.iter().map(|metric| (*metric).to_owned());
    phases.chain(months).chain(levers).chain(cohorts).chain(accusations()).collect()
}

fn accusations() -> impl Iterator<Item = String> {
    WHERE.iter().flat_map(|ending| ACCUSED.iter().map(move |class| format!("accusations_of_{class}{ending}")))
}

/// Whether a metric is a column of `series.csv` or a lever.
pub fn is_series(metric: &str) -> bool {
    let lever = |key: &str| LEVERS.iter().any(|lever| lever.key == key);
    MONTH_MEASURES.iter().any(|measure| measure.key == metric)
        || metric.strip_prefix("levers.").is_some_and(lever)
}

/// Whether a metric is a column of `phases.csv`.
pub fn is_phase(metric: &str) -> bool {
    PHASE_MEASURES.iter().any(|measure| measure.key == metric)
}
