//! The model against history: how far a result is from the published figures.
//!
//! Owns the comparison of a result folder with the reference series that are inside the program: which series has a
//! counterpart in the model, what is compared, and the distance. A distance is a log error, so that a figure twice too
//! high counts as much as one half too low. Judges nothing: figures that the model was fitted to are among them.

mod counterpart;
mod distance;
mod page;
mod reference;

pub use counterpart::{Basis, COUNTERPARTS, Counterpart};
pub use distance::{Comparison, FigureDistance, SeriesDistance, compare};
pub use page::{Grid, READING, compared, figures_of, markdown, overview, what, without};
pub use reference::{Figure, cautions, figures};
