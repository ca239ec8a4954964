//! A mark outside the log's storage that only rises: how a log notices that its storage was set back.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::encoding::decimal;
use crate::hash::Hash;

/// The largest head that a log has signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// Where the mark is kept. It is of use only if whoever restores the log's storage does not restore it along: another disk,
/// a token with a monotonic counter, another machine.
pub trait HighWater: Send {
    /// The mark; `None` if none was ever set.
    ///
    /// # Errors
    /// [`HighWaterError`].
    fn load(&self) -> Result<Option<Mark>, HighWaterError>;

    /// Sets the mark durably.
    ///
    /// # Errors
    /// [`HighWaterError`].
    fn raise(&mut self, mark: Mark) -> Result<(), HighWaterError>;
}

/// The mark cannot be read or set.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the high-water mark {place}: {reason}")]
pub struct HighWaterError {
    /// Where it is kept.
    pub place: String,
    /// What went wrong.
    pub reason: String,
}

/// A mark in a file of its own, to be placed on another disk than the log.
pub struct FileMark {
    file: PathBuf,
}

impl FileMark {
    /// The mark in this file; the file is made when the mark is first set.
    #[must_use]
    pub fn new(file: &Path) -> FileMark {
        FileMark {
            file: file.to_owned(),
        }
    }

    fn wrong(&self, reason: &dyn std::fmt::Display) -> HighWaterError {
        HighWaterError {
            place: self.file.display().to_string(),
            reason: reason.to_string(),
        }
    }
}

impl HighWater for FileMark {
    fn load(&self) -> Result<Option<Mark>, HighWaterError> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.wrong(&error)),
        };
        let mark = text
            .strip_suffix('\n')
            .and_then(|line| line.split_once(' '))
            .and_then(|(size, root)| {
                Some(Mark {
                    size: decimal(size)?,
                    root: Hash::from_base64(root)?,
                })
            });
        mark.map(Some)
            .ok_or_else(|| self.wrong(&"it is not a size and a root"))
    }

    fn raise(&mut self, mark: Mark) -> Result<(), HighWaterError> {
        let temporary = self.file.with_extension("new");
        let folder = match self.file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let write = || {
            let mut file = File::create(&temporary)?;
            file.write_all(format!("{} {}\n", mark.size, mark.root).as_bytes())?;
            file.sync_all()?;
            fs::rename(&temporary, &self.file)?;
            File::open(folder)?.sync_all()
        };
        write().map_err(|error| self.wrong(&error))
    }
}
