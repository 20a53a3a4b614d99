//! Resolves many alterations of one scenario without reading its files again.
//!
//! A sweep resolves up to a million points, each the base with a few settings. Most settings give one value to one key
//! ([`Target`]). They are applied to the resolved scenario and its setup directly. All other settings, and all that may
//! have a fault, are applied as `--set` options, so that results and messages are those of [`super::load_altered`].

use std::ffi::OsStr;

use super::Scenario;
use super::fault::Faults;
use super::layer::{MAX_LIST, Size};
use super::load::{
    Altered, LayerChain, Options, SetOption, check_count, check_length, check_size_once, is_short,
    read_files, read_text_files,
};
use super::provenance::Provenance;
use super::source::Sources;
use super::target::{Target, TargetValue};
use super::track::Track;
use crate::engine::calendar::Month;
use crate::model::bounds;
use crate::model::levers::smooth;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::{PARAMETERS, SHARES};
use crate::model::setup::{PolicyMode, Setup};

/// A resolved scenario from which altered ones are made. Threads can share it.
#[derive(Debug)]
pub struct Template {
    base: Scenario,
    /// The base without what concerns its files.
    bare: Scenario,
    setup: Setup,
    /// The base before its last checks, for settings that are applied as options.
    altered: Altered,
    population: Option<Size>,
    /// Number of settings of the base.
    settings: usize,
    sources: Sources,
}

impl Template {
    /// Loads a scenario and alters it, like [`super::load_altered`] with the same arguments.
    ///
    /// # Errors
    ///
    /// The faults of [`super::load_altered`].
    pub fn load(
        name_or_path: impl AsRef<OsStr>,
        settings: &[String],
        population: Option<Size>,
        label: Option<&str>,
    ) -> Result<Template, Faults> {
        let mut faults = Faults::default();
        let files = read_files(name_or_path.as_ref(), &mut faults);
        let options = Options::read(settings, population, label, &mut faults);
        Template::read(files, &options, population, label, faults)
    }

    /// Makes a template anew from the text of its base ([`Scenario::to_toml`]) and its [`Template::requested_regions`].
    ///
    /// # Errors
    ///
    /// The faults of [`super::load_text`].
    pub fn load_text(name: &str, text: &str, requested_regions: u32) -> Result<Template, Faults> {
        let mut faults = Faults::default();
        let files = read_text_files(name, text, &mut faults);
        let mut template = Template::read(files, &Options::default(), None, None, faults)?;
        template.altered.resolver.request_regions(requested_regions);
        Ok(template)
    }

    /// Number of regions that the base asks for. It has fewer if it has fewer enterprises, which a point may have more of.
    pub fn requested_regions(&self) -> u32 {
        self.altered.resolver.requested_regions()
    }

    fn read(
        files: LayerChain,
        options: &Options,
        population: Option<Size>,
        label: Option<&str>,
        mut faults: Faults,
    ) -> Result<Template, Faults> {
        if files.complete {
            let mut altered = Altered::of_files(&files.layers, options.population.as_ref(), &mut faults);
            options.settings.iter().for_each(|setting| altered.set(setting, &mut faults));
            let named = label.is_some() || altered.is_named();
            let mut base = altered.clone().finish(!named, &mut faults);
            if named {
                altered.rebase(label);
                base.label.clone_from(&altered.base.label);
            }
            check_length(&base, &mut faults);
            if faults.list.is_empty() {
                let settings = options.settings.len();
                return Ok(Template::of(base, altered, population, settings, faults.sources));
            }
        }
        faults.sort();
        Err(faults)
    }

    fn of(
        mut base: Scenario,
        altered: Altered,
        population: Option<Size>,
        settings: usize,
        sources: Sources,
    ) -> Template {
        base.sources = sources.clone();
        let mut bare = altered.resolver.scenario();
        forget_files(&mut bare);
        Template { setup: base.setup(), base, bare, altered, population, settings, sources }
    }

    /// The scenario itself, without further settings.
    pub fn base(&self) -> &Scenario {
        &self.base
    }

