//! Prepares a comparison: combines the options, the scenarios and the folder to extend, and checks that they fit
//! together. A misfit is wrong usage and is reported before the first run.

use super::{Arguments, Method};
use crate::cli::quantity::count;
use crate::cli::stderr::eprint_line;
use crate::engine::calendar::Month;
use crate::experiment::compare::contrasts::{Analysis, Width};
use crate::experiment::compare::run::StoppingRule;
use crate::experiment::compare::sequential::UntilPrecise;
use crate::experiment::compare::statistics::Correction;
use crate::experiment::stored::StoredResult;
use crate::experiment::study::version::{RESULTS_VERSION, changes_since};
use crate::experiment::tables::whole_period::{WHOLE_PERIOD, WholePeriod};
use crate::experiment::tables::{TABLES, Table};
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::output::folder::{hexadecimal, recover};
use crate::output::reading::ResultFolder;
use crate::scenario::{Scenario, load_text, nearest};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Tables of replicates that a comparison always writes: it reads them when it is extended.
const ALWAYS: [&str; 2] = ["series", "phases"];

/// Default of `--at-most`.
const AT_MOST: u32 = 1_000;

/// Options that do not fit together or do not fit the folder: wrong usage.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Misuse(String);

/// A comparison that is ready to run.
pub(super) struct Prepared {
    pub(super) folder: PathBuf,
    /// The baseline first.
    pub(super) scenarios: Vec<Scenario>,
    /// The comparison that `--extend` adds to.
    pub(super) earlier: Option<StoredResult>,
    pub(super) tables: Vec<&'static dyn Table>,
    pub(super) analysis: Analysis,
    pub(super) rule: StoppingRule,
}

fn misuse(text: impl Into<String>) -> anyhow::Error {
    Misuse(text.into()).into()
}

/// Combines and checks the options, the scenarios and the folder to extend.
///
/// # Errors
///
/// [`Misuse`] if they do not fit together; otherwise if the folder cannot be read.
pub(super) fn prepare(arguments: &Arguments, mut scenarios: Vec<Scenario>) -> anyhow::Result<Prepared> {
    check_together(&scenarios)?;
    let folder = arguments.out.clone().unwrap_or_else(|| default_folder(&scenarios));
    let earlier = if arguments.shared.extend { Some(open(&folder, arguments.shared.dry_run)?) } else { None };
    if let Some(earlier) = &earlier {
        scenarios = joined(arguments, &folder, earlier, scenarios)?;
        check_together(&scenarios)?;
    }
    let existing = earlier.as_ref().map_or(0, |earlier| {
        let of = earlier.variants.iter().map(|kept| kept.replicates.len());
        u32::try_from(of.max().unwrap_or(0)).unwrap_or(u32::MAX)
    });
    let asked = arguments.replicates.unwrap_or(if existing > 1 { existing } else { 20 });
    if asked < existing {
        eprint_line(&format!(
            "the comparison already has {existing} replicates: they are kept, and new scenarios get the same number"
        ));
    }
    let rule = StoppingRule {
        replicates: asked.max(existing),
        until: until_precise(arguments, asked.max(existing))?,
    };
    let analysis = analysis(arguments, &scenarios)?;
    let tables = tables(arguments, earlier.as_ref())?;
    Ok(Prepared { folder, scenarios, earlier, tables, analysis, rule })
}

fn until_precise(arguments: &Arguments, replicates: u32) -> anyhow::Result<Option<UntilPrecise>> {
    let Some(width) = arguments.until_precise else { return Ok(None) };
    let at_most = arguments.at_most.unwrap_or(AT_MOST.max(replicates));
    if at_most < replicates {
        return Err(misuse(format!(
            "--at-most {at_most} is less than the initial number of replicates, {replicates}"
        )));
    }
    Ok(Some(UntilPrecise { width, at_most }))
}

