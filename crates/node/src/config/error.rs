//! Why a configuration cannot be used.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use thiserror::Error;

/// Why a configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {path}: {reason}; make the node's folder with `detente node init`")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// It is not TOML, or a key is unknown, missing, or of the wrong kind.
    #[error("{path}: {error}")]
    Toml {
        /// The file.
        path: PathBuf,
        /// Where and what.
        error: Box<toml::de::Error>,
    },
    /// A key has a value that cannot be.
    #[error("{path}: {key}: {reason}")]
    Value {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What is wrong and what to write instead.
        reason: String,
    },
    /// The trust file is malformed.
    #[error("the trust file {path}: {error}")]
    Trust {
        /// The file, or what stands for it.
        path: PathBuf,
        /// Line and reason.
        error: detente_ledger::policy::PolicyError,
    },
}

/// The most bytes of a configuration file.
const MOST_BYTES: u64 = 1 << 20;

pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let wrong = |reason| ConfigError::Read {
        path: path.to_owned(),
        reason,
    };
    if std::fs::metadata(path).map_err(wrong)?.len() > MOST_BYTES {
        return Err(wrong(std::io::Error::other("it has more than 1 MiB")));
    }
    std::fs::read(path).map_err(wrong)
}

pub(super) fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T, ConfigError> {
    let text = String::from_utf8(read_bytes(path)?).map_err(|_| ConfigError::Read {
        path: path.to_owned(),
        reason: std::io::Error::other("it is not UTF-8"),
    })?;
    toml::from_str(&text).map_err(|error| ConfigError::Toml {
        path: path.to_owned(),
        error: Box::new(error),
    })
}
