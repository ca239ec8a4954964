//! The paths of C2SP: the own log, the witness, the mirror. Paths are taken as they come and never decoded: whatever is not
//! written as the standard writes it is not found.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use detente_ledger::log::checkpoint_path;
use detente_ledger::mirror::Mirror;
use detente_ledger::storage::{ObjectPath, Source, StorageError};
use detente_ledger::tile::Tile;
use detente_ledger::witness::{self, AddCheckpoint};

use super::access::Reader;
use super::body;
use super::problem::Problem;
use super::{Served, blocking};

const PLAIN: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";
/// Heads change; what is named for its place in the tree does not.
const FRESH: &str = "no-cache";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The most bytes of an upload to the mirror: 32 packages of 256 entries of 65,535 bytes, with their proofs.
const MOST_UPLOAD_BYTES: u64 = 32 * (256 * 65_537 + 64 * 32) + (1 << 18);

pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/checkpoint", get(own_checkpoint))
        .route("/tile/{*tile}", get(own_tile))
        .route("/witnessed/{*number}", get(own_witnessed))
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{log}/checkpoint", get(latest))
        .route("/mirror/add-checkpoint", post(mirror_checkpoint))
        .route("/mirror/add-entries", post(mirror_entries))
        .route("/mirror/{log}/checkpoint", get(copy_checkpoint))
        .route("/mirror/{log}/tile/{*tile}", get(copy_tile))
}

fn none() -> Problem {
    Problem::not_found("there is nothing here")
}

fn object(
    bytes: Option<Vec<u8>>,
    kind: &'static str,
    cache: &'static str,
) -> Result<Response, Problem> {
    let bytes = bytes.ok_or_else(none)?;
    Ok((
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)],
        bytes,
    )
        .into_response())
}

fn failed(error: StorageError) -> Problem {
    Problem::internal(&error)
}

fn answer(answer: witness::Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (
        status,
        [
            (header::CONTENT_TYPE, answer.content_type),
            (header::CACHE_CONTROL, "no-store"),
        ],
        answer.body,
    )
        .into_response()
}

async fn own_checkpoint(State(served): State<Served>, _: Reader) -> Result<Response, Problem> {
    let bytes = blocking(move || served.node.inner.cosigned_head())
        .await?
        .map_err(failed)?;
    object(bytes, PLAIN, FRESH)
}

/// The path of a tile, as it was written.
fn tile_of(path: &str) -> Result<ObjectPath, Problem> {
    Tile::parse(path).map(Tile::path).ok_or_else(none)
}

async fn own_tile(State(served): State<Served>, _: Reader, uri: Uri) -> Result<Response, Problem> {
    let path = tile_of(uri.path().trim_start_matches('/'))?;
    let bytes = blocking(move || served.node.inner.own_storage.get(&path))
        .await?
        .map_err(failed)?;
    object(bytes, BYTES, FOR_EVER)
}

/// Heads that were offered to witnesses, with the cosignatures they have (our own; not of the standard).
async fn own_witnessed(
    State(served): State<Served>,
    _: Reader,
    uri: Uri,
) -> Result<Response, Problem> {
    let path = ObjectPath::new(uri.path().trim_start_matches('/')).ok_or_else(none)?;
    let bytes = blocking(move || served.node.inner.own_storage.get(&path))
        .await?
        .map_err(failed)?;
    object(bytes, PLAIN, FRESH)
}

async fn add_checkpoint(State(served): State<Served>, body: Body) -> Result<Response, Problem> {
    let patience = served.node.config().limits.body();
    let bytes = body::read_all(body, witness::MOST_REQUEST_BYTES, patience).await?;
    blocking(move || {
        let inner = &*served.node.inner;
        let request = AddCheckpoint::parse(&bytes).ok();
        let origin = request
            .as_ref()
            .map(|request| request.checkpoint.checkpoint().origin());
        let suspended = origin.is_some_and(|origin| {
            inner
                .suspended
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .contains(origin)
        });
        if suspended {
            return Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "suspended",
                "this witness does not sign for this log until its memory is set right",
            )
            .into_response();
        }
        let (said, fault) = inner.witness.answer(&bytes, inner.clock.now());
        if let Some(error) = fault {
            tracing::error!(%error, "the witness could not answer");
        }
        match (said.status, &request) {
            (200, Some(request)) => inner.noticed(request.checkpoint.checkpoint().origin()),
            (409 | 422, Some(request)) => inner.after_refusal(&request.checkpoint),
            _ => {}
        }
        answer(said)
    })
    .await
}

async fn latest(
    State(served): State<Served>,
    Path(log): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    // The path must be written as the standard writes it, not only mean the same.
    if uri.path() != format!("/{log}/checkpoint") || !is_hash(&log) {
        return Err(none());
    }
    let path = ObjectPath::new(&format!("{log}/checkpoint")).ok_or_else(none)?;
    let bytes = blocking(move || served.node.inner.witness_storage.get(&path))
        .await?
        .map_err(failed)?;
    object(bytes, PLAIN, FRESH)
}

fn is_hash(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

async fn mirror_checkpoint(State(served): State<Served>, body: Body) -> Result<Response, Problem> {
    let patience = served.node.config().limits.body();
    let bytes = body::read_all(body, witness::MOST_REQUEST_BYTES, patience).await?;
    blocking(move || {
        let (said, fault) = served.node.inner.mirror.answer_checkpoint(&bytes);
        if let Some(error) = fault {
            tracing::error!(%error, "the mirror could not answer");
        }
        answer(said)
    })
    .await
}

async fn mirror_entries(State(served): State<Served>, body: Body) -> Result<Response, Problem> {
    let patience = served.node.config().limits.body();
    let _place = served.upload()?;
    let node = served.node.clone();
    let said = body::stream(body, MOST_UPLOAD_BYTES, patience, move |reader| {
        let (said, fault) = node
            .inner
            .mirror
            .answer_entries(reader, node.inner.clock.now());
        if let Some(error) = fault {
            tracing::error!(%error, "the mirror could not answer");
        }
        if said.status == 200 {
            node.inner.nudge.raise();
        }
        said
    })
    .await?;
    Ok(answer(said))
}

/// The path below the copy of a log, and the log's origin.
fn copied<'a>(served: &Served, path: &'a str) -> Result<(String, &'a str), Problem> {
    let (log, rest) = path
        .strip_prefix("/mirror/")
        .and_then(|path| path.split_once('/'))
        .ok_or_else(none)?;
    let peer = served
        .node
        .peers()
        .iter()
        .find(|peer| Mirror::prefix(&peer.origin).as_str() == log)
        .ok_or_else(none)?;
    Ok((peer.origin.clone(), rest))
}

async fn copy_checkpoint(
    State(served): State<Served>,
    _: Reader,
    uri: Uri,
) -> Result<Response, Problem> {
    let (origin, _) = copied(&served, uri.path())?;
    let bytes = blocking(move || {
        served
            .node
            .inner
            .mirror
            .copy_of(&origin)
            .get(&checkpoint_path())
    })
    .await?
    .map_err(failed)?;
    object(bytes, PLAIN, FRESH)
}

async fn copy_tile(State(served): State<Served>, _: Reader, uri: Uri) -> Result<Response, Problem> {
    let (origin, rest) = copied(&served, uri.path())?;
    let path = tile_of(rest)?;
    let bytes = blocking(move || served.node.inner.mirror.copy_of(&origin).get(&path))
        .await?
        .map_err(failed)?;
    object(bytes, BYTES, FOR_EVER)
}
