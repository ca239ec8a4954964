//! What stops a command: always said on standard error, always exit code 3.

use std::path::PathBuf;

/// A command could not give an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file could not be read.
    #[error("cannot read {path}: {cause}\n  check the path and that you may read it")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        cause: std::io::Error,
    },
    /// A file could not be written; what it held before is still there.
    #[error(
        "cannot write {path}: {cause}\n  nothing was changed; check the folder, its rights and the space left"
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        cause: std::io::Error,
    },
    /// A folder without `agreement.md`.
    #[error(
        "{0} is a folder without agreement.md\n  name the Markdown file itself, or put the agreement into agreement.md"
    )]
    NoAgreement(PathBuf),
    /// A file that is not UTF-8.
    #[error("{path}: {error}")]
    Encoding {
        /// The file.
        path: PathBuf,
        /// Where and what to do.
        error: String,
    },
    /// The agreement has mistakes; they have been shown.
    #[error("{0} has {1} (see above); mend the agreement and try again")]
    Mistakes(String, String),
    /// The file has no rules.
    #[error(
        "{0} holds no agreement: no fenced block tagged `detente` with an `agreement` statement was found"
    )]
    Empty(PathBuf),
    /// Part of the record could not be read; its mistakes have been shown.
    #[error(
        "the record has {0} (see above); a verdict on part of a record may mislead\n  mend it, or go on without the bad files with --partial"
    )]
    Record(String),
    /// A name that the agreement does not have.
    #[error("there is no {what} `{name}` in this agreement\n  it has: {known}")]
    Unknown {
        /// Provision, party, reading.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// Standard input given twice, and the like.
    #[error("{0}")]
    Usage(String),
}
