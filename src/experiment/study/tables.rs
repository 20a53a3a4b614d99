//! Writes the tables by run from the parts.

use super::session::{RunError, Session};
use super::{RunId, up_to};
use crate::experiment::tables::{Table, labelled, points};
use crate::output::dictionary;
use crate::output::folder::Stream;
use crate::output::table::Layout;
use rayon::prelude::*;

/// Number of runs whose rows are in memory at once.
const AT_ONCE: usize = 64;

/// A table that is being written.
struct Open {
    table: &'static dyn Table,
    /// Its position in the plan.
    position: usize,
    stream: Stream,
}

impl Session<'_> {
    /// Writes the tables of a study whose variants have replicates of their own, the list of the variants, and the data
    /// dictionary with the layouts of the tables of the analysis.
    ///
    /// # Errors
    ///
    /// If a part has disappeared or a file cannot be written.
    pub fn write_variants(&mut self, of_analysis: Vec<Layout>, last: u32) -> Result<(), RunError> {
        let study = self.study;
        let columns = study.labels();
        let of_runs = study.written.iter().map(|table| labelled(table.layout(), &columns));
        let layouts: Vec<_> = of_runs.chain([points::layout(&columns, true)]).chain(of_analysis).collect();
        self.write(&dictionary::layout().file(), &dictionary::csv(&layouts))?;
        self.write(points::POINTS, &points::csv(&columns, &study.marks[1..], true))?;
        self.write_tables(last)
    }

    /// Writes the tables by run: variants in their order, replicates by number up to `last`. The threads share the tables.
    ///
    /// # Errors
    ///
    /// If a part has disappeared or a table cannot be written.
    pub fn write_tables(&mut self, last: u32) -> Result<(), RunError> {
        let study = self.study;
        let columns = study.labels();
        let names = study.tables();
        let mut open = Vec::new();
        for table in &study.written {
            let layout = labelled(table.layout(), &columns);
            let position = names.iter().position(|name| *name == layout.name).expect("it is recorded");
            let mut stream = self.workspace.stream(&layout.file())?;
            stream.append(&layout.header())?;
            open.push(Open { table: *table, position, stream });
        }
        for variant in 0..study.marks.len() {
            let labels = study.labels_of(variant);
            let replicates: Vec<u32> = up_to(&study.replicates(variant), last).collect();
            for replicates in replicates.chunks(AT_ONCE) {
                let mut found = Vec::with_capacity(replicates.len());
                for &replicate in replicates {
                    let address = study.address(RunId { variant, replicate });
                    if self.store.has(&address) {
                        found.push((replicate, self.store.run(&address)?));
                    }
                }
                let append = |Open { table, position, stream }: &mut Open| {
                    let mut bytes = Vec::new();
                    for (replicate, stored) in &found {
                        let more = study.base.past_and_future(*replicate);
                        labels.label(*table, *replicate, &more, stored.rows(*position), &mut bytes);
                    }
                    stream.append(&bytes)
                };
                self.pool.install(|| open.par_iter_mut().try_for_each(append))?;
            }
        }
        open.into_iter().try_for_each(|open| self.workspace.close(open.stream))?;
        Ok(())
    }
}
