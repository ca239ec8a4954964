//! Health and metrics.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::access::Auditor;
use super::problem::Problem;
use super::{Served, blocking};

pub(super) fn routes() -> Router<Served> {
    Router::new()
        .route("/health/live", get(|| async { "live\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
}

/// The metrics without signing in, for an address of their own.
pub(super) fn open_metrics() -> Router<Served> {
    Router::new().route(
        "/metrics",
        get(|State(served): State<Served>| async move { text(served).await }),
    )
}

/// Ready: the log is confirmed and takes entries.
async fn ready(State(served): State<Served>) -> Result<&'static str, Problem> {
    if served.node.is_open() && !*served.stopping.borrow() {
        Ok("ready\n")
    } else {
        Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not-open",
            crate::node::NotReady,
        ))
    }
}

async fn metrics(State(served): State<Served>, _: Auditor) -> Result<Response, Problem> {
    text(served).await
}

async fn text(served: Served) -> Result<Response, Problem> {
    let text = blocking(move || served.node.inner.metrics.text(&served.node.status())).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
