//! Defines the errors of result folders. Each message names the next step.

use std::io;
use std::path::PathBuf;

// Each message contains the error of the system. It is not a `#[source]`, or it would be printed twice.
/// The error if a result folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The target is not a folder.
    #[error("{0} is not a folder: give another --out DIR")]
    NotAFolder(PathBuf),
    /// The target is a link to a path that does not exist.
    #[error("{0} is a link to {1}, which does not exist: create that folder, or give another --out DIR")]
    Dangling(PathBuf, PathBuf),
    /// The target has files but no manifest or plan of this program.
    #[error(
        "{0} contains {1} and is not a result folder of kadry, so nothing is written there, even with --force: give another --out DIR, such as {0}/result"
    )]
    Foreign(PathBuf, String),
    /// The manifest was not written by this program, or has been changed.
    #[error(
        "{0}/manifest.json is not a manifest that this version of kadry wrote ({1}), so the folder is left as it is, even with --force: give another --out DIR, or move the folder away"
    )]
    Manifest(PathBuf, String),
    /// The plan of the work in progress cannot be read.
    #[error(
        "{0}/.kadry/plan.json is not a plan that this version of kadry wrote ({1}): give the command that wrote it again with --force, or another --out DIR"
    )]
    Plan(PathBuf, String),
    /// The folder belongs to another plan.
    #[error(
        "{path} {holds} another plan: {what}; give --out DIR to write elsewhere, or --force to replace kadry's own files in it{extend}",
        extend = if *.extendable { ", or --extend to keep its runs and add what is missing" } else { "" },
        holds = if *.unfinished { "is unfinished, and belongs to" } else { "is the result of" }
    )]
    OtherPlan {
        /// The folder.
        path: PathBuf,
        /// How that plan differs from the requested one.
        what: String,
        /// Whether that plan is unfinished.
        unfinished: bool,
        /// Whether `compare --extend` could extend that plan.
        extendable: bool,
    },
    /// Another process works in the folder.
    #[error("{path} is in use by {holder}: wait until it has finished, or give another --out DIR")]
    Busy {
        /// The folder.
        path: PathBuf,
        /// The process that holds the lock.
        holder: String,
    },
    /// The folder was changed between reading and locking.
    #[error("{0} has just been changed by another command: give this command again")]
    ChangedMeanwhile(PathBuf),
    /// The file system cannot lock files.
    #[error(
        "{path} cannot be locked ({}), so two commands could mix their results there: give --out DIR on another disk", in_words(.reason)
    )]
    NoLock {
        /// The folder.
        path: PathBuf,
        /// The error of the system.
        reason: io::Error,
    },
    /// The folder has been removed or replaced.
    #[error("{0} has been removed or replaced while kadry was writing to it: give the command again")]
    Removed(PathBuf),
    /// A file of the user has a name that kadry needs.
    #[error(
        "{path}/{file} is not a file that kadry wrote, or has been changed since, so it is not replaced: move it away and give the command again, or give another --out DIR"
    )]
    Taken {
        /// The folder.
        path: PathBuf,
        /// Name of the file in the folder.
        file: String,
    },
    /// A written file has been removed or changed.
    #[error(
        "{path}/{file} has been removed or changed by another program while kadry was running: give the command again"
    )]
    Lost {
        /// The folder.
        path: PathBuf,
        /// Name of the file in the folder.
        file: String,
    },
    /// The folder cannot be created.
    #[error("cannot create a folder in {path}: {}; give --out DIR where you have permission to write", in_words(.reason))]
    Make {
        /// The folder.
        path: PathBuf,
        /// The error of the system.
        reason: io::Error,
    },
    /// A finished run cannot be read.
    #[error("cannot read {file}: {}; nothing is changed: give the command again when it can be read", in_words(.reason))]
    Unreadable {
        /// Path of the file.
        file: String,
        /// The error of the system.
        reason: io::Error,
    },
    /// A file cannot be written; the disk may be full.
    #[error("cannot write {file}: {}; {}", in_words(.reason), advice(.reason))]
    Write {
        /// Name of the file in the folder.
        file: String,
        /// The error of the system.
        reason: io::Error,
    },
}

/// The message of a system error with a lower-case first letter, without the error number and the path of a temporary
/// file.
pub(crate) fn in_words(reason: &io::Error) -> String {
    let reason = reason.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    let mut letters = reason.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The next step after a failed write.
fn advice(reason: &io::Error) -> &'static str {
    match reason.kind() {
        io::ErrorKind::NotFound => {
            "the folder has been removed while kadry was writing to it; give the command again"
        }
        io::ErrorKind::FileTooLarge => {
            "the file size is limited (ulimit -f); raise the limit and give the command again, which continues"
        }
        _ => "free some space and give the command again, which continues; or give --out DIR on another disk",
    }
}
