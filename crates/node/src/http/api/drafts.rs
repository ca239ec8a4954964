//! Drafts: put by a drafter, released by a releasing officer.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query as Asked, State, rejection::QueryRejection};
use axum::http::StatusCode;
use axum::response::Response;
use detente_ledger::tile::MOST_ENTRY_BYTES;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::entries::{parameters, place, taken};
use crate::database::{Account, Draft, DraftState, Role};
use crate::http::access::SignedIn;
use crate::http::problem::Problem;
use crate::http::{Served, blocking, body};

/// A draft.
#[derive(Serialize, ToSchema)]
pub(super) struct DraftLine {
    /// Its number.
    number: u64,
    /// The entry as the drafter signed it: countersign exactly this.
    entry: String,
    /// Who put it.
    account: String,
    /// When, in seconds.
    created: u64,
    /// What became of it.
    state: DraftState,
    /// Who released or withdrew it.
    closed_by: Option<String>,
    /// Where it stands in the log.
    index: Option<u64>,
}

impl From<Draft> for DraftLine {
    fn from(draft: Draft) -> DraftLine {
        DraftLine {
            number: draft.number,
            entry: draft.entry,
            account: draft.account,
            created: draft.created,
            state: draft.state,
            closed_by: draft.closed_by,
            index: draft.place,
        }
    }
}

/// Drafts are seen by those who make and release them.
fn may_see(account: &Account) -> Result<(), Problem> {
    if account.role.drafts() || account.role == Role::Auditor {
        Ok(())
    } else {
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "role",
            format!("the role {} may not see drafts", account.role),
        ))
    }
}

/// Put a draft: an entry signed by the drafter.
#[utoipa::path(post, path = "/api/v1/drafts", security(("token" = [])),
    request_body(content = String, content_type = "text/plain", description = "The entry with the drafter's signature"),
    responses((status = 201, body = DraftLine), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 413, body = Problem)))]
pub(super) async fn put(
    State(served): State<Served>,
    SignedIn(account): SignedIn,
    body: Body,
) -> Result<(StatusCode, Json<DraftLine>), Problem> {
    let bytes = body::read_all(body, MOST_ENTRY_BYTES, served.node.config().limits.body()).await?;
    let draft = blocking(move || {
        let number = served.node.put_draft(&account, &bytes)?;
        served
            .node
            .store()
            .draft(number)?
            .ok_or_else(|| Problem::internal(&"a draft that was kept is gone"))
    })
    .await??;
    Ok((StatusCode::CREATED, Json(draft.into())))
}

/// Which drafts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only open ones; so unless `all` is true.
    all: Option<bool>,
    /// From this number on.
    from: Option<u64>,
    /// How many at most.
    limit: Option<u32>,
}

/// The drafts that wait, or all.
#[utoipa::path(get, path = "/api/v1/drafts", params(Which), security(("token" = [])),
    responses((status = 200, body = Vec<DraftLine>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn list(
    State(served): State<Served>,
    SignedIn(account): SignedIn,
    which: Result<Asked<Which>, QueryRejection>,
) -> Result<Json<Vec<DraftLine>>, Problem> {
    may_see(&account)?;
    let which = parameters(which)?;
    let limit = which
        .limit
        .unwrap_or(64)
        .clamp(1, served.node.config().limits.page);
    let (from, all) = (which.from.unwrap_or(0), which.all.unwrap_or(false));
    let drafts = blocking(move || served.node.store().drafts(from, !all, limit)).await??;
    Ok(Json(drafts.into_iter().map(DraftLine::from).collect()))
}

/// One draft.
#[utoipa::path(get, path = "/api/v1/drafts/{number}", params(("number" = u64, Path, description = "Its number")), security(("token" = [])),
    responses((status = 200, body = DraftLine), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn read(
    State(served): State<Served>,
    SignedIn(account): SignedIn,
    Path(number): Path<String>,
) -> Result<Json<DraftLine>, Problem> {
    may_see(&account)?;
    let number = place(&number)?;
    let draft = blocking(move || served.node.store().draft(number)).await??;
    draft
        .map(|draft| Json(draft.into()))
        .ok_or_else(|| Problem::not_found(format!("there is no draft {number}")))
}

/// Withdraw a draft: by whoever put it, or a releasing officer.
#[utoipa::path(delete, path = "/api/v1/drafts/{number}", params(("number" = u64, Path, description = "Its number")), security(("token" = [])),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn withdraw(
    State(served): State<Served>,
    SignedIn(account): SignedIn,
    Path(number): Path<String>,
) -> Result<StatusCode, Problem> {
    let number = place(&number)?;
    blocking(move || {
        let store = served.node.store();
        let none = || Problem::not_found(format!("there is no open draft {number}"));
        let draft = store.draft(number)?.ok_or_else(none)?;
        if draft.account != account.name && account.role != Role::ReleasingOfficer {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "role",
                "a draft is withdrawn by whoever put it, or by a releasing officer",
            ));
        }
        if store.close_draft(number, DraftState::Withdrawn, &account.name, None)? {
            Ok(StatusCode::NO_CONTENT)
        } else {
            Err(none())
        }
    })
    .await?
}

/// Release a draft: the body is the draft with the releasing officer's signature added.
#[utoipa::path(post, path = "/api/v1/drafts/{number}/release", params(("number" = u64, Path, description = "Its number"), super::entries::How), security(("token" = [])),
    request_body(content = String, content_type = "text/plain", description = "The draft's entry with the releasing officer's signature added"),
    responses((status = 201, body = super::entries::Taken), (status = 200, body = super::entries::Taken), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn release(
    State(served): State<Served>,
    SignedIn(account): SignedIn,
    Path(number): Path<String>,
    how: Result<Asked<super::entries::How>, QueryRejection>,
    body: Body,
) -> Result<Response, Problem> {
    let (number, how) = (place(&number)?, parameters(how)?);
    let bytes = body::read_all(body, MOST_ENTRY_BYTES, served.node.config().limits.body()).await?;
    let node = served.node.clone();
    let submitted = blocking(move || node.release(&account, number, &bytes)).await??;
    taken(served, submitted, how.wait).await
}
