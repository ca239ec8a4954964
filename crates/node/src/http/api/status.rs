//! How the node stands: itself, the logs, the trust file, evidence, accounts.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::database::Role;
use crate::http::access::{Auditor, Reader};
use crate::http::problem::Problem;
use crate::http::{Served, blocking};
use crate::node::{Evidence, Status};

/// How the node stands.
#[utoipa::path(get, path = "/api/v1/status", responses((status = 200, body = Status), (status = 401, body = Problem)))]
pub(super) async fn status(
    State(served): State<Served>,
    _: Reader,
) -> Result<Json<Status>, Problem> {
    blocking(move || served.node.status()).await.map(Json)
}

/// A log that is kept here.
#[derive(Serialize, ToSchema)]
pub(super) struct LogLine {
    /// The origin: its name.
    origin: String,
    /// The party that writes it.
    party: String,
    /// How many of its entries are here.
    size: u64,
    /// The root over them, base 64.
    root: Option<String>,
    /// Its public keys.
    keys: Vec<String>,
    /// Below which path its checkpoint and tiles are served here.
    path: String,
}

/// The logs that are kept here: the own one and the copies of others.
#[utoipa::path(get, path = "/api/v1/logs", responses((status = 200, body = Vec<LogLine>), (status = 401, body = Problem)))]
pub(super) async fn logs(
    State(served): State<Served>,
    _: Reader,
) -> Result<Json<Vec<LogLine>>, Problem> {
    blocking(move || {
        let inner = &*served.node.inner;
        let line = |origin: &str, party: &str, keys: Vec<String>, path: String| {
            let head = inner
                .head_of(origin)
                .map_err(|error| Problem::internal(&error))?;
            Ok::<_, Problem>(LogLine {
                origin: origin.to_owned(),
                party: party.to_owned(),
                size: head.as_ref().map_or(0, |head| head.checkpoint().size()),
                root: head.map(|head| head.checkpoint().root().to_base64()),
                keys,
                path,
            })
        };
        let own = served
            .node
            .log_keys()
            .iter()
            .map(ToString::to_string)
            .collect();
        let mut list = vec![line(
            &inner.config.origin,
            &inner.config.party,
            own,
            "/".to_owned(),
        )?];
        for peer in &inner.peers {
            let keys = peer.log.iter().map(|key| key.0.to_string()).collect();
            let path = format!(
                "/mirror/{}/",
                detente_ledger::mirror::Mirror::prefix(&peer.origin)
            );
            list.push(line(&peer.origin, &peer.party, keys, path)?);
        }
        Ok(Json(list))
    })
    .await?
}

/// The trust file by which receipts of this node are judged (c2sp.org/tlog-policy).
#[utoipa::path(get, path = "/api/v1/trust", responses((status = 200, body = String, content_type = "text/plain"), (status = 401, body = Problem)))]
pub(super) async fn trust(State(served): State<Served>, _: Reader) -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        served.node.policy().as_bytes().to_vec(),
    )
        .into_response()
}

/// Evidence that logs contradicted themselves.
#[utoipa::path(get, path = "/api/v1/evidence", responses((status = 200, body = Vec<Evidence>), (status = 401, body = Problem)))]
pub(super) async fn evidence(
    State(served): State<Served>,
    _: Reader,
) -> Result<Json<Vec<Evidence>>, Problem> {
    blocking(move || served.node.evidence()).await.map(Json)
}

/// An official's account.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountLine {
    /// Its name.
    name: String,
    /// What it may do.
    role: Role,
    /// The public key with which the official signs.
    key: Option<String>,
    /// When it was made, in seconds.
    created: u64,
    /// Since when it no longer holds.
    revoked: Option<u64>,
}

/// The accounts: for auditors.
#[utoipa::path(get, path = "/api/v1/accounts", security(("token" = [])),
    responses((status = 200, body = Vec<AccountLine>), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn accounts(
    State(served): State<Served>,
    _: Auditor,
) -> Result<Json<Vec<AccountLine>>, Problem> {
    let accounts = blocking(move || served.node.store().accounts()).await??;
    Ok(Json(
        accounts
            .into_iter()
            .map(|account| AccountLine {
                name: account.name,
                role: account.role,
                key: account.key.map(|key| key.to_string()),
                created: account.created,
                revoked: account.revoked,
            })
            .collect(),
    ))
}
