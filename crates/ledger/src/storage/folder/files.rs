//! Objects as files.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use sha2::{Digest as _, Sha256};

use super::failed;
use crate::hash::Hash;
use crate::storage::{ObjectPath, StorageError, content_path};

/// Flushing waits for the disk, not for the processor: several at once share one wait.
const WRITERS: usize = 8;

pub(super) struct Files {
    objects: PathBuf,
    temporary: PathBuf,
    counter: AtomicU64,
    /// Folders whose own entry in their parent is known to be flushed.
    durable: Mutex<HashSet<PathBuf>>,
}

impl Files {
    pub(super) fn new(objects: PathBuf, temporary: PathBuf) -> Files {
        Files {
            objects,
            temporary,
            counter: AtomicU64::new(0),
            durable: Mutex::default(),
        }
    }

    pub(super) fn place(&self, path: &ObjectPath) -> PathBuf {
        self.objects.join(path.as_str())
    }

    pub(super) fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        let place = self.place(path);
        match fs::read(&place) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failed("reading", &place, &error)),
        }
    }

    pub(super) fn put(&self, objects: &[(ObjectPath, Vec<u8>)]) -> Result<(), StorageError> {
        let mut folders = BTreeSet::new();
        for (path, _) in objects {
            self.make_folders(&self.place(path), &mut folders)?;
        }
        in_parallel(objects, |(path, bytes)| self.put_file(path, bytes))?;
        let folders: Vec<PathBuf> = folders.into_iter().collect();
        in_parallel(&folders, |folder| sync_folder(folder))
    }

    pub(super) fn put_content(
        &self,
        content: &mut dyn Read,
        most: u64,
    ) -> Result<(Hash, u64), StorageError> {
        let temporary = self.temporary_name();
        let result = self
            .stream_to(&temporary, content, most)
            .and_then(|(hash, length)| {
                let path = content_path(hash);
                let place = self.place(&path);
                let mut folders = BTreeSet::new();
                self.make_folders(&place, &mut folders)?;
                match fs::hard_link(&temporary, &place) {
                    Ok(()) => {}
                    // Named for its hash: what is there is the same, unless the disk is damaged, which verifying finds.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(failed("naming", &place, &error)),
                }
                folders.iter().try_for_each(|folder| sync_folder(folder))?;
                Ok((hash, length))
            });
        let _ = fs::remove_file(&temporary);
        result
    }

    pub(super) fn replace(&self, path: &ObjectPath, bytes: &[u8]) -> Result<(), StorageError> {
        let place = self.place(path);
        let mut folders = BTreeSet::new();
        self.make_folders(&place, &mut folders)?;
        let temporary = self.temporary_name();
        let result = write_file(&temporary, bytes).and_then(|()| {
            fs::rename(&temporary, &place).map_err(|error| failed("replacing", &place, &error))
        });
        if result.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        result?;
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }

    pub(super) fn remove(&self, paths: &[ObjectPath]) -> Result<(), StorageError> {
        for path in paths {
            let place = self.place(path);
            match fs::remove_file(&place) {
                Err(error) if !is_absent(&error) => return Err(failed("removing", &place, &error)),
                _ => {}
            }
        }
        Ok(())
    }

    fn put_file(&self, path: &ObjectPath, bytes: &[u8]) -> Result<(), StorageError> {
        if let Some(there) = self.get(path)? {
            return if there == bytes {
                Ok(())
            } else {
                Err(StorageError::Changed(path.clone()))
            };
        }
        let place = self.place(path);
        let temporary = self.temporary_name();
        let linked =
            write_file(&temporary, bytes).and_then(|()| match fs::hard_link(&temporary, &place) {
                Ok(()) => Ok(true),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
                Err(error) => Err(failed("naming", &place, &error)),
            });
        let _ = fs::remove_file(&temporary);
        // Somebody else was faster: it must be the same.
        if linked? || self.get(path)?.as_deref() == Some(bytes) {
            Ok(())
        } else {
            Err(StorageError::Changed(path.clone()))
        }
    }

    fn stream_to(
        &self,
        file: &Path,
        content: &mut dyn Read,
        most: u64,
    ) -> Result<(Hash, u64), StorageError> {
        let mut target =
            File::create_new(file).map_err(|error| failed("creating", file, &error))?;
        let (mut hasher, mut length) = (Sha256::new(), 0_u64);
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    return Err(failed("reading", Path::new("the content given"), &error));
                }
            };
            length += count as u64;
            if length > most {
                return Err(StorageError::TooLarge(most));
            }
            hasher.update(&buffer[..count]);
            target
                .write_all(&buffer[..count])
                .map_err(|error| failed("writing", file, &error))?;
        }
        target
            .sync_all()
            .map_err(|error| failed("flushing", file, &error))?;
        Ok((Hash::from_bytes(hasher.finalize().into()), length))
    }

    fn temporary_name(&self) -> PathBuf {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        // Two threads differ by the number, two processes by the process; two openings in one process by the address.
        let this = std::ptr::from_ref(self).addr();
        self.temporary
            .join(format!("{}-{this:x}-{number}", std::process::id()))
    }

    /// Makes the folders above `place` and adds to `folders` those that must be flushed before it is durable.
    fn make_folders(
        &self,
        place: &Path,
        folders: &mut BTreeSet<PathBuf>,
    ) -> Result<(), StorageError> {
        let Some(parent) = place.parent() else {
            return Ok(());
        };
        folders.insert(parent.to_owned());
        let lock = || self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        if lock().contains(parent) {
            return Ok(());
        }
        fs::create_dir_all(parent).map_err(|error| failed("making", parent, &error))?;
        let mut made = parent;
        // Whoever made them, their entries may not be flushed yet.
        while made != self.objects
            && let Some(above) = made.parent()
        {
            sync_folder(above)?;
            lock().insert(made.to_owned());
            made = above;
        }
        Ok(())
    }
}

fn write_file(file: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    let mut target = File::create_new(file).map_err(|error| failed("creating", file, &error))?;
    target
        .write_all(bytes)
        .map_err(|error| failed("writing", file, &error))?;
    target
        .sync_all()
        .map_err(|error| failed("flushing", file, &error))
}

/// Flushes a folder: the names in it survive the loss of power.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StorageError> {
    File::open(folder)
        .and_then(|open| open.sync_all())
        .map_err(|error| failed("flushing", folder, &error))
}

pub(in crate::storage) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Does the work for all items on several threads and returns the first error.
fn in_parallel<T: Sync>(
    items: &[T],
    work: impl Fn(&T) -> Result<(), StorageError> + Sync,
) -> Result<(), StorageError> {
    if items.len() < 2 {
        return items.iter().try_for_each(work);
    }
    let next = AtomicU64::new(0);
    let worker = || loop {
        let Some(item) = usize::try_from(next.fetch_add(1, Ordering::Relaxed))
            .ok()
            .and_then(|at| items.get(at))
        else {
            return Ok(());
        };
        work(item)?;
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (1..WRITERS.min(items.len()))
            .map(|_| scope.spawn(worker))
            .collect();
        let own = worker();
        workers.into_iter().fold(own, |result, worker| {
            // A worker does not panic; if it did, what it wrote is unknown.
            let other = worker.join().unwrap_or_else(|_| {
                Err(StorageError::Failed {
                    operation: "writing",
                    path: "objects".to_owned(),
                    reason: "a writer thread failed".to_owned(),
                })
            });
            result.and(other)
        })
    })
}
