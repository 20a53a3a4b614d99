//! Checks a sweep as a whole, file and options together: keys, design, ranges, values and the number of points.

use super::file::Written;
use super::vary::{Varied, read_option};
use super::{Design, DesignName, MAX_POINTS, MAX_VARIED, Sweep, SweepOptions, SweepProblem, Variation, Vary};
use crate::scenario::fault::{Faults, Problem};
use crate::scenario::layer::Size;
use crate::scenario::source::SourceSpan;
use std::ffi::OsStr;

/// Applies the options to what the file says, and checks both together.
pub(super) fn finish(
    written: Written,
    options: &SweepOptions<'_>,
    mut faults: Faults,
) -> Result<Sweep, Faults> {
    let mut lost = written.lost || written.unreadable;
    let (mut varied, of_file) = (written.vary, written.points);
    report_repeated(&varied, &mut faults);
    let mut added = Vec::new();
    for text in options.vary {
        let source = faults.sources.add("--vary".to_owned(), text.clone());
        match read_option(text, source, &mut faults) {
            Some(vary) => added.push(vary),
            None => lost = true,
        }
    }
    report_repeated(&added, &mut faults);
    for vary in added {
        match varied.iter_mut().find(|other| other.key.value == vary.key.value) {
            Some(other) => *other = vary,
            None => varied.push(vary),
        }
    }
    lost |= varied.iter().any(|varied| varied.vary.is_none());
    let vary: Vec<Vary> = varied.into_iter().filter_map(|varied| varied.vary).collect();
    let base = options.base.map(OsStr::to_os_string).or(written.base);
    if base.is_none() && faults.list.is_empty() {
        faults.push(Problem::from(SweepProblem::NoBase), "base", None);
    }
    let population = options.population.or(written.population);
    let name = options.design.or(written.design).unwrap_or(DesignName::Grid);
    let mut check = Check { vary: &vary, lost, faults: &mut faults };
    check.keys(population);
    // A number of points in the file belongs to the design of the file.
    let of_file = of_file.filter(|_| options.design.is_none_or(DesignName::is_sampled));
    // What fits an unknown design is unknown.
    let unknown = options.design.is_none() && written.design_unknown;
    let design = if unknown { None } else { check.design(name, options.points, of_file) };
    match (base, design) {
        (Some(base), Some(design)) if faults.list.is_empty() => Ok(Sweep {
            base,
            design,
            vary,
            set: written.set,
            population,
            replicates: written.replicates,
            seed: written.seed,
            until: written.until,
            tables: written.tables,
            metrics: written.metrics,
            sources: faults.sources,
        }),
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

fn report_repeated(varied: &[Varied], faults: &mut Faults) {
    for (position, varied_key) in varied.iter().enumerate() {
        let key = &varied_key.key;
        if varied[..position].iter().any(|other| other.key.value == key.value) {
            let problem = SweepProblem::KeyTwice { key: key.value.clone() };
            faults.push(problem.into(), key.value.clone(), Some(key.at.clone()));
        }
    }
}

/// Checks what no single key shows.
struct Check<'c> {
    vary: &'c [Vary],
    /// Whether some keys or values are unknown because they have faults.
    lost: bool,
    faults: &'c mut Faults,
}

impl Check<'_> {
    fn fault(&mut self, problem: SweepProblem, vary: Option<&Vary>) {
        let path = vary.map(|vary| vary.path.clone()).unwrap_or_default();
        self.faults.push(problem.into(), path, vary.map(|vary| vary.place.clone()));
    }

    fn keys(&mut self, population: Option<Size>) {
        let vary = self.vary;
        if vary.is_empty() && !self.lost {
            self.fault(SweepProblem::NothingVaried, None);
        }
        if vary.len() > MAX_VARIED {
            let problem = SweepProblem::TooManyKeys { count: vary.len(), limit: MAX_VARIED };
            self.fault(problem, vary.get(MAX_VARIED));
        }
        let size = vary.iter().find(|vary| vary.key == "population.size");
        if let (Some(size), Some(population)) = (size, population) {
            self.fault(SweepProblem::SizeVaried { population: population.to_string() }, Some(size));
        }
    }

    /// The design, if it fits the values.
    fn design(
        &mut self,
        name: DesignName,
        option: Option<u32>,
        of_file: Option<(u32, SourceSpan)>,
    ) -> Option<Design> {
        let option = option.map(|points| {
            let text = points.to_string();
            let end = text.len();
            let source = self.faults.sources.add("--points".to_owned(), text);
            (points, "--points", SourceSpan { source, start: 0, end })
        });
        let given = option.or(of_file.map(|(points, place)| (points, "points", place)));
        if !name.is_sampled() {
            if let Some((_, key, place)) = given {
                self.faults.push(SweepProblem::PointsGiven { design: name }.into(), key, Some(place));
            }
            self.values(name);
            return Some(if name == DesignName::Grid { Design::Grid } else { Design::List });
        }
        self.ranges(name);
        let Some((points, key, place)) = given else {
            if !self.lost {
                self.fault(SweepProblem::PointsMissing { design: name }, self.vary.first());
            }
            return None;
        };
        let range = 1..=MAX_POINTS;
        if !range.contains(&points) {
            let problem = Problem::OutOfRange {
                key: "points".to_owned(),
                value: points.to_string(),
                low: range.start().to_string(),
                high: range.end().to_string(),
                unit: String::new(),
            };
            self.faults.push(problem, key, Some(place));
        }
        Some(if name == DesignName::Latin { Design::Latin { points } } else { Design::Sobol { points } })
    }

    /// Checks the values for a design that draws points.
    fn ranges(&mut self, design: DesignName) {
        for vary in self.vary {
            self.distinct(vary);
            if let Variation::Steps { steps, .. } = vary.variation {
                let problem = SweepProblem::StepsGiven { key: vary.key.clone(), steps, design };
                self.fault(problem, Some(vary));
            }
        }
    }

    /// Checks the values for a design that takes all of them.
    fn values(&mut self, design: DesignName) {
        let (mut product, mut ranges) = (1, self.lost);
        for vary in self.vary {
            match vary.variation.count() {
                Some(count) => product = u128::saturating_mul(product, count as u128),
                None => {
                    self.fault(SweepProblem::StepsMissing { key: vary.key.clone(), design }, Some(vary));
                    ranges = true;
                }
            }
            if design == DesignName::Grid {
                self.distinct(vary);
            }
        }
        if ranges {
            return;
        }
        if design == DesignName::Grid {
            if product > u128::from(MAX_POINTS) {
                // The key with the most values.
                let vary = self.vary.iter().max_by_key(|vary| vary.variation.count());
                self.fault(SweepProblem::TooManyPoints { count: product, limit: MAX_POINTS }, vary);
            }
            return;
        }
        let mut counted = self.vary.iter().filter_map(|vary| Some((vary, vary.variation.count()?)));
        let Some((first, expected)) = counted.next() else { return };
        for (vary, count) in counted.filter(|(_, count)| *count != expected) {
            let (key, first) = (vary.key.clone(), first.key.clone());
            self.fault(SweepProblem::Lengths { key, count, first, expected }, Some(vary));
        }
    }

    /// Checks that values differ. In a list they may repeat, because the values of other keys differ.
    fn distinct(&mut self, vary: &Vary) {
        let Variation::Values(values) = &vary.variation else { return };
        let mut sorted: Vec<&String> = values.iter().collect();
        sorted.sort_unstable();
        let mut repeated: Vec<&String> =
            sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        repeated.dedup();
        for value in repeated {
            let problem = SweepProblem::ValueTwice { key: vary.key.clone(), value: value.clone() };
            self.fault(problem, Some(vary));
        }
    }
}
