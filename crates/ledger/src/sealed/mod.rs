//! Confidential content: encrypted to named parties, with a commitment in the open.
//!
//! The entry in the log carries in the open what must be public (its kind, its time), a [`Commitment`] to the content, and
//! the hash of the sealed file. Only the named parties can read the file. Whoever has read it can later disclose the content
//! with its salt, and everybody can check that it is what was committed to: neither the author nor a reader can disclose
//! anything else.
//!
//! Each party's copy of the content key is wrapped by HPKE (RFC 9180) with X-Wing, which joins X25519 and ML-KEM-768: what is
//! recorded today stays closed as long as one of the two holds. The content is encrypted with ChaCha20-Poly1305 and padded, so
//! that its length says little. A sender that wraps different keys for different readers gains nothing: every reader checks
//! the content against the one commitment.

mod commitment;
mod key;

pub use commitment::{Commitment, Disclosure};
pub use key::{ReaderKey, ReaderKeyError, ReaderSecret};

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hpke::aead::ChaCha20Poly1305 as WrapCipher;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{
    Deserializable as _, OpModeR, OpModeS, Serializable as _, single_shot_open, single_shot_seal,
};
use thiserror::Error;
use zeroize::{Zeroize as _, Zeroizing};

const HEADER: &[u8] = b"detente/sealed/v1\n";
const ENCAPSULATED_BYTES: usize = 1120;
const WRAPPED_BYTES: usize = 32 + 16;
const PART_BYTES: usize = 8 + ENCAPSULATED_BYTES + WRAPPED_BYTES;

/// The most parties a file is sealed to.
pub const MOST_READERS: usize = 255;

/// The most bytes of content that are sealed at once; all of it is held in memory.
pub const MOST_SEALED_BYTES: usize = 1 << 30;

/// A sealed file and the commitment that goes into its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// For the entry, in the open.
    pub commitment: Commitment,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Why nothing was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    /// No party, or too many.
    #[error("content is sealed to one party or more, at most {MOST_READERS}")]
    Readers,
    /// Too large.
    #[error("at most {MOST_SEALED_BYTES} bytes are sealed at once")]
    TooLarge,
    /// The system gives no randomness.
    #[error("the system gave no random bytes: {0}")]
    Random(String),
    /// The cipher failed.
    #[error("the content could not be encrypted")]
    Cipher,
}

/// Why a sealed file was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenSealedError {
    /// Not a sealed file.
    #[error("this is not a sealed file, or it is cut off")]
    Form,
    /// Not for this party.
    #[error("the file is not sealed to this key")]
    NotForThisKey,
    /// Altered, or sealed under another header or commitment.
    #[error("the file was altered, or belongs to another entry")]
    Altered,
    /// The content is not what the entry commits to.
    #[error(
        "the content is not what the entry commits to: its author sealed something else than it promised"
    )]
    OtherContent,
}

/// Seals content to the named parties. `context` binds the file to its entry: whatever of it is public, for example the origin
/// of the log and the entry's kind. The same bytes are needed to open it.
///
/// # Errors
/// See [`SealError`].
pub fn seal(content: &[u8], context: &[u8], readers: &[ReaderKey]) -> Result<Sealed, SealError> {
    let count = u8::try_from(readers.len())
        .ok()
        .filter(|&count| count > 0)
        .ok_or(SealError::Readers)?;
    if content.len() > MOST_SEALED_BYTES {
        return Err(SealError::TooLarge);
    }
    let random = |bytes: &mut [u8]| {
        getrandom::fill(bytes).map_err(|error| SealError::Random(error.to_string()))
    };
    let (mut salt, mut key) = (Zeroizing::new([0; 32]), Zeroizing::new([0; 32]));
    random(&mut *salt)?;
    random(&mut *key)?;
    let commitment = Commitment::of(&salt, content);
    let bound = bind(&commitment, context);

    let mut bytes = HEADER.to_vec();
    bytes.push(count);
    for reader in readers {
        let (encapsulated, wrapped) = single_shot_seal::<WrapCipher, HkdfSha256, XWing>(
            &OpModeS::Base,
            reader.public(),
            HEADER,
            &*key,
            &bound,
        )
        .map_err(|_| SealError::Cipher)?;
        bytes.extend_from_slice(&reader.id());
        bytes.extend_from_slice(&encapsulated.to_bytes());
        bytes.extend_from_slice(&wrapped);
    }
    let mut padded = Zeroizing::new(Vec::with_capacity(padded_length(content.len() + 40) + 16));
    padded.extend_from_slice(&*salt);
    padded.extend_from_slice(&(content.len() as u64).to_be_bytes());
    padded.extend_from_slice(content);
    padded.resize(padded_length(content.len() + 40), 0);
    // The key is used for this one message: a nonce of zeros is as good as any. The readers' part is bound as well.
    let data = [&bound[..], &bytes].concat();
    ChaCha20Poly1305::new(&Key::from(*key))
        .encrypt_in_place(&Nonce::default(), &data, &mut *padded)
        .map_err(|_| SealError::Cipher)?;
    bytes.extend_from_slice(&padded);
    Ok(Sealed { commitment, bytes })
}

