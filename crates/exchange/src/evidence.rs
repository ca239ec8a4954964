//! Proof of misconduct: files that convict whoever made what is in them, by signatures alone.

use detente_ledger::checkpoint::{SignedCheckpoint, SignedCheckpointError};
use detente_ledger::hash::Hash;
use detente_ledger::merkle::{MOST_PROOF_HASHES, ProofError, verify_consistency};
use detente_ledger::note::{MOST_NOTE_BYTES, NoteVerifyError};
use detente_ledger::receipt::{Receipt, ReceiptError};
use detente_ledger::time::Timestamp;
use detente_quantity::Instant;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::archive::{Receptions, SeenHead};
use crate::proof::{ReceiptFault, verify_receipt};
use crate::trust::TrustSequence;

/// The form of the files.
const FORM: &str = "detente/evidence/v1";

/// The most bytes of a file of evidence.
pub const MOST_EVIDENCE_BYTES: usize = 8 * MOST_NOTE_BYTES;

/// A proof of misconduct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A log signed two heads that are not of one history: it was forked, or rewritten.
    Fork(Box<Fork>),
    /// A statement claims a time at which it was not in its log.
    Backdated(Box<Backdated>),
}

/// See [`Evidence::Fork`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The head of the smaller tree, or one of two of the same size.
    pub first: SignedCheckpoint,
    /// The head of the larger tree.
    pub second: SignedCheckpoint,
    /// The root that the larger tree had when it was as small as the first.
    pub prefix_root: Hash,
    /// The consistency proof from that root to the second head.
    pub proof: Vec<Hash>,
}

/// See [`Evidence::Backdated`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backdated {
    /// The receipt of the statement, with the statement.
    pub receipt: Receipt,
    /// A head of the log without it, cosigned by somebody else after the time it claims.
    pub head: SignedCheckpoint,
}

/// What evidence proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proved {
    /// The log signed two histories.
    Fork {
        /// The log.
        origin: String,
        /// The size of the one head.
        first: u64,
        /// The size of the other.
        second: u64,
    },
    /// A statement was dated back.
    Backdated {
        /// The log.
        origin: String,
        /// The statement's place.
        index: u64,
        /// When it claims to have been made.
        claimed: Instant,
        /// A time after that at which the log did not have it.
        absent: Timestamp,
        /// When it was received.
        received: Timestamp,
    },
}

