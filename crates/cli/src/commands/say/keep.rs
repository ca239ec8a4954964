//! Where what was signed is kept: a log in a folder, or a node.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use detente_exchange::said::{Said, SayError};
use detente_exchange::statement::AttachedFile;
use detente_ledger::entry::{Attachment, Entry as SignedEntry};
use detente_ledger::log::{Confirmation, FileMark, HighWater, Identity, Log};
use detente_ledger::storage::{Folder, Storage};
use detente_ledger::time::Timestamp;

use super::arguments::Say;
use super::open_key;
use crate::failure::Failure;
use crate::input;

/// The most bytes of an attached file.
const MOST_ATTACHED: u64 = 16 << 30;

/// What became of an entry.
#[derive(Debug)]
pub(super) enum Kept {
    /// Appended there.
    At(u64),
    /// It was there before.
    Before(u64),
    /// Taken by the node, which answered so.
    ByNode(String),
}

/// The folder of the log, if one is named.
pub(super) struct Store {
    storage: Option<Arc<dyn Storage>>,
}

impl Store {
    pub(super) fn of(say: &Say) -> Result<Store, Failure> {
        let Some(folder) = &say.log else {
            return Ok(Store { storage: None });
        };
        if folder.join("node.toml").is_file() {
            return Err(Failure::Usage(format!(
                "{} is a node's folder, and the node writes its log\n  submit to it with --node URL --token-file FILE",
                folder.display()
            )));
        }
        if !folder.is_dir() {
            return Err(Failure::Usage(format!(
                "there is no log in {}\n  make one with `detente node init`, or check the path",
                folder.display()
            )));
        }
        let storage = Folder::open(folder).map_err(|error| Failure::Usage(error.to_string()))?;
        Ok(Store {
            storage: Some(Arc::new(storage)),
        })
    }

    fn storage(&self, what: &str) -> Result<&Arc<dyn Storage>, Failure> {
        self.storage.as_ref().ok_or_else(|| {
            Failure::Usage(format!(
                "{what} lies beside the log under its hash\n  name the log's folder with --log"
            ))
        })
    }

    /// Stores a file of entries beside the log.
    pub(super) fn attach(&self, path: &Path) -> Result<AttachedFile, Failure> {
        let storage = self.storage("an attached file")?;
        let read = |path: &Path, cause| Failure::Read {
            path: path.to_owned(),
            cause,
        };
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let mut beside = path.as_os_str().to_owned();
        beside.push(".toml");
        let beside = PathBuf::from(beside);
        let mapping = beside.is_file().then(|| input::text(&beside)).transpose()?;
        let mut file = std::fs::File::open(path).map_err(|cause| read(path, cause))?;
        let content = Attachment::store(&**storage, &mut file, MOST_ATTACHED)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        AttachedFile::new(&name, content, mapping)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
    }

    /// Stores a sealed file beside the log.
    pub(super) fn keep_content(&self, bytes: &[u8]) -> Result<(), Failure> {
        let storage = self.storage("a sealed file")?;
        Attachment::store(&**storage, &mut &*bytes, MOST_ATTACHED)
            .map(|_| ())
            .map_err(|error| Failure::Usage(error.to_string()))
    }

    /// Appends an entry to the log, once.
    pub(super) fn append(
        &self,
        say: &Say,
        entry: &SignedEntry,
        now: Timestamp,
    ) -> Result<Option<Kept>, Failure> {
        let (Some(storage), Some(key)) = (&self.storage, &say.log_key) else {
            return Ok(None);
        };
        let wrong = |error: &dyn std::fmt::Display| Failure::Usage(error.to_string());
        let identity = Identity {
            origin: entry.origin().to_owned(),
            signers: vec![Arc::new(open_key(say, key)?)],
        };
        let mark = say
            .mark
            .as_ref()
            .map(|path| Box::new(FileMark::new(path)) as Box<dyn HighWater>);
        let by = if mark.is_some() {
            Confirmation::HighWater
        } else {
            Confirmation::Operator
        };
        let mut log = Log::open(storage.clone(), identity, mark)
            .map_err(|error| wrong(&error))?
            .confirm(&by, now)
            .map_err(|error| wrong(&error))?;
        match Said::default().say(&mut log, entry, now) {
            Ok(appended) => Ok(Some(Kept::At(appended.first))),
            Err(SayError::SaidBefore(index)) => Ok(Some(Kept::Before(index))),
            Err(error) => Err(wrong(&error)),
        }
    }
}

/// Submits an entry to a node.
pub(super) fn submit(say: &Say, node: &str, entry: &SignedEntry) -> Result<Kept, Failure> {
    use detente_node::client::{Client, Credentials};
    let wrong = |error: &dyn std::fmt::Display| Failure::Usage(error.to_string());
    let token = say
        .token_file
        .as_deref()
        .map(input::text)
        .transpose()?
        .unwrap_or_default();
    let patience = std::time::Duration::from_secs(30);
    let client =
        Client::new(node, &Credentials::default(), patience).map_err(|error| wrong(&error))?;
    let answer = client
        .post_signed_in(
            "api/v1/entries",
            token.trim(),
            "text/plain; charset=utf-8",
            &entry.to_bytes(),
            1 << 20,
        )
        .map_err(|error| wrong(&error))?;
    if !(200..300).contains(&answer.status) {
        return Err(Failure::Usage(format!(
            "the node did not take it (status {}): {}",
            answer.status,
            answer.text()
        )));
    }
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    let told: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    match (told["index"].as_u64(), told["repeated"].as_bool()) {
        (Some(index), Some(true)) => Ok(Kept::Before(index)),
        (Some(index), _) => Ok(Kept::At(index)),
        _ => Ok(Kept::ByNode(body)),
    }
}
