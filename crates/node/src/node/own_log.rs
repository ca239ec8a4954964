//! The own log: opening it, having it confirmed, and the appender.

use std::sync::PoisonError;

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::log::{
    Appender, BatchOptions, ConfirmError, Confirmation, FileMark, Heard, HighWater, Log, OpenError,
    UnconfirmedLog,
};
use thiserror::Error;

use super::indexing::IndexError;
use super::{Inner, Node};
use crate::config::Confirm;

/// The log takes nothing yet, or no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "the log is not open: enough witnesses must confirm first that it is not an old copy, or it is being closed; `detente node status` tells"
)]
pub struct NotReady;

/// Why the log is not confirmed.
#[derive(Debug, Error)]
pub enum ConfirmLogError {
    /// The log.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Nobody confirms it.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
    /// No witnesses are listed.
    #[error(
        "the trust file lists no witnesses that could confirm the log: add the cards of peers (`detente node peer add`), or set \
         confirm = \"operator\" in node.toml for a log that nobody witnesses"
    )]
    NoWitnesses,
    /// The index could not be brought up to date.
    #[error("the index could not be brought up to date: {0}")]
    Index(#[from] IndexError),
    /// No thread could be started.
    #[error("the appender could not be started: {0}")]
    Thread(#[from] std::io::Error),
}

impl Inner {
    pub(super) fn open_log(&self) -> Result<UnconfirmedLog, OpenError> {
        let mark = self
            .config
            .high_water
            .as_ref()
            .map(|file| FileMark::new(&self.folder.place(&file.to_string_lossy())));
        let mark = mark.map(|mark| Box::new(mark) as Box<dyn HighWater>);
        Log::open(self.own_storage.clone(), self.identity.clone(), mark)
    }

    /// The appender, while the log is open.
    pub(crate) fn with_appender<T>(
        &self,
        work: impl FnOnce(&Appender) -> T,
    ) -> Result<T, NotReady> {
        self.appender
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(work)
            .ok_or(NotReady)
    }

    fn confirm(&self, log: UnconfirmedLog, by: &Confirmation<'_>) -> Result<(), ConfirmLogError> {
        let log = log.confirm(by, self.clock.now())?;
        // What a statement handed in again is known by must be whole before entries are taken.
        self.index_own()?;
        let clock = self.clock.clone();
        let appender = Appender::start(log, BatchOptions::default(), move || clock.now())?;
        let mut held = self
            .appender
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *held = Some(appender);
        drop(held);
        tracing::info!("the log is confirmed and open");
        self.announce();
        self.nudge.raise();
        Ok(())
    }

    /// What the listed witnesses that answer say to have cosigned last of the own log.
    fn hear_witnesses(&self) -> Vec<Heard> {
        let said: Vec<(usize, Option<SignedCheckpoint>)> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..self.peers.len())
                .map(|place| {
                    scope.spawn(move || (place, self.ask_latest(place, &self.config.origin)))
                })
                .collect();
            asked
                .into_iter()
                .filter_map(|thread| thread.join().ok())
                .filter_map(|(place, answer)| match answer {
                    Ok(latest) => Some((place, latest)),
                    Err(error) => {
                        tracing::warn!(peer = self.peers[place].party, %error, "the witness was not heard");
                        None
                    }
                })
                .collect()
        });
        let mut heard = Vec::new();
        for (witness, listed) in self.policy.witnesses().iter().enumerate() {
            let peer = self
                .peers
                .iter()
                .position(|peer| peer.witness.iter().any(|key| key.0 == listed.key));
            let Some((_, latest)) =
                peer.and_then(|peer| said.iter().find(|(place, _)| *place == peer))
            else {
                continue;
            };
            match latest {
                // Without this key's cosignature it says nothing about this witness: it was not heard.
                Some(latest) if latest.verify(std::slice::from_ref(&listed.key)).is_err() => {}
                _ => heard.push(Heard {
                    witness,
                    latest: latest.clone(),
                }),
            }
        }
        heard
    }
}

impl Node {
    /// Has the log confirmed as the configuration says, and opens it for entries. Does nothing where it is open.
    ///
    /// # Errors
    /// See [`ConfirmLogError`]; nothing was signed then, and it may be tried again.
    pub fn confirm(&self) -> Result<(), ConfirmLogError> {
        let inner = &*self.inner;
        if inner.with_appender(|_| ()).is_ok() {
            return Ok(());
        }
        let log = inner.open_log()?;
        match inner.config.confirm {
            Confirm::Operator => return inner.confirm(log, &Confirmation::Operator),
            Confirm::Mark => match inner.confirm(log, &Confirmation::HighWater) {
                Err(ConfirmLogError::Confirm(
                    ConfirmError::MarkBehind { .. } | ConfirmError::NoMark,
                )) => {}
                done => return done,
            },
            Confirm::Witnesses => drop(log),
        }
        if inner.policy.witnesses().is_empty() {
            return Err(ConfirmLogError::NoWitnesses);
        }
        let heard = inner.hear_witnesses();
        inner.confirm(
            inner.open_log()?,
            &Confirmation::Witnesses {
                policy: &inner.policy,
                heard: &heard,
            },
        )
    }

    /// Whether the log is open for entries.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.inner.with_appender(|_| ()).is_ok()
    }
}
