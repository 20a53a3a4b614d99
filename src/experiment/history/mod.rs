//! Compares a result with published historical figures.
//!
//! The reference series are compiled into the program. Distances are log errors, so a value twice as high as the figure
//! counts as much as one half as high. The distances are no test of the model, because it was fitted to some of the
//! figures.

mod counterpart;
mod distance;
mod ladder;
mod ladder_page;
mod page;
mod reference;

pub use counterpart::{Basis, COUNTERPARTS, Counterpart};
pub use distance::{FigureDistance, HistoryComparison, SeriesDistance, compare};
pub use ladder::{Climb, LadderComparison, LadderSeries, Skill, climb};
pub use ladder_page::{LADDER_READING, ladder_grids, ladder_markdown, ladder_what};
pub use page::{Grid, READING, compared, figures_of, markdown, overview, what, without};
pub use reference::{Figure, cautions, figures};
