//! Private keys, and the seam behind which a token or an agent can hold one.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey as Ed25519Key};
use ml_dsa::{Keypair as _, MlDsa44, SigningKey as MlDsaKey};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{Algorithm, VerifierKey, VerifierKeyError};
use crate::checkpoint::Checkpoint;
use crate::cosignature::{CosignedSubtree, ed25519_message};
use crate::encoding::{from_base64, from_hex, to_base64};
use crate::note::{KeyId, KeyName, NoteSignature};
use crate::time::Timestamp;

/// Something that signs. This is the seam for keys that never enter this process: a PKCS#11 token or a signing agent
/// implements these two methods with its own connection; everything else in the library asks only for this trait.
pub trait Signer: Send + Sync {
    /// The public half.
    fn verifier(&self) -> &VerifierKey;

    /// The bare signature of `message`: 64 bytes of Ed25519 (RFC 8032) or 2,420 bytes of ML-DSA-44 (FIPS 204, empty
    /// context).
    ///
    /// # Errors
    /// [`SignError::Unavailable`] where the holder of the key does not sign.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// Why nothing was signed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignError {
    /// The key's holder refused or could not be reached.
    #[error("the key {key} did not sign: {reason}")]
    Unavailable {
        /// The key's name.
        key: KeyName,
        /// What its holder said.
        reason: String,
    },
    /// A cosignature is asked for on something that is no checkpoint.
    #[error("the key {0} signs checkpoints only; sign other texts with a key of type 01 (Ed25519)")]
    NotACheckpoint(KeyName),
    /// A cosignature that must state a time was asked for at time 0.
    #[error("a cosignature states the time at which it was made; the clock says 0")]
    NoTime,
    /// Name or origin is longer than the 255 bytes that fit.
    #[error("names of logs and cosigners have at most 255 bytes under ML-DSA-44")]
    NameTooLong,
}

/// Signs the text of a note as the key's kind prescribes, and verifies the result with the public half before it is let
/// out, so that a broken token or a bit flip in memory cannot publish a false signature. `now` is stated by cosignatures and
/// ignored by plain signatures.
///
/// # Errors
/// See [`SignError`].
pub fn sign_text(
    signer: &dyn Signer,
    text: &str,
    now: Timestamp,
) -> Result<NoteSignature, SignError> {
    let key = signer.verifier();
    let bytes = match key.algorithm() {
        Algorithm::Ed25519 => signer.sign(text.as_bytes())?,
        cosignature => {
            if now.seconds() == 0 {
                return Err(SignError::NoTime);
            }
            let checkpoint = Checkpoint::parse(text)
                .map_err(|_| SignError::NotACheckpoint(key.name().clone()))?;
            let message = if cosignature == Algorithm::Ed25519Cosignature {
                ed25519_message(now, text)
            } else {
                CosignedSubtree::of_checkpoint(&checkpoint)
                    .message(key.name(), now)
                    .ok_or(SignError::NameTooLong)?
            };
            [&now.seconds().to_be_bytes()[..], &signer.sign(&message)?].concat()
        }
    };
    if key.verify(text, &bytes).is_none() {
        return Err(SignError::Unavailable {
            key: key.name().clone(),
            reason: "its signature does not verify under its own public key".to_owned(),
        });
    }
    Ok(NoteSignature {
        name: key.name().clone(),
        id: key.id(),
        bytes,
    })
}

/// A private key in this process's memory, wiped when dropped.
pub struct LocalSigner {
    verifier: VerifierKey,
    seed: Zeroizing<[u8; 32]>,
    secret: Secret,
}

enum Secret {
    Ed25519(Box<Ed25519Key>),
    MlDsa44(Box<MlDsaKey<MlDsa44>>),
}

/// Why a text is not a private key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PrivateKeyError {
    /// Not of the form.
    #[error(
        "a private key is written PRIVATE+KEY+name+identifier+base64 of its type and 32-byte seed"
    )]
    Form,
    /// The public half is not usable, or the identifier is another's.
    #[error(transparent)]
    Verifier(#[from] VerifierKeyError),
    /// The system gives no randomness.
    #[error("the system gave no random bytes: {0}")]
    Random(String),
}

