use super::*;
use crate::experiment::claims::example::evidence;

fn texts() -> Vec<(String, String)> {
    let files = files(&Results::of(&evidence())).into_iter();
    files.map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

/// The line that begins with `start`.
fn line<'a>(text: &'a str, start: &str) -> &'a str {
    text.lines().find(|line| line.starts_with(start)).unwrap()
}

#[test]
fn claims_have_a_row_each() {
    let files = texts();
    let (name, text) = &files[0];
    assert_eq!(name, "claims.csv");
    assert_eq!(
        text.lines().next().unwrap(),
        "claim,paragraph,type,verdict,trivial,attained_by,mechanisms,verdict_without,lost_share,first_rung,jitter_share,prior_share,by_construction,tests,join,statement,reason"
    );
    let rows = [
        "C01,29,causal,supported,,,union_stock,undecided,0.8,M3,0.95,0.4,,1,all,Unions that speak for workers keep discipline.,",
        "C02,,comparative,supported,yes,n1 n3,,,,,1.0,,,1,all,Discipline is lowest in the class war.,",
        "C03,,causal,supported,,,fear,supported,0.1,,,,R5 adds fear to the reasons for an accusation,1,all,Fear makes people accuse.,",
        "C05,,comparative,undecided,,n0,,,,,,,,1,all,Turnover has two peaks.,",
        "C06,,causal,absent,,,,,,,,,,2,any,Either test will do.,",
        "C07,,not simulable,not testable,,,,,,,,,,0,all,People believed in the plan.,beliefs are not in the model",
        "C08,,structural,structural,,,,,,,,,,0,all,Posts multiply.,table openings.csv",
        "C09,,comparative,supported,no,,,,,,0.9,,,1,all,Grievance is highest in the crisis.,",
        "C10,,causal,not testable,,,,,,,,,,1,all,Plans were beyond all means.,needs mechanisms.overreach",
    ];
    for row in rows {
        assert_eq!(line(text, &row[..4]), row);
    }
    // The mechanisms are those of the claim, in whatever order the condition names them.
    assert!(line(text, "C04,").starts_with("C04,,causal,contradicted,,,rivalry fear,contradicted,0.0,"));
    // The hostile statement is quoted, as it is.
    assert!(
        text.contains("\"Bosses <b onmouseover=\"\"x\"\">fear</b> | \"\"the *many*\"\",\nand\u{202e} so")
    );
}

#[test]
fn tests_have_a_row_for_each_component() {
    let files = texts();
    let (name, text) = &files[1];
    assert_eq!(name, "claim_tests.csv");
    assert_eq!(
        text.lines().next().unwrap(),
        "claim,test,part,words,unit,n,reference,estimate,lo,hi,bound,margin,p_adjusted,verdict,ratio,ratio_lo,ratio_hi,reason"
    );
    // An end of Fieller's interval that is infinite is empty.
    let first = line(text, "C01,1,1,");
    assert!(first.starts_with("C01,1,1,\"discipline, part 1\",share,100,0.8,0.05,0.04"), "{first}");
    assert!(first.ends_with(",0.0,0.01,0.001,supported,0.4,0.3,,"), "{first}");
    assert!(line(text, "C02,1,2,").contains("discipline, part 2"));
    assert_eq!(
        line(text, "C06,2,1,"),
        "C06,2,1,grievance rises by more than 0.02,,0,,,,,,,,not testable,,,,needs tables.lives"
    );
    assert_eq!(text.lines().count(), 1 + 10);
}

#[test]
fn conditions_have_a_row_for_each_component_and_begin_with_the_base() {
    let files = texts();
    let (name, text) = &files[2];
    assert_eq!(name, "claim_conditions.csv");
    assert_eq!(
        text.lines().next().unwrap(),
        "claim,test,part,condition,meaning,n,estimate,holds,verdict,lost"
    );
    let first: Vec<&str> = text.lines().filter(|line| line.starts_with("C01,")).collect();
    assert_eq!(first[0], "C01,1,1,base,the model as it is,100,0.05,0.9,supported,");
    assert_eq!(first[1], "C01,1,1,n0,no accusations,20,-0.02,0.0,contradicted,");
    assert_eq!(first[2], "C01,1,1,without:union_stock,without union_stock,20,0.01,0.0,undecided,0.8");
    assert_eq!(first[3], "C01,1,1,M0,rung 0 of the ladder,20,0.0,0.0,absent,");
    assert_eq!(first[10], "C01,1,1,jitter,judged levers and turns of policy shifted,100,0.03,0.95,,");
    assert_eq!((first.len(), first[11].split(',').nth(3)), (12, Some("prior")));
    // The second component has no estimate under the nulls of the example.
    assert!(line(text, "C02,1,2,n1,").ends_with(",20,,1.0,supported,"));
    // A test that cannot be carried out has an empty estimate; a claim that is not testable was not tried.
    assert_eq!(line(text, "C06,2,"), "C06,2,1,base,the model as it is,100,,0.1,absent,");
    assert!(!text.contains("\nC07,") && !text.contains("\nC10,"));
}

#[test]
fn motives_are_written_if_their_recovery_was_tested() {
    let (name, text) = &texts()[3];
    assert_eq!(name, "motives.csv");
    assert!(text.starts_with("motive,recovered,share\nprinciple,principle,0.7\nprinciple,temperament,0.1\n"));
    assert_eq!(text.lines().count(), 1 + 16);
    let mut evidence = evidence();
    evidence.confusion = None;
    assert_eq!(files(&Results::of(&evidence)).len(), 3);
}
