//! Public keys with their names, and the verifying of one signature.

use std::fmt;
use std::sync::Arc;

use ed25519_dalek::{Signature as Ed25519Signature, VerifyingKey as Ed25519Key};
use ml_dsa::{
    EncodedSignature, EncodedVerifyingKey, MlDsa44, Signature as MlDsaSignature,
    VerifyingKey as MlDsaKey,
};
use thiserror::Error;

use super::Algorithm;
use crate::checkpoint::Checkpoint;
use crate::cosignature::{CosignedSubtree, ed25519_message};
use crate::encoding::{from_base64, from_hex, to_base64};
use crate::hash::Hash;
use crate::note::{KeyId, KeyName};
use crate::time::Timestamp;

/// A public key, its name and its kind: written `name+identifier+base64` (a "vkey").
#[derive(Clone)]
pub struct VerifierKey {
    name: KeyName,
    id: KeyId,
    algorithm: Algorithm,
    material: Material,
}

#[derive(Clone)]
enum Material {
    Ed25519(Ed25519Key),
    // Expanded once: reading the 1,312 bytes costs more than verifying with them.
    MlDsa44(Arc<MlDsaKey<MlDsa44>>),
}

/// Why a text is not a verifier key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VerifierKeyError {
    /// Not three parts with `+` between them.
    #[error(
        "a verifier key is written name+identifier+base64, for example example.com/log+530d903a+AekyeR…"
    )]
    Form,
    /// The name cannot be a key's.
    #[error("a key's name is not empty and has neither white space nor \"+\"")]
    Name,
    /// The type byte is none of those supported.
    #[error(
        "the key is of type {0:02x}; known are 01 (Ed25519), 04 (Ed25519 cosignature), 06 (ML-DSA-44 cosignature)"
    )]
    Type(u8),
    /// The key material has the wrong length or is not a point, or is a point of small order.
    #[error(
        "the bytes are not a usable public key of their type; copy the key again from where it was published"
    )]
    Material,
    /// The identifier does not follow from name and key.
    #[error("the key's identifier is {expected}, not {found}: name or key was altered or mistyped")]
    Id {
        /// What follows from the name and the key.
        expected: KeyId,
        /// What is written.
        found: KeyId,
    },
}

impl VerifierKey {
    /// A key from its parts.
    ///
    /// # Errors
    /// [`VerifierKeyError::Material`] where the bytes are not a usable key: wrong length, no point, or a point of small
    /// order (which would accept signatures on anything).
    pub fn new(
        name: KeyName,
        algorithm: Algorithm,
        public_key: &[u8],
    ) -> Result<VerifierKey, VerifierKeyError> {
        let material = match algorithm {
            Algorithm::Ed25519 | Algorithm::Ed25519Cosignature => {
                let bytes = public_key
                    .try_into()
                    .map_err(|_| VerifierKeyError::Material)?;
                let key = Ed25519Key::from_bytes(bytes).map_err(|_| VerifierKeyError::Material)?;
                if key.is_weak() || key.as_bytes() != key.to_edwards().compress().as_bytes() {
                    return Err(VerifierKeyError::Material);
                }
                Material::Ed25519(key)
            }
            Algorithm::MlDsa44Cosignature => {
                let bytes = EncodedVerifyingKey::<MlDsa44>::try_from(public_key)
                    .map_err(|_| VerifierKeyError::Material)?;
                if name.as_str().len() > 255 {
                    return Err(VerifierKeyError::Name);
                }
                Material::MlDsa44(Arc::new(MlDsaKey::decode(&bytes)))
            }
        };
        let hashed = [
            name.as_str().as_bytes(),
            b"\n",
            &[algorithm.byte()],
            public_key,
        ]
        .concat();
        let [a, b, c, d, ..] = *Hash::of(&hashed).as_bytes();
        Ok(VerifierKey {
            name,
            id: KeyId([a, b, c, d]),
            algorithm,
            material,
        })
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// See [`VerifierKeyError`].
    pub fn parse(text: &str) -> Result<VerifierKey, VerifierKeyError> {
        // Base 64 has "+" too: only the first two separate.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(VerifierKeyError::Form);
        };
        let name = KeyName::new(name).ok_or(VerifierKeyError::Name)?;
        let found = from_hex(id).map(KeyId).ok_or(VerifierKeyError::Form)?;
        let blob = from_base64(encoded).ok_or(VerifierKeyError::Form)?;
        let (&byte, public_key) = blob.split_first().ok_or(VerifierKeyError::Form)?;
        let algorithm = Algorithm::from_byte(byte).ok_or(VerifierKeyError::Type(byte))?;
        let key = VerifierKey::new(name, algorithm, public_key)?;
        if key.id == found {
            Ok(key)
        } else {
            Err(VerifierKeyError::Id {
                expected: key.id,
                found,
            })
        }
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The key's identifier.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The kind of its signatures.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public key's bytes.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        match &self.material {
            Material::Ed25519(key) => key.as_bytes().to_vec(),
            Material::MlDsa44(key) => key.encode().to_vec(),
        }
    }

    /// Verifies one signature, strictly, on the text of a note. `None` if it is false; otherwise the time it states, if it
    /// states one. A cosignature is valid only on a text that is a checkpoint.
    #[must_use]
    pub fn verify(&self, text: &str, signature: &[u8]) -> Option<Option<Timestamp>> {
        if self.algorithm == Algorithm::Ed25519 {
            return self
                .verify_bytes(text.as_bytes(), signature)
                .then_some(None);
        }
        let (time, signature) = split_time(signature)?;
        let checkpoint = Checkpoint::parse(text).ok()?;
        let message = if self.algorithm == Algorithm::Ed25519Cosignature {
            ed25519_message(time, text)
        } else {
            CosignedSubtree::of_checkpoint(&checkpoint).message(&self.name, time)?
        };
        self.verify_bytes(&message, signature)
            .then_some((time.seconds() != 0).then_some(time))
    }

    /// Verifies a signature of a subtree by an ML-DSA-44 key; false for keys of other kinds.
    #[must_use]
    pub fn verify_subtree(&self, subtree: &CosignedSubtree, signature: &[u8]) -> bool {
        let Some((time, signature)) = split_time(signature) else {
            return false;
        };
        self.algorithm == Algorithm::MlDsa44Cosignature
            && subtree
                .message(&self.name, time)
                .is_some_and(|message| self.verify_bytes(&message, signature))
    }

    fn verify_bytes(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Ed25519(key) => Ed25519Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Material::MlDsa44(key) => EncodedSignature::<MlDsa44>::try_from(signature)
                .ok()
                .and_then(|bytes| MlDsaSignature::decode(&bytes))
                .is_some_and(|signature| key.verify_with_context(message, b"", &signature)),
        }
    }
}

fn split_time(signature: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (time, signature) = signature.split_first_chunk::<8>()?;
    Some((
        Timestamp::from_seconds(u64::from_be_bytes(*time))?,
        signature,
    ))
}

impl PartialEq for VerifierKey {
    fn eq(&self, other: &VerifierKey) -> bool {
        self.name == other.name
            && self.algorithm == other.algorithm
            && self.public_key() == other.public_key()
    }
}

impl Eq for VerifierKey {}

impl fmt::Display for VerifierKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [&[self.algorithm.byte()][..], &self.public_key()].concat();
        write!(formatter, "{}+{}+{}", self.name, self.id, to_base64(&blob))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}+{} ({:?})",
            self.name, self.id, self.algorithm
        )
    }
}
