//! The register in which a log keeps its head, and the last entries until their tiles are written.

use thiserror::Error;

use crate::encoding::{decimal, to_hex};
use crate::hash::Hash;

/// What the log's register holds. Setting it is the one step that appends: before it nothing is appended, after it
/// everything is, and the tiles follow from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) root: Hash,
    /// The size up to which all tiles are known to be written.
    pub(super) previous: u64,
    pub(super) previous_root: Hash,
    /// A random mark by which a writer knows its own attempt again when the answer was lost.
    pub(super) attempt: [u8; 16],
    /// The entries from `previous` to `size`, each after its length.
    pub(super) pending: Vec<u8>,
}

/// The register is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "the log's register is damaged: its {0} is wrong; restore the log from a mirror, not from a backup"
)]
pub struct StateError(&'static str);

const HEADER: &str = "detente/log/v1";

impl State {
    pub(super) fn empty(origin: &str) -> State {
        State {
            origin: origin.to_owned(),
            size: 0,
            root: Hash::EMPTY,
            previous: 0,
            previous_root: Hash::EMPTY,
            attempt: [0; 16],
            pending: Vec::new(),
        }
    }

    /// Lines, the entries, and the SHA-256 of both: neither SQLite nor an object store is trusted to notice a flipped bit.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = format!(
            "{HEADER}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.origin,
            self.size,
            self.root,
            self.previous,
            self.previous_root,
            to_hex(&self.attempt),
        )
        .into_bytes();
        bytes.extend_from_slice(&self.pending);
        bytes.extend_from_slice(Hash::of(&bytes).as_bytes());
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<State, StateError> {
        let (body, checksum) = bytes.split_last_chunk::<32>().ok_or(StateError("length"))?;
        if Hash::of(body).as_bytes() != checksum {
            return Err(StateError("checksum"));
        }
        let mut rest = body;
        let mut line = |what: &'static str| {
            let end = rest
                .iter()
                .position(|&byte| byte == b'\n')
                .ok_or(StateError(what))?;
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            rest = after;
            std::str::from_utf8(line).map_err(|_| StateError(what))
        };
        let number = |text: &str| decimal(text).ok_or(StateError("size"));
        let hash = |text: &str| Hash::from_base64(text).ok_or(StateError("root"));
        if line("header")? != HEADER {
            return Err(StateError("header"));
        }
        let state = State {
            origin: line("origin")?.to_owned(),
            size: number(line("size")?)?,
            root: hash(line("root")?)?,
            previous: number(line("size")?)?,
            previous_root: hash(line("root")?)?,
            attempt: crate::encoding::from_hex(line("mark")?).ok_or(StateError("mark"))?,
            pending: Vec::new(),
        };
        if state.previous > state.size {
            return Err(StateError("size"));
        }
        Ok(State {
            pending: rest.to_vec(),
            ..state
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_is_noticed() {
        let state = State {
            size: 3,
            root: Hash::of(b"root"),
            previous: 1,
            attempt: [7; 16],
            pending: b"\0\x01a\0\x02bc".to_vec(),
            ..State::empty("log.example")
        };
        let bytes = state.encode();
        assert_eq!(State::decode(&bytes), Ok(state));
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(State::decode(&damaged).is_err());
        }
        for length in 0..bytes.len() {
            assert!(State::decode(&bytes[..length]).is_err());
        }
    }
}
