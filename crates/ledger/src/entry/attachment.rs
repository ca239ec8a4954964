//! Files that entries name by their hash: declarations too large for an entry.

use std::io::{ErrorKind, Read};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::encoding::{from_hex, to_hex};
use crate::hash::Hash;
use crate::storage::{Storage, StorageError, content_path};

/// A file by its hash and length: the form in which an entry carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The SHA-256 of its bytes.
    pub sha256: Hash,
    /// How many bytes it has.
    pub bytes: u64,
}

/// Why a file is not the one that an entry names.
#[derive(Debug, Error)]
pub enum AttachmentError {
    /// It is not there.
    #[error("the file {} is missing; ask the log for {}", .0.to_hex(), content_path(*.0))]
    Missing(Hash),
    /// It is another.
    #[error("the file is not the one that the entry names: it should have {expected} bytes with the SHA-256 {}", .sha256.to_hex())]
    Other {
        /// The hash that the entry names.
        sha256: Hash,
        /// The length that the entry names.
        expected: u64,
    },
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Attachment {
    /// Stores a file of at most `most` bytes under its hash.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn store(
        storage: &dyn Storage,
        content: &mut dyn Read,
        most: u64,
    ) -> Result<Attachment, StorageError> {
        let (sha256, bytes) = storage.put_content(content, most)?;
        Ok(Attachment { sha256, bytes })
    }

    /// The JSON by which an entry names it: `{"bytes":…,"sha256":"…"}`.
    #[must_use]
    pub fn to_json(self) -> Value {
        json!({ "bytes": self.bytes, "sha256": to_hex(self.sha256.as_bytes()) })
    }

    /// Reads that JSON; `None` for anything else.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Attachment> {
        let members = value.as_object().filter(|members| members.len() == 2)?;
        let sha256 = Hash::from_bytes(from_hex(members.get("sha256")?.as_str()?)?);
        Some(Attachment {
            sha256,
            bytes: members.get("bytes")?.as_u64()?,
        })
    }

    /// Reads content to its end and checks that it is this file. It never reads more than its length and one byte.
    ///
    /// # Errors
    /// [`AttachmentError::Other`], [`AttachmentError::Read`].
    pub fn verify(self, content: &mut dyn Read) -> Result<(), AttachmentError> {
        let mut content = content.take(self.bytes.saturating_add(1));
        let (mut hasher, mut length) = (Sha256::new(), 0_u64);
        let mut buffer = vec![0; 1 << 16];
        loop {
            match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    hasher.update(&buffer[..count]);
                    length += count as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        if length == self.bytes && Hash::from_bytes(hasher.finalize().into()) == self.sha256 {
            Ok(())
        } else {
            Err(AttachmentError::Other {
                sha256: self.sha256,
                expected: self.bytes,
            })
        }
    }

    /// Checks the file as it is stored.
    ///
    /// # Errors
    /// See [`AttachmentError`].
    pub fn verify_stored(self, storage: &dyn Storage) -> Result<(), AttachmentError> {
        match storage.open(&content_path(self.sha256))? {
            Some(mut content) => self.verify(&mut content),
            None => Err(AttachmentError::Missing(self.sha256)),
        }
    }
}
