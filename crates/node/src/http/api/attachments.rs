//! Attachments: files named for their hash.

use std::io::Read as _;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use detente_ledger::entry::Attachment;
use detente_ledger::hash::Hash;
use detente_ledger::storage::{StorageError, content_path};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::access::{Reader, SignedIn};
use crate::http::problem::Problem;
use crate::http::{Served, blocking, body};

/// How many bytes are read at once.
const PIECE_BYTES: usize = 64 << 10;

/// A file by its hash and length: what an entry carries.
#[derive(Serialize, ToSchema)]
pub(super) struct Stored {
    /// The SHA-256 of its bytes, in hexadecimal.
    sha256: String,
    /// How many bytes it has.
    bytes: u64,
}

/// Upload a file; the answer is what an entry names it by.
#[utoipa::path(post, path = "/api/v1/attachments", security(("token" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Stored), (status = 401, body = Problem), (status = 403, body = Problem), (status = 408, body = Problem), (status = 413, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn upload(
    State(served): State<Served>,
    SignedIn(account): SignedIn,
    body: Body,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    if !account.role.uploads() {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "role",
            format!("the role {} may not upload files", account.role),
        ));
    }
    let _place = served.upload()?;
    let limits = &served.node.config().limits;
    let (most, patience) = (limits.attachment_bytes, limits.body());
    let storage = served.node.inner.own_storage.clone();
    let stored = body::stream(body, most, patience, move |reader| {
        Attachment::store(&*storage, reader, most)
    })
    .await?;
    match stored {
        Ok(stored) => Ok((
            StatusCode::CREATED,
            Json(Stored {
                sha256: stored.sha256.to_hex(),
                bytes: stored.bytes,
            }),
        )),
        Err(error @ StorageError::TooLarge(_)) => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            error,
        )),
        Err(error) => Err(Problem::internal(&error)),
    }
}

/// A hash in lower-case hexadecimal.
fn hash(text: &str) -> Option<Hash> {
    let bytes = text.as_bytes();
    if bytes.len() != 64
        || !bytes
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, place) in hash.iter_mut().zip(0..) {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(Hash::from_bytes(hash))
}

/// Fetch a file.
#[utoipa::path(get, path = "/api/v1/attachments/{sha256}", params(("sha256" = String, Path, description = "Its SHA-256 in lower-case hexadecimal")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn fetch(
    State(served): State<Served>,
    _: Reader,
    Path(sha256): Path<String>,
) -> Result<Response, Problem> {
    let none = || Problem::not_found("there is no such file");
    let path = content_path(hash(&sha256).ok_or_else(none)?);
    let opened = blocking(move || served.node.inner.own_storage.open(&path))
        .await?
        .map_err(|error| Problem::internal(&error))?;
    let file = opened.ok_or_else(none)?;
    // A thread is taken for each piece, and held by no reader that is slow.
    let pieces = futures_util::stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(PIECE_BYTES);
            let read = file
                .by_ref()
                .take(PIECE_BYTES as u64)
                .read_to_end(&mut piece);
            (read.map(|_| piece), file)
        });
        match read.await {
            Ok((Ok(piece), _)) if piece.is_empty() => None,
            Ok((Ok(piece), file)) => Some((Ok(Bytes::from(piece)), Some(file))),
            Ok((Err(error), _)) => Some((Err(error), None)),
            Err(error) => Some((Err(std::io::Error::other(error)), None)),
        }
    });
    Ok((
        [
            (header::CONTENT_TYPE, "application/octet-stream"),
            (
                header::CACHE_CONTROL,
                "private, max-age=31536000, immutable",
            ),
            // Never shown in a browser as a page of this node.
            (header::CONTENT_DISPOSITION, "attachment"),
        ],
        Body::from_stream(pieces),
    )
        .into_response())
}
