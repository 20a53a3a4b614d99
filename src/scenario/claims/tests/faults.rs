//! Tests the faults that a file of hypotheses can have.

use super::super::file::{MAX_CLAIMS, MAX_TESTS};
use super::*;

#[test]
fn faults_of_a_test_name_line_key_and_nearest_word() {
    let level = "contrast = 'level'\nmetric = 'discipline'\ndirection = 'above'\n";
    let difference = "metric = 'discipline'\nscenario = 'more_room'\ndirection = 'rises'\n";
    let dose = "contrast = 'dose'\nmetric = 'discipline'\ndirection = 'rises'\nmargin = 0\n";
    let timing =
        "contrast = 'timing'\nmetric = 'discipline'\nextremum = 'minimum'\ndirection = 'near'\nmargin = 1\n";
    let cases: Vec<(String, usize, &str, &str)> = vec![
        (format!("{difference}margin = 0\nscenari = 1"), 4, "scenari", "did you mean `scenario`?"),
        ("metric = 'dicipline'\nscenario = 'more_room'\ndirection = 'rises'\nmargin = 0".into(), 0, "metric", "did you mean `discipline`?"),
        ("metric = 'discipline'\nscenario = 'more_rom'\ndirection = 'rises'\nmargin = 0".into(), 1, "scenario", "did you mean `more_room`?"),
        ("metric = 'discipline'\nscenario = 'more_room'\ndirection = 'raises'\nmargin = 0".into(), 2, "direction", "did you mean `rises`?"),
        ("metric = 'discipline'\nscenario = 'more_room'\ndirection = 'above'\nmargin = 0".into(), 2, "direction", "unknown direction `above`"),
        (format!("{difference}margin = 0\nphase = 'teror'"), 4, "phase", "did you mean `terror`?"),
        (format!("{difference}margin = 0\ncontrast = 'diference'"), 4, "contrast", "did you mean `difference`?"),
        (format!("{difference}margin = 0\nagainst = 'nobody'"), 4, "against", "unknown scenario `nobody`"),
        (format!("{difference}margin = 0\nagainst = 'more_room'"), 1, "scenario", "both are `more_room`"),
        (format!("{difference}margin = 0\nwithin = 0"), 4, "within", "cannot be given together"),
        (format!("{difference}margin = -0.1"), 3, "margin", "allowed: 0 to"),
        (format!("{difference}within = 11"), 3, "within", "allowed: 0 to 10"),
        (difference.to_owned(), usize::MAX, "margin", "`margin` is missing"),
        (format!("{difference}margin = 0\nbound = 1"), 4, "bound", "does not belong to the contrast `difference`"),
        (format!("{difference}margin = 0\nphase = 'terror'\nfrom = '1937-01'"), 5, "from", "cannot be given together"),
        (format!("{difference}margin = 0\nfrom = '1937-02'\nuntil = '1937-01'"), 5, "until", "before it begins"),
        (format!("{difference}margin = 0\nfrom = '1927-12'"), 4, "from", "outside the calendar"),
        (format!("{difference}margin = 0\nshare = 0.5"), usize::MAX, "beside", "`beside` is missing"),
        (format!("{difference}margin = 0\nbeside = 'no_terror'"), usize::MAX, "share", "`share` is missing"),
        (format!("{difference}margin = 0\nfrom_phase = 'terror'"), usize::MAX, "phase", "`phase` is missing"),
        ("metric = 'discipline'\ndirection = 'rises'\nmargin = 0".into(), usize::MAX, "scenario", "`scenario` is missing"),
        ("scenario = 'more_room'\ndirection = 'rises'\nmargin = 0".into(), usize::MAX, "metric", "`metric` is missing"),
        ("metric = 'discipline'\nscenario = 'more_room'\nmargin = 0".into(), usize::MAX, "direction", "`direction` is missing"),
        (format!("{level}margin = 0"), usize::MAX, "bound", "`bound` is missing"),
        (format!("{level}bound = 1\nwithin = 0.1\nmargin = 0"), 4, "within", "does not belong to the contrast `level`"),
        (format!("{level}bound = 1\nmargin = 0\nstatistic = 'som'"), 5, "statistic", "did you mean `sum`?"),
        ("contrast = 'level'\nmetric = 'discipline_least'\ndirection = 'above'\nbound = 1\nmargin = 0\nstatistic = 'sum'".into(), 5, "statistic", "not a column of series.csv"),
        (format!("{timing}event = '1937-08'\nsmooth = 4"), 6, "smooth", "must be an odd number, not 4"),
        (format!("{timing}event = '1937-13'"), 5, "event", "1937-13"),
        (format!("{timing}event = 'Shakty trial'"), 5, "event", "did you mean `Shakhty trial`?"),
        (format!("{timing}event = '1937-08'\nother = 'fear'"), 5, "event", "cannot be given together"),
        (timing.to_owned(), usize::MAX, "event", "`event` is missing"),
        (timing.replace("'discipline'", "'discipline_least'") + "event = '1937-08'", 1, "metric", "not a column of series.csv"),
        (format!("{dose}vary = 'levers.union'\nvalues = [0, 0.5, 1]"), 5, "values", "at least 4 values, not 3"),
        (format!("{dose}vary = 'levers.union'\nvalues = [0, 0.5, 0.4, 1]"), 5, "values[2]", "0.4 does not come after 0.5"),
        (format!("{dose}vary = 'levers.union'\nvalues = [0, 0.5, 1, 2]"), 5, "values[3]", "allowed: 0 to 1"),
        (format!("{dose}vary = 'levers.unon'\nvalues = [0, 0.4, 0.5, 1]"), 4, "vary", "did you mean `levers.union`?"),
        (format!("{dose}vary = 'mechanisms.fear'\nvalues = [0, 0.4, 0.5, 1]"), 4, "vary", "neither a lever nor a parameter"),
        (format!("{dose}vary = 'parameters.quit_base'"), usize::MAX, "values", "`values` is missing"),
        ("contrast = 'event'\nmetric = 'fear'\nevent = 'Shakty trial'\nmonths = 3\ndirection = 'rises'\nmargin = 0".into(), 2, "event", "did you mean `Shakhty trial`?"),
        ("contrast = 'terciles'\nmonths = 4\ndirection = 'rises'\nmargin = 0".into(), 1, "months", "unknown number of months `4`"),
        ("contrast = 'order'\nmetric = 'fear'\nphases = ['terror', 'terror']\ndirection = 'rises'\nmargin = 0".into(), 2, "phases[1]", "`terror` is given twice"),
        ("contrast = 'order'\nmetric = 'fear'\nphases = ['terror']\ndirection = 'rises'\nmargin = 0".into(), usize::MAX, "phases", "`phases` is missing"),
        ("contrast = 'survival'\ncohort = 'terror'\nagainst = 'terror'\nmonths = 12\ndirection = 'rises'\nmargin = 0".into(), 2, "against", "given twice"),
        ("contrast = 'recovery'\nmotive = 'rivalri'\nbound = 0.5\ndirection = 'above'\nmargin = 0".into(), 1, "motive", "did you mean `rivalry`?"),
        ("contrast = 'plants'\noutcome = 'authoriti'\nregressor = 'arrests'\nfrom_phase = 'discipline'\nphase = 'terror'\ndirection = 'rises'\nmargin = 0".into(), 1, "outcome", "did you mean `authority`?"),
        ("contrast = 'controllability'\nmetric = 'fear'\nphase = 'terror'\nbound = 0.5\ndirection = 'lowest'\nmargin = 0".into(), 4, "direction", "unknown direction `lowest`"),
        ("contrast = 'extreme'\nmetric = 'fear'\nphase = 'terror'\namong = []\ndirection = 'highest'\nmargin = 0".into(), 3, "among", "names no phase"),
        ("contrast = 'controllability'\nmetric = 'fear'\nphase = 'terror'\namong = []\ndirection = 'lowest'\nmargin = 0".into(), 3, "among", "names no phase"),
        ("needs = 'overreach'".into(), 0, "needs", "is not a key that a test can need"),
        ("needs = 'policy.mode'".into(), 0, "needs", "is not a key that a test can need"),
        ("needs = 'metrics.discipline'\nmetric = 'dicipline'\nscenario = 'more_room'\ndirection = 'rises'\nmargin = 0".into(), 1, "metric", "did you mean `discipline`?"),
    ];
    for (keys, line, key, words) in &cases {
        // A missing key is reported at the header of its table.
        let line = if *line == usize::MAX { TEST_LINE - 1 } else { TEST_LINE + line };
        one_fault(&with_test(keys), line, &format!("claim[0].test[0].{key}"), words);
    }
}

