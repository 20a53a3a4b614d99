//! Why a result folder cannot be used, in words that give the next step.

use std::io;
use std::path::PathBuf;

// What the system said is part of each message, before the advice; as a source it would be printed twice.
/// Why a result folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The target is a file, or some such.
    #[error("{0} is not a folder: give another --out DIR")]
    NotAFolder(PathBuf),
    /// The target is a link to nothing.
    #[error("{0} is a link to {1}, which does not exist: create that folder, or give another --out DIR")]
    Dangling(PathBuf, PathBuf),
    /// The target holds files, none of them a manifest or plan of this program.
    #[error(
        "{0} holds {1} and is not a result folder of kadry, so nothing is written there, not even with --force: give another --out DIR, such as {0}/result"
    )]
    Foreign(PathBuf, String),
    /// The manifest is not one of this program, or has been changed.
    #[error(
        "{0}/manifest.json is not a manifest that this version of kadry wrote ({1}), so the folder is left as it is, even with --force: give another --out DIR, or move the folder away"
    )]
    Manifest(PathBuf, String),
    /// The folder belongs to another plan.
    #[error(
        "{path} {holds} another plan: {what}; give --out DIR to write elsewhere, or --force to replace kadry's own files in it{extend}",
        extend = if *.extendable { ", or --extend to keep its runs and add what is missing" } else { "" },
        holds = if *.unfinished { "is unfinished, and belongs to" } else { "is the result of" }
    )]
    OtherPlan {
        /// The folder.
        path: PathBuf,
        /// How that plan differs from the one asked for.
        what: String,
        /// Whether that plan is unfinished.
        unfinished: bool,
        /// Whether `compare --extend` would do.
        extendable: bool,
    },
    /// Another process works in the folder.
    #[error("{path} is in use by {holder}: wait until it is done, or give another --out DIR")]
    Busy {
        /// The folder.
        path: PathBuf,
        /// Who works in it.
        holder: String,
    },
    /// The folder was changed between reading it and locking it.
    #[error("{0} has just been changed by another command: give this command again")]
    ChangedMeanwhile(PathBuf),
    /// The file system cannot lock files.
    #[error(
        "{path} cannot be locked ({}), so that two commands could mix their results there: give --out DIR on another disk", in_words(.reason)
    )]
    NoLock {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The folder was removed, or another one is at its path.
    #[error("{0} has been removed or replaced while kadry was writing to it: give the command again")]
    Removed(PathBuf),
    /// A file that kadry needs to write is the user's.
    #[error(
        "{path}/{file} is not a file that kadry wrote, or has been changed since, so it is not replaced: move it away and give the command again, or give another --out DIR"
    )]
    Taken {
        /// The folder.
        path: PathBuf,
        /// The file in it.
        file: String,
    },
    /// Something that was written is gone.
    #[error(
        "{path}/{file} has been removed or changed by another program while kadry was running: give the command again"
    )]
    Lost {
        /// The folder.
        path: PathBuf,
        /// The file in it.
        file: String,
    },
    /// The folder cannot be made.
    #[error("cannot create a folder in {path}: {}; give --out DIR where you have permission to write", in_words(.reason))]
    Make {
        /// Where.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// A file cannot be written; the disk may be full.
    #[error("cannot write {file}: {}; {}", in_words(.reason), advice(.reason))]
    Write {
        /// Name of the file in the folder.
        file: String,
        /// What the system said.
        reason: io::Error,
    },
}

/// A reason of the system, without its number and with a small first letter.
pub(in crate::output) fn in_words(reason: &io::Error) -> String {
    // The path of a temporary file says nothing to the user.
    let reason = reason.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    let mut letters = reason.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What helps against a failure to write.
fn advice(reason: &io::Error) -> &'static str {
    match reason.kind() {
        io::ErrorKind::NotFound => {
            "the folder has been removed while kadry was writing to it; give the command again"
        }
        io::ErrorKind::FileTooLarge => {
            "the size of files is limited (ulimit -f); raise the limit and give the command again, which continues"
        }
        _ => "free some space and give the command again, which continues; or give --out DIR on another disk",
    }
}
