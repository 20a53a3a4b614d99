//! Passes to the program which source it was built from: `KADRY_REVISION` (a commit, `-modified-…` if files differ from
//! it, `unknown` outside a clone) and `KADRY_TARGET` (the target triple). Never fails: a crate tarball builds too.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;

fn main() {
    for path in ["build.rs", "src", "scenarios", "Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={path}");
    }
    if let Some(directory) = git(&["rev-parse", "--absolute-git-dir"]) {
        for name in ["HEAD", "logs/HEAD"] {
            let path = Path::new(&directory).join(name);
            if path.exists() {
                println!("cargo::rerun-if-changed={}", path.display());
            }
        }
    }
    println!("cargo::rustc-env=KADRY_REVISION={}", revision().unwrap_or_else(|| "unknown".into()));
    println!(
        "cargo::rustc-env=KADRY_TARGET={}",
        std::env::var("TARGET").unwrap_or_else(|_| "unknown".into())
    );
}

/// The commit, from git in a clone of this project, or from the file that `cargo package` leaves in a tarball.
fn revision() -> Option<String> {
    if let Ok(text) = std::fs::read_to_string(".cargo_vcs_info.json") {
        let (_, rest) = text.split_once("\"sha1\"")?;
        return rest.split('"').nth(1).map(str::to_owned);
    }
    // A tarball unpacked inside another project's clone must not take that project's commit for its own.
    let root = std::fs::canonicalize(git(&["rev-parse", "--show-toplevel"])?).ok()?;
    if root != std::fs::canonicalize(std::env::var_os("CARGO_MANIFEST_DIR")?).ok()? {
        return None;
    }
    let commit = git(&["rev-parse", "HEAD"])?;
    let tracked = ["status", "--porcelain", "--untracked-files=no"];
    let modified = git(&tracked).is_some_and(|changes| !changes.is_empty());
    Some(if modified { format!("{commit}-modified-{}", fingerprint()) } else { commit })
}

/// Eight digits that differ between modified sources, so that results of one are not taken for those of another.
fn fingerprint() -> String {
    let mut hasher = DefaultHasher::new();
    git(&["diff", "HEAD", "--", "src", "scenarios", "Cargo.toml", "Cargo.lock"]).hash(&mut hasher);
    format!("{:08x}", hasher.finish() as u32)
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