#[test]
fn faults_of_a_claim_and_of_the_file() {
    let test = "[[claim.test]]\nmetric = 'fear'\nscenario = 'no_terror'\ndirection = 'falls'\nmargin = 0\n";
    let good = format!("{CLAIM}{test}");
    let claim = |keys: &str| format!("{HEAD}[[claim]]\n{keys}{test}");
    let bare = |keys: &str| format!("{HEAD}[[claim]]\n{keys}");
    let cases: Vec<(String, usize, &str, &str)> = vec![
        (claim("id = '1U'\nstatement = 'a'\ntype = 'causal'\n"), 4, "claim[0].id", "begin with a letter"),
        (claim("id = 'NA'\nstatement = 'a'\ntype = 'causal'\n"), 4, "claim[0].id", "a missing value"),
        (claim("statement = 'a'\ntype = 'causal'\n"), 3, "claim[0].id", "`id` is missing"),
        (claim("id = 'U'\ntype = 'causal'\n"), 3, "claim[0].statement", "`statement` is missing"),
        (claim("id = 'U'\nstatement = ' '\ntype = 'causal'\n"), 5, "claim[0].statement", "is empty"),
        (claim("id = 'U'\nstatement = 'a'\n"), 3, "claim[0].type", "`type` is missing"),
        (claim("id = 'U'\nstatement = 'a'\ntype = 'casual'\n"), 6, "claim[0].type", "did you mean `causal`?"),
        (
            claim("id = 'U'\nstatement = 'a'\ntype = 'causal'\nparagraph = 0\n"),
            7,
            "claim[0].paragraph",
            "allowed: 1 to",
        ),
        (
            claim("id = 'U'\nstatement = 'a'\ntype = 'causal'\nmechanisms = ['feer']\n"),
            7,
            "claim[0].mechanisms[0]",
            "did you mean `fear`?",
        ),
        (
            claim("id = 'U'\nstatement = 'a'\ntype = 'causal'\njoin = 'some'\n"),
            7,
            "claim[0].join",
            "unknown way to join tests",
        ),
        (
            claim("id = 'U'\nstatement = 'a'\ntype = 'causal'\nreason = 'b'\n"),
            7,
            "claim[0].reason",
            "does not belong to a claim of the type `causal`",
        ),
        (
            claim("id = 'U'\nstatement = 'a'\ntype = 'structural'\n"),
            3,
            "claim[0].contained",
            "`contained` is missing",
        ),
        (
            claim("id = 'U'\nstatement = 'a'\ntype = 'not simulable'\nreason = 'b'\n"),
            8,
            "claim[0].test",
            "cannot have tests",
        ),
        (
            bare("id = 'U'\nstatement = 'a'\ntype = 'not simulable'\n"),
            3,
            "claim[0].reason",
            "`reason` is missing",
        ),
        (bare("id = 'U'\nstatement = 'a'\ntype = 'comparative'\n"), 3, "claim[0].test", "needs a test"),
        (format!("{HEAD}[claim]\nid = 'U'"), 3, "claim", "a list of tables"),
        (format!("{HEAD}{good}{good}"), 13, "claim[1].id", "two claims are named `U1`"),
        (HEAD.to_owned(), 1, "claim", "`claim` is missing"),
        (format!("base = 'historical'\n{good}"), 1, "name", "`name` is missing"),
        (format!("name = 'file'\n{good}"), 1, "base", "`base` is missing"),
        (format!("name = 'A file'\nbase = 'historical'\n{good}"), 1, "name", "lower-case letters"),
        (format!("name = 'file'\nbase = 'historicl'\n{good}"), 2, "base", "did you mean `historical`?"),
        (format!("name = 'file'\nbase = './missing.toml'\n{good}"), 2, "base", "no such file"),
        (format!("name = 'file'\nbase = 'more_room'\n{OWN}{good}"), 2, "base", "`base` forms a cycle"),
        (format!("{HEAD}titel = 'a'\n{good}"), 3, "titel", "did you mean `title`?"),
        (format!("{HEAD}[population]\nsize = 0\n{good}"), 4, "population.size", "allowed: 1 to"),
        (
            format!("{HEAD}[population]\nsize = 100\nregions = 90\nenterprises = 80\n{good}"),
            5,
            "population.regions",
            "exceeds the number of enterprises",
        ),
        (
            format!("{HEAD}[robustness]\njudged_levers = ['unoin']\n{good}"),
            4,
            "robustness.judged_levers[0]",
            "did you mean `union`?",
        ),
        (
            format!("{HEAD}[robustness]\njudged_levers = ['union', 'union']\n{good}"),
            4,
            "robustness.judged_levers[1]",
            "given twice",
        ),
        (format!("{HEAD}[robustness]\nshift = 2\n{good}"), 4, "robustness.shift", "allowed: 0 to 1"),
        (
            format!("{HEAD}[robustness.prior]\nquit_bas = [0, 1]\n{good}"),
            4,
            "robustness.prior.quit_bas",
            "did you mean `quit_base`?",
        ),
        (
            format!("{HEAD}[robustness.prior]\nmotive_principle = [1, 0.5]\n{good}"),
            4,
            "robustness.prior.motive_principle",
            "not below its end",
        ),
        (
            format!("{HEAD}[robustness.prior]\nmotive_principle = [1]\n{good}"),
            4,
            "robustness.prior.motive_principle",
            "a range is two numbers",
        ),
        (
            format!("{HEAD}{OWN}{}{good}", OWN.replace("More", "Less")),
            11,
            "scenario[1].name",
            "two scenarios are named `more_room`",
        ),
        (
            format!("{HEAD}{}{good}", OWN.replace("more_room", "no_terror")),
            4,
            "scenario[0].name",
            "the name of a shipped scenario",
        ),
        (
            format!("{HEAD}{}{good}", OWN.replace("title", "extends")),
            5,
            "scenario[0].extends",
            "cannot have `extends`",
        ),
        (
            format!("{HEAD}{}{good}", OWN.replace("'union'", "'unoin'")),
            7,
            "scenario[0].change[0].lever",
            "did you mean `union`?",
        ),
        (
            format!("{HEAD}{}{good}", OWN.replace("0.6", "1.6")),
            9,
            "scenario[0].change[0].set",
            "allowed: 0 to 1",
        ),
        (
            format!("{HEAD}{OWN}[[scenario.event]]\nname = 'Shakty trial'\nremove = true\n{good}"),
            11,
            "scenario[0].event[0].name",
            "did you mean `Shakhty trial`?",
        ),
        (
            format!("{HEAD}{OWN}[scenario.parameters]\nquit_bas = 1\n{good}"),
            11,
            "scenario[0].parameters.quit_bas",
            "did you mean `quit_base`?",
        ),
    ];
    for (text, line, key, words) in &cases {
        one_fault(text, *line, key, words);
    }
}

