//! Nodes over real sockets on the loopback address: what is refused, cut off, stopped, killed, and resumed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

#[path = "../common/mod.rs"]
mod common;

mod events;
mod limits;
mod paths;
mod restored;
mod split_view;
mod stopping;
