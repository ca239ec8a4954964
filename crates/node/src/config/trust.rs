//! The trust file: the one that was agreed or, without it, what follows from the cards.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use detente_ledger::key::VerifierKey;
use detente_ledger::policy::Policy;

use super::error::read_bytes;
use super::{Config, ConfigError, Peer};

/// The policy of this node. Without a trust file: the own log and those of the peers, each peer's witness, and as quorum more
/// than half of the peers that witness.
///
/// # Errors
/// See [`ConfigError`].
pub fn policy(
    folder: &Path,
    config: &Config,
    own: &[VerifierKey],
    peers: &[Peer],
) -> Result<Policy, ConfigError> {
    let (path, bytes) = match &config.trust {
        Some(file) => {
            let path = folder.join(file);
            let bytes = read_bytes(&path)?;
            (path, bytes)
        }
        None => (
            PathBuf::from("that follows from the cards"),
            derived(own, peers).into_bytes(),
        ),
    };
    Policy::parse(&bytes).map_err(|error| ConfigError::Trust { path, error })
}

fn derived(own: &[VerifierKey], peers: &[Peer]) -> String {
    let mut text = String::new();
    for key in own
        .iter()
        .chain(peers.iter().flat_map(|peer| &peer.log).map(|key| &key.0))
    {
        let _ = writeln!(text, "log {key}");
    }
    let mut groups = Vec::new();
    for (number, peer) in peers.iter().enumerate() {
        let mut members = Vec::new();
        for (place, key) in peer.witness.iter().enumerate() {
            let name = format!("witness-{number}-{place}");
            let _ = writeln!(text, "witness {name} {}", key.0);
            members.push(name);
        }
        match members.as_slice() {
            [] => {}
            [only] => groups.push(only.clone()),
            // A peer has cosigned when any of its keys has.
            _ => {
                let name = format!("peer-{number}");
                let _ = writeln!(text, "group {name} any {}", members.join(" "));
                groups.push(name);
            }
        }
    }
    match groups.as_slice() {
        [] => text.push_str("quorum none\n"),
        [only] => {
            let _ = writeln!(text, "quorum {only}");
        }
        _ => {
            let _ = writeln!(
                text,
                "group majority {} {}\nquorum majority",
                groups.len() / 2 + 1,
                groups.join(" ")
            );
        }
    }
    text
}
