//! Evidence of misbehaviour, kept as files that speak for themselves.

use std::fs::{self, File};
use std::io::Write as _;

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::hash::Hash;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Inner, Node};

/// What the evidence shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// Two heads of one size with different roots, both signed by the log: they convict it by themselves.
    TwoHeads,
    /// Two heads signed by the log of which the smaller is not the beginning of the larger. The entries up to the smaller,
    /// which the node keeps, make the root of the first and not that of the second.
    NotGrown,
}

/// Two heads of one log that cannot both be true.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct Evidence {
    /// Its name: a hash of what it shows.
    pub id: String,
    /// What it shows.
    pub kind: EvidenceKind,
    /// The log.
    pub log: String,
    /// When it was found, in seconds.
    pub found: u64,
    /// Who showed the second head: the log itself, or a peer.
    pub shown_by: String,
    /// The head known before, a signed note.
    pub known: String,
    /// The head that contradicts it, a signed note.
    pub shown: String,
}

impl Inner {
    /// Keeps evidence durably, once.
    pub(crate) fn keep_evidence(
        &self,
        log: &str,
        shown_by: &str,
        known: &SignedCheckpoint,
        shown: &SignedCheckpoint,
    ) {
        let (one, other) = (known.checkpoint(), shown.checkpoint());
        let kind = if one.size() == other.size() {
            EvidenceKind::TwoHeads
        } else {
            EvidenceKind::NotGrown
        };
        let id =
            Hash::of(format!("{}{}", known.note().text(), shown.note().text()).as_bytes()).to_hex();
        let evidence = Evidence {
            id: id.clone(),
            kind,
            log: log.to_owned(),
            found: self.clock.now().seconds(),
            shown_by: shown_by.to_owned(),
            known: known.to_string(),
            shown: shown.to_string(),
        };
        let folder = self.folder.place("evidence");
        let path = folder.join(format!("{id}.json"));
        let write = || {
            if path.exists() {
                return Ok(false);
            }
            fs::create_dir_all(&folder)?;
            let beside = folder.join(format!("{id}.new"));
            let mut file = File::create(&beside)?;
            file.write_all(&serde_json::to_vec_pretty(&evidence).unwrap_or_default())?;
            file.sync_all()?;
            fs::rename(&beside, &path)?;
            File::open(&folder)?.sync_all()?;
            Ok::<_, std::io::Error>(true)
        };
        match write() {
            Ok(false) => return,
            Ok(true) => {}
            Err(error) => tracing::error!(%error, log, "evidence could not be written"),
        }
        tracing::error!(log, shown_by, file = %path.display(), "a log contradicts itself; evidence is kept");
        self.metrics.evidence.inc();
        let body = serde_json::json!({ "id": id, "kind": kind, "log": log, "shown_by": shown_by });
        if let Err(error) =
            self.store
                .add_event("evidence", &body.to_string(), self.clock.now().seconds())
        {
            tracing::warn!(%error, "an event could not be kept");
        }
        self.announce();
    }
}

impl Node {
    /// All evidence that is kept, in the order in which it was found.
    #[must_use]
    pub fn evidence(&self) -> Vec<Evidence> {
        let Ok(list) = fs::read_dir(self.inner.folder.place("evidence")) else {
            return Vec::new();
        };
        let mut found: Vec<Evidence> = list
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "json"))
            .filter_map(|entry| fs::read(entry.path()).ok())
            .filter_map(|bytes| serde_json::from_slice(&bytes).ok())
            .collect();
        found.sort_by(|one, other| (one.found, &one.id).cmp(&(other.found, &other.id)));
        found
    }
}
