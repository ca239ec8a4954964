//! What one receipt proves: that the entry is in the log, who saw it when, and who said it.

use detente_ledger::entry::{Entry as SignedEntry, EntryError};
use detente_ledger::note::NoteVerifyError;
use detente_ledger::receipt::{Receipt, ReceiptRefusal};
use thiserror::Error;

use crate::archive::{Reception, Receptions, SeenHead};
use crate::statement::{Statement, StatementError};
use crate::trust::{EntryFault, ReceivedAt, Signed, TrustSequence};

/// What a receipt proves.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The log.
    pub origin: String,
    /// The place of the entry in it.
    pub index: u64,
    /// The entry's bytes.
    pub entry: Vec<u8>,
    /// When it was received by the rule.
    pub received: ReceivedAt,
    /// By whom and when.
    pub reception: Reception,
    /// What it states; `None` where the trust file names no parties, so that nobody can be said to have said it.
    pub statement: Option<Statement>,
    /// Who signed it.
    pub signed: Option<Signed>,
    /// The number of the trust file by which it was judged.
    pub trust_file: u64,
}

/// Why a receipt is not good.
#[derive(Debug, Error)]
pub enum ReceiptFault {
    /// The receipt carries no entry and none was given.
    #[error("the receipt does not carry its entry; name the file of the entry beside it")]
    NoEntry,
    /// The log did not sign.
    #[error("the receipt's head: {0}")]
    Head(#[from] NoteVerifyError),
    /// Too few have seen it.
    #[error(
        "too few witnesses have cosigned the receipt's head for it to count as received; ask the log for a receipt with more"
    )]
    NotReceived,
    /// The policy refuses it, or the entry is another.
    #[error(transparent)]
    Refused(#[from] ReceiptRefusal),
    /// What is in the log there is no entry.
    #[error("the log has this, but it is no entry: {0}")]
    Entry(#[from] EntryError),
    /// No statement.
    #[error("the log has this, but it is no statement: {0}")]
    Statement(#[from] StatementError),
    /// Not said by whom it should be.
    #[error("the log has this, but it does not count as said: {0}")]
    Fault(#[from] EntryFault),
}

/// Verifies a receipt, offline. `entry` are the bytes of the entry where the receipt does not carry them.
///
/// # Errors
/// See [`ReceiptFault`].
pub fn verify_receipt(
    receipt: &Receipt,
    entry: Option<&[u8]>,
    trust: &TrustSequence,
) -> Result<Proven, ReceiptFault> {
    let bytes = entry
        .or(receipt.extra.as_deref())
        .ok_or(ReceiptFault::NoEntry)?;
    let origin = receipt.checkpoint.checkpoint().origin();
    let head = SeenHead::read(&receipt.checkpoint, trust)?;
    let receptions = Receptions::reckon(trust, origin, &[head]);
    let reception = receptions.of(receipt.index).clone();
    let received = reception.by_rule.ok_or(ReceiptFault::NotReceived)?;
    let file = trust.file_at(received.time());
    receipt.verify(bytes, file.policy())?;
    let (statement, signed) = if file.parties().is_empty() {
        (None, None)
    } else {
        let entry = SignedEntry::parse(bytes)?;
        let statement = Statement::of_signed(&entry)?;
        let signed = trust.at(received).judge(origin, &entry, &statement)?;
        (Some(statement), Some(signed))
    };
    Ok(Proven {
        origin: origin.to_owned(),
        index: receipt.index,
        entry: bytes.to_vec(),
        received,
        statement,
        signed,
        trust_file: file.number(),
        reception,
    })
}
