//! Tests which files of hypotheses are accepted, and the messages for those that are refused.

use super::*;
use crate::scenario::{Faults, MAX_FAULTS, load_text};
use proptest::prelude::*;

mod faults;

const HEAD: &str = "name = 'file'\nbase = 'historical'\n";

const OWN: &str = "[[scenario]]\nname = 'more_room'\ntitle = 'More room'\n[[scenario.change]]\nlever = 'union'\nfrom = '1937-01'\nset = 0.6\n";

const CLAIM: &str = "[[claim]]\nid = 'U1'\nstatement = 'Unions matter.'\ntype = 'causal'\n";

/// A file with one claim that has one test.
fn with_test(keys: &str) -> String {
    format!("{HEAD}{OWN}{CLAIM}[[claim.test]]\n{keys}")
}

/// The line on which the keys of [`with_test`] begin.
const TEST_LINE: usize = 15;

fn load(text: &str) -> Claims {
    load_claims_text("claims.toml", text).unwrap_or_else(|faults| panic!("{faults}"))
}

fn test_of(keys: &str) -> Test {
    match load(&with_test(keys)).claims.remove(0).tests.remove(0) {
        ClaimTest::Ready(test) => test,
        ClaimTest::Waiting(test) => panic!("{test} waits"),
    }
}

/// Line, key, message and label of each fault.
fn faults(text: &str) -> Vec<(usize, String, String)> {
    let faults = load_claims_text("claims.toml", text).expect_err(text);
    let one = |fault: &crate::scenario::Fault| {
        let place = fault.place.as_ref().expect("every fault of a text has a place");
        let line = faults.sources.line_column(place).0;
        assert!(!fault.problem.help().iter().any(String::is_empty), "{}", fault.problem);
        (line, fault.key.clone(), format!("{} | {}", fault.problem, fault.problem.label()))
    };
    faults.list.iter().map(one).collect()
}

/// Checks that a text has exactly one fault, on this line, with this key and these words.
fn one_fault(text: &str, line: usize, key: &str, words: &str) {
    let found = faults(text);
    let [(found_line, found_key, message)] = found.as_slice() else { panic!("{text}\n{found:?}") };
    assert_eq!((*found_line, found_key.as_str()), (line, key), "{message}\n{text}");
    assert!(message.contains(words), "{message}\n{text}");
}

#[test]
fn the_shipped_file_is_read() {
    let claims = load_claims(SHIPPED_CLAIMS).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(claims.name, SHIPPED_CLAIMS);
    assert_eq!(claims.claims.len(), 54);
    for claim in &claims.claims {
        for test in &claim.tests {
            assert!(!test.to_string().contains("``"), "{} {test}", claim.id);
        }
    }
}

#[test]
fn a_file_is_read() {
    let text = format!(
        "{HEAD}title = 'A file'\n[population]\nsize = 4_000\nenterprises = 10\nregions = 2\n[robustness]\n\
         judged_levers = ['class_war', 'criticism']\npermuted_levers = ['purge']\nshift = 0.15\nturn_months = 3\n\
         [robustness.prior]\nmotive_principle = [0, 4]\n{OWN}{CLAIM}paragraph = 3\nmechanisms = ['union_stock']\n\
         by_construction = 'R7'\njoin = 'any'\n[[claim.test]]\nmetric = 'discipline'\nscenario = 'more_room'\n\
         direction = 'rises'\nmargin = 0.01\nnote = 'a note'\n[[claim.test]]\nneeds = 'mechanisms.overreach'\nnote = 'later'\n\
         unheard = 'of'\n[[claim]]\nid = 'S-1'\nstatement = 'It is there.'\ntype = 'structural'\ncontained = 'rule R7'\n\
         [[claim]]\nid = 'N_1'\nstatement = 'It is beyond.'\ntype = 'not simulable'\nreason = 'no such thing'\n"
    );
    let claims = load(&text);
    assert_eq!(
        (claims.name.as_str(), claims.title.as_str(), claims.base.as_str()),
        ("file", "A file", "historical")
    );
    assert_eq!(
        claims.population,
        ClaimsPopulation { size: Some(4_000), enterprises: Some(10), regions: Some(2) }
    );
    assert_eq!(
        claims.robustness,
        Robustness {
            judged_levers: vec!["class_war".into(), "criticism".into()],
            permuted_levers: vec!["purge".into()],
            shift: 0.15,
            turn_months: 3,
            prior: vec![("motive_principle".into(), 0.0, 4.0)],
        }
    );
    let claim = &claims.claims[0];
    assert_eq!((claim.kind, claim.join, claim.paragraph), (ClaimKind::Causal, Join::Any, Some(3)));
    assert_eq!(claim.mechanisms, ["union_stock"]);
    let ClaimTest::Ready(test) = &claim.tests[0] else { panic!("it needs nothing") };
    assert_eq!(test.region, Region { side: Side::Above, bound: 0.0, margin: Margin::Absolute(0.01) });
    assert_eq!(test.note.as_deref(), Some("a note"));
    let waiting = WaitingTest { needs: "mechanisms.overreach".into(), note: Some("later".into()) };
    assert_eq!(claim.tests[1], ClaimTest::Waiting(waiting));
    assert_eq!(claims.claims[1].contained.as_deref(), Some("rule R7"));
    assert_eq!(claims.claims[2].reason.as_deref(), Some("no such thing"));
    assert_eq!(claims.text, text);
}

