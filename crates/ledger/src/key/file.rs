//! Private keys in files, encrypted under a passphrase.
//!
//! ```text
//! detente/key/v1
//! <the public key>
//! argon2id 65536 3 1 <salt, base 64>
//! <nonce and ciphertext, base 64>
//! ```
//!
//! The passphrase is stretched by Argon2id (RFC 9106: 64 MiB, three passes), the private key's text form is encrypted by
//! XChaCha20-Poly1305, and the first three lines are authenticated with it: a file whose public key was exchanged does not open.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use argon2::{Algorithm as Argon2Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::encoding::{decimal, from_base64, to_base64};

const HEADER: &str = "detente/key/v1";

/// The most a file may ask for, so that a strange file cannot exhaust the machine: 1 GiB, 16 passes, 4 lanes.
const MOST_COSTS: [u64; 3] = [1 << 20, 16, 4];

/// The most bytes of a key file.
pub const MOST_KEY_FILE_BYTES: usize = 1 << 16;

/// Why a key file was not written or opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyFileError {
    /// Not a key file.
    #[error("this is not a key file: it has four lines, the first of them {HEADER:?}")]
    Form,
    /// It asks for more memory or time than is granted.
    #[error("the key file asks for more memory or time than any honest one does")]
    Costs,
    /// Wrong passphrase, or altered.
    #[error("the passphrase is wrong, or the key file was altered")]
    Passphrase,
    /// An empty passphrase.
    #[error("a key file needs a passphrase that is not empty")]
    Empty,
    /// The system gives no randomness.
    #[error("the system gave no random bytes: {0}")]
    Random(String),
    /// The key could not be derived or encrypted.
    #[error("the key could not be encrypted: {0}")]
    Cipher(String),
    /// The file could not be written.
    #[error("the key file {path} could not be written: {reason}")]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
}

/// Encrypts a private key's text form. `public` is shown in the open: one line, the public key.
///
/// # Errors
/// See [`KeyFileError`].
pub fn lock(public: &str, private: &str, passphrase: &str) -> Result<String, KeyFileError> {
    if passphrase.is_empty() {
        return Err(KeyFileError::Empty);
    }
    if public.is_empty() || public.contains(|character: char| character < ' ') {
        return Err(KeyFileError::Form);
    }
    let mut random = [0; 40];
    getrandom::fill(&mut random).map_err(|error| KeyFileError::Random(error.to_string()))?;
    let (salt, nonce) = random.split_at(16);
    let head = format!(
        "{HEADER}\n{public}\nargon2id 65536 3 1 {}\n",
        to_base64(salt)
    );
    let key = stretch(passphrase, salt, [65_536, 3, 1])?;
    let mut text = Zeroizing::new(private.as_bytes().to_vec());
    cipher(&key)
        .encrypt_in_place(&nonce_of(nonce)?, head.as_bytes(), &mut *text)
        .map_err(|error| KeyFileError::Cipher(error.to_string()))?;
    Ok(format!("{head}{}\n", to_base64(&[nonce, &text].concat())))
}

/// Opens a key file: its public key, and the private key's text form.
///
/// # Errors
/// See [`KeyFileError`].
pub fn unlock(file: &str, passphrase: &str) -> Result<(String, Zeroizing<String>), KeyFileError> {
    if file.len() > MOST_KEY_FILE_BYTES {
        return Err(KeyFileError::Form);
    }
    let mut lines = file
        .strip_suffix('\n')
        .ok_or(KeyFileError::Form)?
        .split('\n');
    let (Some(header), Some(public), Some(costs), Some(encoded), None) = (
        lines.next(),
        lines.next(),
        lines.next(),
        lines.next(),
        lines.next(),
    ) else {
        return Err(KeyFileError::Form);
    };
    let words: Vec<&str> = costs.split(' ').collect();
    let (HEADER, ["argon2id", memory, passes, lanes, salt]) = (header, words.as_slice()) else {
        return Err(KeyFileError::Form);
    };
    let mut numbers = [0; 3];
    for ((number, text), most) in numbers
        .iter_mut()
        .zip([memory, passes, lanes])
        .zip(MOST_COSTS)
    {
        let asked = decimal(text).ok_or(KeyFileError::Form)?;
        if asked > most {
            return Err(KeyFileError::Costs);
        }
        *number = u32::try_from(asked).map_err(|_| KeyFileError::Costs)?;
    }
    let salt = from_base64(salt).ok_or(KeyFileError::Form)?;
    let blob = from_base64(encoded).ok_or(KeyFileError::Form)?;
    let (nonce, ciphertext) = blob.split_at_checked(24).ok_or(KeyFileError::Form)?;
    let key = stretch(passphrase, &salt, numbers)?;
    let head = format!("{header}\n{public}\n{costs}\n");
    let mut text = Zeroizing::new(ciphertext.to_vec());
    cipher(&key)
        .decrypt_in_place(&nonce_of(nonce)?, head.as_bytes(), &mut *text)
        .map_err(|_| KeyFileError::Passphrase)?;
    let private = std::str::from_utf8(&text).map_err(|_| KeyFileError::Form)?;
    Ok((public.to_owned(), Zeroizing::new(private.to_owned())))
}

/// Writes a key file that only its owner may read. A file that is there is not replaced.
///
/// # Errors
/// [`KeyFileError::Write`].
pub fn write(path: &Path, content: &str) -> Result<(), KeyFileError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(content.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| KeyFileError::Write {
        path: path.display().to_string(),
        reason: error.to_string(),
    })
}

fn stretch(
    passphrase: &str,
    salt: &[u8],
    [memory, passes, lanes]: [u32; 3],
) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
    let wrong = |_| KeyFileError::Form;
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(wrong)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Argon2Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut *key)
        .map_err(wrong)?;
    Ok(key)
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key))
}

fn nonce_of(bytes: &[u8]) -> Result<XNonce, KeyFileError> {
    <[u8; 24]>::try_from(bytes)
        .map(XNonce::from)
        .map_err(|_| KeyFileError::Form)
}
