//! Finding the logs in folders.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::hash::Hash;
use detente_ledger::storage::{ObjectPath, ReadOnlyFolder, Source, Storage, content_path};
use thiserror::Error;

/// Where attached and sealed files are found by their hash.
pub trait Contents: Send + Sync {
    /// Opens the file of this hash, if it is there. What it gives is checked by whoever asks.
    ///
    /// # Errors
    /// What the system says.
    fn open(&self, hash: Hash) -> io::Result<Option<Box<dyn Read + Send>>>;
}

/// A copy of a log: its own folder, a mirror's, or whatever serves its tiles.
pub struct LogCopy {
    /// What it is called in messages.
    pub place: String,
    /// Head, tiles and entries.
    pub source: Box<dyn Source + Send + Sync>,
    /// Files beside it.
    pub contents: Box<dyn Contents>,
}

/// A signed head without its tree: what a witness remembers, a receipt, evidence.
#[derive(Clone, Debug)]
pub struct HeadCopy {
    /// What it is called in messages.
    pub place: String,
    /// The head.
    pub checkpoint: SignedCheckpoint,
}

impl LogCopy {
    /// The log kept in a storage, with the files beside it.
    #[must_use]
    pub fn of_storage(place: &str, storage: Arc<dyn Storage>) -> LogCopy {
        LogCopy {
            place: place.to_owned(),
            source: Box::new(storage.clone()),
            contents: Box::new(StorageContents(storage)),
        }
    }
}

struct StorageContents(Arc<dyn Storage>);

impl Contents for StorageContents {
    fn open(&self, hash: Hash) -> io::Result<Option<Box<dyn Read + Send>>> {
        self.0
            .open(&content_path(hash))
            .map_err(|error| io::Error::other(error.to_string()))
    }
}

/// Copies of logs and heads.
#[derive(Default)]
pub struct Places {
    /// Copies of logs.
    pub logs: Vec<LogCopy>,
    /// Heads by themselves.
    pub heads: Vec<HeadCopy>,
}

/// Why a folder was not searched.
#[derive(Debug, Error)]
pub enum FindError {
    /// It cannot be read.
    #[error("{path} cannot be read: {cause}; check the path and that you may read it")]
    Read {
        /// The path.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// Too much lies below it.
    #[error("{0} has more folders than any node; name the folder of the log itself")]
    TooMany(PathBuf),
}

/// How deep logs lie below a named folder at most: a node's folder, its storage, `objects`, `mirror`, a hash.
const DEEPEST: usize = 6;

/// How many folders are looked at.
const MOST_FOLDERS: usize = 20_000;

/// Finds the logs in a folder: the folder of a log, of a node with its mirrors, or of several of them. A folder with a
/// `checkpoint` and a `tile` folder beside it is a copy of a log; a `checkpoint` alone is a head.
///
/// # Errors
/// See [`FindError`].
pub fn find(path: &Path) -> Result<Places, FindError> {
    let mut places = Places::default();
    let mut left = MOST_FOLDERS;
    search(path, path, DEEPEST, &mut left, &mut places)?;
    Ok(places)
}

/// Whether a folder looks as if logs were in it, without searching it through.
#[must_use]
pub fn holds_logs(path: &Path) -> bool {
    find(path).is_ok_and(|places| !places.logs.is_empty())
}

fn search(
    root: &Path,
    folder: &Path,
    deep: usize,
    left: &mut usize,
    places: &mut Places,
) -> Result<(), FindError> {
    *left = left
        .checked_sub(1)
        .ok_or_else(|| FindError::TooMany(root.to_owned()))?;
    let read = |cause| FindError::Read {
        path: folder.to_owned(),
        cause,
    };
    if folder.join("checkpoint").is_file() {
        take(folder, places);
    }
    if deep == 0 {
        return Ok(());
    }
    let mut below = Vec::new();
    for entry in fs::read_dir(folder).map_err(read)? {
        let entry = entry.map_err(read)?;
        let name = entry.file_name();
        // Tiles, contents and histories hold no logs; links are not followed.
        let skip = ["tile", "content", "witnessed", "evidence", "temporary"];
        if entry.file_type().map_err(read)?.is_dir()
            && !skip.iter().any(|skipped| name == *skipped)
            && !name.to_string_lossy().starts_with('.')
        {
            below.push(entry.path());
        }
    }
    below.sort();
    for folder in below {
        search(root, &folder, deep - 1, left, places)?;
    }
    Ok(())
}

fn take(folder: &Path, places: &mut Places) {
    let place = folder.display().to_string();
    if folder.join("tile").is_dir() || !is_head_of_a_tree(folder) {
        places.logs.push(LogCopy {
            place,
            source: Box::new(ReadOnlyFolder::new(folder)),
            contents: Box::new(FolderContents::beside(folder)),
        });
    } else if let Ok(bytes) = fs::read(folder.join("checkpoint"))
        && let Ok(checkpoint) = SignedCheckpoint::parse(&bytes)
    {
        places.heads.push(HeadCopy { place, checkpoint });
    }
}

/// Whether the checkpoint is of a log with entries, whose tiles must then be elsewhere.
fn is_head_of_a_tree(folder: &Path) -> bool {
    fs::read(folder.join("checkpoint"))
        .ok()
        .and_then(|bytes| SignedCheckpoint::parse(&bytes).ok())
        .is_some_and(|head| head.checkpoint().size() > 0)
}

struct FolderContents {
    roots: Vec<PathBuf>,
}

impl FolderContents {
    /// Files lie beside the log; a mirror keeps those of all its logs in one place.
    fn beside(folder: &Path) -> FolderContents {
        let mut roots = vec![folder.to_owned()];
        if let Some(above) = folder.parent().and_then(Path::parent) {
            roots.push(above.to_owned());
        }
        FolderContents { roots }
    }
}

impl Contents for FolderContents {
    fn open(&self, hash: Hash) -> io::Result<Option<Box<dyn Read + Send>>> {
        let path: ObjectPath = content_path(hash);
        for root in &self.roots {
            let file = root.join(path.as_str());
            match fs::symlink_metadata(&file) {
                Ok(about) if about.is_file() => {
                    return Ok(Some(Box::new(io::BufReader::new(File::open(file)?))));
                }
                Ok(_) => {}
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                    ) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}
