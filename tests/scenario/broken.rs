//! Tests of invalid scenario files: each must cause its fault at its line and key, with the allowed range or the nearest
//! name, and exit code 3.

use std::fmt::Write;
use std::process::Command;

use kadry::scenario::{Faults, load};

/// An invalid file and its expected fault.
struct Case {
    name: String,
    /// File name, which determines the language.
    file: &'static str,
    text: String,
    line: usize,
    key: &'static str,
    /// Expected part of the rendered fault: an allowed range, a nearest key, or the core of the message.
    fragment: &'static str,
}

/// A valid track, for cases about something else.
const GOOD: &str = "name = \"x\"\nextends = \"historical\"\n";

/// Cases that extend the historical scenario; the text begins in line 3.
fn over_historical() -> Vec<Case> {
    // (text after name and base, line in the file, key, fragment)
    #[rustfmt::skip]
    let cases: &[(&str, usize, &str, &str)] = &[
        // Unknown and misspelt keys at every level.
        ("titel = \"a\"", 3, "titel", "`title`"),
        ("hypotesis = \"a\"", 3, "hypotesis", "`hypothesis`"),
        ("extend = \"historical\"", 3, "extend", "`extends`"),
        ("claim = [\"C01\"]", 3, "claim", "`claims`"),
        ("Name = \"y\"", 3, "Name", "`name`"),
        ("colour = \"red\"", 3, "colour", "not allowed here"),
        ("seed = 1", 3, "seed", "as the option `--seed`"),
        ("replicates = 20", 3, "replicates", "`--replicates`"),
        ("until = \"1937-01\"", 3, "until", "`--until`"),
        ("populations = { size = 1 }", 3, "populations", "`population`"),
        ("[Population]\nsize = 1", 3, "Population", "`population`"),
        ("[parameter]\nquit_base = 0.1", 3, "parameter", "`parameters`"),
        ("[mechanism]\nfear = true", 3, "mechanism", "`mechanisms`"),
        ("[lever.criticism]\nsteps = []", 3, "lever", "`levers`"),
        ("[[changes]]\nlever = \"criticism\"", 3, "changes", "`change`"),
        ("[[events]]\nname = \"a\"", 3, "events", "`event`"),
        ("[[phases]]\nname = \"a\"", 3, "phases", "`phase`"),
        ("[population]\nsizes = 1", 4, "population.sizes", "`size`"),
        ("[population]\nenterprizes = 1", 4, "population.enterprizes", "`enterprises`"),
        ("[population]\nregion = 1", 4, "population.region", "`regions`"),
        ("[population]\nsize = 4000\nfoo = 1", 5, "population.foo", "`size`, `enterprises`, `regions`"),
        ("[population.size]\npeople = 4", 3, "population.size", "a whole number"),
        ("[parameters]\nquit_bases = 0.1", 4, "parameters.quit_bases", "`quit_base`"),
        ("[parameters]\nquit-base = 0.1", 4, "parameters.quit-base", "`quit_base`"),
        ("[parameters]\nq0 = 0.1", 4, "parameters.q0", "`quit_base`"),
        ("[parameters]\n\"λ0\" = 0.1", 4, "parameters.λ0", "`accusation_scale`"),
        ("[parameters]\nfoo = 0.1", 4, "parameters.foo", "keys are allowed here"),
        ("[parameters]\ncriticism = 0.1", 4, "parameters.criticism", "`criticism_slope`"),
        ("[mechanisms]\nfears = true", 4, "mechanisms.fears", "`fear`"),
        ("[mechanisms]\nquota_rachet = true", 4, "mechanisms.quota_rachet", "`quota_ratchet`"),
        ("[mechanisms]\nfoo = true", 4, "mechanisms.foo", "`plan_gap`"),
        ("[policy]\nmodes = \"schedule\"", 4, "policy.modes", "`mode`"),
        ("[levers.critisism]\nsteps = 1", 3, "levers.critisism", "`criticism`"),
        ("[levers.license]\nsteps = 1", 3, "levers.license", "`criticism`"),
        ("[levers]\nvigil = 0.4", 4, "levers.vigil", "`vigilance`"),
        ("[levers.criticism]\nstep = []", 4, "levers.criticism.step", "`steps`"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", 0]]\nsources = \"a\"", 5, "levers.criticism.sources", "`source`"),
        ("[[change]]\nleaver = \"criticism\"\nset = 0", 4, "change[0].leaver", "`lever`"),
        ("[[change]]\nlever = \"criticism\"\natmost = 0", 5, "change[0].atmost", "`at_most`"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nto = \"1937-01\"", 6, "change[0].to", "keys allowed here"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nform = \"1937-01\"", 6, "change[0].form", "`from`"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nshift = 3", 6, "change[0].shift", "`shift_months`"),
        ("[[event]]\nname = \"a\"\nkind = \"election\"\nmonth = \"1937-01\"\npost = \"party\"", 7, "event[0].post", "`posts`"),
        ("[[event]]\nname = \"a\"\nkind = \"show_trial\"\nmonth = \"1937-01\"\ntarget = { former = 1 }", 7, "event[0].target", "`targets`"),
        ("[[event]]\nname = \"a\"\nkind = \"show_trial\"\nmonth = \"1937-01\"\ntargets = { formers = 1 }", 7, "event[0].targets.formers", "`former`"),
        ("[[event]]\nname = \"a\"\nkind = \"show_trial\"\nmonth = \"1937-01\"\ntargets = { kulak = 1 }", 7, "event[0].targets.kulak", "`shock_worker`"),
        ("[[event]]\nname = \"Shakhty trial\"\nremoved = true", 5, "event[0].removed", "`remove`"),
        ("[[phase]]\nname = \"a\"\nfrom = \"1928-01\"\nto = \"1941-06\"", 6, "phase[0].to", "keys allowed here"),
        ("[[phase]]\nnames = \"a\"\nfrom = \"1928-01\"", 4, "phase[0].names", "`name`"),
        // Wrong types.
        ("title = 5", 3, "title", "expected a string"),
        ("title = [\"a\"]", 3, "title", "not a list"),
        ("hypothesis = true", 3, "hypothesis", "expected a string"),
        ("claims = \"C01\"", 3, "claims", "expected a list"),
        ("claims = [1]", 3, "claims[0]", "expected a string"),
        ("claims = [\"C55\"]", 3, "claims[0]", "unknown claim"),
        ("claims = [\"C01\", \"c2\"]", 3, "claims[1]", "unknown claim `c2`"),
        ("[prediction]\nmetric = \"discipline\"\ndirection = \"falls\"", 3, "prediction", "two brackets"),
        ("[[prediction]]\ndirection = \"falls\"", 3, "prediction[0].metric", "is missing"),
        ("[[prediction]]\nmetric = \"discipline\"", 3, "prediction[0].direction", "is missing"),
        ("[[prediction]]\nmetric = \"dicipline\"\ndirection = \"falls\"", 4, "prediction[0].metric", "did you mean `discipline`?"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"fall\"", 5, "prediction[0].direction", "did you mean `falls`?"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"falls\"\nphase = \"teror\"", 6, "prediction[0].phase", "did you mean `terror`?"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"falls\"\nfrom_phase = \"terror\"", 3, "prediction[0].phase", "is missing"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"falls\"\nwithin = -1", 6, "prediction[0].within", "0 to 10"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"falls\"\nalone = true", 3, "prediction[0].from_phase", "is missing"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"falls\"\nshare = 0.5", 3, "prediction[0].beside", "is missing"),
        ("[[prediction]]\nmetric = \"hired\"\ndirection = \"falls\"", 4, "prediction[0].metric", "is not a column of phases.csv"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"falls\"\nscenario = \"a\"", 6, "prediction[0].scenario", "not allowed here"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"falls\"\nbound = 1", 6, "prediction[0].bound", "does not belong to the contrast `difference`"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"falls\"\nmargin = 0\nwithin = 0", 7, "prediction[0].within", "cannot be given together"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"above\"\ncontrast = \"level\"", 3, "prediction[0].bound", "is missing"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"falls\"\ncontrast = \"dose\"", 6, "prediction[0].contrast", "unknown contrast `dose`"),
        ("[[prediction]]\nmetric = \"discipline\"\ndirection = \"highest\"\ncontrast = \"extreme\"\nphase = \"teror\"", 7, "prediction[0].phase", "did you mean `terror`?"),
        ("population = 4000", 3, "population", "expected a table"),
        ("parameters = []", 3, "parameters", "expected a table"),
        ("mechanisms = true", 3, "mechanisms", "expected a table"),
        ("policy = \"schedule\"", 3, "policy", "expected a table"),
        ("levers = \"criticism\"", 3, "levers", "expected a table"),
        ("change = 1", 3, "change", "expected a list"),
        ("[change]\nlever = \"criticism\"\nset = 0", 3, "change", "`[[change]]` with two brackets"),
        ("[event]\nname = \"a\"", 3, "event", "`[[event]]` with two brackets"),
        ("[phase]\nname = \"a\"", 3, "phase", "`[[phase]]` with two brackets"),
        ("change = [1]", 3, "change[0]", "expected a table"),
        ("event = [\"Shakhty trial\"]", 3, "event[0]", "expected a table"),
        ("phase = [\"a\"]", 3, "phase[0]", "expected a table"),
        ("[population]\nsize = \"4000\"", 4, "population.size", "one-to-one"),
        ("[population]\nsize = \"one to one\"", 4, "population.size", "did you mean `one-to-one`?"),
        ("[population]\nsize = true", 4, "population.size", "a whole number"),
        ("[population]\nsize = 4000.5", 4, "population.size", "a whole number"),
        ("[population]\nsize = 1937-01-01", 4, "population.size", "not a date"),
        ("[population]\nenterprises = \"many\"", 4, "population.enterprises", "without quotes"),
        ("[population]\nregions = [1]", 4, "population.regions", "not a list"),
        ("[parameters]\nquit_base = \"0.1\"", 4, "parameters.quit_base", "without quotes"),
        ("[parameters]\nquit_base = true", 4, "parameters.quit_base", "expected a number"),
        ("[parameters]\nquit_base = [0.1]", 4, "parameters.quit_base", "not a list"),
        ("[parameters]\nquit_base = { value = 0.1 }", 4, "parameters.quit_base", "not a table"),
        ("[parameters.quit_base]\nvalue = 0.1", 3, "parameters.quit_base", "not a table"),
        ("[mechanisms]\nfear = 0", 4, "mechanisms.fear", "true or false"),
        ("[mechanisms]\nfear = \"off\"", 4, "mechanisms.fear", "without quotes"),
        ("[policy]\nmode = 1", 4, "policy.mode", "expected a string"),
        ("[policy]\nmode = \"shedule\"", 4, "policy.mode", "did you mean `schedule`?"),
        ("[policy]\nmode = \"controller\"", 4, "policy.mode", "reserved"),
        ("[policy]\nmode = \"anarchy\"", 4, "policy.mode", "`schedule`, `controller`"),
        ("[levers]\ncriticism = \"high\"", 4, "levers.criticism", "expected a number"),
        ("[levers]\ncriticism = [[\"1928-01\", 1]]", 4, "levers.criticism", "expected a number"),
        ("[levers.criticism]\nsteps = 0.5", 4, "levers.criticism.steps", "expected a list"),
        ("[levers.criticism]\nsteps = \"1928-01\"", 4, "levers.criticism.steps", "expected a list"),
        ("[levers.criticism]\nsteps = [0.5]", 4, "levers.criticism.steps[0]", "a step is a month and a value"),
        ("[levers.criticism]\nsteps = [[\"1928-01\"]]", 4, "levers.criticism.steps[0]", "a list of 1"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", 0.5, 1]]", 4, "levers.criticism.steps[0]", "a list of 3"),
        ("[levers.criticism]\nsteps = [{ month = \"1928-01\", value = 1 }]", 4, "levers.criticism.steps[0]", "a table"),
        ("[levers.criticism]\nsteps = [[0.5, \"1928-01\"]]", 4, "levers.criticism.steps[0][0]", "expected a month"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", \"0.5\"]]", 4, "levers.criticism.steps[0][1]", "expected a number"),
        ("[levers.criticism]\nsteps = [[1928-01-01, 0.5]]", 4, "levers.criticism.steps[0][0]", "not a date"),
        ("[levers.criticism]\nsource = 1\nsteps = [[\"1928-01\", 1]]", 4, "levers.criticism.source", "expected a string"),
        ("[[change]]\nlever = 1\nset = 0", 4, "change[0].lever", "expected a string"),
        ("[[change]]\nlever = [\"criticism\"]\nset = 0", 4, "change[0].lever", "not a list"),
        ("[[change]]\nlever = \"criticism\"\nset = \"0\"", 5, "change[0].set", "expected a number"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = 1937", 6, "change[0].from", "expected a month"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = 1937-01-01", 6, "change[0].from", "write a month as a string"),
        ("[[change]]\nlever = \"criticism\"\nshift_months = 1.5", 5, "change[0].shift_months", "a whole number"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nsource = 1", 6, "change[0].source", "expected a string"),
        ("[[event]]\nname = 1\nremove = true", 4, "event[0].name", "expected a string"),
        ("[[event]]\nname = \"Shakhty trial\"\nremove = \"yes\"", 5, "event[0].remove", "true or false"),
        ("[[event]]\nname = \"Shakhty trial\"\ntargets = 0.5", 5, "event[0].targets", "expected a table"),
        ("[[event]]\nname = \"Shakhty trial\"\ntargets = { former = \"a\" }", 5, "event[0].targets.former", "expected a number"),
        ("[[event]]\nname = \"Shakhty trial\"\nmonth = 5", 5, "event[0].month", "expected a month"),
        ("[[phase]]\nname = 1\nfrom = \"1928-01\"", 4, "phase[0].name", "expected a string"),
        ("[[phase]]\nname = \"a\"\nfrom = 1928", 5, "phase[0].from", "expected a month"),
        // Out of range.
        ("[population]\nsize = 0", 4, "population.size", "allowed: 1 to 200000000"),
        ("[population]\nsize = -5", 4, "population.size", "allowed: 1 to 200000000"),
        ("[population]\nsize = 200_000_001", 4, "population.size", "allowed: 1 to 200000000"),
        ("[population]\nsize = 9223372036854775807", 4, "population.size", "allowed: 1 to 200000000"),
        ("[population]\nsize = 99999999999999999999999", 4, "population.size", "a huge number"),
        ("[population]\nsize = 1e300", 4, "population.size", "allowed: 1 to 200000000"),
        ("[population]\nenterprises = 0", 4, "population.enterprises", "allowed: 1 to 1048575"),
        ("[population]\nenterprises = 5000000000", 4, "population.enterprises", "allowed: 1 to 1048575"),
        ("[population]\nregions = 0", 4, "population.regions", "allowed: 1 to"),
        ("[population]\nregions = -1", 4, "population.regions", "allowed: 1 to"),
        ("[population]\nregions = 101", 4, "population.regions", "the number of regions, 101, exceeds the number of enterprises, 100"),
        ("[population]\nenterprises = 40001", 4, "population.enterprises", "the number of enterprises, 40001, exceeds the number of people, 40000"),
        ("[population]\nsize = 1\nenterprises = 2", 5, "population.enterprises", "the number of enterprises, 2, exceeds the number of people, 1"),
        ("[population]\nsize = 1\nregions = 2", 5, "population.regions", "the number of regions, 2, exceeds the number of enterprises, 1"),
        ("[parameters]\nquit_base = -0.1", 4, "parameters.quit_base", "allowed: 0 to 1"),
        ("[parameters]\nquit_base = 1.1", 4, "parameters.quit_base", "allowed: 0 to 1 (per month)"),
        ("[parameters]\nquit_base = 2", 4, "parameters.quit_base", "is 2, outside"),
        ("[parameters]\nquit_base = 1e300", 4, "parameters.quit_base", "is 1e300, outside"),
        ("[parameters]\nquit_base = 99999999999999999999999999", 4, "parameters.quit_base", "allowed: 0 to 1"),
        ("[parameters]\nshirking_intercept = -21", 4, "parameters.shirking_intercept", "allowed: -20 to 20 (logit)"),
        ("[parameters]\nquota_ceiling = 0.5", 4, "parameters.quota_ceiling", "allowed: 1 to 50"),
        ("[parameters]\nvacancy_reference = 0", 4, "parameters.vacancy_reference", "allowed: 0.0001 to 1"),
        ("[parameters]\nacculturation_months = 0", 4, "parameters.acculturation_months", "allowed: 0.1 to 600 (months)"),
        ("[parameters]\nhires_peasant = 0.98", 4, "parameters.hires_peasant", "`hires_peasant` = 0.98 and `hires_former` = 0.03 add up to 1.01, which is more than 1"),
        ("[parameters]\nhires_former = 0.31", 4, "parameters.hires_peasant", "lower one of them: the remaining hires are workers"),
        ("[parameters]\nmeeting_brigade = 0.55", 4, "parameters.meeting_superior", "`meeting_superior` = 0.35, `meeting_brigade` = 0.55 and `meeting_rival` = 0.15 add up to 1.05"),
        ("[parameters]\nsuperior_first = 0.5\nsuperior_second = 0.6", 5, "parameters.superior_first", "add up to 1.1, which is more than 1"),
        ("[parameters]\nrole_union = 1", 4, "parameters.role_party", "which is more than 1"),
        ("[parameters]\nregional_party = 0.9", 4, "parameters.regional_party", "which is more than 1"),
        ("[parameters]\nstart_regional_worker = 0.9", 4, "parameters.start_regional_worker", "which is more than 1"),
        ("[parameters]\nstart_elite_peasant = 0.4", 4, "parameters.start_elite_former", "which is more than 1"),
        ("[parameters]\nstart_lower_former = 0.6", 4, "parameters.start_lower_former", "the remaining workers and foremen are of peasant origin"),
        // Not whole.
        ("[parameters]\ngrudge_months = 2.5", 4, "parameters.grudge_months", "must be a whole number, not 2.5"),
        ("[parameters]\ndemotion_since = 47.9", 4, "parameters.demotion_since", "write 47 or 48"),
        ("[parameters]\ngrudge_months = 601", 4, "parameters.grudge_months", "allowed: 0 to 600 (whole months)"),
        ("[levers]\ncriticism = 1.1", 4, "levers.criticism", "allowed: 0 to 1"),
        ("[levers]\ncriticism = -0.1", 4, "levers.criticism", "allowed: 0 to 1"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", 1.5]]", 4, "levers.criticism.steps[0][1]", "allowed: 0 to 1"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", -1]]", 4, "levers.criticism.steps[0][1]", "allowed: 0 to 1"),
        ("[levers.criticism]\nsteps = [\n[\"1928-01\", 1],\n[\"1930-01\", 7]]", 6, "levers.criticism.steps[1][1]", "allowed: 0 to 1"),
        ("[[change]]\nlever = \"criticism\"\nset = 1.01", 5, "change[0].set", "allowed: 0 to 1"),
        ("[[change]]\nlever = \"criticism\"\nat_most = -1", 5, "change[0].at_most", "allowed: 0 to 1"),
        ("[[change]]\nlever = \"criticism\"\nat_least = 2", 5, "change[0].at_least", "allowed: 0 to 1"),
        ("[[change]]\nlever = \"criticism\"\nadd = -1.5", 5, "change[0].add", "allowed: -1 to 1"),
        ("[[change]]\nlever = \"criticism\"\nscale = -1", 5, "change[0].scale", "allowed: 0 to 100"),
        ("[[change]]\nlever = \"criticism\"\nscale = 101", 5, "change[0].scale", "allowed: 0 to 100"),
        ("[[change]]\nlever = \"criticism\"\nshift_months = 162", 5, "change[0].shift_months", "allowed: -161 to 161 (months)"),
        ("[[change]]\nlever = \"criticism\"\nshift_months = -162", 5, "change[0].shift_months", "allowed: -161 to 161"),
        ("[[event]]\nname = \"Shakhty trial\"\ntargets = { former = -0.1 }", 5, "event[0].targets.former", "allowed: 0 to 10"),
        ("[[event]]\nname = \"Shakhty trial\"\ntargets = { former = 11 }", 5, "event[0].targets.former", "allowed: 0 to 10"),
        // Not a number.
        ("[parameters]\nquit_base = nan", 4, "parameters.quit_base", "finite number, not NaN"),
        ("[parameters]\nquit_base = inf", 4, "parameters.quit_base", "finite number, not inf"),
        ("[parameters]\nquit_base = -inf", 4, "parameters.quit_base", "finite number, not -inf"),
        ("[population]\nsize = nan", 4, "population.size", "finite number"),
        ("[population]\nsize = inf", 4, "population.size", "finite number"),
        ("[levers]\ncriticism = nan", 4, "levers.criticism", "finite number"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", nan]]", 4, "levers.criticism.steps[0][1]", "finite number"),
        ("[[change]]\nlever = \"criticism\"\nset = nan", 5, "change[0].set", "finite number"),
        ("[[change]]\nlever = \"criticism\"\nadd = inf", 5, "change[0].add", "finite number"),
        ("[[change]]\nlever = \"criticism\"\nshift_months = nan", 5, "change[0].shift_months", "finite number"),
        ("[[event]]\nname = \"Shakhty trial\"\ntargets = { former = nan }", 5, "event[0].targets.former", "finite number"),
        // Impossible dates and reversed spans.
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = \"1937-13\"", 6, "change[0].from", "YYYY-MM"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = \"1937-00\"", 6, "change[0].from", "YYYY-MM"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = \"1937-1\"", 6, "change[0].from", "YYYY-MM"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = \"1937-01-01\"", 6, "change[0].from", "YYYY-MM"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = \"January 1937\"", 6, "change[0].from", "YYYY-MM"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = \"\"", 6, "change[0].from", "YYYY-MM"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = \"1927-12\"", 6, "change[0].from", "1928-01 to 1941-06"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nuntil = \"1941-07\"", 6, "change[0].until", "1928-01 to 1941-06"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = \"1938-01\"\nuntil = \"1937-01\"", 7, "change[0].until", "before it begins"),
        ("[levers.criticism]\nsteps = [[\"1928-13\", 1]]", 4, "levers.criticism.steps[0][0]", "YYYY-MM"),
        ("[levers.criticism]\nsteps = [[\"1928-02\", 1]]", 4, "levers.criticism.steps[0]", "must be in 1928-01"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", 1], [\"1941-07\", 0]]", 4, "levers.criticism.steps[1][0]", "outside the calendar"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", 1], [\"1930-01\", 0], [\"1929-01\", 1]]", 4, "levers.criticism.steps[2]", "does not come after that of 1930-01"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", 1], [\"1928-01\", 0]]", 4, "levers.criticism.steps[1]", "does not come after"),
        ("[levers.criticism]\nsteps = []", 4, "levers.criticism.steps", "at least one step"),
        ("[[event]]\nname = \"Shakhty trial\"\nmonth = \"1928-99\"", 5, "event[0].month", "YYYY-MM"),
        ("[[event]]\nname = \"Shakhty trial\"\nmonth = \"1917-10\"", 5, "event[0].month", "1928-01 to 1941-06"),
        ("[[event]]\nname = \"party elections\"\nfrom = \"1937-05\"\nuntil = \"1937-04\"", 6, "event[0].until", "before it begins"),
        ("[[event]]\nname = \"party elections\"\nfrom = \"1937-05\"", 3, "event[0]", "dated by `month` or by `from` and `until`"),
        ("[[event]]\nname = \"party elections\"\nuntil = \"1937-05\"", 3, "event[0]", "dated by `month`"),
        ("[[event]]\nname = \"party elections\"\nmonth = \"1937-05\"\nfrom = \"1937-05\"\nuntil = \"1937-06\"", 3, "event[0]", "`month`, `from`, `until`"),
        // Phases.
        ("phase = []", 3, "phase", "at least one phase"),
        ("[[phase]]\nname = \"a\"\nfrom = \"1928-02\"", 5, "phase[0].from", "must begin in 1928-01"),
        ("[[phase]]\nfrom = \"1928-01\"", 3, "phase[0].name", "`name` is missing"),
        ("[[phase]]\nname = \"a\"", 3, "phase[0].from", "`from` is missing"),
        ("[[phase]]\nname = \"a\"\nfrom = \"1928-01\"\n[[phase]]\nname = \"b\"\nfrom = \"1928-01\"", 8, "phase[1].from", "overlap"),
        ("[[phase]]\nname = \"a\"\nfrom = \"1928-01\"\n[[phase]]\nname = \"b\"\nfrom = \"1937-01\"\n[[phase]]\nname = \"c\"\nfrom = \"1936-01\"", 11, "phase[2].from", "overlap"),
        ("[[phase]]\nname = \"a\"\nfrom = \"1928-01\"\nuntil = \"1936-11\"\n[[phase]]\nname = \"b\"\nfrom = \"1937-01\"", 6, "phase[0].until", "leave a gap"),
        ("[[phase]]\nname = \"a\"\nfrom = \"1928-01\"\nuntil = \"1937-01\"\n[[phase]]\nname = \"b\"\nfrom = \"1937-01\"", 6, "phase[0].until", "overlap"),
        ("[[phase]]\nname = \"a\"\nfrom = \"1928-01\"\nuntil = \"1941-05\"", 6, "phase[0].until", "leaves a gap until 1941-06"),
        ("[[phase]]\nname = \"a\"\nfrom = \"1928-01\"\n[[phase]]\nname = \"a\"\nfrom = \"1937-01\"", 7, "phase[1].name", "two phases are named `a`"),
        ("[[phase]]\nname = \"\"\nfrom = \"1928-01\"", 4, "phase[0].name", "1 to 60 characters"),
        ("[[phase]]\nname = \"a\\nb\"\nfrom = \"1928-01\"", 4, "phase[0].name", "on one line"),
        ("[[phase]]\nname = \" a\"\nfrom = \"1928-01\"", 4, "phase[0].name", "without spaces"),
        ("[[phase]]\nname = \"a\"\nfrom = \"1928-01\"\nuntil = \"1941-13\"", 6, "phase[0].until", "YYYY-MM"),
        ("[[phase]]\nname = \"\u{feff}a\"\nfrom = \"1928-01\"", 4, "phase[0].name", "without spaces"),
        // Changes.
        ("[[change]]\nset = 0", 3, "change[0].lever", "`lever` is missing"),
        ("[[change]]\nlever = \"critisism\"\nset = 0", 4, "change[0].lever", "did you mean `criticism`?"),
        ("[[change]]\nlever = \"vigil\"\nset = 0", 4, "change[0].lever", "did you mean `vigilance`?"),
        ("[[change]]\nlever = \"weather\"\nset = 0", 4, "change[0].lever", "`repression`"),
        ("[[change]]\nlever = \"\"\nset = 0", 4, "change[0].lever", "unknown lever"),
        ("[[change]]\nlever = \"criticism\"", 3, "change[0]", "this one has none"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nadd = 0.1", 3, "change[0]", "this one has `set`, `add`"),
        ("[[change]]\nlever = \"criticism\"\nat_most = 0.5\nat_least = 0.1", 3, "change[0]", "`at_most`, `at_least`"),
        ("[[change]]", 3, "change[0].lever", "`lever` is missing"),
        // Events.
        ("[[event]]\nkind = \"election\"", 3, "event[0].name", "`name` is missing"),
        ("[[event]]\nname = \"new\"\nmonth = \"1930-01\"\nposts = \"party\"", 3, "event[0].kind", "`kind` is missing"),
        ("[[event]]\nname = \"new\"\nkind = \"election\"\nposts = \"party\"", 3, "event[0].month", "`month` is missing"),
        ("[[event]]\nname = \"new\"\nkind = \"election\"\nmonth = \"1930-01\"", 3, "event[0].posts", "`posts` is missing"),
        ("[[event]]\nname = \"new\"\nkind = \"show_trial\"\nmonth = \"1930-01\"", 3, "event[0].targets", "`targets` is missing"),
        ("[[event]]\nname = \"new\"\nkind = \"trial\"\nmonth = \"1930-01\"", 5, "event[0].kind", "did you mean `show_trial`?"),
        ("[[event]]\nname = \"new\"\nkind = \"purge\"\nmonth = \"1930-01\"", 5, "event[0].kind", "the lever `purge`"),
        ("[[event]]\nname = \"new\"\nkind = \"war\"\nmonth = \"1930-01\"", 5, "event[0].kind", "`show_trial`, `election`"),
        ("[[event]]\nname = \"new\"\nkind = \"election\"\nmonth = \"1930-01\"\nposts = \"partly\"", 7, "event[0].posts", "did you mean `party`?"),
        ("[[event]]\nname = \"Shakhty trail\"\nremove = true", 4, "event[0].name", "did you mean `Shakhty trial`?"),
        ("[[event]]\nname = \"nothing like it\"\nremove = true", 4, "event[0].name", "events of the base"),
        ("[[event]]\nname = \"Shakhty trail\"\nmonth = \"1928-06\"", 4, "event[0].name", "to alter"),
        ("[[event]]\nname = \"Shakhty trial\"\nremove = true\nmonth = \"1928-06\"", 3, "event[0]", "takes no key except"),
        ("[[event]]\nname = \"Shakhty trial\"\nkind = \"election\"", 5, "event[0].kind", "cannot become `election`"),
        ("[[event]]\nname = \"Shakhty trial\"\nposts = \"party\"", 5, "event[0].posts", "leave out `posts`"),
        ("[[event]]\nname = \"party elections\"\ntargets = { former = 1 }", 5, "event[0].targets", "leave out `targets`"),
        ("[[event]]\nname = \"Shakhty trial\"\nmonth = \"1928-06\"\n[[event]]\nname = \"Shakhty trial\"\nremove = true", 7, "event[1].name", "two events are named"),
        ("[[event]]\nname = \"\"\nremove = true", 4, "event[0].name", "1 to 60 characters"),
        // Duplicates.
        ("name = \"y\"", 3, "name", "given twice"),
        ("extends = \"technocracy\"", 3, "extends", "given twice"),
        ("[parameters]\nquit_base = 0.1\nquit_base = 0.2", 5, "quit_base", "given twice"),
        ("[parameters]\n[mechanisms]\n[parameters]", 5, "parameters", "given twice"),
        ("[levers.criticism]\nsteps = [[\"1928-01\", 1]]\n[levers.criticism]\nsteps = [[\"1928-01\", 0]]", 5, "criticism", "given twice"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nset = 1", 6, "set", "given twice"),
        // Not TOML.
        ("title = a title", 3, "", "not valid TOML"),
        ("title = \"open", 3, "", "not valid TOML"),
        ("title \"a\"", 3, "", "not valid TOML"),
        ("= 5", 3, "", "not valid TOML"),
        ("[population\nsize = 4", 3, "", "not valid TOML"),
        ("[[change]\nlever = \"criticism\"", 3, "", "not valid TOML"),
        ("claims = [\"C01\"", 3, "", "not valid TOML"),
        ("[parameters]\nquit_base = 0,1", 4, "", "not valid TOML"),
        ("[parameters]\nquit_base = 0.1.2", 4, "", "not valid TOML"),
        ("[parameters]\nquit_base = .1", 4, "", "not valid TOML"),
        ("[parameters]\nquit_base =", 4, "", "not valid TOML"),
        ("[[change]]\nlever = \"criticism\"\nset = 0\nfrom = 1937-01", 6, "", "not valid TOML"),
        ("title = \"\\q\"", 3, "", "not valid TOML"),
        ("title = 'a' 'b'", 3, "", "not valid TOML"),
        ("title = \"a\u{1}b\"", 3, "", "not valid TOML"),
    ];
    cases
        .iter()
        .map(|(text, line, key, fragment)| Case {
            name: text.chars().take(60).collect(),
            file: "case.toml",
            text: format!("{GOOD}{text}\n"),
            line: *line,
            key,
            fragment,
        })
        .collect()
}

/// Cases with a complete text.
fn whole_files() -> Vec<Case> {
    let deep = |open: &str, close: &str, count: usize| open.repeat(count) + &close.repeat(count);
    #[rustfmt::skip]
    let cases: Vec<(&str, &'static str, String, usize, &'static str, &'static str)> = vec![
        ("empty", "case.toml", String::new(), 1, "name", "`name` is missing"),
        ("blank", "case.toml", "\n\n  \n".into(), 1, "levers", "extends = \"historical\""),
        ("only a comment", "case.toml", "# nothing".into(), 1, "phase", "`phase` is missing"),
        ("no name", "case.toml", "extends = \"historical\"".into(), 1, "name", "name = \"my_scenario\""),
        ("no base", "case.toml", "name = \"x\"".into(), 1, "levers", "no base"),
        ("some levers", "case.toml", "name = \"x\"\n[levers]\nunion = 1".into(), 2, "levers", "`criticism`"),
        ("unknown base", "case.toml", "name = \"x\"\nextends = \"historcal\"".into(), 2, "extends", "did you mean `historical`?"),
        ("unlike any base", "case.toml", "name = \"x\"\nextends = \"zzz\"".into(), 2, "extends", "kadry list"),
        ("empty base", "case.toml", "name = \"x\"\nextends = \"\"".into(), 2, "extends", "no scenario named"),
        ("base is a number", "case.toml", "name = \"x\"\nextends = 1".into(), 2, "extends", "expected a string"),
        ("base file is missing", "case.toml", "name = \"x\"\nextends = \"./none.toml\"".into(), 2, "extends", "no such file"),
        ("base is a folder", "case.toml", "name = \"x\"\nextends = \"./\"".into(), 2, "extends", "a directory"),
        ("base is itself", "case.toml", "name = \"x\"\nextends = \"case.toml\"".into(), 2, "extends", "forms a cycle"),
        ("base is itself by another way", "case.toml", "name = \"x\"\nextends = \"./././case.toml\"".into(), 2, "extends", "forms a cycle"),
        ("name is a number", "case.toml", "name = 5\nextends = \"historical\"".into(), 1, "name", "expected a string"),
        ("name is empty", "case.toml", "name = \"\"\nextends = \"historical\"".into(), 1, "name", "begin with a letter"),
        ("name is a path", "case.toml", "name = \"../evil\"\nextends = \"historical\"".into(), 1, "name", "lower-case letters"),
        ("name is an absolute path", "case.toml", "name = \"/etc/passwd\"\nextends = \"historical\"".into(), 1, "name", "lower-case letters"),
        ("name is a Windows path", "case.toml", "name = 'C:\\x'\nextends = \"historical\"".into(), 1, "name", "lower-case letters"),
        ("name is a dot", "case.toml", "name = \".\"\nextends = \"historical\"".into(), 1, "name", "begin with a letter"),
        ("name has blanks", "case.toml", "name = \"my scenario\"\nextends = \"historical\"".into(), 1, "name", "lower-case letters"),
        ("name has capitals", "case.toml", "name = \"Mine\"\nextends = \"historical\"".into(), 1, "name", "lower-case letters"),
        ("name is Cyrillic", "case.toml", "name = \"кадры\"\nextends = \"historical\"".into(), 1, "name", "lower-case letters"),
        ("name begins with a digit", "case.toml", "name = \"1937\"\nextends = \"historical\"".into(), 1, "name", "begin with a letter"),
        ("name holds NUL", "case.toml", "name = \"a\\u0000\"\nextends = \"historical\"".into(), 1, "name", "lower-case letters"),
        ("name is long", "case.toml", format!("name = \"{}\"\nextends = \"historical\"", "a".repeat(65)), 1, "name", "at most 64"),
        ("deep list", "case.toml", format!("{GOOD}title = {}", deep("[", "]", 100_000)), 3, "", "nested more than"),
        ("list a little too deep", "case.toml", format!("{GOOD}title = {}", deep("[", "]", 40)), 3, "", "nested more than"),
        ("deep inline tables", "case.toml", format!("{GOOD}title = {}1{}", "{a=".repeat(50_000), "}".repeat(50_000)), 3, "", "nested more than"),
        ("deep dotted key", "case.toml", format!("{GOOD}{}a = 1", "a.".repeat(50_000)), 3, "", "nested more than"),
        ("deep header", "case.toml", format!("{GOOD}[{}a]", "a.".repeat(50_000)), 3, "", "nested more than"),
        ("very large", "case.toml", format!("{GOOD}#{}", "x".repeat(1 << 20)), 0, "", "larger than 524288 bytes"),
        ("one long line", "case.toml", format!("{GOOD}title = \"{}\" x", "y".repeat(500_000)), 3, "", "not valid TOML"),
        ("ten thousand unknown keys", "case.toml", (0..10_000).fold(GOOD.to_owned(), |mut text, key| { let _ = writeln!(text, "k{key} = 1"); text }), 3, "k0", "further faults are not shown"),
        ("JSON: empty", "case.json", String::new(), 1, "", "not valid JSON"),
        ("JSON: not a table", "case.json", "[]".into(), 1, "", "expected a table"),
        ("JSON: a number", "case.json", "5".into(), 1, "", "a scenario must be a table, not a whole number"),
        ("JSON: null", "case.json", "null".into(), 1, "", "expected a table"),
        ("JSON: no name", "case.json", "{\"extends\": \"historical\"}".into(), 1, "name", "`name` is missing"),
        ("JSON: null value", "case.json", "{\"name\": \"x\", \"extends\": \"historical\",\n\"title\": null}".into(), 2, "title", "not null"),
        ("JSON: trailing comma", "case.json", "{\"name\": \"x\",\n\"extends\": \"historical\",\n}".into(), 3, "", "not valid JSON"),
        ("JSON: comment", "case.json", "{\n// no\n\"name\": \"x\"}".into(), 2, "", "not valid JSON"),
        ("JSON: single quotes", "case.json", "{'name': 'x'}".into(), 1, "", "not valid JSON"),
        ("JSON: bare key", "case.json", "{\nname: \"x\"}".into(), 2, "", "not valid JSON"),
        ("JSON: open", "case.json", "{\"name\": \"x\"".into(), 1, "", "not valid JSON"),
        ("JSON: two texts", "case.json", "{}\n{}".into(), 2, "", "not valid JSON"),
        ("JSON: NaN", "case.json", "{\"name\": \"x\",\n\"levers\": {\"union\": NaN}}".into(), 2, "", "not valid JSON"),
        ("JSON: twice", "case.json", "{\"name\": \"x\", \"extends\": \"historical\",\n\"name\": \"y\"}".into(), 2, "name", "given twice"),
        ("JSON: unknown key", "case.json", "{\"name\": \"x\", \"extends\": \"historical\",\n\"parameters\": {\n\"quit_bas\": 1}}".into(), 3, "parameters.quit_bas", "`quit_base`"),
        ("JSON: out of range", "case.json", "{\"name\": \"x\", \"extends\": \"historical\",\n\"parameters\": {\n\"quit_base\": 1.5}}".into(), 3, "parameters.quit_base", "allowed: 0 to 1"),
        ("JSON: too large a number", "case.json", "{\"name\": \"x\", \"extends\": \"historical\",\n\"parameters\": {\n\"quit_base\": 1e999}}" .into(), 3, "parameters.quit_base", "finite"),
        ("JSON: change without lever", "case.json", "{\"name\": \"x\", \"extends\": \"historical\",\n\"change\": [\n{\"set\": 1}]}".into(), 3, "change[0].lever", "`lever` is missing"),
        ("JSON: table for a list", "case.json", "{\"name\": \"x\", \"extends\": \"historical\",\n\"change\": {\"lever\": \"union\"}}".into(), 2, "change", "a list of tables"),
        ("JSON: deep", "case.json", format!("{{\"name\": {}}}", deep("[", "]", 200_000)), 1, "", "nested more than"),
        ("JSON: deep tables", "case.json", format!("{}1{}", "{\"a\":".repeat(70_000), "}".repeat(70_000)), 1, "", "nested more than"),
        ("TOML called JSON", "case.json", format!("{GOOD}title = \"a\""), 1, "", "not valid JSON"),
        ("JSON called TOML", "case.toml", "{\"name\": \"x\"}".into(), 1, "", "not valid TOML"),
    ];
    cases
        .into_iter()
        .map(|(name, file, text, line, key, fragment)| Case {
            name: name.into(),
            file,
            text,
            line,
            key,
            fragment,
        })
        .collect()
}

fn all() -> Vec<Case> {
    over_historical().into_iter().chain(whole_files()).collect()
}

/// Line and key of each fault; line 0 if it has no place.
fn places(faults: &Faults) -> Vec<(usize, String)> {
    let line = |fault: &kadry::scenario::Fault| {
        fault.place.as_ref().map_or(0, |place| faults.sources.line_column(place).0)
    };
    faults.list.iter().map(|fault| (line(fault), fault.key.clone())).collect()
}

#[test]
fn there_are_at_least_two_hundred_different_cases() {
    let cases = all();
    let mut texts: Vec<(&str, &str)> = cases.iter().map(|case| (case.file, case.text.as_str())).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), cases.len());
    assert!(cases.len() >= 200, "{}", cases.len());
}

#[test]
fn each_case_causes_its_fault_at_its_line_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for case in all() {
        let path = folder.path().join(case.file);
        std::fs::write(&path, &case.text).unwrap();
        let started = std::time::Instant::now();
        let Err(faults) = load(path.to_str().unwrap(), &[]) else {
            wrong.push(format!("{}: accepted", case.name));
            continue;
        };
        let drawn = faults.render(false);
        let at = places(&faults);
        if !at.contains(&(case.line, case.key.to_owned())) {
            wrong.push(format!("{}: expected {} `{}`, got {at:?}", case.name, case.line, case.key));
        }
        if !drawn.contains(case.fragment) {
            let drawn: String = drawn.chars().take(600).collect();
            wrong.push(format!("{}: no `{}` in\n{drawn}", case.name, case.fragment));
        }
        if started.elapsed().as_secs() > 10 {
            wrong.push(format!("{}: took {:?}", case.name, started.elapsed()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_program_prints_the_fault_and_ends_with_3() {
    let folder = tempfile::tempdir().unwrap();
    for case in all() {
        let path = folder.path().join(case.file);
        std::fs::write(&path, &case.text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_kadry"))
            .current_dir(folder.path())
            .args(["check", &format!("./{}", case.file)])
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{}: {stderr}", case.name);
        assert!(output.stdout.is_empty(), "{}", case.name);
        assert!(stderr.contains(case.fragment), "{}: {stderr}", case.name);
        if case.line > 0 {
            assert!(stderr.contains(&format!("{}:{}:", case.file, case.line)), "{}: {stderr}", case.name);
        }
        assert!(!stderr.contains("panicked"), "{}: {stderr}", case.name);
        let left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == "case.toml" || name == "case.json"), "{left:?}");
    }
}

#[test]
fn messages_are_lower_case_without_full_stop() {
    let folder = tempfile::tempdir().unwrap();
    for case in all() {
        let path = folder.path().join(case.file);
        std::fs::write(&path, &case.text).unwrap();
        let Err(faults) = load(path.to_str().unwrap(), &[]) else { continue };
        for fault in &faults.list {
            let lines =
                [fault.problem.to_string(), fault.problem.label()].into_iter().chain(fault.problem.help());
            for line in lines.filter(|line| !line.is_empty()) {
                assert!(!line.starts_with(|first: char| first.is_ascii_uppercase()), "{line}");
                assert!(!line.ends_with('.'), "{line}");
            }
        }
    }
}
