use super::*;
use crate::experiment::claims::example::evidence;

fn example() -> String {
    page(&Results::of(&evidence()), "kadry claims example.toml --seed 1 --page docs/claims.md")
}

/// The section of a claim.
fn of<'a>(page: &'a str, claim: &str) -> &'a str {
    page.split("\n## ").find(|section| section.starts_with(claim)).unwrap()
}

#[test]
fn the_head_names_everything_that_the_figures_depend_on() {
    let page = example();
    let head = page.split("\n## ").next().unwrap();
    for text in [
        "# Claims: An example \\| of claims\n",
        "kadry claims example.toml --seed 1 --page docs/claims.md",
        "claims `example` tested on the base `historical`",
        "100 replicates of the base",
        "20 of null models",
        "100 draws of shifted levers",
        "300 draws of judged parameters",
        "seed 1, 4,000 people",
        "hold at 95 %",
        &format!("\n{}\n", "ab".repeat(32)),
    ] {
        assert!(head.contains(text), "{text}: {head}");
    }
}

#[test]
fn the_table_has_a_row_for_each_claim_and_marks_the_informative_ones() {
    let page = example();
    let table = of(&page, "All claims");
    assert_eq!(table.lines().filter(|line| line.starts_with("| [C")).count(), 10);
    let row = |claim: &str| table.lines().find(|line| line.starts_with(&format!("| [{claim}]"))).unwrap();
    assert_eq!(
        row("C01"),
        "| [C01](#c01) | Unions that speak for workers keep discipline. | causal | **supported** | - | undecided, 80 % lost | M3 | 0.95 | 0.40 | - |"
    );
    assert_eq!(
        row("C02"),
        "| [C02](#c02) | Discipline is lowest in the class war. | comparative | supported, trivial | n1 n3 | - | - | 1.00 | - | - |"
    );
    assert!(row("C03").ends_with("| supported | - | supported, 10 % lost | - | - | - | yes |"));
    assert_eq!(table.matches("**").count(), 2 * 2, "C01 and C09 alone are bold");
}

#[test]
fn a_section_has_tests_conditions_and_what_follows() {
    let page = example();
    let section = of(&page, "C01");
    for text in [
        "Claim: Unions that speak for workers keep discipline.\n",
        "Type: causal; paragraph 29; attributed to union\\_stock. Verdict: **supported**.\n",
        "| discipline, part 1; ratio 0.4 (0.3 to unbounded) | +0.050 | +0.040 to +0.060 | 0.01 | supported |",
        "| base: the model as it is | 100 | 0.05 | 90 % | supported | - |",
        "| n0: no accusations | 20 | -0.02 | 0 % | contradicted | - |",
        "| without:union\\_stock: without union\\_stock | 20 | 0.01 | 0 % | undecided | 80 % |",
        "| prior: judged parameters drawn from their prior | 300 | 0.03 | 40 % | - | - |",
        "it depends on union\\_stock.",
        "It does not follow that the past worked in this way",
    ] {
        assert!(section.contains(text), "{text}: {section}");
    }
    assert!(!of(&page, "C06").contains("| base"), "it was tried on the base alone");
    assert!(of(&page, "C02").contains("| n1: judged levers permuted among the phases (median of the permutations) | 20 | 0.04, - | 100 % | supported | - |"));
    let any = of(&page, "C06");
    assert!(any.contains("2 tests, of which the best verdict counts"), "{any}");
    assert!(
        any.contains("| grievance rises by more than 0.02 (needs tables.lives) | - | - | - | not testable |")
    );
    assert!(of(&page, "C03").contains("**supported**, true by construction"));
    assert!(of(&page, "C07").contains("cannot test the claim: beliefs are not in the model."));
}

#[test]
fn motives_have_a_section_if_their_recovery_was_tested() {
    let page = example();
    let section = of(&page, "Motives");
    assert!(section.contains("assumptions of the model, and not findings"));
    assert!(section.contains("| principle | 0.70 | 0.10 | 0.10 | 0.10 |"), "{section}");
    let mut evidence = evidence();
    evidence.confusion = None;
    assert!(!super::page(&Results::of(&evidence), "").contains("Motives"));
}

#[test]
fn texts_of_the_file_are_shown_literally() {
    let page = example();
    for raw in ["\u{202e}", "\u{1b}", "_on_", "*many*", "http://x"] {
        assert!(!page.contains(raw), "{raw:?}");
    }
    for (raw, escaped) in [("<", "\\<"), ("](http", "\\](http")] {
        assert_eq!(page.matches(raw).count(), page.matches(escaped).count(), "{raw}");
    }
    let statement = "Bosses \\<b onmouseover=\"x\"\\>fear\\</b\\> \\| \"the \\*many\\*\", and\u{fffd} so  \\[31m\\_on\\_ \\& \\[on\\](http:\\//x)";
    assert_eq!(page.matches(statement).count(), 3, "summary, table and section");
    for line in page.lines().filter(|line| line.starts_with("| [")) {
        let columns = line.replace("\\|", "").matches('|').count();
        assert_eq!(columns, 11, "{line}");
    }
}
