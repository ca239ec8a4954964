//! Where logs are read from: folders, and addresses.

use std::path::{Path, PathBuf};
use std::time::Duration;

use detente_exchange::archive::{Contents, LogCopy, Places, find};
use detente_ledger::hash::Hash;
use detente_node::client::{Client, Credentials, HttpSource};

use crate::failure::Failure;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether it is an address rather than a path.
pub(crate) fn is_address(path: &Path) -> bool {
    path.to_str()
        .is_some_and(|text| text.starts_with("http://") || text.starts_with("https://"))
}

/// The logs at all of these places.
pub(crate) fn places(paths: &[PathBuf]) -> Result<Places, Failure> {
    let mut all = Places::default();
    for path in paths {
        if is_address(path) {
            all.logs.push(at_address(&path.display().to_string())?);
            continue;
        }
        let found = find(path).map_err(|error| Failure::Usage(error.to_string()))?;
        if found.logs.is_empty() && found.heads.is_empty() {
            return Err(Failure::Usage(format!(
                "there is no log in {}: no folder in it has a `checkpoint` and tiles",
                path.display()
            )));
        }
        all.logs.extend(found.logs);
        all.heads.extend(found.heads);
    }
    Ok(all)
}

fn at_address(address: &str) -> Result<LogCopy, Failure> {
    let base = address.trim_end_matches('/');
    let client = Client::new(base, &Credentials::default(), PATIENCE)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(LogCopy {
        place: address.to_owned(),
        source: Box::new(HttpSource::new(client, "")),
        contents: Box::new(Nothing),
    })
}

/// Files beside a log are not fetched: they may be large, and are asked for by name.
struct Nothing;

impl Contents for Nothing {
    fn open(&self, _hash: Hash) -> std::io::Result<Option<Box<dyn std::io::Read + Send>>> {
        Ok(None)
    }
}