#[test]
fn json_is_read_like_toml() {
    let json = r#"{"name": "file", "base": "historical", "claim": [{"id": "U1", "statement": "Unions matter.",
        "type": "causal", "test": [{"metric": "discipline", "scenario": "unions_kept", "direction": "rises", "margin": 0.01}]}]}"#;
    let toml = format!(
        "{HEAD}{CLAIM}[[claim.test]]\nmetric = 'discipline'\nscenario = 'unions_kept'\ndirection = 'rises'\nmargin = 0.01\n"
    );
    let json = load_claims_text("claims.json", json).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(json.claims, load(&toml).claims);
}

#[test]
fn an_own_scenario_is_a_patch_that_reads_back() {
    let own = "[[scenario]]\nname = 'own'\n[[scenario.change]]\nlever = 'union'\nadd = -0.25\nsource = \"a \\\"word\\\"\"\n\
               [[scenario.event]]\nname = 'Shakhty trial'\nremove = true\n[[scenario.event]]\nname = 'a trial'\nkind = 'show_trial'\n\
               month = '1930-01'\ntargets = { former = 0.5 }\n[scenario.parameters]\nquit_base = 0.05\n[scenario.mechanisms]\nfear = false\n\
               [scenario.levers.purge]\nsteps = [['1928-01', 0.5], ['1930-01', 1]]\n";
    let claims = load(&format!(
        "{HEAD}{own}{CLAIM}[[claim.test]]\nmetric = 'fear'\nscenario = 'own'\ndirection = 'falls'\nmargin = 0\n"
    ));
    let patched = format!("name = 'own'\nextends = 'historical'\n{}", claims.scenarios[0].patch);
    let patched = load_text("patched", &patched).unwrap_or_else(|faults| panic!("{faults}"));
    let written = own
        .replace("[[scenario]]\n", "")
        .replace("scenario.", "")
        .replace("name = 'own'", "name = 'own'\nextends = 'historical'");
    let written = load_text("written", &written).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(patched.to_toml(), written.to_toml());
    assert_eq!(claims.scenarios[0].title, "own");
}

