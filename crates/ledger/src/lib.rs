//! Signed, witnessed logs: bytes in, a log out that nobody can forge, quietly change, or show in two versions.

pub mod checkpoint;
pub mod cosignature;
mod encoding;
pub mod entry;
pub mod hash;
pub mod key;
pub mod log;
pub mod merkle;
pub mod mirror;
pub mod note;
pub mod policy;
mod proof_lines;
pub mod receipt;
pub mod received;
pub mod sealed;
pub mod storage;
pub mod tile;
pub mod time;
pub mod verify;
pub mod witness;
