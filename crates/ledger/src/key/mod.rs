//! Keys: what signs, what verifies, and the text forms of both.

mod algorithm;
pub mod file;
mod signer;
mod verifier;

pub use algorithm::Algorithm;
pub use signer::{LocalSigner, PrivateKeyError, SignError, Signer, sign_text};
pub use verifier::{VerifierKey, VerifierKeyError};