/// A test of each contrast, and its words.
const CONTRASTS: &[(&str, &str)] = &[
    (
        "contrast = 'level'\nmetric = 'discipline'\nphase = 'terror'\nbound = 0.9\ndirection = 'below'\nmargin = 0.01",
        "`discipline` is below 0.9 by more than 0.01 in terror",
    ),
    (
        "contrast = 'level'\nmetric = 'arrests'\nfrom = '1937-01'\nuntil = '1937-12'\nstatistic = 'sum'\nbound = 100\ndirection = 'near'\nmargin = 10\nscenario = 'more_room'",
        "the sum of `arrests` is within 10 of 100 from 1937-01 to 1937-12, in `more_room`",
    ),
    (
        "contrast = 'order'\nmetric = 'half_life_months'\nphases = ['class war', 'discipline', 'terror']\ndirection = 'rises'\nmargin = 2",
        "`half_life_months` rises from class war to discipline to terror, each time by more than 2",
    ),
    (
        "contrast = 'extreme'\nmetric = 'image_overlap'\nphase = 'terror'\nwithin = 0.05\ndirection = 'highest'\namong = ['class war']",
        "`image_overlap` is highest in terror by more than 5 %, compared with class war",
    ),
    (
        "contrast = 'change'\nmetric = 'levers.union'\nfrom_phase = 'class war'\nphase = 'terror'\ndirection = 'does not rise'\nmargin = 0.1",
        "`levers.union` does not rise by more than 0.1 from class war to terror",
    ),
    (
        "metric = 'discipline'\nscenario = 'more_room'\nphase = 'terror'\ndirection = 'rises'\nmargin = 0.01",
        "`discipline` rises by more than 0.01 in terror, in `more_room` compared with the base",
    ),
    (
        "metric = 'discipline'\nscenario = 'unions_restored_1934'\nagainst = 'no_terror'\nfrom_phase = 'class war'\nfrom = '1940-01'\nbeside = 'unions_kept'\nshare = 0.5\ndirection = 'falls'\nmargin = 0",
        "`discipline` falls in its change from class war to the months 1940-01 to 1941-06, in `unions_restored_1934` compared with `no_terror`, less 50 % of the effect of `unions_kept`",
    ),
    (
        "contrast = 'timing'\nmetric = 'discipline'\nextremum = 'minimum'\nsmooth = 5\nevent = '1938-11'\ndirection = 'before'\nmargin = 2",
        "the minimum of `discipline` (moving average of 5 months) comes more than 2 months before 1938-11",
    ),
    (
        "contrast = 'timing'\nmetric = 'fear'\nextremum = 'maximum'\nother = 'discipline'\nother_extremum = 'minimum'\nphase = 'terror'\ndirection = 'near'\nmargin = 2",
        "the maximum of `fear` comes within 2 months of the minimum of `discipline` in terror",
    ),
    (
        "contrast = 'peaks'\nmetric = 'elite_turnover'\nextremum = 'maximum'\nsmooth = 13\nprominence = 0.1\nbound = 1\ndirection = 'above'\nmargin = 0.5",
        "the number of maxima of `elite_turnover` (moving average of 13 months) with a prominence of 0.1 or more is above 1 by more than 0.5",
    ),
    (
        "contrast = 'dose'\nmetric = 'acceptance'\nvary = 'levers.vigilance'\nvalues = [0, 0.25, 0.5, 1]\nmonotone = true\ndirection = 'rises'\nmargin = 0.02",
        "`acceptance` rises by more than 0.02 over the whole period with `levers.vigilance` from 0 to 1, without a step against it",
    ),
    (
        "contrast = 'interaction'\nmetric = 'accusations_per_1000'\nfirst = 'no_terror'\nsecond = 'unions_kept'\nboth = 'more_room'\ndirection = 'hardly changes'\nwithin = 0.1",
        "`accusations_per_1000` hardly changes (within 10 %) over the whole period with `more_room`, less the sum of the effects of `no_terror` and `unions_kept`",
    ),
    (
        "contrast = 'event'\nmetric = 'accusations_of_specialists_elsewhere'\nevent = 'Shakhty trial'\nmonths = 6\ndirection = 'rises'\nwithin = 0.1",
        "`accusations_of_specialists_elsewhere` rises by more than 10 % in the 6 months from Shakhty trial on, compared with the base without this event",
    ),
    (
        "contrast = 'lag'\nmetric = 'elite'\nscenario = 'no_origin_preference'\nfrom = '1937-01'\nshare = 0.5\nsmooth = 3\nbound = 12\ndirection = 'above'\nmargin = 2",
        "the difference in `elite` (moving average of 3 months) between `no_origin_preference` and the base reaches 50 % of its largest value until 1941-06 after a number of months from 1937-01 that is above 12 by more than 2",
    ),
    (
        "contrast = 'survival'\ncohort = 'class war'\nagainst = 'discipline'\nmonths = 24\ndirection = 'rises'\nmargin = 0.1",
        "those who entered the elite in class war leave it sooner than those of discipline within 24 months, by a log hazard ratio of more than 0.1",
    ),
    (
        "contrast = 'plants'\noutcome = 'discipline'\nregressor = 'accusations_of_bosses'\nfrom_phase = 'criticism from below'\nphase = 'terror'\ndirection = 'falls'\nmargin = 0.1",
        "across plants, `discipline` falls by more than 0.1 for each unit of accusations of bosses, both as changes from criticism from below to terror",
    ),
    (
        "contrast = 'terciles'\nmonths = 12\nphase = 'terror'\ndirection = 'hardly changes'\nmargin = 0.02",
        "in the 12 months after a member of the elite of their plant falls in terror, grievance hardly changes (within 0.02) in the most egalitarian third of workers, compared with the least egalitarian third",
    ),
    (
        "contrast = 'correlation'\nmetric = 'accusations_per_1000'\nwith = 'image_overlap'\nthan = 'implementation'\ndirection = 'above'\nmargin = 0.1",
        "the absolute correlation of `accusations_per_1000` with `image_overlap` minus that with `implementation` over months is above 0 by more than 0.1",
    ),
    (
        "contrast = 'controllability'\nmetric = 'discipline'\nphase = 'terror'\namong = ['class war', 'discipline']\ndirection = 'lowest'\nmargin = 0.05",
        "the share of the variance of `discipline` that the levers explain is lowest in terror by more than 0.05, compared with class war, discipline",
    ),
    (
        "contrast = 'controllability'\nmetric = 'discipline'\nphase = 'terror'\nbound = 0.9\ndirection = 'below'\nmargin = 0.05",
        "the share of the variance of `discipline` that the levers explain is below 0.9 by more than 0.05 in terror",
    ),
    (
        "contrast = 'recovery'\nmotive = 'rivalry'\nbound = 0.25\ndirection = 'above'\nmargin = 0.05",
        "the share of accusations from rivalry whose motive is recovered from the profile of the target is above 0.25 by more than 0.05",
    ),
];

