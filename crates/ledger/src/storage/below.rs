//! A part of a storage, below a prefix: one storage holds many logs' mirrors.

use std::io::Read;
use std::sync::Arc;

use super::{ObjectPath, Register, Source, Storage, StorageError, SwapError, Version};
use crate::hash::Hash;

/// Everything is kept below the prefix, but content that is named for its hash, which is shared.
#[derive(Clone)]
pub struct Below {
    inner: Arc<dyn Storage>,
    prefix: ObjectPath,
}

impl Below {
    /// The part of `inner` below `prefix`.
    pub fn new(inner: Arc<dyn Storage>, prefix: ObjectPath) -> Below {
        Below { inner, prefix }
    }

    /// Where an object is read: content that is named for its hash is shared, and so not below the prefix.
    fn place(&self, path: &ObjectPath) -> ObjectPath {
        if path.as_str().starts_with("content/") {
            path.clone()
        } else {
            path.below(&self.prefix)
        }
    }
}

impl Source for Below {
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        self.inner.get(&self.place(path))
    }
}

impl Storage for Below {
    fn put(&self, objects: &[(ObjectPath, Vec<u8>)]) -> Result<(), StorageError> {
        let objects: Vec<_> = objects
            .iter()
            .map(|(path, bytes)| (path.below(&self.prefix), bytes.clone()))
            .collect();
        self.inner.put(&objects)
    }

    fn put_content(&self, content: &mut dyn Read, most: u64) -> Result<(Hash, u64), StorageError> {
        self.inner.put_content(content, most)
    }

    fn open(&self, path: &ObjectPath) -> Result<Option<Box<dyn Read + Send>>, StorageError> {
        self.inner.open(&self.place(path))
    }

    fn publish(
        &self,
        path: &ObjectPath,
        bytes: &[u8],
        replaces: &dyn Fn(&[u8]) -> bool,
    ) -> Result<bool, StorageError> {
        self.inner
            .publish(&path.below(&self.prefix), bytes, replaces)
    }

    fn remove(&self, paths: &[ObjectPath]) -> Result<(), StorageError> {
        let paths: Vec<_> = paths.iter().map(|path| path.below(&self.prefix)).collect();
        self.inner.remove(&paths)
    }

    fn register(&self, name: &ObjectPath) -> Result<Option<Register>, StorageError> {
        self.inner.register(&name.below(&self.prefix))
    }

    fn swap(
        &self,
        name: &ObjectPath,
        expected: Option<&Version>,
        value: &[u8],
    ) -> Result<Version, SwapError> {
        self.inner.swap(&name.below(&self.prefix), expected, value)
    }
}
