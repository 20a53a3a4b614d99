//! Lists the name, colour and line pattern of each measure that is drawn.
//!
//! A measure thus looks the same in every picture. Unit and definition are those of the table's column.

use super::draw::canvas::Dash;
use super::palette::Colour;
use crate::model::measures::MONTH_MEASURES;

/// The style of a column of `series.csv`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Key of the column.
    pub key: &'static str,
    /// Name at the end of its line.
    pub name: &'static str,
    /// Colour of the line.
    pub colour: Colour,
    /// Pattern of the line.
    pub dash: Dash,
}

macro_rules! styles {
    ($($key:ident $name:literal $colour:ident $dash:ident;)*) => {
        /// The styles of all measures that are drawn.
        pub static STYLES: &[Style] = &[
            $(Style { key: stringify!($key), name: $name, colour: Colour::$colour, dash: Dash::$dash },)*
        ];
    };
}

styles! {
    elite_turnover "all" Green Solid;
    elite_turnover_repressive "by arrest" Vermilion Long;
    elite_turnover_administrative "by demotion" Blue Short;
    accusations_per_1000 "accusations" Purple Solid;
    arrests_per_1000 "arrests" Vermilion Solid;
    share_principle "principle" Blue Solid;
    share_temperament "temperament" Green Long;
    share_rivalry "rivalry" Vermilion Short;
    share_fear "fear" Purple Alternating;
    discipline "discipline" Green Solid;
    shirking "shirking" Ochre Long;
    recorded_absence_days "recorded absence" Ochre Solid;
    quit_rate "quits" Blue Solid;
    grievance "grievance" Vermilion Solid;
    authority "authority" Blue Long;
    fear "fear" Purple Alternating;
    output_per_worker "output per worker" Green Solid;
    mood "felt" Vermilion Solid;
    mood_public "shown" Ochre Short;
    chain_length "chain length" Ochre Solid;
    image_overlap "overlap" Green Solid;
    newcomers "newcomers" Ochre Long;
    elite "elite" Text Solid;
}

/// The style of a column.
///
/// # Panics
///
/// If the column is not in [`STYLES`].
pub fn style(key: &str) -> Style {
    *STYLES.iter().find(|style| style.key == key).expect("every measure that is drawn has a style")
}

/// The unit of a column of `series.csv`, as an axis names it.
pub fn unit(key: &str) -> &'static str {
    MONTH_MEASURES.iter().find(|measure| measure.key == key).map_or("", |measure| on_axis(measure.unit))
}

/// A unit as an axis names it.
pub fn on_axis(unit: &'static str) -> &'static str {
    if unit == "share" { "share, 0 to 1" } else { unit }
}

/// The definition of a column of `series.csv`.
pub fn definition(key: &str) -> &'static str {
    MONTH_MEASURES.iter().find(|measure| measure.key == key).map_or("", |measure| measure.definition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_style_belongs_to_one_column() {
        for (position, style) in STYLES.iter().enumerate() {
            assert!(MONTH_MEASURES.iter().any(|measure| measure.key == style.key), "{}", style.key);
            assert!(STYLES[..position].iter().all(|other| other.key != style.key), "{}", style.key);
        }
    }
}