#[test]
fn each_contrast_has_its_words_and_reads_back() {
    for (keys, words) in CONTRASTS {
        let test = test_of(keys);
        assert_eq!(test.to_string(), *words);
        assert_eq!(test_of(&test.to_toml()), test, "{}", test.to_toml());
    }
    let covered: std::collections::BTreeSet<&str> = CONTRASTS
        .iter()
        .filter_map(|(keys, _)| keys.split('\'').nth(1).filter(|_| keys.starts_with("contrast")))
        .collect();
    assert_eq!(covered.len() + 1, language::CONTRASTS.len(), "`difference` is the default");
}

#[test]
fn what_a_test_leaves_out_has_its_default() {
    let extreme =
        test_of("contrast = 'extreme'\nmetric = 'fear'\nphase = 'terror'\ndirection = 'highest'\nmargin = 0");
    let Contrast::Extreme { among, .. } = extreme.contrast else { panic!("it is an extreme") };
    assert_eq!(among, ["class war", "discipline", "criticism from below", "authority restored"]);
    let event = test_of(
        "contrast = 'timing'\nmetric = 'fear'\nextremum = 'maximum'\nevent = 'Shakhty trial'\ndirection = 'after'\nmargin = 0",
    );
    let Contrast::Timing { of, reference, .. } = event.contrast else { panic!("it is a timing") };
    assert_eq!((of.smooth, of.period), (1, Period::Whole));
    assert_eq!(reference, Moment::Month("1928-05".parse().unwrap()));
    let existing = test_of(
        "needs = 'mechanisms.fear'\nmetric = 'fear'\nscenario = 'no_terror'\ndirection = 'falls'\nmargin = 0",
    );
    assert!(matches!(existing.contrast, Contrast::Difference { .. }));
}

#[test]
fn metrics_are_distinct_and_known() {
    let metrics = metrics();
    let distinct: std::collections::BTreeSet<&String> = metrics.iter().collect();
    assert_eq!(distinct.len(), metrics.len());
    for (metric, series, phase) in [
        ("discipline", true, true),
        ("discipline_least", false, true),
        ("image_overlap", true, true),
        ("hired", true, false),
        ("levers.union", true, false),
        ("survival_12", false, false),
        ("accusations_of_managers_elsewhere", false, false),
    ] {
        assert!(metrics.iter().any(|other| other == metric), "{metric}");
        assert_eq!((is_series(metric), is_phase(metric)), (series, phase), "{metric}");
    }
    assert!(!is_series("levers.nothing"));
}

/// Changes a text: a piece is removed, or replaced by another.
fn mutated(text: &str, from: usize, length: usize, piece: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let from = from % letters.len();
    let until = (from + length).min(letters.len());
    letters[..from].iter().collect::<String>() + piece + &letters[until..].iter().collect::<String>()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn reading_never_panics(
        which in 0..CONTRASTS.len(),
        from in 0usize..2_000,
        length in 0usize..40,
        piece in prop::sample::select(vec!["", "=", "[", "]]", "'", "\n", "0", "-1", "1e999", "nan", "{", "é", "[[claim]]", "needs = 'tables.x'", "phase", "'terror'"]),
    ) {
        let text = mutated(&with_test(CONTRASTS[which].0), from, length, piece);
        if let Err(Faults { list, more, .. }) = load_claims_text("claims.toml", &text) {
            prop_assert!(!list.is_empty() || more > 0, "{text}");
            for fault in list {
                prop_assert!(fault.place.is_some(), "{text}\n{}", fault.problem);
            }
        }
    }
}
