//! Writes a resolved scenario as TOML, complete and without a base, and computes its hash.
//!
//! The text is canonical: loading it gives the same setup, and writing that gives the same text.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::Scenario;
use super::event::Happening;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::state::standing::TARGET_CLASS_NAMES;

/// The parts of a scenario to write.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Extent {
    /// Everything that results contain or depend on.
    Substance,
    /// Also title, hypothesis, predictions and claims.
    Words,
    /// Also sources.
    Whole,
}

impl Scenario {
    /// Writes the resolved scenario as TOML, complete and without `extends`. Running the text gives the same bytes as
    /// running this scenario, and loading and writing it again gives the same text.
    pub fn to_toml(&self) -> String {
        self.write(Extent::Whole)
    }

    /// SHA-256 of everything that results contain or depend on, except seed and replicate: the text of
    /// [`Scenario::to_toml`] without title, hypothesis, predictions, claims and sources. Name, label and the names of
    /// phases and events are included, because results contain them.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.write(Extent::Substance)).into()
    }

    /// [`Scenario::hash`] as 64 hexadecimal digits.
    pub fn hash_hex(&self) -> String {
        self.hash().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether another scenario has the same text except for sources.
    pub(super) fn same_words(&self, other: &Scenario) -> bool {
        self.write(Extent::Words) == other.write(Extent::Words)
    }

    fn write(&self, extent: Extent) -> String {
        let mut text = String::new();
        // Writing to a `String` cannot fail.
        let _ = self.write_to(&mut text, extent);
        text
    }

    fn write_to(&self, out: &mut String, extent: Extent) -> std::fmt::Result {
        let whole = extent == Extent::Whole;
        writeln!(out, "name = {}", quoted(&self.name))?;
        if let Some(label) = &self.label {
            writeln!(out, "label = {}", quoted(label))?;
        }
        if extent >= Extent::Words {
            writeln!(out, "title = {}", quoted(&self.title))?;
            if let Some(hypothesis) = &self.hypothesis {
                writeln!(out, "hypothesis = {}", quoted(hypothesis))?;
            }
            if !self.claims.is_empty() {
                let claims: Vec<String> = self.claims.iter().map(|claim| quoted(claim)).collect();
                writeln!(out, "claims = [{}]", claims.join(", "))?;
            }
            self.write_predictions(out)?;
        }
        let population = &self.population;
        writeln!(out, "\n[population]\nsize = {}", population.size)?;
        writeln!(out, "enterprises = {}\nregions = {}", population.enterprises, population.regions)?;
        writeln!(out, "\n[policy]\nmode = \"schedule\"")?;
        for phase in &self.phases {
            writeln!(out, "\n[[phase]]\nname = {}\nfrom = \"{}\"", quoted(&phase.name), phase.from)?;
        }
        for (info, track) in LEVERS.iter().zip(&self.tracks) {
            writeln!(out, "\n[levers.{}]", info.key)?;
            if let (true, Some(source)) = (whole, &track.source) {
                writeln!(out, "source = {}", quoted(source))?;
            }
            let steps: Vec<String> =
                track.steps().iter().map(|(month, value)| format!("[\"{month}\", {value:?}]")).collect();
            writeln!(out, "steps = [{}]", steps.join(", "))?;
        }
        self.write_events(out, whole)?;
        writeln!(out, "\n[parameters]")?;
        for info in PARAMETERS {
            writeln!(out, "{} = {:?}", info.key, (info.get)(&self.parameters))?;
        }
        writeln!(out, "\n[mechanisms]")?;
        for info in MECHANISMS {
            writeln!(out, "{} = {}", info.key, (info.get)(&self.mechanisms))?;
        }
        Ok(())
    }

    fn write_predictions(&self, out: &mut String) -> std::fmt::Result {
        for prediction in &self.predictions {
            write!(out, "\n[[prediction]]\n{}", prediction.to_prediction())?;
        }
        Ok(())
    }

    fn write_events(&self, out: &mut String, whole: bool) -> std::fmt::Result {
        for event in &self.events {
            writeln!(
                out,
                "\n[[event]]\nname = {}\nkind = \"{}\"",
                quoted(&event.name),
                event.happening.kind()
            )?;
            if event.from == event.until {
                writeln!(out, "month = \"{}\"", event.from)?;
            } else {
                writeln!(out, "from = \"{}\"\nuntil = \"{}\"", event.from, event.until)?;
            }
            match event.happening {
                Happening::ShowTrial(targets) => {
                    let targets: Vec<String> = TARGET_CLASS_NAMES
                        .iter()
                        .zip(targets)
                        .filter(|(_, strength)| *strength > 0.0)
                        .map(|(class, strength)| format!("{class} = {strength:?}"))
                        .collect();
                    writeln!(out, "targets = {{ {} }}", targets.join(", "))?;
                }
                Happening::Election(posts) => writeln!(out, "posts = \"{}\"", posts.word())?,
            }
            if let (true, Some(source)) = (whole, &event.source) {
                writeln!(out, "source = {}", quoted(source))?;
            }
        }
        Ok(())
    }
}

/// Quotes a text as a TOML basic string on one line.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            odd if odd.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(odd));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}
