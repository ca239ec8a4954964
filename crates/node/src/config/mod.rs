//! What a node is told: `node.toml`, and one card for each peer in `peers/`.

mod error;
mod limits;
mod peer;
mod trust;

pub use error::ConfigError;
pub use limits::Limits;
pub use peer::{Peer, PublicKey};
pub use trust::policy;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::error::read_toml;

/// The name of the file.
pub const CONFIG_FILE: &str = "node.toml";

/// What `node.toml` says. Paths are relative to the node's folder.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The party whose node this is, as agreements name it.
    pub party: String,
    /// The origin line of its log.
    pub origin: String,
    /// Where the node listens.
    pub listen: SocketAddr,
    /// How others reach it: `https://…` or, on a closed network, `http://…`, without a slash at the end.
    pub url: String,
    /// Who says at start that the log is not an old copy.
    #[serde(default)]
    pub confirm: Confirm,
    /// The trust file: logs, witnesses, quorum. Without one, a majority of the peers' witnesses is the quorum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<PathBuf>,
    /// A file on another disk that remembers the largest head that was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_water: Option<PathBuf>,
    /// `sqlite` (files in the folder), or `postgres://user@host/name`.
    #[serde(default = "sqlite")]
    pub database: String,
    /// How often peers are visited, in seconds. New entries are offered to witnesses at once.
    #[serde(default = "default_interval")]
    pub interval_seconds: u64,
    /// Who may read logs and attachments.
    #[serde(default)]
    pub read: Read,
    /// Where metrics are served without signing in: an address that only the own monitoring reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<SocketAddr>,
    /// The certificate with which the node serves. Without it, it serves plain HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// Rules on entries.
    #[serde(default)]
    pub entries: EntryRules,
    /// What is granted to whoever connects.
    #[serde(default)]
    pub limits: Limits,
}

/// Who confirms at start that the log's storage is not an old copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirm {
    /// The witnesses of the trust file.
    #[default]
    Witnesses,
    /// The high-water mark; the witnesses, where it is behind.
    Mark,
    /// Nobody: the operator answers for it.
    Operator,
}

/// Who may read logs and attachments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Read {
    /// Everybody who reaches the node: what is confidential is sealed.
    #[default]
    Open,
    /// Peers with their certificate, and officials.
    Known,
}

/// The node's certificate.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate and those above it, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// The party's own rules on who signs what.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct EntryRules {
    /// The kinds of entry that need the signatures of two officials, one of them a releasing officer. `"*"` means all.
    pub two_signatures: Vec<String>,
    /// The kinds of entry that an inspector may submit.
    pub inspector_kinds: Vec<String>,
}

impl Default for EntryRules {
    fn default() -> EntryRules {
        EntryRules {
            two_signatures: Vec::new(),
            inspector_kinds: vec!["inspection".to_owned(), "observation".to_owned()],
        }
    }
}

impl EntryRules {
    /// Whether entries of this kind need two signatures.
    #[must_use]
    pub fn needs_two(&self, kind: Option<&str>) -> bool {
        self.two_signatures
            .iter()
            .any(|listed| listed == "*" || Some(listed.as_str()) == kind)
    }
}

fn sqlite() -> String {
    "sqlite".to_owned()
}

fn default_interval() -> u64 {
    60
}

impl Config {
    /// Reads `node.toml` in the folder.
    ///
    /// # Errors
    /// See [`ConfigError`]; it names file, line and key.
    pub fn read(folder: &Path) -> Result<Config, ConfigError> {
        let path = folder.join(CONFIG_FILE);
        let config: Config = read_toml(&path)?;
        config.check(&path)?;
        Ok(config)
    }

    fn check(&self, path: &Path) -> Result<(), ConfigError> {
        let wrong = |key: &str, reason: &str| ConfigError::Value {
            path: path.to_owned(),
            key: key.to_owned(),
            reason: reason.to_owned(),
        };
        if self.party.trim().is_empty() {
            return Err(wrong("party", "it is empty; name the party"));
        }
        if self.origin.is_empty()
            || self.origin.contains(|character: char| {
                character < ' ' || character.is_whitespace() || character == '+'
            })
        {
            return Err(wrong(
                "origin",
                "it is empty or has white space or \"+\"; use a name such as party.example/log",
            ));
        }
        peer::check_url(&self.url).map_err(|reason| wrong("url", reason))?;
        if self.interval_seconds == 0 {
            return Err(wrong("interval_seconds", "it is 0; give 1 at least"));
        }
        if self.confirm == Confirm::Mark && self.high_water.is_none() {
            return Err(wrong(
                "confirm",
                "\"mark\" needs the key high_water: a file on another disk",
            ));
        }
        if self.database != "sqlite" && !self.database.starts_with("postgres") {
            return Err(wrong(
                "database",
                "it is neither \"sqlite\" nor an address postgres://…",
            ));
        }
        self.limits
            .check()
            .map_err(|(key, reason)| wrong(&format!("limits.{key}"), reason))
    }
}
