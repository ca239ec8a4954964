//! What went wrong, as `application/problem+json` (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::database::DatabaseError;
use crate::node::{NotReady, SubmitRefusal};

/// A refusal or a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// The status code.
    pub status: u16,
    /// In one word, for programs.
    pub code: &'static str,
    /// In words: what is wrong, and what to do.
    pub detail: String,
}

impl Problem {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        detail: impl std::fmt::Display,
    ) -> Problem {
        Problem {
            status: status.as_u16(),
            code,
            detail: detail.to_string(),
        }
    }

    /// The node's own fault: what happened is for its operator, not for whoever asked.
    pub(super) fn internal(error: &dyn std::fmt::Display) -> Problem {
        tracing::error!(%error, "a request failed");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the node failed; its operator finds the reason in its log",
        )
    }

    pub(super) fn not_found(what: impl std::fmt::Display) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", what)
    }

    pub(super) fn wrong(code: &'static str, detail: impl std::fmt::Display) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, detail)
    }

    pub(super) fn sign_in() -> Problem {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "sign-in",
            "sign in: send a good token as \"Authorization: Bearer …\"",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            // What is left of the body is not read.
            StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Problem {
        Problem::internal(&error)
    }
}

impl From<NotReady> for Problem {
    fn from(error: NotReady) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-open", error)
    }
}

impl From<SubmitRefusal> for Problem {
    fn from(refusal: SubmitRefusal) -> Problem {
        use detente_ledger::entry::EntryError;
        use detente_ledger::log::SubmitError;
        let (status, code) = match &refusal {
            SubmitRefusal::Entry(EntryError::TooLarge(_))
            | SubmitRefusal::Busy(SubmitError::TooLarge) => {
                (StatusCode::PAYLOAD_TOO_LARGE, "too-large")
            }
            SubmitRefusal::Entry(_) => (StatusCode::BAD_REQUEST, "malformed"),
            SubmitRefusal::Signature(_) => (StatusCode::FORBIDDEN, "signature"),
            SubmitRefusal::Role { .. } => (StatusCode::FORBIDDEN, "role"),
            SubmitRefusal::Officials { .. } => (StatusCode::FORBIDDEN, "officials"),
            SubmitRefusal::OtherThanDraft => (StatusCode::CONFLICT, "other-than-draft"),
            SubmitRefusal::NoDraft(_) => (StatusCode::NOT_FOUND, "not-found"),
            SubmitRefusal::NotReady(_) | SubmitRefusal::Busy(SubmitError::Closed) => {
                (StatusCode::SERVICE_UNAVAILABLE, "not-open")
            }
            SubmitRefusal::Busy(SubmitError::Full) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            SubmitRefusal::Append(_) | SubmitRefusal::Lost | SubmitRefusal::Database(_) => {
                return Problem::internal(&refusal);
            }
        };
        Problem::new(status, code, refusal)
    }
}

impl From<crate::node::ReadError> for Problem {
    fn from(error: crate::node::ReadError) -> Problem {
        use crate::node::ReadError;
        match error {
            ReadError::NoLog(_) | ReadError::NoEntry { .. } => Problem::not_found(error),
            ReadError::NotWitnessed(_) => {
                Problem::new(StatusCode::CONFLICT, "not-witnessed", error)
            }
            error => Problem::internal(&error),
        }
    }
}
