//! The inks of the pictures and of the page, in a light and a dark theme.
//!
//! This is the only list of colours. Hues follow Okabe and Ito and Tol, darkened or lightened until lines have a contrast
//! of 3:1 and texts one of 4.5:1 on every ground; a test computes it. Hue is never the only difference between two things:
//! a line has a pattern and a name too, an area a name or a number.

/// A colour by its job. Pictures are drawn in inks; a page looks up the colour of its theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ink {
    /// The ground.
    Paper,
    /// Every second phase.
    Shade,
    /// Lines of a grid, for orientation alone.
    Grid,
    /// Axes, and borders that carry meaning.
    Axis,
    /// Text, and the first line of a picture.
    Text,
    /// Text of second rank.
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
    /// Text upon an area filled with a hue.
    OnHue,
    /// Steps of a scale, from nothing to most.
    Step0,
    /// A step.
    Step1,
    /// A step.
    Step2,
    /// A step.
    Step3,
    /// A step.
    Step4,
    /// Text upon the two strongest steps.
    OnStep,
}

/// An ink: name of its variable in the style sheet, colour on light and on dark ground.
pub struct Tint {
    /// The ink.
    pub ink: Ink,
    /// Name of the CSS variable, without dashes before it.
    pub name: &'static str,
    /// `#rrggbb` on light ground, on paper and in pictures written singly.
    pub light: &'static str,
    /// `#rrggbb` on dark ground.
    pub dark: &'static str,
}

macro_rules! tints {
    ($($ink:ident $name:literal $light:literal $dark:literal;)*) => {
        /// Every ink, in the order of [`Ink`].
        pub static TINTS: &[Tint] =
            &[$(Tint { ink: Ink::$ink, name: $name, light: $light, dark: $dark },)*];
    };
}

tints! {
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

impl Ink {
    /// Its place in [`TINTS`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// What is known about it.
    pub fn tint(self) -> &'static Tint {
        &TINTS[self.index()]
    }

    /// The step of a scale for a share of the most, 0 to 1.
    pub fn step(share: f64) -> Ink {
        match share {
            share if share <= 0.0 => Ink::Step0,
            share if share < 0.125 => Ink::Step1,
            share if share < 0.375 => Ink::Step2,
            share if share < 0.75 => Ink::Step3,
            _ => Ink::Step4,
        }
    }

    /// The ink of a text upon this one.
    pub fn text_upon(self) -> Ink {
        match self {
            Ink::Step3 | Ink::Step4 => Ink::OnStep,
            Ink::Blue | Ink::Vermilion | Ink::Green | Ink::Purple | Ink::Ochre | Ink::Axis => Ink::OnHue,
            _ => Ink::Text,
        }
    }
}

/// Relative luminance of `#rrggbb` after WCAG 2.2, 0 to 1.
fn luminance(colour: &str) -> f64 {
    let channel = |from: usize| {
        let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap_or(0)) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// Contrast of two colours `#rrggbb` after WCAG 2.2, 1 to 21.
pub fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both themes of a pair.
    fn pairs(front: Ink, ground: Ink) -> [f64; 2] {
        let (front, ground) = (front.tint(), ground.tint());
        [contrast(front.light, ground.light), contrast(front.dark, ground.dark)]
    }

    fn at_least(least: f64, front: &[Ink], grounds: &[Ink]) {
        for &front in front {
            for &ground in grounds {
                for contrast in pairs(front, ground) {
                    assert!(contrast >= least, "{front:?} on {ground:?}: {contrast:.2}, below {least}");
                }
            }
        }
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn every_ink_stands_in_its_place() {
        for (position, tint) in TINTS.iter().enumerate() {
            assert_eq!(tint.ink.index(), position);
        }
    }

    #[test]
    fn texts_and_lines_stand_out_in_both_themes() {
        const HUES: [Ink; 5] = [Ink::Blue, Ink::Vermilion, Ink::Green, Ink::Purple, Ink::Ochre];
        let grounds = [Ink::Paper, Ink::Shade];
        at_least(4.5, &[Ink::Text, Ink::Muted], &grounds);
        // Names at the ends of lines are written in the hue of the line.
        at_least(4.5, &HUES, &grounds);
        at_least(3.0, &[Ink::Axis], &grounds);
        at_least(4.5, &[Ink::OnHue], &HUES);
        for step in [Ink::Step0, Ink::Step1, Ink::Step2, Ink::Step3, Ink::Step4] {
            at_least(4.5, &[step.text_upon()], &[step]);
        }
    }
}
