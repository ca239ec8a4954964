//! The node's private keys, in encrypted files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use detente_ledger::key::{
    Algorithm, LocalSigner, PrivateKeyError, Signer, VerifierKey,
    file::{self, KeyFileError, MOST_KEY_FILE_BYTES},
};
use detente_ledger::note::KeyName;
use thiserror::Error;

/// The keys of a node. Each serves one purpose only.
#[derive(Clone)]
pub struct Keys {
    /// They sign the heads of the log.
    pub log: Vec<Arc<dyn Signer>>,
    /// They cosign the other parties' logs as a witness.
    pub witness: Vec<Arc<dyn Signer>>,
    /// They cosign the other parties' logs as a mirror, which vouches for having all of it.
    pub mirror: Vec<Arc<dyn Signer>>,
}

/// Why keys cannot be made or opened.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("cannot read the key file {path}: {reason}; restore it from its other carrier")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The file cannot be opened with this passphrase, or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: KeyFileError,
    },
    /// What is inside is not a key of its purpose.
    #[error("{path}: {reason}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// File names, purposes, and kinds. Those after quantum computers are optional.
const FILES: [(&str, Purpose, Algorithm, bool); 5] = [
    ("log.key", Purpose::Log, Algorithm::Ed25519, true),
    (
        "log-post-quantum.key",
        Purpose::Log,
        Algorithm::MlDsa44Cosignature,
        false,
    ),
    (
        "witness.key",
        Purpose::Witness,
        Algorithm::Ed25519Cosignature,
        true,
    ),
    (
        "witness-post-quantum.key",
        Purpose::Witness,
        Algorithm::MlDsa44Cosignature,
        false,
    ),
    (
        "mirror.key",
        Purpose::Mirror,
        Algorithm::Ed25519Cosignature,
        true,
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Log,
    Witness,
    Mirror,
}

impl Keys {
    /// Makes new keys in a folder. The log's are named for its origin, the witness's and the mirror's for what precedes the
    /// origin's last slash.
    pub(super) fn make(
        folder: &Path,
        origin: &str,
        post_quantum: bool,
        passphrase: &str,
    ) -> Result<Keys, KeyError> {
        let stem = origin.rsplit_once('/').map_or(origin, |(stem, _)| stem);
        let mut keys = Keys::none();
        for (name, purpose, algorithm, needed) in FILES {
            if !needed && !post_quantum {
                continue;
            }
            let path = folder.join(name);
            let key_name = match purpose {
                Purpose::Log => origin.to_owned(),
                Purpose::Witness => format!("{stem}/witness"),
                Purpose::Mirror => format!("{stem}/mirror"),
            };
            let wrong = |reason: String| KeyError::Key {
                path: path.clone(),
                reason,
            };
            let key_name = KeyName::new(&key_name)
                .ok_or_else(|| wrong(format!("{key_name:?} cannot be the name of a key")))?;
            let signer = LocalSigner::generate(key_name, algorithm)
                .map_err(|error| wrong(error.to_string()))?;
            let in_file = |error| KeyError::File {
                path: path.clone(),
                error,
            };
            let content = file::lock(
                &signer.verifier().to_string(),
                &signer.to_text(),
                passphrase,
            )
            .map_err(in_file)?;
            file::write(&path, &content).map_err(in_file)?;
            keys.of(purpose).push(Arc::new(signer));
        }
        Ok(keys)
    }

    /// Opens the keys of a node's folder.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn open(root: &Path, passphrase: &str) -> Result<Keys, KeyError> {
        let mut keys = Keys::none();
        for (name, purpose, algorithm, needed) in FILES {
            let path = root.join("keys").join(name);
            if !needed && !path.exists() {
                continue;
            }
            let read = |reason| KeyError::Read {
                path: path.clone(),
                reason,
            };
            if std::fs::metadata(&path).map_err(read)?.len() > MOST_KEY_FILE_BYTES as u64 {
                return Err(KeyError::File {
                    path: path.clone(),
                    error: KeyFileError::Form,
                });
            }
            let text = std::fs::read_to_string(&path).map_err(read)?;
            let (public, private) =
                file::unlock(&text, passphrase).map_err(|error| KeyError::File {
                    path: path.clone(),
                    error,
                })?;
            let wrong = |reason: String| KeyError::Key {
                path: path.clone(),
                reason,
            };
            let signer = LocalSigner::from_text(&private)
                .map_err(|error: PrivateKeyError| wrong(error.to_string()))?;
            if signer.verifier().to_string() != public || signer.verifier().algorithm() != algorithm
            {
                return Err(wrong(format!(
                    "it holds {}, which is not a key for this file",
                    signer.verifier()
                )));
            }
            keys.of(purpose).push(Arc::new(signer));
        }
        Ok(keys)
    }

    fn none() -> Keys {
        Keys {
            log: Vec::new(),
            witness: Vec::new(),
            mirror: Vec::new(),
        }
    }

    fn of(&mut self, purpose: Purpose) -> &mut Vec<Arc<dyn Signer>> {
        match purpose {
            Purpose::Log => &mut self.log,
            Purpose::Witness => &mut self.witness,
            Purpose::Mirror => &mut self.mirror,
        }
    }
}

/// The public keys of signers.
pub(crate) fn verifiers(signers: &[Arc<dyn Signer>]) -> Vec<VerifierKey> {
    signers
        .iter()
        .map(|signer| signer.verifier().clone())
        .collect()
}
