//! Which of the keys that one trusts have signed a note.

use thiserror::Error;

use super::{KeyId, KeyName, Note};
use crate::key::VerifierKey;
use crate::time::Timestamp;

/// A valid signature by a known key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The place of the key in the list of known keys.
    pub key: usize,
    /// The place of the signature in the note.
    pub signature: usize,
    /// For a cosignature, the time it states. `None` for a plain signature and for a cosignature that states no time.
    pub time: Option<Timestamp>,
}

/// Why a note is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoteVerifyError {
    /// A known key's name and identifier stand on a signature that is not its own: the whole note is refused.
    #[error(
        "the signature of {name} ({id}) on the note is false; refuse the note and ask where it came from"
    )]
    False {
        /// The key's name.
        name: KeyName,
        /// The key's identifier.
        id: KeyId,
    },
    /// None of the known keys signed.
    #[error("none of the {0} known keys signed the note")]
    Unknown(usize),
}

impl Note {
    /// Verifies every signature of a known key and ignores all others, as the standard says: at least one known key must
    /// have signed, and if one signature under a known name and identifier is false, the whole note is refused.
    ///
    /// # Errors
    /// See [`NoteVerifyError`].
    pub fn verify(&self, known: &[VerifierKey]) -> Result<Vec<Verified>, NoteVerifyError> {
        let mut verified = Vec::new();
        for (place, signature) in self.signatures.iter().enumerate() {
            // Two known keys may share name and identifier; the signature is valid if it is of either.
            let mut candidates = known
                .iter()
                .enumerate()
                .filter(|(_, key)| key.name() == &signature.name && key.id() == signature.id)
                .peekable();
            if candidates.peek().is_none() {
                continue;
            }
            let found = candidates.find_map(|(key, verifier)| {
                let time = verifier.verify(&self.text, &signature.bytes)?;
                Some(Verified {
                    key,
                    signature: place,
                    time,
                })
            });
            verified.push(found.ok_or_else(|| NoteVerifyError::False {
                name: signature.name.clone(),
                id: signature.id,
            })?);
        }
        if verified.is_empty() {
            Err(NoteVerifyError::Unknown(known.len()))
        } else {
            Ok(verified)
        }
    }
}