/// Checks that the scenarios have different names and the same phases.
fn check_together(scenarios: &[Scenario]) -> anyhow::Result<()> {
    let baseline = &scenarios[0];
    for (position, scenario) in scenarios.iter().enumerate() {
        let name = scenario.called();
        if scenarios[..position].iter().any(|other| other.called() == name) {
            return Err(misuse(format!(
                "`{name}` is given twice: each scenario of a comparison needs a different name or label"
            )));
        }
        if scenario.phases != baseline.phases {
            let phases = |scenario: &Scenario| {
                let list = scenario.phases.iter().map(|phase| format!("{} from {}", phase.name, phase.from));
                list.collect::<Vec<_>>().join(", ")
            };
            return Err(misuse(format!(
                "`{name}` and `{}` have different phases, so they cannot be compared by phase:\n  {}: {}\n  {name}: {}\n\
                 give both the same [[phase]] tables",
                baseline.called(),
                baseline.called(),
                phases(baseline),
                phases(scenario),
            )));
        }
    }
    if baseline.phases.iter().any(|phase| phase.name == WHOLE_PERIOD) {
        return Err(misuse(format!(
            "a phase cannot be named `{WHOLE_PERIOD}` in a comparison, where this means all months"
        )));
    }
    Ok(())
}

/// Warns of scenarios that cannot differ from the baseline (the first scenario) by `until`, and of those that differ
/// from it in size.
pub(super) fn warn_of_weak_comparisons(scenarios: &[Scenario], until: Month) {
    let Some((baseline, others)) = scenarios.split_first() else { return };
    for scenario in others {
        let (name, with) = (scenario.called(), baseline.called());
        match baseline.first_difference(scenario) {
            None => eprint_line(&format!(
                "warning: `{name}` is identical to `{with}` in everything that a run depends on: all differences will be 0"
            )),
            Some(month) if month > until => eprint_line(&format!(
                "warning: `{name}` is identical to `{with}` until {month}, after the last month of the run ({until}): all \
                 differences will be 0; give --until {month} or later"
            )),
            Some(_) => {}
        }
        let (size, size_of_baseline) = (scenario.population.size, baseline.population.size);
        if size != size_of_baseline {
            eprint_line(&format!(
                "warning: `{name}` starts with {} people and `{with}` with {}: differences include the effect of size; \
                 --population N gives both the same size",
                count(size),
                count(size_of_baseline)
            ));
        }
    }
}

fn default_folder(scenarios: &[Scenario]) -> PathBuf {
    let mut digest = Sha256::new();
    scenarios.iter().for_each(|scenario| digest.update(scenario.hash()));
    Path::new("output").join(format!("compare-{}", &hexadecimal(&digest.finalize())[..8]))
}

/// Opens the comparison to extend.
fn open(path: &Path, dry_run: bool) -> anyhow::Result<StoredResult> {
    let shown = path.display();
    if !path.exists() {
        anyhow::bail!(
            "there is no comparison {shown} to extend: leave out --extend, or give its folder with --out DIR"
        );
    }
    if !dry_run {
        recover(path)?;
    }
    let folder = ResultFolder::open(path)?;
    if folder.manifest.comparison.is_none() {
        anyhow::bail!(
            "{shown} is the result of `kadry run`, not of `kadry compare`: give --out DIR of a comparison, or leave out --extend"
        );
    }
    let theirs = folder.manifest.plan.results;
    if theirs != RESULTS_VERSION {
        anyhow::bail!(
            "{shown} has results of version {theirs}, and this kadry has version {RESULTS_VERSION} ({}): rows of two versions must not be mixed; compare again with --force, or give another --out DIR",
            changes_since(theirs)
        );
    }
    let stored = StoredResult::open(folder)?;
    stored.verify()?;
    Ok(stored)
}

/// The scenarios of the comparison to extend, then the new ones. A scenario that is already there must not change.
fn joined(
    arguments: &Arguments,
    folder: &Path,
    earlier: &StoredResult,
    given: Vec<Scenario>,
) -> anyhow::Result<Vec<Scenario>> {
    let shown = folder.display();
    let manifest = &earlier.folder.manifest;
    if manifest.seed != arguments.shared.seed() {
        let (theirs, ours) = (manifest.seed, arguments.shared.seed());
        return Err(misuse(format!(
            "{shown} has seed {theirs}, not {ours}: give --seed {theirs}, or another --out DIR"
        )));
    }
    let last = arguments.shared.until().to_string();
    if manifest.months[1] != last {
        let theirs = &manifest.months[1];
        return Err(misuse(format!(
            "{shown} runs until {theirs}, not {last}: give --until {theirs}, or another --out DIR"
        )));
    }
    let mut all = Vec::new();
    for (file, text) in earlier.variants.iter().filter_map(|kept| kept.text.as_ref()) {
        let read = load_text(file, text)
            .map_err(|faults| anyhow::anyhow!("{shown}/{file} cannot be read: {faults}"))?;
        all.push(read);
    }
    if given[0].called() != all[0].called() {
        let (theirs, ours) = (all[0].called(), given[0].called());
        return Err(misuse(format!(
            "{shown} has the baseline `{theirs}`, not `{ours}`: name `{theirs}` first"
        )));
    }
    for scenario in given {
        match all.iter().position(|other| other.called() == scenario.called()) {
            Some(position) if all[position].hash() != scenario.hash() => {
                let name = scenario.called();
                return Err(misuse(format!(
                    "`{name}` differs from the scenario of that name in {shown}: `kadry diff` shows how; give the same, \
                     a --label, or another --out DIR"
                )));
            }
            // Its title or hypothesis may differ.
            Some(position) => all[position] = scenario,
            None => all.push(scenario),
        }
    }
    Ok(all)
}

