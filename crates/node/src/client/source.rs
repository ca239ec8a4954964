//! A log behind an address, read like any other.

use detente_ledger::storage::{ObjectPath, Source, StorageError};

use super::Client;

/// The most bytes of one object: a bundle has 256 entries of at most 65,535 bytes each.
const MOST_OBJECT_BYTES: u64 = 17 << 20;

/// The tiles, entries and checkpoints that a server gives out below a prefix. What it gives is not trusted: whoever reads
/// through it checks it against signatures.
pub struct HttpSource {
    client: Client,
    prefix: String,
}

impl HttpSource {
    /// The log below a prefix of the server, which is empty or ends in a slash.
    #[must_use]
    pub fn new(client: Client, prefix: &str) -> HttpSource {
        HttpSource {
            client,
            prefix: prefix.to_owned(),
        }
    }
}

impl Source for HttpSource {
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        let failed = |reason: String| StorageError::Failed {
            operation: "fetching",
            path: format!("{}/{}{path}", self.client.base(), self.prefix),
            reason,
        };
        let answer = self
            .client
            .get(&format!("{}{path}", self.prefix), MOST_OBJECT_BYTES)
            .map_err(|error| failed(error.to_string()))?;
        match answer.status {
            200 => Ok(Some(answer.body)),
            404 | 410 => Ok(None),
            status => Err(failed(format!("status {status}: {}", answer.text()))),
        }
    }
}
