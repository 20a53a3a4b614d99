//! Tests the page of a folder of claims.

use super::*;

/// A statement that markup must not reach.
const STATEMENT: &str = "Fear <script>alert(1)</script> | \"rises\",\nand\u{202e} falls";

const CLAIMS: &str = "claim,paragraph,type,verdict,trivial,attained_by,mechanisms,verdict_without,lost_share,first_rung,jitter_share,prior_share,by_construction,tests,join,statement,reason\n\
A1,3,causal,supported,,,fear,undecided,0.8,M3,0.95,0.4,,1,all,STATEMENT,\n\
A2,,comparative,supported,yes,n1,,,,,,,,1,all,Order of phases.,\n\
A3,,not simulable,not testable,,,,,,,,,,0,all,Belief.,not in the model\n";

const TESTS: &str = "claim,test,part,words,unit,n,reference,estimate,lo,hi,bound,margin,p_adjusted,verdict,ratio,ratio_lo,ratio_hi,reason\n\
A1,1,1,fear rises,0 to 1,10,0.2,0.05,0.04,0.06,0.0,0.01,0.001,supported,,,,\n\
A2,1,1,discipline,share,10,0.8,0.03,0.02,0.04,0.0,0.01,0.001,supported,,,,\n";

const CONDITIONS: &str = "claim,test,part,condition,meaning,n,estimate,holds,verdict,lost\n\
A1,1,1,base,the model as it is,10,0.05,1.0,supported,\n\
A1,1,1,without:fear,without fear,5,0.01,0.0,undecided,0.8\n\
A1,1,1,jitter,shifted,100,0.05,0.95,,\n\
A2,1,1,base,the model as it is,10,0.03,1.0,supported,\n\
A2,1,1,n1,permuted,20,0.03,1.0,supported,\n";

/// A folder of claims, made of that of a short run.
fn folder(home: &Path) -> std::path::PathBuf {
    run(home, &["--until", "1928-03", "--tables", "series"]);
    let folder = home.join("result");
    let statement = format!("\"{}\"", STATEMENT.replace('"', "\"\""));
    let tables = [
        ("claims.csv", CLAIMS.replace("STATEMENT", &statement)),
        ("claim_tests.csv", TESTS.to_owned()),
        ("claim_conditions.csv", CONDITIONS.to_owned()),
        ("motives.csv", motives()),
    ];
    for (file, text) in tables {
        fs::write(folder.join(file), "").unwrap();
        alter(&folder, file, |_| text);
    }
    in_manifest(&folder, |manifest| {
        manifest["plan"]["command"] = "claims".into();
        manifest["plan"]["analysis"] = serde_json::json!({
            "claims": "example", "title": "Ex\u{202e}ample", "file_sha256": "ab".repeat(32), "base": "historical",
            "seed": 1, "people": 2000, "replicates": 10, "null_replicates": 5, "jitter_draws": 100,
            "prior_draws": 300, "level": 0.95,
        });
    });
    folder
}

fn motives() -> String {
    let names = ["principle", "temperament", "rivalry", "fear"];
    let rows = names.iter().flat_map(|motive| names.map(|other| format!("{motive},{other},0.25\n")));
    format!("motive,recovered,share\n{}", rows.collect::<String>())
}

#[test]
fn the_page_of_claims_has_summary_map_tables_and_motives() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(home.path());
    let page = page(home.path());
    accessibility::can_be_read(&page, 2);
    accessibility::colours_are_in_the_palette(&page);
    for text in [
        "Claims: Ex\u{fffd}ample",
        "Of 2 supported claims, 1 is neither trivial nor true by construction (A1).",
        "fear carries A1.",
        "shares of motives are assumptions of the model, and not findings.",
        "Fear &lt;script&gt;alert(1)&lt;/script&gt; | &quot;rises&quot;, and\u{fffd} falls",
        &"ab".repeat(32),
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("<script") && !page.contains('\u{202e}'));
    let ids: Vec<String> = figures(&page).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["verdicts-map", "motives-recovered"]);
    let (_, map) = &figures(&page)[0];
    let rows = behind(map);
    let cell = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    assert!(rows.contains(&cell(["A2", "n1", "supported", "1.0"])));
    assert!(rows.contains(&cell(["A1", "jitter", "", "0.95"])));

    // A test without recovery of motives has no such table and no such section.
    fs::remove_file(folder.join("motives.csv")).unwrap();
    in_manifest(&folder, |manifest| {
        manifest["files"].as_object_mut().unwrap().remove("motives.csv");
    });
    assert!(!super::page(home.path()).contains("motives-recovered"));
}

#[test]
fn a_damaged_folder_of_claims_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(home.path());
    let refused = |expected: &str| {
        let output = kadry(home.path(), &["report", "result", "--force"]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && message.contains(expected), "{expected}: {message}");
    };
    alter(&folder, "claims.csv", |text| text.replace(",undecided,0.8,", ",perhaps,0.8,"));
    refused("claims.csv: record 1 has a cell that is not allowed");
    alter(&folder, "claims.csv", |text| text.replace(",perhaps,0.8,", ",undecided,inf,"));
    refused("claims.csv, line 2, column lost_share: \"inf\" is not a finite number or empty");
    alter(&folder, "claims.csv", |text| text.replace(",inf,", ",0.8,"));
    in_manifest(&folder, |manifest| {
        manifest["plan"]["analysis"].as_object_mut().unwrap().remove("base");
    });
    refused("plan.analysis is not that of claims (missing field `base`)");
}
