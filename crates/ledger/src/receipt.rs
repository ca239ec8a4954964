//! Receipts (c2sp.org/tlog-proof): one file that proves, offline, that an entry is in a log and who has seen it there.

use std::fmt;

use thiserror::Error;

use crate::checkpoint::{SignedCheckpoint, SignedCheckpointError};
use crate::encoding::{decimal, from_base64, to_base64};
use crate::hash::Hash;
use crate::merkle::{MOST_PROOF_HASHES, ProofError, verify_inclusion};
use crate::note::MOST_NOTE_BYTES;
use crate::policy::{Accepted, Policy, PolicyRefusal};
use crate::proof_lines;
use crate::storage::Source;
use crate::tile::{TileReader, TreeError};

/// The first line of a receipt.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The most bytes a receipt may have.
pub const MOST_RECEIPT_BYTES: usize = 2 * MOST_NOTE_BYTES;

/// A receipt, not verified before [`Receipt::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Bytes that travel with the receipt and prove nothing by themselves.
    pub extra: Option<Vec<u8>>,
    /// The place of the entry in the log.
    pub index: u64,
    /// The inclusion proof, the sibling of the leaf first.
    pub proof: Vec<Hash>,
    /// The log's checkpoint with its signatures.
    pub checkpoint: SignedCheckpoint,
}

/// Why bytes are not a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// More bytes than [`MOST_RECEIPT_BYTES`].
    #[error("a receipt has at most {MOST_RECEIPT_BYTES} bytes; this one has {0}")]
    TooLong(usize),
    /// Not UTF-8, or no empty line between proof and checkpoint.
    #[error(
        "this is not a receipt: it begins with {HEADER:?}, and an empty line separates proof and checkpoint"
    )]
    Form,
    /// The line with extra data is malformed.
    #[error("line 2 of the receipt: after \"extra \" stands base 64")]
    Extra,
    /// The line with the index is malformed or missing.
    #[error(
        "the receipt has no line \"index \" and a number without leading zeros, before the proof"
    )]
    Index,
    /// A line of the proof is malformed, or there are too many.
    #[error(
        "each line of the proof is the base 64 of 32 bytes, and there are at most {MOST_PROOF_HASHES}"
    )]
    Proof,
    /// The checkpoint is malformed.
    #[error("the receipt's checkpoint: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReceiptRefusal {
    /// Signatures or quorum are wanting.
    #[error(transparent)]
    Policy(#[from] PolicyRefusal),
    /// The entry is not where the receipt says.
    #[error("the receipt does not belong to this entry: {0}")]
    Proof(#[from] ProofError),
}

impl Receipt {
    /// Reads a receipt, strictly: what is accepted is written again byte for byte.
    ///
    /// # Errors
    /// See [`ReceiptError`].
    pub fn parse(bytes: &[u8]) -> Result<Receipt, ReceiptError> {
        if bytes.len() > MOST_RECEIPT_BYTES {
            return Err(ReceiptError::TooLong(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ReceiptError::Form)?;
        let (lines, checkpoint) =
            proof_lines::split_at_empty_line(text).ok_or(ReceiptError::Form)?;
        let (&header, mut lines) = lines.split_first().ok_or(ReceiptError::Form)?;
        if header != HEADER {
            return Err(ReceiptError::Form);
        }
        let mut extra = None;
        if let Some((first, rest)) = lines.split_first()
            && let Some(encoded) = first.strip_prefix("extra ")
        {
            extra = Some(from_base64(encoded).ok_or(ReceiptError::Extra)?);
            lines = rest;
        }
        let (index, lines) = lines.split_first().ok_or(ReceiptError::Index)?;
        Ok(Receipt {
            extra,
            index: index
                .strip_prefix("index ")
                .and_then(decimal)
                .ok_or(ReceiptError::Index)?,
            proof: proof_lines::hashes(lines).ok_or(ReceiptError::Proof)?,
            checkpoint: SignedCheckpoint::parse(checkpoint.as_bytes())?,
        })
    }

    /// Writes the receipt for the entry at `index`, from the tiles of a log and a checkpoint of it that the caller trusts.
    ///
    /// # Errors
    /// [`TreeError`] where the tree cannot be read or does not reach so far.
    pub fn write(
        source: impl Source,
        index: u64,
        checkpoint: &SignedCheckpoint,
    ) -> Result<Receipt, TreeError> {
        let head = checkpoint.checkpoint();
        let (_, proof) = TileReader::new(source, head.size(), head.root()).inclusion(index)?;
        Ok(Receipt {
            extra: None,
            index,
            proof,
            checkpoint: checkpoint.clone(),
        })
    }

    /// Checks that this entry is in the log, that the log signed the checkpoint, and that the policy's quorum saw it.
    ///
    /// # Errors
    /// See [`ReceiptRefusal`].
    pub fn verify(&self, entry: &[u8], policy: &Policy) -> Result<Accepted, ReceiptRefusal> {
        self.verify_leaf(Hash::leaf(entry), policy)
    }

    /// The same, for an entry known only by the hash of its leaf.
    ///
    /// # Errors
    /// See [`ReceiptRefusal`].
    pub fn verify_leaf(&self, leaf: Hash, policy: &Policy) -> Result<Accepted, ReceiptRefusal> {
        let accepted = policy.accept(&self.checkpoint)?;
        let checkpoint = self.checkpoint.checkpoint();
        verify_inclusion(
            self.index,
            leaf,
            checkpoint.size(),
            checkpoint.root(),
            &self.proof,
        )?;
        Ok(accepted)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(formatter, "extra {}", to_base64(extra))?;
        }
        writeln!(formatter, "index {}", self.index)?;
        write!(
            formatter,
            "{}\n{}",
            proof_lines::write(&self.proof),
            self.checkpoint
        )
    }
}