#[test]
fn all_faults_are_reported_at_once() {
    let text = with_test(
        "metric = 'dicipline'\nscenario = 'nobody'\ndirection = 'up'\nphase = 'teror'\nmargin = -1\nevent = 'x'",
    );
    let keys: Vec<String> = faults(&text).into_iter().map(|(_, key, _)| key).collect();
    let expected = ["metric", "scenario", "direction", "phase", "margin", "event"];
    assert_eq!(keys, expected.map(|key| format!("claim[0].test[0].{key}")));
}

#[test]
fn limits_on_numbers_are_reported() {
    let claim = |id: usize| {
        format!("[[claim]]\nid = 'S{id}'\nstatement = 'a'\ntype = 'structural'\ncontained = 'rule R1'\n")
    };
    let claims: String = (0..=MAX_CLAIMS).map(claim).collect();
    one_fault(&format!("{HEAD}{claims}"), 3 + 5 * MAX_CLAIMS, "claim", "more than 1000");
    let broken = format!("{HEAD}{}", "[[claim]]\n".repeat(MAX_FAULTS));
    let found = load_claims_text("claims.toml", &broken).unwrap_err();
    assert_eq!((found.list.len(), found.more), (MAX_FAULTS, 2 * MAX_FAULTS));
    let tests = format!("{HEAD}{CLAIM}{}", "[[claim.test]]\nneeds = 'tables.later'\n".repeat(MAX_TESTS + 1));
    one_fault(&tests, 8 + 2 * MAX_TESTS - 1, "claim[0].test", "more than 100");
    let empty = load_claims_text("claims.toml", "").unwrap_err();
    assert_eq!(
        empty.list.iter().map(|fault| fault.key.as_str()).collect::<Vec<_>>(),
        ["name", "base", "claim"]
    );
}

#[test]
fn faults_of_names_on_the_command_line() {
    let message = |name: &str| load_claims(name).unwrap_err().render(false);
    assert!(message("esay").contains("there is no file of hypotheses named `esay`"));
    assert!(message("historical").contains("there is no file of hypotheses named `historical`"));
    assert!(message("./no/such.toml").contains("no such file"));
    let on = load_claims_on(SHIPPED_CLAIMS, Some(std::ffi::OsStr::new("historicl"))).unwrap_err();
    assert!(on.list.iter().any(|fault| fault.key == "base"), "{on}");
}
