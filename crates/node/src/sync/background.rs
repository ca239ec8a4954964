//! The threads that visit peers while a node runs: one for each, so that a silent peer holds up no other.

use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use crate::node::Node;

/// Running workers.
pub struct Background {
    node: Node,
    threads: Vec<JoinHandle<()>>,
}

/// The shortest and the longest time before a peer that failed is visited again.
const BACKOFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));

/// How long to wait after the `failures`-th failed visit in a row: twice as long each time.
fn backoff(failures: u32) -> Duration {
    BACKOFF
        .0
        .saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(16)))
        .min(BACKOFF.1)
}

impl Background {
    /// Starts them.
    ///
    /// # Errors
    /// Where the system starts no thread.
    pub fn start(node: &Node) -> std::io::Result<Background> {
        let mut threads = Vec::new();
        for place in 0..node.peers().len() {
            let node = node.clone();
            let name = format!("peer-{place}");
            threads.push(
                Builder::new()
                    .name(name)
                    .spawn(move || visit_forever(&node, place))?,
            );
        }
        let own = node.clone();
        threads.push(
            Builder::new()
                .name("index".to_owned())
                .spawn(move || index_forever(&own))?,
        );
        let own = node.clone();
        threads.push(
            Builder::new()
                .name("confirm".to_owned())
                .spawn(move || confirm_at_last(&own))?,
        );
        Ok(Background {
            node: node.clone(),
            threads,
        })
    }

    /// Ends them, after the visit that each is on. A visit to a peer that does not answer is not waited for longer than
    /// `patience`: it signs and stores nothing that would be lost.
    pub fn stop(self, patience: Duration) {
        self.node.inner.nudge.stop();
        let until = Instant::now() + patience;
        for thread in self.threads {
            while !thread.is_finished() && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(5));
            }
            if thread.is_finished() {
                let _ = thread.join();
            } else {
                tracing::warn!("a visit was still in progress when the time to stop was over");
            }
        }
    }
}

fn visit_forever(node: &Node, place: usize) {
    let inner = &*node.inner;
    let interval = Duration::from_secs(inner.config.interval_seconds);
    let (mut seen, mut whole_at) = (0, Instant::now());
    loop {
        // In between, only the own log is offered: a flood of entries is no reason to ask the peer for everything each time.
        let grown = std::mem::take(&mut inner.peer_state(place).grown);
        let whole = grown || Instant::now() >= whole_at;
        let visit = if whole {
            whole_at = Instant::now() + interval;
            node.visit(place)
        } else {
            node.offer_to(place)
        };
        if !visit.errors.is_empty() {
            // A peer that fails is not asked again with every new entry.
            let failures = inner.peer_state(place).failures;
            if inner.nudge.pause(backoff(failures).min(interval)).is_none() {
                return;
            }
            whole_at = Instant::now();
            continue;
        }
        let left = whole_at.saturating_duration_since(Instant::now());
        let Some(count) = inner.nudge.wait(seen, left) else {
            return;
        };
        // Entries come in crowds: a moment's patience saves many visits.
        if count > seen && inner.nudge.pause(Duration::from_millis(20)).is_none() {
            return;
        }
        seen = count;
    }
}

fn index_forever(node: &Node) {
    let inner = &*node.inner;
    let mut seen = 0;
    loop {
        if let Err(error) = inner.index_all() {
            tracing::warn!(%error, "the index is behind");
        }
        match inner.nudge.wait(seen, Duration::from_secs(5)) {
            Some(count) => seen = count,
            None => return,
        }
    }
}

fn confirm_at_last(node: &Node) {
    let mut failures = 0;
    loop {
        match node.confirm() {
            Ok(()) => return,
            Err(error) => {
                failures += 1;
                if failures == 1 || failures % 16 == 0 {
                    tracing::warn!(%error, "the log is not confirmed yet; it is tried again");
                }
            }
        }
        let wait = Duration::from_millis(200)
            .saturating_mul(failures)
            .min(Duration::from_secs(10));
        if node.inner.nudge.pause(wait).is_none() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_peer_is_asked_more_and_more_rarely() {
        let seconds: Vec<u64> = [1, 2, 3, 9, 10, 1000]
            .map(|failures| backoff(failures).as_secs())
            .to_vec();
        assert_eq!(seconds, [1, 2, 4, 256, 300, 300]);
    }
}