    /// Resolves the scenario with further settings: keys and values as in `--set KEY=VALUE`, applied in order.
    ///
    /// The result has the substance and the label that [`super::load_altered`] gives it with the settings of the
    /// template and these. If the template has a label or a name of its own, the label consists of that and these
    /// settings. The result has no sources, provenance and warnings, which are those of the base.
    ///
    /// # Errors
    ///
    /// The faults of [`super::load_altered`], in the same order.
    pub fn resolve<K: AsRef<str>, V: AsRef<str>>(&self, settings: &[(K, V)]) -> Result<Scenario, Faults> {
        self.resolve_with_setup(settings).map(|(scenario, _)| scenario)
    }

    /// Resolves like [`Template::resolve`] and also returns the setup of the scenario, at no further cost.
    ///
    /// # Errors
    ///
    /// The faults of [`Template::resolve`].
    pub fn resolve_with_setup<K: AsRef<str>, V: AsRef<str>>(
        &self,
        settings: &[(K, V)],
    ) -> Result<(Scenario, Setup), Faults> {
        if let Some(resolved) = self.resolve_values(settings) {
            return Ok(resolved);
        }
        let scenario = self.resolve_options(settings)?;
        let setup = scenario.setup();
        Ok((scenario, setup))
    }

    /// Resolves settings that give a value to a [`Target`] each; `None` if one does not, or if there may be a fault.
    fn resolve_values<K: AsRef<str>, V: AsRef<str>>(&self, settings: &[(K, V)]) -> Option<(Scenario, Setup)> {
        if self.settings + settings.len() > MAX_LIST || !is_short(&self.sources) {
            return None;
        }
        let mut scenario = self.bare.clone();
        let mut parts = self.altered.parts.clone();
        let (mut levers, mut shares) = (false, false);
        for (key, value) in settings {
            let (key, text) = (key.as_ref(), value.as_ref());
            let target = Target::of(key)?;
            let changes = match (target, target.value(text)?) {
                (Target::Parameter(position), TargetValue::Number(value)) => {
                    let info = &PARAMETERS[position];
                    let changes = (info.get)(&scenario.parameters) != value;
                    (info.set)(&mut scenario.parameters, value);
                    shares |= SHARES.iter().any(|shares| shares.keys.contains(&info.key));
                    changes
                }
                (Target::Mechanism(position), TargetValue::Switch(value)) => {
                    let info = &MECHANISMS[position];
                    let changes = (info.get)(&scenario.mechanisms) != value;
                    (info.set)(&mut scenario.mechanisms, value);
                    changes
                }
                (Target::Lever(position), TargetValue::Number(value)) => {
                    let track = &mut scenario.tracks[position];
                    let changes = track.values.iter().any(|other| *other != value);
                    *track = Track { values: vec![value; Month::COUNT], source: None };
                    levers = true;
                    changes
                }
                // How the numbers of a population follow from each other is the business of the resolver.
                _ => return None,
            };
            if changes {
                parts.add(key, format!("{key}={text}"));
            }
        }
        if shares && SHARES.iter().any(|shares| shares.exceed_one(&scenario.parameters)) {
            return None;
        }
        let mut setup = self.setup.clone();
        setup.parameters.clone_from(&scenario.parameters);
        setup.mechanisms = scenario.mechanisms;
        if levers {
            setup.policy = PolicyMode::Schedule(smooth(&scenario.steps()));
        }
        bounds::check(&setup).ok()?;
        if !self.altered.base.same_substance(&scenario) {
            scenario.label = Some(self.altered.label(&parts));
        }
        Some((scenario, setup))
    }

    /// Resolves settings as options.
    fn resolve_options<K: AsRef<str>, V: AsRef<str>>(&self, settings: &[(K, V)]) -> Result<Scenario, Faults> {
        let mut faults = Faults { sources: self.sources.clone(), ..Faults::default() };
        check_count(self.settings + settings.len(), &mut faults);
        let settings: Vec<SetOption> = settings
            .iter()
            .take(MAX_LIST.saturating_sub(self.settings))
            .filter_map(|(key, value)| {
                SetOption::read(&format!("{}={}", key.as_ref(), value.as_ref()), &mut faults)
            })
            .collect();
        if let Some(size) = self.population {
            check_size_once(size, &settings, &mut faults);
        }
        let mut altered = self.altered.clone();
        settings.iter().for_each(|setting| altered.set(setting, &mut faults));
        let mut scenario = altered.finish(true, &mut faults);
        check_length(&scenario, &mut faults);
        if faults.list.is_empty() {
            forget_files(&mut scenario);
            Ok(scenario)
        } else {
            faults.sort();
            Err(faults)
        }
    }
}

