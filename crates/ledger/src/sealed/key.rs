//! Keys that read sealed content.

use std::fmt;

use hpke::kem::XWing;
use hpke::{Deserializable as _, Kem as _, Serializable as _};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::encoding::{from_base64, from_hex, to_base64, to_hex};
use crate::hash::Hash;
use crate::note::KeyName;

/// The public key of a party that reads sealed content: written `READER+name+identifier+base64`.
#[derive(Clone)]
pub struct ReaderKey {
    name: KeyName,
    public: <XWing as hpke::Kem>::PublicKey,
}

/// The private half, wiped when dropped.
pub struct ReaderSecret {
    public: ReaderKey,
    private: <XWing as hpke::Kem>::PrivateKey,
    seed: Zeroizing<[u8; 32]>,
}

/// Why a text is not a reader's key.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReaderKeyError {
    /// Not of the form.
    #[error(
        "a reader's key is written READER+name+identifier+base64 (a private one READER+PRIVATE+name+base64)"
    )]
    Form,
    /// The identifier does not follow from name and key.
    #[error("the reader's key was altered or mistyped: its identifier does not follow from it")]
    Id,
    /// The system gives no randomness.
    #[error("the system gave no random bytes: {0}")]
    Random(String),
}

impl ReaderKey {
    /// The party's name.
    #[must_use]
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    pub(super) fn public(&self) -> &<XWing as hpke::Kem>::PublicKey {
        &self.public
    }

    /// Eight bytes by which a sealed file says for whom a part is.
    pub(super) fn id(&self) -> [u8; 8] {
        let hash = Hash::of(
            &[
                self.name.as_str().as_bytes(),
                b"\nX-Wing\n",
                &self.public.to_bytes(),
            ]
            .concat(),
        );
        let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
        [a, b, c, d, e, f, g, h]
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// See [`ReaderKeyError`].
    pub fn parse(text: &str) -> Result<ReaderKey, ReaderKeyError> {
        let mut parts = text
            .strip_prefix("READER+")
            .ok_or(ReaderKeyError::Form)?
            .splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(ReaderKeyError::Form);
        };
        let name = KeyName::new(name).ok_or(ReaderKeyError::Form)?;
        let bytes = from_base64(encoded).ok_or(ReaderKeyError::Form)?;
        let public = <XWing as hpke::Kem>::PublicKey::from_bytes(&bytes)
            .map_err(|_| ReaderKeyError::Form)?;
        let key = ReaderKey { name, public };
        if from_hex(id) == Some(key.id()) {
            Ok(key)
        } else {
            Err(ReaderKeyError::Id)
        }
    }
}

impl fmt::Display for ReaderKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = to_base64(&self.public.to_bytes());
        write!(
            formatter,
            "READER+{}+{}+{encoded}",
            self.name,
            to_hex(&self.id())
        )
    }
}

impl fmt::Debug for ReaderKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ReaderKey({}+{})", self.name, to_hex(&self.id()))
    }
}

impl ReaderSecret {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`ReaderKeyError::Random`].
    pub fn generate(name: KeyName) -> Result<ReaderSecret, ReaderKeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(|error| ReaderKeyError::Random(error.to_string()))?;
        ReaderSecret::from_seed(name, seed)
    }

    /// The key that follows from 32 secret bytes.
    ///
    /// # Errors
    /// [`ReaderKeyError::Form`] where they make no key.
    pub fn from_seed(
        name: KeyName,
        seed: Zeroizing<[u8; 32]>,
    ) -> Result<ReaderSecret, ReaderKeyError> {
        let private = <XWing as hpke::Kem>::PrivateKey::from_bytes(&*seed)
            .map_err(|_| ReaderKeyError::Form)?;
        let public = XWing::sk_to_pk(&private);
        Ok(ReaderSecret {
            public: ReaderKey { name, public },
            private,
            seed,
        })
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &ReaderKey {
        &self.public
    }

    pub(super) fn private(&self) -> &<XWing as hpke::Kem>::PrivateKey {
        &self.private
    }

    /// The text form, to be kept in an encrypted key file.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let encoded = Zeroizing::new(to_base64(&*self.seed));
        Zeroizing::new(format!("READER+PRIVATE+{}+{}", self.public.name, &*encoded))
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// [`ReaderKeyError::Form`].
    pub fn from_text(text: &str) -> Result<ReaderSecret, ReaderKeyError> {
        let rest = text
            .strip_prefix("READER+PRIVATE+")
            .ok_or(ReaderKeyError::Form)?;
        let (name, encoded) = rest.split_once('+').ok_or(ReaderKeyError::Form)?;
        let name = KeyName::new(name).ok_or(ReaderKeyError::Form)?;
        let bytes = Zeroizing::new(from_base64(encoded).ok_or(ReaderKeyError::Form)?);
        let seed = <[u8; 32]>::try_from(&bytes[..]).map_err(|_| ReaderKeyError::Form)?;
        ReaderSecret::from_seed(name, Zeroizing::new(seed))
    }
}

impl fmt::Debug for ReaderSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ReaderSecret({:?})", self.public)
    }
}
