//! How far a screening has come, kept in a file.

use crate::failure::Failure;
use crate::output;
use detente_orbit::screen::Checkpoint;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What is kept: how long the output was, and where the screening stood.
#[derive(Serialize, Deserialize)]
pub(super) struct State {
    /// Bytes of the output that belong to it.
    pub(super) length: u64,
    /// Where it stood.
    pub(super) checkpoint: Checkpoint,
}

impl State {
    /// What a file holds; nothing if it is not there.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => {
                return Err(Failure::Read {
                    path: path.to_owned(),
                    cause,
                });
            }
        };
        serde_json::from_str(&text).map(Some).map_err(|error| {
            Failure::Usage(format!(
                "{}: this is not the state of a screening ({error}); remove it to begin anew",
                path.display()
            ))
        })
    }

    /// Keeps it, as a whole or not at all.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let text =
            serde_json::to_string(self).map_err(|error| Failure::Usage(error.to_string()))?;
        output::file(path, &text)
    }

    /// It is done: the next screening begins anew.
    pub(super) fn remove(path: &Path) {
        let _ = std::fs::remove_file(path);
    }
}
