//! A party's node: its own log, a witness and a mirror of the other parties' logs, over HTTP.
//!
//! Everything cryptographic is done by [`detente_ledger`]; the node holds no rules of agreements. It keeps a folder
//! ([`folder`]), is told what to do by a file ([`config`]), visits its peers ([`sync`]), keeps accounts and an index
//! ([`database`]), and serves all this ([`http`]).
//!
//! ```no_run
//! use std::path::Path;
//!
//! use detente_node::{Node, OpenOptions, Server};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A folder made by `detente node init`, with the cards of the peers in `peers/`.
//! let node = Node::open(Path::new("alpha"), OpenOptions::new("the passphrase"))?;
//! let server = Server::start(&node)?;
//! println!("serving at {}", server.address());
//! server.stop();
//! # Ok(())
//! # }
//! ```

pub mod client;
pub mod clock;
pub mod config;
pub mod database;
pub mod folder;
pub mod http;
pub mod logs;
mod metrics;
mod node;
pub mod sync;

pub use http::{ServeError, Server};
pub use node::{
    ConfirmLogError, Evidence, EvidenceKind, IndexError, LogStatus, MirrorStatus, Node, NotReady,
    OpenError, OpenOptions, Status, SubmitRefusal, Submitted, WitnessStatus,
};
