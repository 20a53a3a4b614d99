//! Tests that the commands in the README make its picture. `KADRY_RENEW=1 cargo test --release picture` renews it.

use super::*;

#[test]
fn the_picture_of_the_readme_is_made_by_its_commands() {
    const PICTURE: &str = "docs/pictures/elite-turnover.svg";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    assert!(readme.contains(PICTURE));
    let home = tempfile::tempdir().unwrap();
    for line in
        ["run historical --population 4000 --replicates 20 --out twenty", "report twenty --svg pictures"]
    {
        assert!(readme.contains(&format!("\nkadry {line}\n")), "{line}");
        let output = kadry(home.path(), &line.split(' ').collect::<Vec<_>>());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let made = fs::read_to_string(home.path().join("pictures/elite-turnover.svg")).unwrap();
    if std::env::var_os("KADRY_RENEW").is_some_and(|value| value == "1") {
        fs::write(root.join(PICTURE), &made).unwrap();
    }
    let shown = fs::read_to_string(root.join(PICTURE)).unwrap_or_default();
    assert!(shown == made, "{PICTURE} is out of date: run `KADRY_RENEW=1 cargo test --release picture`");
}
