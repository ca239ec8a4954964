//! Confidential statements: what must be public in the open, the rest for named parties.
//!
//! In the open stay the id, the kind, in whose name and about whom, the date, the agreement and the provision, and a
//! commitment. Everything else (values, things, events, words) is sealed. Whoever cannot open it knows that it was said and
//! when it was received, and never a value.

use detente_ledger::entry::{Attachment, EntryError, canonical};
use detente_ledger::hash::Hash;
use detente_ledger::sealed::{
    Disclosure, OpenSealedError, ReaderKey, ReaderSecret, SealError, Sealed, open, seal,
};
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::statement::{SealedPart, Statement, StatementError};

/// What stays in the open.
const OPEN: [&str; 9] = [
    "id",
    "kind",
    "author",
    "party",
    "as_of",
    "agreement",
    "provision",
    "evidence",
    "corrects",
];

/// Why nothing was sealed.
#[derive(Debug, Error)]
pub enum SealStatementError {
    /// The statement has no exact form.
    #[error(transparent)]
    Canonical(#[from] EntryError),
    /// The cipher failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The open part is no statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
}

/// Why a sealed statement was not opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OpenStatementError {
    /// The statement has no sealed part.
    #[error("nothing of this statement is sealed")]
    NotSealed,
    /// The sealed file was not opened.
    #[error(transparent)]
    Open(#[from] OpenSealedError),
    /// The content is no statement.
    #[error("what was sealed is no statement: {0}")]
    Content(StatementError),
    /// The content says something else than its open part.
    #[error(
        "what was sealed differs from its open part in `{0}`: its author promised one thing in the open and sealed another"
    )]
    Differs(&'static str),
    /// The disclosure does not open the commitment.
    #[error("this is not what the statement commits to")]
    OtherContent,
}

/// The open statement and the file to be stored beside the log under its hash.
#[derive(Clone, Debug)]
pub struct SealedStatement {
    /// To be signed.
    pub open: Statement,
    /// To be stored.
    pub file: Vec<u8>,
}

/// Seals a statement that goes into the log `origin`, to the named readers.
///
/// # Errors
/// See [`SealStatementError`].
pub fn seal_statement(
    statement: &Statement,
    origin: &str,
    readers: &[ReaderKey],
) -> Result<SealedStatement, SealStatementError> {
    let content = statement.canonical()?;
    let Sealed { commitment, bytes } =
        seal(content.as_bytes(), &context(origin, statement), readers)?;
    let file = Attachment {
        sha256: Hash::of(&bytes),
        bytes: bytes.len() as u64,
    };
    let mut object: Map<String, Value> = open_members(statement);
    object.insert(
        "sealed".to_owned(),
        json!({ "commitment": commitment.to_string(), "file": file.to_json() }),
    );
    Ok(SealedStatement {
        open: Statement::of_json(Value::Object(object))?,
        file: bytes,
    })
}

/// Opens the sealed file of a statement that was found in the log `origin`.
///
/// # Errors
/// See [`OpenStatementError`].
pub fn open_statement(
    statement: &Statement,
    origin: &str,
    file: &[u8],
    secret: &ReaderSecret,
) -> Result<(Statement, Disclosure), OpenStatementError> {
    let SealedPart { commitment, .. } = statement.sealed().ok_or(OpenStatementError::NotSealed)?;
    let disclosure = open(file, &commitment, &context(origin, statement), secret)?;
    Ok((disclosed(statement, &disclosure)?, disclosure))
}

/// What a disclosure shows to everybody: the statement that was sealed.
///
/// # Errors
/// See [`OpenStatementError`].
pub fn disclosed(
    statement: &Statement,
    disclosure: &Disclosure,
) -> Result<Statement, OpenStatementError> {
    let sealed = statement.sealed().ok_or(OpenStatementError::NotSealed)?;
    if !disclosure.opens(&sealed.commitment) {
        return Err(OpenStatementError::OtherContent);
    }
    let value = serde_json::from_slice(&disclosure.content)
        .map_err(|error| OpenStatementError::Content(StatementError::Json(error.to_string())))?;
    let content = Statement::of_json(value).map_err(OpenStatementError::Content)?;
    let (outside, inside) = (open_members(statement), open_members(&content));
    for key in OPEN {
        if outside.get(key) != inside.get(key) {
            return Err(OpenStatementError::Differs(key));
        }
    }
    Ok(content)
}

fn open_members(statement: &Statement) -> Map<String, Value> {
    let Value::Object(object) = statement.json() else {
        return Map::new();
    };
    object
        .into_iter()
        .filter(|(key, _)| OPEN.contains(&key.as_str()))
        .collect()
}

/// What binds a sealed file to its statement.
fn context(origin: &str, statement: &Statement) -> Vec<u8> {
    // Texts only: the canonical form exists.
    let open = canonical(&Value::Object(open_members(statement))).unwrap_or_default();
    format!("detente/statement/v1\n{origin}\n{open}").into_bytes()
}