/// Why evidence proves nothing.
#[derive(Debug, Error)]
pub enum EvidenceFault {
    /// Not a file of evidence.
    #[error("this is no evidence: {0}")]
    Form(String),
    /// A head in it is malformed.
    #[error("a head in it: {0}")]
    Head(#[from] SignedCheckpointError),
    /// The receipt in it is malformed.
    #[error("the receipt in it: {0}")]
    Receipt(#[from] ReceiptError),
    /// A head is not signed by a listed key of its log.
    #[error("a head in it is not signed by the log: {0}")]
    Unsigned(#[from] NoteVerifyError),
    /// The heads are of different logs.
    #[error("the heads are of different logs, {0:?} and {1:?}")]
    DifferentLogs(String, String),
    /// The heads are of one history.
    #[error("the two heads are of one history: nothing is proved")]
    Consistent,
    /// The proof does not lead to the second head.
    #[error("the proof in it: {0}")]
    Proof(#[from] ProofError),
    /// The receipt proves nothing.
    #[error("the receipt in it: {0}")]
    NoReceipt(#[from] ReceiptFault),
    /// The statement claims no time.
    #[error("the statement does not claim a time at which it was made")]
    NoClaim,
    /// Nobody says to have seen the log without it after that time.
    #[error(
        "no cosignature of another party after the claimed time is on a head without the statement"
    )]
    NotAbsent,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    detente: String,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    second: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    prefix_root: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    proof: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    receipt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    head: Option<String>,
}

/// Two heads as a node keeps them when a log shows it the second one.
#[derive(Deserialize)]
struct KeptByNode {
    known: String,
    shown: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Fork,
    Backdated,
}

impl Evidence {
    /// Evidence of a fork. `prefix_root` is the root that the tree of `second` had at the size of `first`, and `proof` its
    /// consistency proof.
    #[must_use]
    pub fn fork(
        first: SignedCheckpoint,
        second: SignedCheckpoint,
        prefix_root: Hash,
        proof: Vec<Hash>,
    ) -> Evidence {
        Evidence::Fork(Box::new(Fork {
            first,
            second,
            prefix_root,
            proof,
        }))
    }

    /// Evidence of two heads of one size: it needs no proof.
    #[must_use]
    pub fn two_heads(first: SignedCheckpoint, second: SignedCheckpoint) -> Evidence {
        let prefix_root = second.checkpoint().root();
        Evidence::fork(first, second, prefix_root, Vec::new())
    }

    /// Evidence that a statement was dated back. The receipt carries the statement in its `extra`.
    #[must_use]
    pub fn backdated(receipt: Receipt, head: SignedCheckpoint) -> Evidence {
        Evidence::Backdated(Box::new(Backdated { receipt, head }))
    }

    /// Sizes of the two heads that it is about.
    pub(crate) fn sizes(&self) -> (u64, u64) {
        match self {
            Evidence::Fork(fork) => (
                fork.first.checkpoint().size(),
                fork.second.checkpoint().size(),
            ),
            Evidence::Backdated(backdated) => (
                backdated.head.checkpoint().size(),
                backdated.receipt.checkpoint.checkpoint().size(),
            ),
        }
    }

    /// The log that it is about.
    #[must_use]
    pub fn origin(&self) -> &str {
        match self {
            Evidence::Fork(fork) => fork.first.checkpoint().origin(),
            Evidence::Backdated(backdated) => backdated.head.checkpoint().origin(),
        }
    }

    /// Whether bytes look like evidence at all.
    #[must_use]
    pub fn looks_like(bytes: &[u8]) -> bool {
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        first == Some(&b'{')
    }

    /// The file.
    #[must_use]
    pub fn to_json(&self) -> String {
        let written = match self {
            Evidence::Fork(fork) => Written {
                detente: FORM.to_owned(),
                kind: Kind::Fork,
                first: Some(fork.first.to_string()),
                second: Some(fork.second.to_string()),
                prefix_root: Some(fork.prefix_root.to_base64()),
                proof: Some(fork.proof.iter().map(|hash| hash.to_base64()).collect()),
                receipt: None,
                head: None,
            },
            Evidence::Backdated(backdated) => Written {
                detente: FORM.to_owned(),
                kind: Kind::Backdated,
                first: None,
                second: None,
                prefix_root: None,
                proof: None,
                receipt: Some(backdated.receipt.to_string()),
                head: Some(backdated.head.to_string()),
            },
        };
        // Texts and lists of texts: writing does not fail.
        serde_json::to_string_pretty(&written).unwrap_or_default() + "\n"
    }

    /// Reads a file of evidence, or the two heads of one size that a node has kept. It proves nothing before
    /// [`Evidence::verify`].
    ///
    /// # Errors
    /// See [`EvidenceFault`].
    pub fn parse(bytes: &[u8]) -> Result<Evidence, EvidenceFault> {
        let form = |reason: &str| EvidenceFault::Form(reason.to_owned());
        if bytes.len() > MOST_EVIDENCE_BYTES {
            return Err(form("it is too large"));
        }
        if let Ok(kept) = serde_json::from_slice::<KeptByNode>(bytes) {
            let known = SignedCheckpoint::parse(kept.known.as_bytes())?;
            let shown = SignedCheckpoint::parse(kept.shown.as_bytes())?;
            return Ok(Evidence::two_heads(known, shown));
        }
        let written: Written = serde_json::from_slice(bytes)
            .map_err(|error| EvidenceFault::Form(error.to_string()))?;
        if written.detente != FORM {
            return Err(form("another version"));
        }
        let needed = |member: Option<String>, name: &str| {
            member.ok_or_else(|| EvidenceFault::Form(format!("`{name}` is missing")))
        };
        let head = |text: String| SignedCheckpoint::parse(text.as_bytes());
        match written.kind {
            Kind::Fork => {
                let hashes = written.proof.unwrap_or_default();
                if hashes.len() > MOST_PROOF_HASHES {
                    return Err(form("the proof is too long"));
                }
                let hash = |text: &str| Hash::from_base64(text).ok_or_else(|| form("a hash in it"));
                Ok(Evidence::fork(
                    head(needed(written.first, "first")?)?,
                    head(needed(written.second, "second")?)?,
                    hash(&needed(written.prefix_root, "prefix_root")?)?,
                    hashes
                        .iter()
                        .map(|text| hash(text))
                        .collect::<Result<_, _>>()?,
                ))
            }
            Kind::Backdated => Ok(Evidence::backdated(
                Receipt::parse(needed(written.receipt, "receipt")?.as_bytes())?,
                head(needed(written.head, "head")?)?,
            )),
        }
    }

    /// Checks everything and says what is proved.
    ///
    /// # Errors
    /// See [`EvidenceFault`].
    pub fn verify(&self, trust: &TrustSequence) -> Result<Proved, EvidenceFault> {
        match self {
            Evidence::Fork(fork) => fork.verify(trust),
            Evidence::Backdated(backdated) => backdated.verify(trust),
        }
    }
}

fn same_log<'a>(
    first: &'a SignedCheckpoint,
    second: &SignedCheckpoint,
) -> Result<&'a str, EvidenceFault> {
    let (first, second) = (first.checkpoint().origin(), second.checkpoint().origin());
    if first == second {
        Ok(first)
    } else {
        Err(EvidenceFault::DifferentLogs(
            first.to_owned(),
            second.to_owned(),
        ))
    }
}

impl Fork {
    fn verify(&self, trust: &TrustSequence) -> Result<Proved, EvidenceFault> {
        let origin = same_log(&self.first, &self.second)?;
        SeenHead::read(&self.first, trust)?;
        SeenHead::read(&self.second, trust)?;
        let (first, second) = (self.first.checkpoint(), self.second.checkpoint());
        verify_consistency(
            first.size(),
            self.prefix_root,
            second.size(),
            second.root(),
            &self.proof,
        )?;
        // The second tree had one root at that size, the log signed another.
        if self.prefix_root == first.root() {
            return Err(EvidenceFault::Consistent);
        }
        Ok(Proved::Fork {
            origin: origin.to_owned(),
            first: first.size(),
            second: second.size(),
        })
    }
}

impl Backdated {
    fn verify(&self, trust: &TrustSequence) -> Result<Proved, EvidenceFault> {
        let origin = same_log(&self.head, &self.receipt.checkpoint)?;
        let proven = verify_receipt(&self.receipt, None, trust)?;
        let claimed = proven
            .statement
            .as_ref()
            .and_then(|statement| statement.claimed())
            .ok_or(EvidenceFault::NoClaim)?;
        let head = SeenHead::read(&self.head, trust)?;
        if head.size > self.receipt.index {
            return Err(EvidenceFault::NotAbsent);
        }
        let owner = |time: Timestamp| {
            trust
                .file_at(time)
                .owner(origin)
                .map(|one| one.name.clone())
        };
        // The log signed this head, and another party says that it was the largest one at that time.
        let seen = Receptions::reckon(trust, origin, std::slice::from_ref(&head));
        let absent = seen
            .of_head()
            .by_party
            .iter()
            .filter(|(party, time)| owner(*time).as_ref() != Some(party))
            .map(|(_, time)| *time)
            .filter(|time| crate::instant(*time) > claimed)
            .max()
            .ok_or(EvidenceFault::NotAbsent)?;
        Ok(Proved::Backdated {
            origin: origin.to_owned(),
            index: self.receipt.index,
            claimed,
            absent,
            received: proven.received.time(),
        })
    }
}

impl std::fmt::Display for Proved {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Proved::Fork {
                origin,
                first,
                second,
            } if first == second => write!(
                formatter,
                "the log {origin} signed two different heads of {first} entries: it was forked"
            ),
            Proved::Fork {
                origin,
                first,
                second,
            } => write!(
                formatter,
                "the log {origin} signed a head of {first} entries and one of {second} that did not grow out of it: it was rewritten or forked"
            ),
            Proved::Backdated {
                origin,
                index,
                claimed,
                absent,
                received,
            } => write!(
                formatter,
                "entry {index} of the log {origin} claims to have been made at {claimed}; at {} the log did not have it, and it was received at {}: it was dated back",
                crate::instant(*absent),
                crate::instant(*received)
            ),
        }
    }
}
