//! What a mirror remembers of one log.

use crate::checkpoint::SignedCheckpoint;
use crate::encoding::decimal;
use crate::hash::Hash;
use crate::storage::ObjectPath;

const HEADER: &str = "detente/mirror/v1";

/// How many pending checkpoints are still accepted as the end of an upload.
const MOST_PENDING: usize = 8;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The first entry that is not stored.
    pub(super) next: u64,
    /// The checkpoint up to which all is stored, with the log's signatures.
    pub(super) mirrored: Option<SignedCheckpoint>,
    /// Checkpoints that the log has signed since, the newest last: each grows out of the one before.
    pub(super) pending: Vec<SignedCheckpoint>,
}

impl State {
    pub(super) fn register() -> ObjectPath {
        ObjectPath::known("mirror".to_owned())
    }

    /// The newest checkpoint the mirror is locked on to.
    pub(super) fn newest(&self) -> Option<&SignedCheckpoint> {
        self.pending.last().or(self.mirrored.as_ref())
    }

    /// The checkpoint of such a size under which entries are accepted.
    pub(super) fn checkpoint(&self, size: u64) -> Option<&SignedCheckpoint> {
        self.pending
            .iter()
            .chain(&self.mirrored)
            .find(|one| one.checkpoint().size() == size)
    }

    pub(super) fn mirrored_size(&self) -> u64 {
        self.mirrored
            .as_ref()
            .map_or(0, |one| one.checkpoint().size())
    }

    pub(super) fn lock_on(&mut self, checkpoint: SignedCheckpoint) {
        let size = checkpoint.checkpoint().size();
        self.pending.retain(|one| one.checkpoint().size() != size);
        self.pending.push(checkpoint);
        if self.pending.len() > MOST_PENDING {
            self.pending.remove(0);
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut body = format!("{}\n{}\n", self.next, u8::from(self.mirrored.is_some()));
        for checkpoint in self.mirrored.iter().chain(&self.pending) {
            let text = checkpoint.to_string();
            body += &format!("{}\n{text}", text.len());
        }
        format!("{HEADER}\n{}\n{body}", Hash::of(body.as_bytes())).into_bytes()
    }

    /// `None` if it is damaged.
    pub(super) fn decode(bytes: &[u8]) -> Option<State> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (checksum, body) = text
            .strip_prefix(HEADER)?
            .strip_prefix('\n')?
            .split_once('\n')?;
        if checksum != Hash::of(body.as_bytes()).to_base64() {
            return None;
        }
        let (next, body) = body.split_once('\n')?;
        let (has_mirrored, mut body) = body.split_once('\n')?;
        let mut checkpoints = Vec::new();
        while !body.is_empty() {
            let (length, rest) = body.split_once('\n')?;
            let (text, rest) = rest.split_at_checked(usize::try_from(decimal(length)?).ok()?)?;
            checkpoints.push(SignedCheckpoint::parse(text.as_bytes()).ok()?);
            body = rest;
        }
        let mirrored = match has_mirrored {
            "1" if !checkpoints.is_empty() => Some(checkpoints.remove(0)),
            "0" => None,
            _ => return None,
        };
        Some(State {
            next: decimal(next)?,
            mirrored,
            pending: checkpoints,
        })
    }
}