impl LocalSigner {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`PrivateKeyError::Random`] where there is none; [`PrivateKeyError::Verifier`] if the name is too long for ML-DSA-44.
    pub fn generate(name: KeyName, algorithm: Algorithm) -> Result<LocalSigner, PrivateKeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(|error| PrivateKeyError::Random(error.to_string()))?;
        LocalSigner::from_seed(name, algorithm, seed)
    }

    /// The key that follows from 32 secret bytes: the private key of RFC 8032 or the seed ξ of FIPS 204.
    ///
    /// # Errors
    /// [`PrivateKeyError::Verifier`] if the name is too long for ML-DSA-44.
    pub fn from_seed(
        name: KeyName,
        algorithm: Algorithm,
        seed: Zeroizing<[u8; 32]>,
    ) -> Result<LocalSigner, PrivateKeyError> {
        let (secret, public_key) = match algorithm {
            Algorithm::Ed25519 | Algorithm::Ed25519Cosignature => {
                let key = Ed25519Key::from_bytes(&seed);
                let public_key = key.verifying_key().as_bytes().to_vec();
                (Secret::Ed25519(Box::new(key)), public_key)
            }
            Algorithm::MlDsa44Cosignature => {
                let key = MlDsaKey::<MlDsa44>::from_seed(&(*seed).into());
                let public_key = key.verifying_key().encode().to_vec();
                (Secret::MlDsa44(Box::new(key)), public_key)
            }
        };
        let verifier = VerifierKey::new(name, algorithm, &public_key)?;
        Ok(LocalSigner {
            verifier,
            seed,
            secret,
        })
    }

    /// Reads the text form that Go's `note` package writes.
    ///
    /// # Errors
    /// See [`PrivateKeyError`].
    pub fn from_text(text: &str) -> Result<LocalSigner, PrivateKeyError> {
        let rest = text
            .strip_prefix("PRIVATE+KEY+")
            .ok_or(PrivateKeyError::Form)?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(PrivateKeyError::Form);
        };
        let name = KeyName::new(name).ok_or(PrivateKeyError::Form)?;
        let found = from_hex(id).map(KeyId).ok_or(PrivateKeyError::Form)?;
        let blob = Zeroizing::new(from_base64(encoded).ok_or(PrivateKeyError::Form)?);
        let (&byte, seed) = blob.split_first().ok_or(PrivateKeyError::Form)?;
        let seed = Zeroizing::new(<[u8; 32]>::try_from(seed).map_err(|_| PrivateKeyError::Form)?);
        let algorithm = Algorithm::from_byte(byte).ok_or(VerifierKeyError::Type(byte))?;
        let signer = LocalSigner::from_seed(name, algorithm, seed)?;
        let expected = signer.verifier.id();
        if expected == found {
            Ok(signer)
        } else {
            Err(VerifierKeyError::Id { expected, found }.into())
        }
    }

    /// The text form that Go's `note` package reads. Secret: it is wiped when dropped.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut blob = Zeroizing::new(vec![self.verifier.algorithm().byte()]);
        blob.extend_from_slice(&*self.seed);
        let encoded = Zeroizing::new(to_base64(&blob));
        let (name, id) = (self.verifier.name(), self.verifier.id());
        Zeroizing::new(format!("PRIVATE+KEY+{name}+{id}+{}", &*encoded))
    }
}

impl Signer for LocalSigner {
    fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match &self.secret {
            Secret::Ed25519(key) => Ok(key.sign(message).to_bytes().to_vec()),
            Secret::MlDsa44(key) => key
                .expanded_key()
                .sign_deterministic(message, b"")
                .map(|signature| signature.encode().to_vec())
                .map_err(|error| SignError::Unavailable {
                    key: self.verifier.name().clone(),
                    reason: error.to_string(),
                }),
        }
    }
}

impl fmt::Debug for LocalSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LocalSigner({:?})", self.verifier)
    }
}
