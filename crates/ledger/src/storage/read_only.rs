//! A log in a folder that is only read: on a stick, a disc, another party's copy.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::folder::{failed, is_absent};
use super::{ObjectPath, Source, StorageError};

/// The most bytes of one file that are read: more than any tile or bundle has.
const MOST_FILE_BYTES: u64 = 32 << 20;

/// A folder with a `checkpoint` and tiles, or one written by [`super::Folder`]. Nothing is written, locked or followed out of it.
#[derive(Debug)]
pub struct ReadOnlyFolder {
    objects: PathBuf,
    /// Folders that were found to lie within it.
    within: Mutex<HashSet<PathBuf>>,
}

impl ReadOnlyFolder {
    /// The folder.
    #[must_use]
    pub fn new(root: &Path) -> ReadOnlyFolder {
        let inner = root.join("objects");
        let objects = if inner.is_dir() { &inner } else { root };
        ReadOnlyFolder {
            objects: fs::canonicalize(objects).unwrap_or_else(|_| objects.to_owned()),
            within: Mutex::default(),
        }
    }
}

impl Source for ReadOnlyFolder {
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        let place = self.objects.join(path.as_str());
        let about = match fs::symlink_metadata(&place) {
            Ok(about) => about,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(failed("reading", &place, &error)),
        };
        if !about.is_file() {
            return Err(failed("reading", &place, &"it is not a plain file"));
        }
        // The file is no link; nor may a folder above it be one that leads elsewhere.
        let folder = place.parent().unwrap_or(&self.objects);
        let known = || self.within.lock().unwrap_or_else(PoisonError::into_inner);
        if !known().contains(folder) {
            let real =
                fs::canonicalize(folder).map_err(|error| failed("reading", &place, &error))?;
            if !real.starts_with(&self.objects) {
                return Err(failed("reading", &place, &"a link leads out of the folder"));
            }
            known().insert(folder.to_owned());
        }
        if about.len() > MOST_FILE_BYTES {
            return Err(StorageError::TooLarge(MOST_FILE_BYTES));
        }
        fs::read(&place)
            .map(Some)
            .map_err(|error| failed("reading", &place, &error))
    }
}
