//! Events, sent by the server as they happen.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::database::Event;
use crate::http::access::Reader;
use crate::http::problem::Problem;
use crate::http::{Served, blocking};

/// How many events are read at once.
const PAGE: u32 = 256;

struct Listener {
    served: Served,
    series: String,
    /// The last event that was sent.
    number: u64,
    /// Whether events may be missing, and the listener is to be told.
    reset: bool,
    waiting: std::vec::IntoIter<Event>,
    changed: watch::Receiver<u64>,
    _permit: OwnedSemaphorePermit,
}

impl Listener {
    async fn next(mut self) -> Option<(Result<Sent, Infallible>, Listener)> {
        let mut stopping = self.served.stopping.clone();
        loop {
            if std::mem::take(&mut self.reset) {
                let sent = Sent::default()
                    .event("reset")
                    .id(format!("{}-{}", self.series, self.number))
                    .data(
                        "{\"reason\":\"events before this one are no longer kept; read the logs\"}",
                    );
                return Some((Ok(sent), self));
            }
            if let Some(event) = self.waiting.next() {
                if event.number > self.number + 1 {
                    // Some were forgotten before they were read.
                    self.number = event.number - 1;
                    self.reset = true;
                    let mut rest = vec![event];
                    rest.extend(self.waiting);
                    self.waiting = rest.into_iter();
                    continue;
                }
                self.number = event.number;
                let sent = Sent::default()
                    .event(event.kind)
                    .id(format!("{}-{}", self.series, event.number))
                    .data(event.body);
                return Some((Ok(sent), self));
            }
            self.changed.mark_unchanged();
            let (node, number) = (self.served.node.clone(), self.number);
            let events = blocking(move || node.store().events_after(number, PAGE)).await;
            match events {
                Ok(Ok(events)) if events.is_empty() => {}
                Ok(Ok(events)) => {
                    self.waiting = events.into_iter();
                    continue;
                }
                _ => return None,
            }
            tokio::select! {
                changed = self.changed.changed() => changed.ok()?,
                _ = stopping.wait_for(|stop| *stop) => return None,
            }
        }
    }
}

/// Follow events: `entry` (an entry is in a log that is kept here), `cosignature` (a peer has cosigned the own log), `evidence`
/// (a log was caught), `reset` (events may be missing: read the logs). Begins with what happens from now on or, with
/// `Last-Event-ID`, after that event.
#[utoipa::path(get, path = "/api/v1/events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event seen; `0` for all that are kept")),
    responses((status = 200, body = String, content_type = "text/event-stream"), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn events(
    State(served): State<Served>,
    _: Reader,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>>>, Problem> {
    let permit = served.streams.clone().try_acquire_owned().map_err(|_| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too-many",
            "too many streams of events are open; try again later",
        )
    })?;
    let changed = served.node.inner.changed.subscribe();
    let node = served.node.clone();
    let position = blocking(move || node.store().event_position()).await??;
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let (number, reset) = match last {
        None => (position.number, false),
        Some("0") => (0, false),
        Some(last) => {
            let known = last
                .rsplit_once('-')
                .filter(|(series, _)| *series == position.series)
                .and_then(|(_, number)| number.parse::<u64>().ok())
                .filter(|number| *number <= position.number);
            (known.unwrap_or(0), known.is_none())
        }
    };
    let listener = Listener {
        served,
        series: position.series,
        number,
        reset,
        waiting: Vec::new().into_iter(),
        changed,
        _permit: permit,
    };
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(stream::unfold(listener, Listener::next)).keep_alive(keep_alive))
}
