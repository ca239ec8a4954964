//! Entries: submitting, asking, receipts.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query as Asked, State, rejection::QueryRejection};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use detente_ledger::entry::Entry;
use detente_ledger::tile::MOST_ENTRY_BYTES;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::database::{IndexEntry, Query};
use crate::http::access::{Reader, SignedIn};
use crate::http::problem::Problem;
use crate::http::{Served, blocking, body};
use crate::node::{Node, Submitted};

/// How to submit.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct How {
    /// `witnessed`: wait until a quorum of witnesses has seen the entry, and answer with the receipt.
    pub(super) wait: Option<Wait>,
}

/// What a submission waits for.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Wait {
    /// For a quorum of witnesses.
    Witnessed,
}

/// What became of a submitted entry.
#[derive(Serialize, ToSchema)]
pub(super) struct Taken {
    /// The log.
    log: String,
    /// Its place in the log.
    index: u64,
    /// The SHA-256 of what was signed, in hexadecimal.
    statement: String,
    /// Whether it was there already: nothing was appended then.
    repeated: bool,
    /// The receipt (c2sp.org/tlog-proof), if it was waited for and came in time. If not, ask for it later.
    receipt: Option<String>,
}

pub(super) async fn taken(
    served: Served,
    submitted: Submitted,
    wait: Option<Wait>,
) -> Result<Response, Problem> {
    let receipt = match wait {
        Some(Wait::Witnessed) => wait_for_receipt(&served, submitted.index).await?,
        None => None,
    };
    let status = if submitted.repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let answer = Taken {
        log: served.node.config().origin.clone(),
        index: submitted.index,
        statement: submitted.statement,
        repeated: submitted.repeated,
        receipt,
    };
    Ok((status, Json(answer)).into_response())
}

async fn wait_for_receipt(served: &Served, index: u64) -> Result<Option<String>, Problem> {
    let patience = Duration::from_secs(served.node.config().limits.witnessed_seconds);
    let until = tokio::time::Instant::now() + patience;
    let mut changed = served.node.inner.changed.subscribe();
    let mut stopping = served.stopping.clone();
    loop {
        changed.mark_unchanged();
        let node = served.node.clone();
        let origin = served.node.config().origin.clone();
        match blocking(move || node.inner.receipt(&origin, index)).await? {
            Ok(receipt) => return Ok(Some(receipt.to_string())),
            Err(crate::node::ReadError::NotWitnessed(_)) => {}
            Err(error) => return Err(error.into()),
        }
        tokio::select! {
            changed = tokio::time::timeout_at(until, changed.changed()) => {
                if !matches!(changed, Ok(Ok(()))) {
                    return Ok(None);
                }
            }
            _ = stopping.wait_for(|stop| *stop) => return Ok(None),
        }
    }
}

pub(super) fn parameters<T>(asked: Result<Asked<T>, QueryRejection>) -> Result<T, Problem> {
    asked
        .map(|Asked(asked)| asked)
        .map_err(|rejection| Problem::wrong("query", rejection.body_text()))
}

/// Submit an entry that officials have signed.
#[utoipa::path(post, path = "/api/v1/entries", params(How), security(("token" = [])),
    request_body(content = String, content_type = "text/plain", description = "The entry: a signed note, at most 65,535 bytes"),
    responses(
        (status = 201, body = Taken, description = "It is in the log, durably"),
        (status = 200, body = Taken, description = "It was there already"),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 408, body = Problem), (status = 413, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)
    ))]
pub(super) async fn submit(
    State(served): State<Served>,
    SignedIn(account): SignedIn,
    how: Result<Asked<How>, QueryRejection>,
    body: Body,
) -> Result<Response, Problem> {
    let how = parameters(how)?;
    let bytes = body::read_all(body, MOST_ENTRY_BYTES, served.node.config().limits.body()).await?;
    let node = served.node.clone();
    let submitted = blocking(move || node.submit(&account, &bytes)).await??;
    taken(served, submitted, how.wait).await
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// The origin of the log; the own one if absent.
    log: Option<String>,
    /// Only of this kind.
    kind: Option<String>,
    /// Only those that answer this provision.
    provision: Option<String>,
    /// Only those said by this author.
    author: Option<String>,
    /// From this place on.
    from: Option<u64>,
    /// How many at most.
    limit: Option<u32>,
}

/// An entry.
#[derive(Serialize, ToSchema)]
pub(super) struct EntryLine {
    /// Its place in the log.
    index: u64,
    /// The SHA-256 of what was signed, in hexadecimal.
    statement: String,
    /// What it says, where it is an entry.
    #[schema(value_type = Option<Object>)]
    says: Option<Value>,
    /// The names of the keys that signed it, as it states them; this node has verified those of its own log.
    signed_by: Vec<String>,
}

/// A page of entries.
#[derive(Serialize, ToSchema)]
pub(super) struct Page {
    /// The log.
    log: String,
    /// The entries, in the order of the log.
    entries: Vec<EntryLine>,
    /// From where to ask for the next page; absent at the end.
    next: Option<u64>,
}