fn tables(arguments: &Arguments, earlier: Option<&StoredResult>) -> anyhow::Result<Vec<&'static dyn Table>> {
    let chosen = |name: &str| ALWAYS.contains(&name) || arguments.tables.iter().any(|table| table == name);
    let asked: Vec<&'static dyn Table> = TABLES
        .iter()
        .copied()
        .filter(|table| chosen(table.layout().name))
        .chain([&WholePeriod as &'static dyn Table])
        .collect();
    let Some(earlier) = earlier else { return Ok(asked) };
    let list = |tables: &[&'static dyn Table]| {
        tables.iter().map(|table| table.layout().name).collect::<Vec<_>>().join(", ")
    };
    if !arguments.tables.is_empty() && list(&asked) != list(&earlier.tables()) {
        return Err(misuse(format!(
            "the comparison has the tables {}: leave out --tables to keep them, or compare again with --force",
            list(&earlier.tables())
        )));
    }
    Ok(earlier.tables())
}

fn analysis(arguments: &Arguments, scenarios: &[Scenario]) -> anyhow::Result<Analysis> {
    let until = arguments.shared.until();
    let reached = scenarios[0].phases.iter().filter(|phase| phase.from <= until).count();
    let phases: Vec<&str> = scenarios[0].phases[..reached].iter().map(|phase| phase.name.as_str()).collect();
    let periods: Vec<&str> = phases.iter().copied().chain([WHOLE_PERIOD]).collect();
    let keys: Vec<&str> = PHASE_MEASURES.iter().map(|measure| measure.key).collect();
    // The number of months is the same in all scenarios.
    let every = (0..keys.len()).filter(|position| keys[*position] != "months").collect();
    let metrics = chosen(&arguments.metric, &keys, every, |name| {
        let hint = MONTH_MEASURES.iter().any(|measure| measure.key == name);
        if hint {
            "; it is a column of series.csv only, compared month by month in compare_months.csv"
        } else {
            ""
        }
    });
    let metrics = metrics.map_err(|text| misuse(format!("unknown metric {text}")))?;
    let every = (0..periods.len()).collect();
    let periods = chosen(&arguments.phase, &periods, every, |_| "")
        .map_err(|text| misuse(format!("unknown phase {text}")))?;
    let regimes = arguments.phases || scenarios.len() == 1;
    if regimes && periods.iter().filter(|period| **period < reached).count() < 2 {
        return Err(misuse(
            "comparing phases with each other needs at least two phases: give more with --phase, or leave it out to compare all",
        ));
    }
    Ok(Analysis {
        metrics,
        periods,
        regimes,
        level: arguments.level,
        spend: 1.0,
        correction: match arguments.correction {
            Method::Holm => Correction::Holm,
            Method::None => Correction::None,
        },
        half_width: arguments.until_precise.map_or(arguments.half_width, Width::halved),
    })
}

/// Positions in `known` of the given names, in ascending order; `every` if no name is given. The error for an unknown
/// name contains the remark that `more` returns for it.
fn chosen(
    given: &[String],
    known: &[&str],
    every: Vec<usize>,
    more: impl Fn(&str) -> &'static str,
) -> Result<Vec<usize>, String> {
    if given.is_empty() {
        return Ok(every);
    }
    let mut positions = Vec::new();
    for name in given {
        match known.iter().position(|known| known == name) {
            Some(position) => positions.push(position),
            None => {
                let near = nearest(name, known.iter().copied());
                let near = near.map_or_else(
                    || format!("; the known names are {}", known.join(", ")),
                    |near| format!("; did you mean `{near}`?"),
                );
                return Err(format!("`{name}`{}{near}", more(name)));
            }
        }
    }
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}
