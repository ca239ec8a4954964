//! Where bytes are kept. One trait, behind which a folder, an object store, or the memory of a test stands.
//!
//! A backend keeps three kinds of things:
//! - **objects**, which never change once written (tiles, bundles, files, witnessed checkpoints);
//! - **registers**, small values that are changed only by compare-and-swap: of two writers that read the same version, one
//!   at most succeeds;
//! - **published** objects, which are replaced by newer ones only (`checkpoint`).

mod below;
mod folder;
mod memory;
#[cfg(feature = "object-store")]
mod object_store;
mod path;
mod read_only;

pub use below::Below;
pub use folder::Folder;
pub use memory::Memory;
#[cfg(feature = "object-store")]
pub use object_store::Bucket;
pub use path::ObjectPath;
pub use read_only::ReadOnlyFolder;

use std::io::Read;
use std::sync::Arc;

use thiserror::Error;

use crate::hash::Hash;

/// Where content is kept that is named for its hash.
#[must_use]
pub fn content_path(hash: Hash) -> ObjectPath {
    let name = hash.to_hex();
    ObjectPath::known(format!("content/{}/{name}", &name[..2]))
}

/// A place from which objects are read: a backend, a mirror, or another party's node over the network.
pub trait Source {
    /// The object's bytes, or `None` where there is no such object.
    ///
    /// # Errors
    /// [`StorageError`] where it cannot be told.
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError>;
}

/// A place to keep a log, a witness's memory, or a mirror. All operations may be called from several threads and processes.
pub trait Storage: Source + Send + Sync {
    /// Writes objects durably: when this returns, they survive the loss of power. An object that is there already with the
    /// same bytes is left alone.
    ///
    /// # Errors
    /// [`StorageError::Changed`] if an object is there with other bytes; nothing that is there is ever replaced. After any
    /// error some of the objects may have been written.
    fn put(&self, objects: &[(ObjectPath, Vec<u8>)]) -> Result<(), StorageError>;

    /// Writes one large object durably from a stream of at most `most` bytes, under the path [`content_path`] gives it for
    /// its SHA-256. It appears whole or not at all. Returns the hash and the number of bytes.
    ///
    /// # Errors
    /// [`StorageError::TooLarge`]; [`StorageError::Failed`] where reading or writing fails.
    fn put_content(&self, content: &mut dyn Read, most: u64) -> Result<(Hash, u64), StorageError>;

    /// Opens an object for reading piece by piece.
    ///
    /// # Errors
    /// [`StorageError`] where it cannot be told whether there is such an object.
    fn open(&self, path: &ObjectPath) -> Result<Option<Box<dyn Read + Send>>, StorageError>;

    /// Replaces a published object, if there is none or `replaces` says that the one there is older. Returns whether it did.
    /// Readers see the old object or the new one, never a part.
    ///
    /// # Errors
    /// [`StorageError`].
    fn publish(
        &self,
        path: &ObjectPath,
        bytes: &[u8],
        replaces: &dyn Fn(&[u8]) -> bool,
    ) -> Result<bool, StorageError>;

    /// Removes objects that are no longer needed, if they are there.
    ///
    /// # Errors
    /// [`StorageError`]; some may have been removed.
    fn remove(&self, paths: &[ObjectPath]) -> Result<(), StorageError>;

    /// The value of a register, or `None` if it was never set.
    ///
    /// # Errors
    /// [`StorageError`].
    fn register(&self, name: &ObjectPath) -> Result<Option<Register>, StorageError>;

    /// Sets a register durably if its version is still `expected` (`None`: if it was never set).
    ///
    /// # Errors
    /// [`SwapError::Conflict`] if it is not; [`SwapError::Storage`] where it is not known whether it was set.
    fn swap(
        &self,
        name: &ObjectPath,
        expected: Option<&Version>,
        value: &[u8],
    ) -> Result<Version, SwapError>;
}

/// The value of a register and which version it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// The value.
    pub value: Vec<u8>,
    /// The version, to be given to [`Storage::swap`].
    pub version: Version,
}

/// A version of a register: what it looks like is the backend's affair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(pub(crate) String);

/// Why storage failed.
#[derive(Clone, Debug, Error)]
pub enum StorageError {
    /// Reading or writing failed.
    #[error("{operation} of {path} failed: {reason}")]
    Failed {
        /// What was tried.
        operation: &'static str,
        /// On which object, register or file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// An object is there with other bytes than those to be written.
    #[error(
        "{0} is there already with other bytes: the storage was damaged, or two different logs were written into it; \
         stop, keep a copy, and verify the log"
    )]
    Changed(ObjectPath),
    /// A large object has more bytes than are allowed.
    #[error("the file has more than the {0} bytes that are allowed")]
    TooLarge(u64),
}

/// Why a register was not set.
#[derive(Clone, Debug, Error)]
pub enum SwapError {
    /// Somebody else set it first.
    #[error("somebody else changed {0} at the same time; read it again")]
    Conflict(ObjectPath),
    /// It is not known whether it was set.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl<S: Source + ?Sized> Source for Arc<S> {
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        (**self).get(path)
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
        (**self).get(path)
    }
}
