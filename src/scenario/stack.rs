//! Puts patches on a base and on each other, and resolves them without reading the base again.
//!
//! A study of robustness tries each scenario under many conditions: the base, then a condition such as shifted levers, then
//! the patch of a shipped scenario. Each patch acts on what the patches before it have left, in the same way as a file acts
//! on the base that it extends.

use std::ffi::OsStr;

use super::Scenario;
use super::fault::{Faults, Problem};
use super::layer::{Layer, Size};
use super::load::{Altered, LayerChain, Options, alter, apply_file, read_files, read_patch, read_text_files};
use super::resolve::Resolver;
use super::shipped;
use super::source::{Location, Sources};

/// A base on which patches can be put. Threads can share it.
#[derive(Debug)]
pub struct Stack {
    /// The base before its last checks.
    base: Resolver,
    /// The texts of the base.
    sources: Sources,
}

/// A patch on a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patch<'a> {
    /// A text in TOML with the keys of a scenario file, all of them optional and without `extends`.
    Text {
        /// Name of the text in messages.
        name: &'a str,
        /// The text.
        text: &'a str,
    },
    /// The file of a shipped scenario without the base that it extends. The result gets its name, title, hypothesis,
    /// predictions and claims. A shipped base (`historical`, `decrees_only`, `first_model`) replaces all levers and the phases, and adds
    /// its events.
    Shipped(&'a str),
}

impl Stack {
    /// Loads a base: `-` for standard input, the name of a shipped scenario, or a path.
    ///
    /// # Errors
    ///
    /// All faults of the file and its bases.
    pub fn load(base: impl AsRef<OsStr>) -> Result<Stack, Faults> {
        let mut faults = Faults::default();
        let files = read_files(base.as_ref(), &mut faults);
        Stack::of(files, faults)
    }

    /// Loads a base from a text; `name` is its name in messages. Relative bases start from the current folder.
    ///
    /// # Errors
    ///
    /// All faults of the text and its bases.
    pub fn load_text(name: &str, text: &str) -> Result<Stack, Faults> {
        let mut faults = Faults::default();
        let files = read_text_files(name, text, &mut faults);
        Stack::of(files, faults)
    }

    fn of(files: LayerChain, mut faults: Faults) -> Result<Stack, Faults> {
        if files.complete {
            let altered = Altered::of_files(&files.layers, None, &mut faults);
            let base = altered.resolver.clone();
            altered.finish(false, &mut faults);
            if faults.list.is_empty() {
                return Ok(Stack { base, sources: faults.sources });
            }
        }
        faults.sort();
        Err(faults)
    }

    /// The stack with one more patch on the base, which is read and applied only once however much is resolved on it. What is
    /// wrong with the result is reported by [`Stack::resolve`].
    ///
    /// # Errors
    ///
    /// The faults of the patch.
    pub fn with(&self, patch: Patch<'_>) -> Result<Stack, Faults> {
        let mut faults = Faults { sources: self.sources.clone(), ..Faults::default() };
        let mut base = self.base.clone();
        patch.read(&mut faults).iter().for_each(|layer| apply_file(&mut base, layer, &mut faults));
        if faults.list.is_empty() {
            return Ok(Stack { base, sources: faults.sources });
        }
        faults.sort();
        Err(faults)
    }