/// Removes what concerns the files of a scenario.
fn forget_files(scenario: &mut Scenario) {
    scenario.provenance = Provenance::default();
    scenario.provenance.events = vec![Vec::new(); scenario.events.len()];
    scenario.sources = Sources::default();
    scenario.warnings.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load_altered;
    use proptest::prelude::*;

    /// The result of resolving, as far as a template promises it: text, setup and warnings of faults.
    fn outcome(result: Result<(Scenario, Setup), Faults>) -> Result<(String, Setup), String> {
        result.map(|(scenario, setup)| (scenario.to_toml(), setup)).map_err(|faults| faults.render(false))
    }

    fn altered(
        base: &str,
        settings: &[(String, String)],
        population: Option<Size>,
    ) -> Result<(String, Setup), String> {
        let settings: Vec<String> = settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let scenario = load_altered(base, &settings, population, None);
        outcome(scenario.map(|scenario| (scenario.clone(), scenario.setup())))
    }

    fn number() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => (0.0..=1.0f64).prop_map(|value| value.to_string()),
            2 => (0..=100u32).prop_map(|value| format!("{}", f64::from(value) / 100.0)),
            1 => prop_oneof![
                Just("0"), Just("1"), Just("-0"), Just("0.50"), Just("5e-1"), Just("1e2"), Just("-1"), Just("7"),
                Just("1_000"), Just("+0.5"), Just(".5"), Just("0.5 "), Just("true"), Just("nan"), Just("x"), Just(""),
                Just("0x1"), Just("99999999999999999999"), Just("'a'"), Just("[1]"), Just("40000"), Just("0.167"),
            ].prop_map(str::to_owned),
        ]
    }

    fn setting() -> impl Strategy<Value = (String, String)> {
        let any = prop::sample::select(Target::keys()).prop_map(|(key, _)| key);
        let shares = SHARES.iter().flat_map(|shares| shares.keys).map(|key| format!("parameters.{key}"));
        let shares = prop::sample::select(shares.collect::<Vec<_>>());
        let other = ["levers.growth", "mechanisms.fear", "population.size", "parameters.workforce_growth"];
        let other = prop::sample::select(other.to_vec()).prop_map(str::to_owned);
        prop_oneof![
            6 => (prop_oneof![3 => any, 1 => shares, 1 => other], number()),
            1 => (
                prop_oneof![Just("mechanisms.fear"), Just("mechanisms.rivalry")].prop_map(str::to_owned),
                prop_oneof![Just("true"), Just("false")].prop_map(str::to_owned),
            ),
            1 => (
                prop_oneof![Just("population.size"), Just("population.enterprises"), Just("population.regions")]
                    .prop_map(str::to_owned),
                prop_oneof![(1..300u32).prop_map(|count| count.to_string()), Just("one-to-one".to_owned())],
            ),
            1 => prop_oneof![
                Just(("title", "another")), Just(("name", "another")), Just(("label", "a label")),
                Just(("levers.unio", "0.1")), Just(("change", "[{lever='union', add=0.1}]")),
                Just(("event", "[{name='trial of the military', remove=true}]")),
            ].prop_map(|(key, value)| (key.to_owned(), value.to_owned())),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn points_are_those_of_the_options(
            base in prop_oneof![Just("historical"), Just("unions_kept"), Just("no_enemies")],
            fixed in prop::collection::vec(setting(), 0..2),
            population in prop_oneof![3 => Just(None), 1 => Just(Some(Size::People(4_000)))],
            points in prop::collection::vec(prop::collection::vec(setting(), 0..4), 1..4),
        ) {
            let set: Vec<String> = fixed.iter().map(|(key, value)| format!("{key}={value}")).collect();
            let Ok(template) = Template::load(base, &set, population, None) else {
                prop_assert!(altered(base, &fixed, population).is_err());
                return Ok(());
            };
            let whole = load_altered(base, &set, population, None).unwrap();
            prop_assert_eq!(template.base(), &whole);
            let named = fixed.iter().any(|(key, _)| ["name", "label"].contains(&key.as_str()));
            for point in points {
                let all = [fixed.clone(), point.clone()].concat();
                let found = template.resolve_with_setup(&point);
                let label = found.as_ref().ok().map(|(scenario, _)| scenario.called().to_owned());
                let (found, mut expected) = (outcome(found), altered(base, &all, population));
                if let (true, Ok((text, _)), Some(label)) = (named, &mut expected, label) {
                    // Points of a named base have labels of their own.
                    prop_assert!(label.starts_with(whole.called()) || point.iter().any(|(key, _)| key == "name" || key == "label"));
                    let rows = |text: &str| text.lines().filter(|line| !line.starts_with("label = ")).collect::<Vec<_>>().join("\n");
                    prop_assert_eq!(rows(&found.unwrap().0), rows(text));
                    continue;
                }
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn a_label_of_the_base_begins_the_labels_of_its_points() {
        let settings = ["mechanisms.fear=false".to_owned()];
        let called = |label: Option<&str>, point: &[(&str, &str)]| {
            let template = Template::load("historical", &settings, Some(Size::People(4_000)), label).unwrap();
            template.resolve(point).unwrap().called().to_owned()
        };
        let union = [("levers.union", "0.3")];
        assert_eq!(called(None, &[]), "historical+mechanisms.fear=false+population=4000");
        assert_eq!(called(None, &union), "historical+mechanisms.fear=false+levers.union=0.3+population=4000");
        assert_eq!(called(Some("fearless"), &[]), "fearless");
        assert_eq!(called(Some("fearless"), &union), "fearless+levers.union=0.3");
        let size = [("population.enterprises", "12")];
        assert_eq!(called(Some("fearless"), &size), "fearless+population.enterprises=12");
        let named = Template::load("historical", &["name=other".to_owned()], None, None).unwrap();
        assert_eq!(named.resolve(&union).unwrap().called(), "other+levers.union=0.3");
        assert_eq!(named.base().called(), "other");
    }

    #[test]
    fn a_point_equal_to_the_base_has_its_name_and_all_others_differ() {
        let template = Template::load("historical", &[], None, None).unwrap();
        let mut labels = std::collections::BTreeSet::new();
        for quit in ["0.048", "0.049", "0.05"] {
            for fear in ["true", "false"] {
                let point = [("parameters.quit_base", quit), ("mechanisms.fear", fear)];
                let scenario = template.resolve(&point).unwrap();
                assert_eq!(scenario.label.is_none(), (quit, fear) == ("0.049", "true"));
                assert!(labels.insert(scenario.called().to_owned()), "{labels:?}");
            }
        }
        assert!(labels.contains("historical"));
    }

    #[test]
    fn faults_are_those_of_the_base_and_of_its_points() {
        assert!(Template::load("historica", &[], None, None).is_err());
        assert!(
            Template::load("historical", &["levers.union=2".to_owned()], None, Some("NA"))
                .unwrap_err()
                .list
                .len()
                == 2
        );
        let template = Template::load("historical", &[], Some(Size::People(4_000)), None).unwrap();
        let faults = template.resolve(&[("population.size", "2000")]).unwrap_err();
        assert!(matches!(faults.list[0].problem, crate::scenario::Problem::SizeTwice { .. }), "{faults}");
        let many = vec![("parameters.quit_base", "0.05"); MAX_LIST + 1];
        assert!(matches!(
            template.resolve(&many).unwrap_err().list[0].problem,
            crate::scenario::Problem::TooMany { count: 1_001, .. }
        ));
        assert!(template.resolve(&many[1..]).is_ok());
    }

    #[test]
    fn threads_can_share_a_template() {
        fn shared<T: Sync + Send>() {}
        shared::<Template>();
    }
}
