//! The kinds of signature that notes carry here.

/// A kind of signature, with the byte by which a key says what it is for. A key of one kind never verifies another's
/// signature: the kind is part of the key, never read from the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519 over the text of the note (type 01): logs and officials.
    Ed25519,
    /// Ed25519 over a time and a checkpoint (type 04, `cosignature/v1`): witnesses.
    Ed25519Cosignature,
    /// ML-DSA-44 over a time and a checkpoint or subtree (type 06, `subtree/v1`): logs, witnesses and mirrors.
    MlDsa44Cosignature,
}

impl Algorithm {
    /// The byte that stands for the kind in keys.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Algorithm::Ed25519 => 1,
            Algorithm::Ed25519Cosignature => 4,
            Algorithm::MlDsa44Cosignature => 6,
        }
    }

    /// The kind a byte stands for.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Algorithm> {
        match byte {
            1 => Some(Algorithm::Ed25519),
            4 => Some(Algorithm::Ed25519Cosignature),
            6 => Some(Algorithm::MlDsa44Cosignature),
            _ => None,
        }
    }

    /// Bytes of a public key.
    #[must_use]
    pub const fn public_key_bytes(self) -> usize {
        match self {
            Algorithm::Ed25519 | Algorithm::Ed25519Cosignature => 32,
            Algorithm::MlDsa44Cosignature => 1312,
        }
    }

    /// Whether signatures of this kind state a time.
    #[must_use]
    pub const fn is_cosignature(self) -> bool {
        matches!(
            self,
            Algorithm::Ed25519Cosignature | Algorithm::MlDsa44Cosignature
        )
    }
}
