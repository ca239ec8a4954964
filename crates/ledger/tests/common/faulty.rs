//! Storage that fails where it is told to, before or after it has done what it was asked.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use detente_ledger::hash::Hash;
use detente_ledger::storage::{
    ObjectPath, Register, Source, Storage, StorageError, SwapError, Version,
};

/// Fails at the operation with the number `at` (from 1), and at all after it if `dead`.
pub struct Faulty {
    pub inner: Arc<dyn Storage>,
    pub at: u64,
    /// Whether the failing operation is done all the same: the answer is lost.
    pub done: bool,
    pub dead: bool,
    pub count: AtomicU64,
    /// What somebody else does right after the operation with the number `at`, if anything.
    pub meanwhile: Option<Box<dyn Fn() + Send + Sync>>,
}

impl Faulty {
    pub fn new(inner: Arc<dyn Storage>, at: u64, done: bool, dead: bool) -> Faulty {
        Faulty {
            inner,
            at,
            done,
            dead,
            count: AtomicU64::new(0),
            meanwhile: None,
        }
    }

    pub fn operations(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    fn run<T, E: From<StorageError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        let lost = || {
            E::from(StorageError::Failed {
                operation: "testing",
                path: number.to_string(),
                reason: "injected".to_owned(),
            })
        };
        if number == self.at
            && let Some(meanwhile) = &self.meanwhile
        {
            let result = work();
            meanwhile();
            return result;
        }
        if number == self.at {
            if self.done {
                work()?;
            }
            return Err(lost());
        }
        if self.dead && number > self.at {
            return Err(lost());
        }
        work()
    }
}

impl Source for Faulty {
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        self.run(|| self.inner.get(path))
    }
}

impl Storage for Faulty {
    fn put(&self, objects: &[(ObjectPath, Vec<u8>)]) -> Result<(), StorageError> {
        // Object by object: a batch can be cut anywhere.
        objects
            .iter()
            .try_for_each(|object| self.run(|| self.inner.put(std::slice::from_ref(object))))
    }

    fn put_content(&self, content: &mut dyn Read, most: u64) -> Result<(Hash, u64), StorageError> {
        self.run(|| self.inner.put_content(content, most))
    }

    fn open(&self, path: &ObjectPath) -> Result<Option<Box<dyn Read + Send>>, StorageError> {
        self.run(|| self.inner.open(path))
    }

    fn publish(
        &self,
        path: &ObjectPath,
        bytes: &[u8],
        replaces: &dyn Fn(&[u8]) -> bool,
    ) -> Result<bool, StorageError> {
        self.run(|| self.inner.publish(path, bytes, replaces))
    }

    fn remove(&self, paths: &[ObjectPath]) -> Result<(), StorageError> {
        self.run(|| self.inner.remove(paths))
    }

    fn register(&self, name: &ObjectPath) -> Result<Option<Register>, StorageError> {
        self.run(|| self.inner.register(name))
    }

    fn swap(
        &self,
        name: &ObjectPath,
        expected: Option<&Version>,
        value: &[u8],
    ) -> Result<Version, SwapError> {
        self.run(|| self.inner.swap(name, expected, value))
    }
}