fn line(index: IndexEntry, bytes: &[u8]) -> EntryLine {
    let entry = Entry::parse(bytes).ok();
    EntryLine {
        index: index.place,
        statement: index.statement,
        says: entry
            .as_ref()
            .and_then(|entry| serde_json::from_str(entry.body()).ok()),
        signed_by: entry.map_or_else(Vec::new, |entry| {
            entry
                .note()
                .signatures()
                .iter()
                .map(|signature| signature.name.to_string())
                .collect()
        }),
    }
}

fn find(node: &Node, which: Which) -> Result<Page, Problem> {
    let limit = which
        .limit
        .unwrap_or(64)
        .clamp(1, node.config().limits.page);
    let log = which.log.unwrap_or_else(|| node.config().origin.clone());
    node.index().map_err(|error| Problem::internal(&error))?;
    let found = node.store().query(&Query {
        log: log.clone(),
        kind: which.kind,
        provision: which.provision,
        author: which.author,
        from: which.from.unwrap_or(0),
        limit: limit + 1,
    })?;
    if found.is_empty() {
        // An empty log is here; another's name is a mistake.
        if !node.inner.origins().any(|origin| origin == log) {
            return Err(crate::node::ReadError::NoLog(log).into());
        }
        return Ok(Page {
            log,
            entries: Vec::new(),
            next: None,
        });
    }
    let tree = node.inner.tree_of(&log)?;
    let mut entries = Vec::new();
    let mut next = None;
    let mut bytes = 0;
    for index in found {
        // A page has a size in bytes, too.
        if entries.len() == limit as usize || bytes > 4 << 20 {
            next = Some(index.place);
            break;
        }
        let entry = tree
            .entry(index.place)
            .map_err(|error| Problem::internal(&error))?;
        bytes += entry.len();
        entries.push(line(index, &entry));
    }
    Ok(Page { log, entries, next })
}

/// Ask for entries of a log that is kept here.
#[utoipa::path(get, path = "/api/v1/entries", params(Which),
    responses((status = 200, body = Page), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn query(
    State(served): State<Served>,
    _: Reader,
    which: Result<Asked<Which>, QueryRejection>,
) -> Result<Json<Page>, Problem> {
    let which = parameters(which)?;
    blocking(move || find(&served.node, which)).await?.map(Json)
}

/// Of which log.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct OfLog {
    /// The origin of the log; the own one if absent.
    log: Option<String>,
}

/// An entry with when the other parties say to have seen it first.
#[derive(Serialize, ToSchema)]
pub(super) struct OneEntry {
    /// The log.
    log: String,
    /// Its place in the log.
    index: u64,
    /// The entry itself, as it was signed, where it is text.
    entry: Option<String>,
    /// By party: the time, in seconds, that its first cosignature states. Only for the own log.
    received: Vec<Received>,
}

/// When a party first said to have seen an entry.
#[derive(Serialize, ToSchema)]
pub(super) struct Received {
    /// The party.
    party: String,
    /// The time in seconds.
    time: u64,
}

/// One entry, with its times of receipt.
#[utoipa::path(get, path = "/api/v1/entries/{index}", params(("index" = u64, Path, description = "Its place in the log"), OfLog),
    responses((status = 200, body = OneEntry), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn entry(
    State(served): State<Served>,
    _: Reader,
    Path(index): Path<String>,
    of: Result<Asked<OfLog>, QueryRejection>,
) -> Result<Json<OneEntry>, Problem> {
    let (index, of) = (place(&index)?, parameters(of)?);
    blocking(move || {
        let inner = &*served.node.inner;
        let log = of.log.unwrap_or_else(|| inner.config.origin.clone());
        let bytes = inner.read_entry(&log, index)?;
        let received = if log == inner.config.origin {
            inner.received(index)?
        } else {
            Vec::new()
        };
        Ok(Json(OneEntry {
            log,
            index,
            entry: String::from_utf8(bytes).ok(),
            received: received
                .into_iter()
                .map(|(party, time)| Received { party, time })
                .collect(),
        }))
    })
    .await?
}

/// A receipt for an entry (c2sp.org/tlog-proof): of the own log under the first checkpoint that a quorum cosigned, of a copied
/// log under the newest checkpoint, which this node's mirror has cosigned.
#[utoipa::path(get, path = "/api/v1/receipts/{index}", params(("index" = u64, Path, description = "The entry's place in the log"), OfLog),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "No quorum has seen it yet")))]
pub(super) async fn receipt(
    State(served): State<Served>,
    _: Reader,
    Path(index): Path<String>,
    of: Result<Asked<OfLog>, QueryRejection>,
) -> Result<Response, Problem> {
    let (index, of) = (place(&index)?, parameters(of)?);
    let receipt = blocking(move || {
        let inner = &*served.node.inner;
        let log = of.log.unwrap_or_else(|| inner.config.origin.clone());
        inner.receipt(&log, index)
    })
    .await??;
    Ok((
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        receipt.to_string(),
    )
        .into_response())
}

/// A number in a path: digits, without leading zeros, below 2⁶³.
pub(super) fn place(text: &str) -> Result<u64, Problem> {
    text.parse::<u64>()
        .ok()
        .filter(|number| number.to_string() == text && i64::try_from(*number).is_ok())
        .ok_or_else(|| Problem::wrong("number", "the path ends in a number without leading zeros"))
}
