//! What is granted to whoever connects.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Limits. Whatever exceeds them is refused, so that memory and threads stay bounded under a flood.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections open at the same time.
    pub connections: usize,
    /// Of these, from one address.
    pub connections_per_address: usize,
    /// Requests in a second from one address that has not signed in, or by one account or peer, over time.
    pub requests_per_second: u32,
    /// How many requests may come at once beyond that.
    pub burst: u32,
    /// Within how many seconds the head of a request must have come, and a handshake be done.
    pub head_seconds: u64,
    /// Within how many seconds a small body must have come, and the next piece of a large one.
    pub body_seconds: u64,
    /// The most bytes of an attachment.
    pub attachment_bytes: u64,
    /// The most entries in one page of an answer.
    pub page: u32,
    /// Large bodies (attachments, entries for the mirror) taken at the same time.
    pub uploads: usize,
    /// Streams of events open at the same time.
    pub streams: usize,
    /// How many events are kept for those who come back.
    pub events: u32,
    /// How many seconds requests in progress are given at a stop.
    pub stop_seconds: u64,
    /// How many seconds a submission waits for witnesses, if it asks to.
    pub witnessed_seconds: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 1024,
            connections_per_address: 128,
            requests_per_second: 100,
            burst: 400,
            head_seconds: 10,
            body_seconds: 30,
            attachment_bytes: 1 << 30,
            page: 256,
            uploads: 64,
            streams: 64,
            events: 100_000,
            stop_seconds: 20,
            witnessed_seconds: 30,
        }
    }
}

impl Limits {
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let needed = [
            ("connections", self.connections == 0),
            ("connections_per_address", self.connections_per_address == 0),
            ("requests_per_second", self.requests_per_second == 0),
            ("burst", self.burst == 0),
            ("head_seconds", self.head_seconds == 0),
            ("body_seconds", self.body_seconds == 0),
            ("page", self.page == 0),
            ("events", self.events == 0),
        ];
        match needed.into_iter().find(|(_, zero)| *zero) {
            Some((key, _)) => Err((key, "it is 0, and nothing would ever be answered")),
            None if self.page > 4096 => Err(("page", "at most 4096 entries stand on a page")),
            None => Ok(()),
        }
    }

    pub(crate) fn head(&self) -> Duration {
        Duration::from_secs(self.head_seconds)
    }

    pub(crate) fn body(&self) -> Duration {
        Duration::from_secs(self.body_seconds)
    }
}
