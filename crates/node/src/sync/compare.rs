//! Comparing heads: a log that shows two parties two versions is found out when they compare what each was shown.

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::tile::TileReader;

use super::VisitError;
use crate::node::Inner;

impl Inner {
    /// Compares a head of a peer's log, shown by whomever, with what this node knows of that log. Heads that the log did not
    /// sign are nobody's evidence and are left alone.
    pub(super) fn compare(
        &self,
        origin: &str,
        shown_by: &str,
        shown: &SignedCheckpoint,
    ) -> Result<(), VisitError> {
        let Some(peer) = self.peers.iter().find(|peer| peer.origin == origin) else {
            return Ok(());
        };
        if shown.checkpoint().origin() != origin || shown.verify(&peer.log_keys()).is_err() {
            return Ok(());
        }
        let contradiction = |known: &SignedCheckpoint| {
            self.keep_evidence(origin, shown_by, known, shown);
            Err(VisitError::Contradiction(origin.to_owned()))
        };
        let (size, root) = (shown.checkpoint().size(), shown.checkpoint().root());
        if let Some(latest) = self.witness.latest(origin)?
            && latest.size() == size
            && latest.root() != root
        {
            return contradiction(&latest.checkpoint);
        }
        // What is copied here tells the root of every smaller head.
        if let Some(copy) = self.head_of(origin)? {
            let head = copy.checkpoint();
            if size <= head.size() {
                let tree = TileReader::new(self.storage_of(origin), head.size(), head.root());
                if tree.consistency(size)?.0 != root {
                    return contradiction(&copy);
                }
            }
        }
        Ok(())
    }

    /// Asks a peer what it was shown of every other party's log, and compares.
    pub(super) fn compare_all(&self, place: usize) -> Result<(), VisitError> {
        for (other, peer) in self.peers.iter().enumerate() {
            if other == place {
                continue;
            }
            if let Some(latest) = self.ask_latest(place, &peer.origin)? {
                // It may bear this node's own cosignature: then it tells about the own memory, too.
                self.check_memory(&latest)?;
                self.compare(&peer.origin, &self.peers[place].party, &latest)?;
            }
        }
        Ok(())
    }

    /// Looks whether the witness has kept two heads of a log that was refused just now.
    pub(crate) fn after_refusal(&self, offered: &SignedCheckpoint) {
        let origin = offered.checkpoint().origin().to_owned();
        if let Err(error) = self.compare(&origin, &origin, offered)
            && !matches!(error, VisitError::Contradiction(_))
        {
            tracing::warn!(%error, "a refused head could not be compared");
        }
    }
}
