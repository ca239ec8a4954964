//! Commitments: what was said, fixed before it is shown.

use std::fmt;

use crate::hash::Hash;

/// A commitment to content: `SHA-256("detente/commitment/v1\n" || salt || content)` with 32 random bytes of salt. It binds its
/// author to the content, and says nothing of it to others.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Commitment(Hash);

impl Commitment {
    /// The commitment to content under a salt.
    #[must_use]
    pub fn of(salt: &[u8; 32], content: &[u8]) -> Commitment {
        Commitment(Hash::of(
            &[&b"detente/commitment/v1\n"[..], salt, content].concat(),
        ))
    }

    /// A commitment from its base 64 as an entry carries it.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Commitment> {
        Hash::from_base64(text).map(Commitment)
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

/// Content with its salt: what is shown when a commitment is opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The salt.
    pub salt: [u8; 32],
    /// The content.
    pub content: Vec<u8>,
}

impl Disclosure {
    /// Whether this is what was committed to.
    #[must_use]
    pub fn opens(&self, commitment: &Commitment) -> bool {
        Commitment::of(&self.salt, &self.content) == *commitment
    }
}

impl fmt::Debug for Disclosure {
    /// Does not show the content.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Disclosure({} bytes)", self.content.len())
    }
}
