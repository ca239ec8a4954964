//! Storage in a folder: objects as files, registers in SQLite.
//!
//! ```text
//! objects/…            tiles, bundles, content, witnessed checkpoints: may be served as they are
//! registers.sqlite     what changes: by compare-and-swap only
//! temporary/…          files being written; whatever a crash leaves here is swept away at the next start
//! lock                 held while a process uses the folder
//! ```
//!
//! An object is written to a temporary file, flushed, then linked to its name, then the folder is flushed. A link, unlike a
//! renaming, never replaces what is there. So an object is whole or absent whenever the power fails, and is never replaced.

pub(super) use files::is_absent;

mod files;
mod registers;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use self::files::Files;
use self::registers::Registers;
use super::{ObjectPath, Register, Source, Storage, StorageError, SwapError, Version};
use crate::hash::Hash;

/// A folder that holds a log, a witness's memory, or mirrors.
pub struct Folder {
    files: Files,
    registers: Registers,
    /// Says to other processes that temporary files are in use.
    _lock: File,
}

impl Folder {
    /// Opens the folder, and makes it if it is not there.
    ///
    /// # Errors
    /// [`StorageError::Failed`].
    pub fn open(root: &Path) -> Result<Folder, StorageError> {
        let (objects, temporary, lock) = (
            root.join("objects"),
            root.join("temporary"),
            root.join("lock"),
        );
        for folder in [&objects, &temporary] {
            fs::create_dir_all(folder).map_err(|error| failed("making", folder, &error))?;
        }
        let lock_file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock)
            .map_err(|error| failed("opening", &lock, &error))?;
        match lock_file.try_lock() {
            // Nobody else is here: what lies in temporary is what a crash left.
            Ok(()) => {
                sweep(&temporary)?;
                lock_file
                    .unlock()
                    .map_err(|error| failed("unlocking", &lock, &error))?;
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(failed("locking", &lock, &error)),
        }
        lock_file
            .lock_shared()
            .map_err(|error| failed("locking", &lock, &error))?;
        let registers = Registers::open(&root.join("registers.sqlite"))?;
        for folder in [Some(root), root.parent()].into_iter().flatten() {
            // The parent of a relative path of one part is the empty path: the current folder.
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            files::sync_folder(folder)?;
        }
        Ok(Folder {
            files: Files::new(objects, temporary),
            registers,
            _lock: lock_file,
        })
    }

    /// Where an object's file is, for serving it without reading it.
    #[must_use]
    pub fn file_of(&self, path: &ObjectPath) -> PathBuf {
        self.files.place(path)
    }
}

fn sweep(temporary: &Path) -> Result<(), StorageError> {
    let list = fs::read_dir(temporary).map_err(|error| failed("reading", temporary, &error))?;
    for entry in list {
        let file = entry
            .map_err(|error| failed("reading", temporary, &error))?
            .path();
        fs::remove_file(&file).map_err(|error| failed("removing", &file, &error))?;
    }
    Ok(())
}

impl Source for Folder {
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        self.files.get(path)
    }
}

impl Storage for Folder {
    fn put(&self, objects: &[(ObjectPath, Vec<u8>)]) -> Result<(), StorageError> {
        self.files.put(objects)
    }

    fn put_content(&self, content: &mut dyn Read, most: u64) -> Result<(Hash, u64), StorageError> {
        self.files.put_content(content, most)
    }

    fn open(&self, path: &ObjectPath) -> Result<Option<Box<dyn Read + Send>>, StorageError> {
        let place = self.files.place(path);
        match File::open(&place) {
            Ok(file) => Ok(Some(Box::new(io::BufReader::with_capacity(1 << 16, file)))),
            Err(error) if files::is_absent(&error) => Ok(None),
            Err(error) => Err(failed("opening", &place, &error)),
        }
    }

    fn publish(
        &self,
        path: &ObjectPath,
        bytes: &[u8],
        replaces: &dyn Fn(&[u8]) -> bool,
    ) -> Result<bool, StorageError> {
        // The write lock of SQLite orders all publishing, between threads and processes alike.
        self.registers.exclusively(|| {
            if self.files.get(path)?.is_some_and(|there| !replaces(&there)) {
                return Ok(false);
            }
            self.files.replace(path, bytes)?;
            Ok(true)
        })
    }

    fn remove(&self, paths: &[ObjectPath]) -> Result<(), StorageError> {
        self.files.remove(paths)
    }

    fn register(&self, name: &ObjectPath) -> Result<Option<Register>, StorageError> {
        self.registers.get(name)
    }

    fn swap(
        &self,
        name: &ObjectPath,
        expected: Option<&Version>,
        value: &[u8],
    ) -> Result<Version, SwapError> {
        self.registers.swap(name, expected, value)
    }
}

pub(super) fn failed(
    operation: &'static str,
    path: &Path,
    error: &dyn std::fmt::Display,
) -> StorageError {
    StorageError::Failed {
        operation,
        path: path.display().to_string(),
        reason: error.to_string(),
    }
}
