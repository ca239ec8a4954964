//! Peers: the other parties' nodes, each by the card that it gave out.

use std::fmt;
use std::path::{Path, PathBuf};

use detente_ledger::key::VerifierKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::ConfigError;
use super::error::read_toml;

/// A public key as a card writes it: `name+identifier+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(pub VerifierKey);

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PublicKey, D::Error> {
        let text = String::deserialize(deserializer)?;
        VerifierKey::parse(&text)
            .map(PublicKey)
            .map_err(de::Error::custom)
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Another party's node: what its card says, and what was added to it here.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// The party.
    pub party: String,
    /// The origin of its log.
    pub origin: String,
    /// Where its node is reached.
    pub url: String,
    /// The keys of its log.
    pub log: Vec<PublicKey>,
    /// The keys of its witness.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witness: Vec<PublicKey>,
    /// The keys of its mirror.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mirror: Vec<PublicKey>,
    /// The certificate that its node shows, PEM, relative to the folder of the cards; those above it may follow, the last of
    /// them is what is trusted. It is pinned: no other is taken for this peer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<PathBuf>,
    /// Whether its log is copied here.
    #[serde(default = "yes")]
    pub pull: bool,
    /// Whether the own log is sent to its mirror, for a peer that cannot reach this node.
    #[serde(default)]
    pub push: bool,
}

fn yes() -> bool {
    true
}

pub(super) fn check_url(url: &str) -> Result<(), &'static str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .ok_or("it begins neither with https:// nor with http://")?;
    if rest.is_empty() || rest.starts_with('/') {
        return Err("it names no host");
    }
    if url.ends_with('/')
        || rest.contains(|character: char| {
            character.is_whitespace() || character.is_control() || "?#@".contains(character)
        })
    {
        return Err("it ends in a slash, or has white space, a query or a user; leave that away");
    }
    Ok(())
}

impl Peer {
    /// Reads the cards `*.toml` of a folder, in the order of their file names.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn read_all(folder: &Path) -> Result<Vec<Peer>, ConfigError> {
        let wrong = |reason| ConfigError::Read {
            path: folder.to_owned(),
            reason,
        };
        let list = match std::fs::read_dir(folder) {
            Ok(list) => list,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(wrong(error)),
        };
        let mut files = Vec::new();
        for entry in list {
            let path = entry.map_err(wrong)?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                files.push(path);
            }
        }
        files.sort();
        let mut peers: Vec<Peer> = Vec::new();
        for path in files {
            let mut peer = Peer::read(&path)?;
            if peers
                .iter()
                .any(|other| other.party == peer.party || other.origin == peer.origin)
            {
                return Err(ConfigError::Value {
                    path,
                    key: "party".to_owned(),
                    reason: "another card names the same party or origin; remove one".to_owned(),
                });
            }
            peer.certificate = peer.certificate.map(|file| folder.join(file));
            peers.push(peer);
        }
        Ok(peers)
    }

    /// Reads one card.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn read(path: &Path) -> Result<Peer, ConfigError> {
        let peer: Peer = read_toml(path)?;
        let wrong = |key: &str, reason: &str| ConfigError::Value {
            path: path.to_owned(),
            key: key.to_owned(),
            reason: reason.to_owned(),
        };
        check_url(&peer.url).map_err(|reason| wrong("url", reason))?;
        if peer.log.is_empty() {
            return Err(wrong(
                "log",
                "no key is listed; copy the whole card of the other party",
            ));
        }
        let cosigns = |key: &&PublicKey| !key.0.algorithm().is_cosignature();
        if let Some(key) = peer.witness.iter().chain(&peer.mirror).find(cosigns) {
            return Err(wrong(
                "witness",
                &format!("{} is not a key that cosigns", key.0),
            ));
        }
        Ok(peer)
    }

    /// The keys of its log.
    #[must_use]
    pub fn log_keys(&self) -> Vec<VerifierKey> {
        self.log.iter().map(|key| key.0.clone()).collect()
    }

    /// The keys of its witness.
    #[must_use]
    pub fn witness_keys(&self) -> Vec<VerifierKey> {
        self.witness.iter().map(|key| key.0.clone()).collect()
    }

    /// The keys of its mirror.
    #[must_use]
    pub fn mirror_keys(&self) -> Vec<VerifierKey> {
        self.mirror.iter().map(|key| key.0.clone()).collect()
    }
}