    /// Resolves patches on the base. They are applied in the order of the list: a `[[change]]` acts on the levers as the
    /// patches before it have left them. The result has `label`, if one is given.
    ///
    /// The result of one shipped patch on the base that it extends is that of [`super::load`].
    ///
    /// # Errors
    ///
    /// All faults of the patches, such as an event that the base does not have, and an invalid label.
    pub fn resolve(&self, patches: &[Patch<'_>], label: Option<&str>) -> Result<Scenario, Faults> {
        self.resolve_altered(patches, &[], None, label)
    }

    /// Resolves patches like [`Stack::resolve`], and then alters the result like [`super::load_altered`] with the same
    /// arguments.
    ///
    /// # Errors
    ///
    /// The faults of [`Stack::resolve`] and of the settings.
    pub fn resolve_altered(
        &self,
        patches: &[Patch<'_>],
        settings: &[String],
        population: Option<Size>,
        label: Option<&str>,
    ) -> Result<Scenario, Faults> {
        let mut faults = Faults { sources: self.sources.clone(), ..Faults::default() };
        let layers: Vec<Option<Layer>> = patches.iter().map(|patch| patch.read(&mut faults)).collect();
        let options = Options::read(settings, population, label, &mut faults);
        let mut resolver = self.base.clone();
        layers.iter().flatten().for_each(|layer| apply_file(&mut resolver, layer, &mut faults));
        let altered = Altered::of(resolver, options.population.as_ref());
        let mut scenario = alter(altered, &options, true, &mut faults);
        if faults.list.is_empty() {
            scenario.sources = faults.sources;
            return Ok(scenario);
        }
        faults.sort();
        Err(faults)
    }
}

impl Patch<'_> {
    /// Reads the patch; `None` if there is no such scenario.
    fn read(&self, faults: &mut Faults) -> Option<Layer> {
        match *self {
            Patch::Text { name, text } => {
                let layer = read_patch(name.to_owned(), text.to_owned(), faults);
                if let Some(extends) = &layer.extends {
                    faults.push(Problem::PatchExtends, "extends", Some(extends.at.clone()));
                }
                Some(layer)
            }
            Patch::Shipped(name) => {
                let Some(shipped) = shipped::find(name) else {
                    faults.push(Problem::no_such_scenario(name), "", None);
                    return None;
                };
                let name = Location::Shipped(shipped).name();
                Some(read_patch(name, shipped.text.to_owned(), faults))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{SHIPPED, load, load_altered, load_text};

    fn text<'a>(text: &'a str) -> Patch<'a> {
        Patch::Text { name: "a patch", text }
    }

    #[test]
    fn a_shipped_patch_on_its_base_is_the_shipped_scenario() {
        let stack = Stack::load("historical").unwrap();
        assert_eq!(stack.resolve(&[], None).unwrap(), load("historical", &[]).unwrap());
        for shipped in SHIPPED {
            let patched = stack.resolve(&[Patch::Shipped(shipped.name)], None).unwrap();
            let loaded = load(shipped.name, &[]).unwrap();
            assert_eq!(patched.to_toml(), loaded.to_toml(), "{}", shipped.name);
            assert_eq!(
                (patched.setup(), &patched.phases),
                (loaded.setup(), &loaded.phases),
                "{}",
                shipped.name
            );
            assert_eq!(patched.called(), shipped.name);
            if !shipped.is_base() {
                assert_eq!(patched.warnings, loaded.warnings, "{}", shipped.name);
            }
        }
    }

    /// The own file of a scenario is the whole patch only if it extends the baseline itself.
    #[test]
    fn shipped_scenarios_extend_the_baseline_itself() {
        for shipped in SHIPPED.iter().filter(|shipped| !shipped.is_base()) {
            assert!(shipped.text.contains("\nextends = \"historical\"\n"), "{}", shipped.name);
        }
    }

    #[test]
    fn a_patch_acts_on_what_the_patches_before_it_have_left() {
        let stack = Stack::load("historical").unwrap();
        let set = text("[[change]]\nlever = 'criticism'\nset = 0.4\n");
        let add = text("[[change]]\nlever = 'criticism'\nadd = 0.1\nfrom = '1937-01'\n");
        let criticism = |patches: &[Patch<'_>]| {
            let levers = stack.resolve(patches, None).unwrap().steps();
            (levers[0].criticism, levers[161].criticism)
        };
        assert_eq!(criticism(&[set, add]), (0.4, 0.5));
        assert_eq!(criticism(&[add, set]), (0.4, 0.4));
        // "terror_without_criticism" holds criticism at most at .15 from January 1937.
        assert_eq!(criticism(&[set, Patch::Shipped("terror_without_criticism")]), (0.4, 0.15));
        assert_eq!(criticism(&[Patch::Shipped("terror_without_criticism"), set]), (0.4, 0.4));
    }

    #[test]
    fn patches_can_be_put_on_the_base_one_by_one() {
        let stack = Stack::load("historical").unwrap();
        let (set, own) = (text("[levers]\nunion = 0.2\n"), text("[parameters]\nquit_base = 0.05\n"));
        let (shipped, wrong) = (Patch::Shipped("unions_kept"), text("[levers]\nunion = 2\n"));
        let together = stack.resolve(&[set, shipped, own], None).unwrap();
        let one_by_one = stack.with(set).unwrap().resolve(&[shipped, own], None).unwrap();
        assert_eq!(together, one_by_one);
        assert_eq!(together.to_toml(), one_by_one.to_toml());
        let faults = |found: Result<Scenario, Faults>| found.unwrap_err().render(false);
        let [early, late] = [stack.with(wrong).map(|_| together.clone()), stack.resolve(&[wrong], None)];
        assert_eq!(faults(early), faults(late));
        let above = stack.with(set).unwrap().resolve(&[wrong], None);
        assert_eq!(faults(above), faults(stack.resolve(&[set, wrong], None)));
    }

    #[test]
    fn every_shipped_patch_can_be_put_on_another_base() {
        let own =
            "name = 'own'\nextends = 'historical'\n[parameters]\nquit_base = 0.05\n[levers]\npurge = 0.2\n";
        let stack = Stack::load_text("own.toml", own).unwrap();
        for shipped in SHIPPED.iter().filter(|shipped| !shipped.is_base()) {
            let scenario = stack.resolve(&[Patch::Shipped(shipped.name)], Some("own label")).unwrap();
            let setup = scenario.setup();
            assert_eq!(
                (setup.parameters.quit_base, scenario.steps()[5].purge),
                (0.05, 0.2),
                "{}",
                shipped.name
            );
            assert_eq!((scenario.name.as_str(), scenario.called()), (shipped.name, "own label"));
            assert_eq!(load_text("again", &scenario.to_toml()).unwrap().setup(), setup);
        }
    }

    #[test]
    fn settings_and_size_are_those_of_options() {
        let stack = Stack::load("historical").unwrap();
        let settings = ["mechanisms.fear=false".to_owned()];
        let size = Some(Size::People(4_000));
        for label in [None, Some("a label")] {
            let patched =
                stack.resolve_altered(&[Patch::Shipped("unions_kept")], &settings, size, label).unwrap();
            let loaded = load_altered("unions_kept", &settings, size, label).unwrap();
            assert_eq!(patched.to_toml(), loaded.to_toml());
        }
    }

    #[test]
    fn faults_of_all_patches_are_reported_with_their_texts() {
        let stack = Stack::load_text("bare.toml", &bare()).unwrap();
        let patches = [
            text("extends = 'historical'\n"),
            text("[levers]\nunion = 2\n"),
            Patch::Shipped("no_enemies"),
            Patch::Shipped("unions_kep"),
        ];
        let faults = stack.resolve(&patches, Some("NA")).unwrap_err();
        let text = faults.render(false);
        for expected in [
            "a patch has no `extends`",
            "allowed: 0 to 1",
            "there is no event `Shakhty trial` in the base to remove",
            "scenarios/no_enemies.toml",
            "the nearest shipped scenario is `unions_kept`",
            "--label",
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
        assert!(Stack::load("historica").is_err());
    }

    /// A scenario without events.
    fn bare() -> String {
        let whole = load("historical", &[]).unwrap().to_toml();
        let (before, after) = whole.split_once("[[event]]").unwrap();
        let (_, after) = after.split_once("[parameters]").unwrap();
        format!("{before}[parameters]{after}")
    }

    #[test]
    fn threads_can_share_a_stack() {
        fn shared<T: Sync + Send>() {}
        shared::<Stack>();
    }
}
