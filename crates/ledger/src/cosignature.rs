//! What cosigners sign (c2sp.org/tlog-cosignature): at such a time, this was the largest tree of that log that I had seen.

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::merkle::Subtree;
use crate::note::KeyName;
use crate::time::Timestamp;

/// The message of an Ed25519 cosignature (type 04) on the text of a checkpoint.
pub(crate) fn ed25519_message(time: Timestamp, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}

/// What an ML-DSA-44 cosignature (type 06) vouches for: a tree or a subtree of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignedSubtree {
    origin: String,
    start: u64,
    end: u64,
    hash: Hash,
}

impl CosignedSubtree {
    /// A whole tree.
    #[must_use]
    pub fn of_checkpoint(checkpoint: &Checkpoint) -> CosignedSubtree {
        CosignedSubtree {
            origin: checkpoint.origin().to_owned(),
            start: 0,
            end: checkpoint.size(),
            hash: checkpoint.root(),
        }
    }

    /// A subtree with its hash.
    #[must_use]
    pub fn new(origin: &str, subtree: Subtree, hash: Hash) -> CosignedSubtree {
        CosignedSubtree {
            origin: origin.to_owned(),
            start: subtree.start(),
            end: subtree.end(),
            hash,
        }
    }

    /// The bytes that are signed; `None` where name or origin is empty or does not fit into 255 bytes, or where a time is
    /// stated on a subtree that does not begin at 0.
    pub(crate) fn message(&self, cosigner: &KeyName, time: Timestamp) -> Option<Vec<u8>> {
        if self.start != 0 && time.seconds() != 0 {
            return None;
        }
        let mut message = b"subtree/v1\n\0".to_vec();
        for (text, number) in [
            (cosigner.as_str(), time.seconds()),
            (&self.origin, self.start),
        ] {
            message.push(u8::try_from(text.len()).ok().filter(|&length| length > 0)?);
            message.extend_from_slice(text.as_bytes());
            message.extend_from_slice(&number.to_be_bytes());
        }
        message.extend_from_slice(&self.end.to_be_bytes());
        message.extend_from_slice(self.hash.as_bytes());
        Some(message)
    }
}
