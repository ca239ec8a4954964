//! Storage in memory, for tests and simulations.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    ObjectPath, Register, Source, Storage, StorageError, SwapError, Version, content_path,
};
use crate::hash::Hash;

/// Everything is gone when it is dropped.
#[derive(Default)]
pub struct Memory {
    state: Mutex<State>,
}

#[derive(Default, Clone)]
struct State {
    objects: BTreeMap<ObjectPath, Vec<u8>>,
    registers: BTreeMap<ObjectPath, (u64, Vec<u8>)>,
}

impl Memory {
    /// Empty storage.
    #[must_use]
    pub fn new() -> Memory {
        Memory::default()
    }

    /// A copy as it is now: the backup that an attacker restores.
    #[must_use]
    pub fn snapshot(&self) -> Memory {
        Memory {
            state: Mutex::new(self.lock().clone()),
        }
    }

    /// Every object's path.
    #[must_use]
    pub fn paths(&self) -> Vec<ObjectPath> {
        self.lock().objects.keys().cloned().collect()
    }

    /// Changes the bytes of an object behind everybody's back.
    pub fn tamper(&self, path: &ObjectPath, change: impl FnOnce(&mut Vec<u8>)) {
        if let Some(bytes) = self.lock().objects.get_mut(path) {
            change(bytes);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Memory {
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.lock().objects.get(path).cloned())
    }
}

impl Storage for Memory {
    fn put(&self, objects: &[(ObjectPath, Vec<u8>)]) -> Result<(), StorageError> {
        let mut state = self.lock();
        for (path, bytes) in objects {
            match state.objects.get(path) {
                Some(there) if there != bytes => return Err(StorageError::Changed(path.clone())),
                Some(_) => {}
                None => {
                    state.objects.insert(path.clone(), bytes.clone());
                }
            }
        }
        Ok(())
    }

    fn put_content(&self, content: &mut dyn Read, most: u64) -> Result<(Hash, u64), StorageError> {
        let mut bytes = Vec::new();
        content
            .take(most.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| StorageError::Failed {
                operation: "reading",
                path: "the content given".to_owned(),
                reason: error.to_string(),
            })?;
        let length = bytes.len() as u64;
        if length > most {
            return Err(StorageError::TooLarge(most));
        }
        let hash = Hash::of(&bytes);
        self.put(&[(content_path(hash), bytes)])?;
        Ok((hash, length))
    }

    fn open(&self, path: &ObjectPath) -> Result<Option<Box<dyn Read + Send>>, StorageError> {
        Ok(self
            .get(path)?
            .map(|bytes| Box::new(Cursor::new(bytes)) as Box<dyn Read + Send>))
    }

    fn publish(
        &self,
        path: &ObjectPath,
        bytes: &[u8],
        replaces: &dyn Fn(&[u8]) -> bool,
    ) -> Result<bool, StorageError> {
        let mut state = self.lock();
        let replace = state.objects.get(path).is_none_or(|there| replaces(there));
        if replace {
            state.objects.insert(path.clone(), bytes.to_vec());
        }
        Ok(replace)
    }

    fn remove(&self, paths: &[ObjectPath]) -> Result<(), StorageError> {
        let mut state = self.lock();
        for path in paths {
            state.objects.remove(path);
        }
        Ok(())
    }

    fn register(&self, name: &ObjectPath) -> Result<Option<Register>, StorageError> {
        Ok(self
            .lock()
            .registers
            .get(name)
            .map(|(version, value)| Register {
                value: value.clone(),
                version: Version(version.to_string()),
            }))
    }

    fn swap(
        &self,
        name: &ObjectPath,
        expected: Option<&Version>,
        value: &[u8],
    ) -> Result<Version, SwapError> {
        let mut state = self.lock();
        let found = state.registers.get(name).map(|(version, _)| *version);
        if found.map(|version| version.to_string()).as_ref() != expected.map(|version| &version.0) {
            return Err(SwapError::Conflict(name.clone()));
        }
        let next = found.unwrap_or(0) + 1;
        state.registers.insert(name.clone(), (next, value.to_vec()));
        Ok(Version(next.to_string()))
    }
}