/// Opens a sealed file and checks its content against the commitment of its entry.
///
/// # Errors
/// See [`OpenSealedError`].
pub fn open(
    sealed: &[u8],
    commitment: &Commitment,
    context: &[u8],
    secret: &ReaderSecret,
) -> Result<Disclosure, OpenSealedError> {
    let rest = sealed.strip_prefix(HEADER).ok_or(OpenSealedError::Form)?;
    let (&count, rest) = rest.split_first().ok_or(OpenSealedError::Form)?;
    let parts_length = usize::from(count) * PART_BYTES;
    let (parts, ciphertext) = rest
        .split_at_checked(parts_length)
        .ok_or(OpenSealedError::Form)?;
    let bound = bind(commitment, context);
    let id = secret.public().id();
    // Identifiers are short: several parts may bear one, and the right one opens.
    let mut mine = parts
        .chunks_exact(PART_BYTES)
        .filter(|part| part[..8] == id)
        .peekable();
    if mine.peek().is_none() {
        return Err(OpenSealedError::NotForThisKey);
    }
    let key = mine
        .find_map(|part| unwrap(&part[8..], &bound, secret))
        .ok_or(OpenSealedError::Altered)?;
    let data = [&bound[..], &sealed[..HEADER.len() + 1 + parts_length]].concat();
    let mut padded = Zeroizing::new(ciphertext.to_vec());
    ChaCha20Poly1305::new(&Key::from(*key))
        .decrypt_in_place(&Nonce::default(), &data, &mut *padded)
        .map_err(|_| OpenSealedError::Altered)?;
    let (salt, rest) = padded
        .split_first_chunk::<32>()
        .ok_or(OpenSealedError::Altered)?;
    let (length, rest) = rest
        .split_first_chunk::<8>()
        .ok_or(OpenSealedError::Altered)?;
    let length =
        usize::try_from(u64::from_be_bytes(*length)).map_err(|_| OpenSealedError::Altered)?;
    let content = rest.get(..length).ok_or(OpenSealedError::Altered)?;
    let disclosure = Disclosure {
        salt: *salt,
        content: content.to_vec(),
    };
    if disclosure.opens(commitment) {
        Ok(disclosure)
    } else {
        Err(OpenSealedError::OtherContent)
    }
}

fn unwrap(part: &[u8], bound: &[u8], secret: &ReaderSecret) -> Option<Zeroizing<[u8; 32]>> {
    let (encapsulated, wrapped) = part.split_at_checked(ENCAPSULATED_BYTES)?;
    let encapsulated = <XWing as hpke::Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    let mut key = single_shot_open::<WrapCipher, HkdfSha256, XWing>(
        &OpModeR::Base,
        secret.private(),
        &encapsulated,
        HEADER,
        wrapped,
        bound,
    )
    .ok()?;
    let fixed = <[u8; 32]>::try_from(&key[..]).ok().map(Zeroizing::new);
    key.zeroize();
    fixed
}

/// What ties a file to its entry.
fn bind(commitment: &Commitment, context: &[u8]) -> Vec<u8> {
    [
        &commitment.as_bytes()[..],
        crate::hash::Hash::of(context).as_bytes(),
    ]
    .concat()
}

/// The length after padding: at most an eighth more, so that of the length only its magnitude shows ("Padmé", from the paper on
/// padded uniform random blobs).
fn padded_length(length: usize) -> usize {
    if length < 256 {
        return 256;
    }
    let exponent = length.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1_usize << exponent.saturating_sub(kept)) - 1;
    (length + mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::padded_length;

    #[test]
    fn padding_hides_the_length_and_costs_little() {
        let mut seen = std::collections::BTreeSet::new();
        for length in (0..2_000_000).step_by(37) {
            let padded = padded_length(length);
            assert!(
                padded >= length && (length < 256 || padded <= length + length / 8),
                "{length} {padded}"
            );
            seen.insert(padded);
        }
        // Of 54,000 lengths, these many can be told apart.
        assert!(seen.len() < 300, "{}", seen.len());
    }
}
