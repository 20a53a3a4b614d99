//! Defines the colours of the pictures and the page, in a light and a dark theme.
//!
//! No colour is defined elsewhere. Hues follow Okabe and Ito and Tol, darkened or lightened until the contrast with every
//! background is at least 3:1 for lines and 4.5:1 for text, which a test checks. Hue is never the only distinction: lines
//! also have a pattern and a name, areas a name or a number.

/// A colour by its role; [`Swatch`] has its value in each theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// Background.
    Paper,
    /// Shaded background, such as that of every second phase.
    Shade,
    /// Grid lines.
    Grid,
    /// Axes, and borders that carry information.
    Axis,
    /// Text, and the first line of a picture.
    Text,
    /// Secondary text.
    Muted,
    /// A hue.
    Blue,
    /// A hue.
    Vermilion,
    /// A hue.
    Green,
    /// A hue.
    Purple,
    /// A hue.
    Ochre,
    /// Text on an area filled with a hue.
    OnHue,
    /// Lowest step of the scale, for zero.
    Step0,
    /// A step.
    Step1,
    /// A step.
    Step2,
    /// A step.
    Step3,
    /// A step.
    Step4,
    /// Text on the two highest steps.
    OnStep,
}

/// The values of a colour and its name in the style sheet.
pub struct Swatch {
    /// The role.
    pub colour: Colour,
    /// Name of the CSS variable, without its leading dashes.
    pub name: &'static str,
    /// `#rrggbb` in the light theme, in print and in separate picture files.
    pub light: &'static str,
    /// `#rrggbb` in the dark theme.
    pub dark: &'static str,
}

macro_rules! swatches {
    ($($colour:ident $name:literal $light:literal $dark:literal;)*) => {
        /// All colours, in the order of [`Colour`].
        pub static SWATCHES: &[Swatch] =
            &[$(Swatch { colour: Colour::$colour, name: $name, light: $light, dark: $dark },)*];
    };
}

swatches! {
    Paper "paper" "#ffffff" "#15181d";
    Shade "shade" "#f1f2f4" "#20252c";
    Grid "grid" "#d9dce1" "#363c45";
    Axis "axis" "#6a717c" "#8b94a1";
    Text "text" "#1b1e23" "#eceef1";
    Muted "muted" "#555c66" "#aeb5bf";
    Blue "blue" "#0a63a8" "#63b8ee";
    Vermilion "vermilion" "#b84300" "#ff9458";
    Green "green" "#00704f" "#3dc79b";
    Purple "purple" "#93317c" "#e692cc";
    Ochre "ochre" "#7d5a00" "#e2b93b";
    OnHue "on-hue" "#ffffff" "#15181d";
    Step0 "step-0" "#ffffff" "#15181d";
    Step1 "step-1" "#dde8f3" "#1d3347";
    Step2 "step-2" "#aecbe6" "#255077";
    Step3 "step-3" "#2f6fa8" "#6cb0e4";
    Step4 "step-4" "#08406f" "#b5dbf8";
    OnStep "on-step" "#ffffff" "#10151b";
}

impl Colour {
    /// Position in [`SWATCHES`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// The values of this colour.
    pub fn swatch(self) -> &'static Swatch {
        &SWATCHES[self.index()]
    }

    /// The step of the scale for a share of the maximum, from 0 to 1.
    pub fn step(share: f64) -> Colour {
        match share {
            share if share <= 0.0 => Colour::Step0,
            share if share < 0.125 => Colour::Step1,
            share if share < 0.375 => Colour::Step2,
            share if share < 0.75 => Colour::Step3,
            _ => Colour::Step4,
        }
    }

    /// The colour of text on this one.
    pub fn text_on(self) -> Colour {
        match self {
            Colour::Step3 | Colour::Step4 => Colour::OnStep,
            Colour::Blue
            | Colour::Vermilion
            | Colour::Green
            | Colour::Purple
            | Colour::Ochre
            | Colour::Axis => Colour::OnHue,
            _ => Colour::Text,
        }
    }
}

/// Relative luminance of `#rrggbb` by WCAG 2.2, 0 to 1.
fn luminance(colour: &str) -> f64 {
    let channel = |from: usize| {
        let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap_or(0)) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// Contrast ratio of two colours `#rrggbb` by WCAG 2.2, 1 to 21.
pub fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast of two colours in both themes.
    fn pairs(front: Colour, ground: Colour) -> [f64; 2] {
        let (front, ground) = (front.swatch(), ground.swatch());
        [contrast(front.light, ground.light), contrast(front.dark, ground.dark)]
    }

    fn at_least(least: f64, front: &[Colour], grounds: &[Colour]) {
        for &front in front {
            for &ground in grounds {
                for contrast in pairs(front, ground) {
                    assert!(contrast >= least, "{front:?} on {ground:?}: {contrast:.2}, below {least}");
                }
            }
        }
    }

    #[test]
    fn contrast_agrees_with_the_guidelines() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn swatches_have_the_order_of_the_colours() {
        for (position, swatch) in SWATCHES.iter().enumerate() {
            assert_eq!(swatch.colour.index(), position);
        }
    }

    #[test]
    fn texts_and_lines_have_contrast_in_both_themes() {
        const HUES: [Colour; 5] =
            [Colour::Blue, Colour::Vermilion, Colour::Green, Colour::Purple, Colour::Ochre];
        let grounds = [Colour::Paper, Colour::Shade];
        at_least(4.5, &[Colour::Text, Colour::Muted], &grounds);
        // Names at the ends of lines are written in the hue of the line.
        at_least(4.5, &HUES, &grounds);
        at_least(3.0, &[Colour::Axis], &grounds);
        at_least(4.5, &[Colour::OnHue], &HUES);
        for step in [Colour::Step0, Colour::Step1, Colour::Step2, Colour::Step3, Colour::Step4] {
            at_least(4.5, &[step.text_on()], &[step]);
        }
    }
}
