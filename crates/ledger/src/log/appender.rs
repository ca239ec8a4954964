//! Many at once: entries that arrive together are appended together, for one flush of the disk.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use thiserror::Error;

use super::{AppendError, Log, MOST_BATCH_BYTES, MOST_BATCH_ENTRIES};
use crate::checkpoint::SignedCheckpoint;
use crate::hash::Hash;
use crate::tile::MOST_ENTRY_BYTES;
use crate::time::Timestamp;

/// What becomes of one submitted entry.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its place in the log.
    pub index: u64,
    /// The hash of its leaf.
    pub leaf: Hash,
    /// The published checkpoint that contains it.
    pub head: Arc<SignedCheckpoint>,
}

/// How entries are gathered.
#[derive(Clone, Copy, Debug)]
pub struct BatchOptions {
    /// How many entries are appended together at most.
    pub entries: usize,
    /// How long the first of a batch waits for others. A batch that is already waiting when the last one is done is taken
    /// at once.
    pub wait: Duration,
    /// How many entries may wait; further ones are refused, so that memory stays flat under a flood.
    pub queue: usize,
    /// How many bytes they may have together.
    pub queue_bytes: usize,
}

impl Default for BatchOptions {
    fn default() -> BatchOptions {
        BatchOptions {
            entries: 4096,
            wait: Duration::from_millis(5),
            queue: 16_384,
            queue_bytes: 64 << 20,
        }
    }
}

/// Why an entry was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SubmitError {
    /// Too many entries are waiting.
    #[error("too many entries are waiting; try again in a moment")]
    Full,
    /// The entry is too large.
    #[error(
        "an entry has at most {MOST_ENTRY_BYTES} bytes; put the data into a file and its hash into the entry"
    )]
    TooLarge,
    /// The appender has been stopped.
    #[error("the log is being closed")]
    Closed,
}

type Answer = Box<dyn FnOnce(Result<Reply, Arc<AppendError>>) + Send>;

struct Job {
    entry: Vec<u8>,
    answer: Answer,
}

/// A thread that owns a log and appends what is submitted from any number of others.
pub struct Appender {
    sender: Mutex<Option<SyncSender<Job>>>,
    queued_bytes: Arc<AtomicUsize>,
    most_bytes: usize,
    log: Arc<Mutex<Log>>,
    thread: Option<JoinHandle<()>>,
}

impl Appender {
    /// Starts the thread. `clock` says what time it is when a batch is signed.
    ///
    /// # Errors
    /// Where the system starts no thread.
    pub fn start(
        log: Log,
        options: BatchOptions,
        clock: impl Fn() -> Timestamp + Send + 'static,
    ) -> std::io::Result<Appender> {
        let (sender, receiver) = sync_channel(options.queue.max(1));
        let log = Arc::new(Mutex::new(log));
        let own = log.clone();
        let queued_bytes = Arc::new(AtomicUsize::new(0));
        let taken = queued_bytes.clone();
        let thread = Builder::new()
            .name("appender".to_owned())
            .spawn(move || run(&own, &receiver, &taken, options, &clock))?;
        Ok(Appender {
            sender: Mutex::new(Some(sender)),
            queued_bytes,
            most_bytes: options.queue_bytes.max(MOST_ENTRY_BYTES),
            log,
            thread: Some(thread),
        })
    }

    /// Submits an entry. `answer` is called on the appender's thread once the entry is durable and published, or has failed.
    ///
    /// # Errors
    /// See [`SubmitError`]; `answer` is not called then.
    pub fn submit(
        &self,
        entry: Vec<u8>,
        answer: impl FnOnce(Result<Reply, Arc<AppendError>>) + Send + 'static,
    ) -> Result<(), SubmitError> {
        if entry.len() > MOST_ENTRY_BYTES {
            return Err(SubmitError::TooLarge);
        }
        let sender = self
            .sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let sender = sender.ok_or(SubmitError::Closed)?;
        let length = entry.len();
        let release = || self.queued_bytes.fetch_sub(length, Ordering::AcqRel);
        if self.queued_bytes.fetch_add(length, Ordering::AcqRel) + length > self.most_bytes {
            release();
            return Err(SubmitError::Full);
        }
        let job = Job {
            entry,
            answer: Box::new(answer),
        };
        sender.try_send(job).map_err(|error| {
            release();
            match error {
                TrySendError::Full(_) => SubmitError::Full,
                TrySendError::Disconnected(_) => SubmitError::Closed,
            }
        })
    }

    /// Does something with the log between two batches: offers it to witnesses, reads a proof.
    pub fn with_log<T>(&self, work: impl FnOnce(&mut Log) -> T) -> T {
        work(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes no more entries, appends those that wait, and ends the thread.
    pub fn stop(&mut self) {
        drop(
            self.sender
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Appender {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(
    log: &Mutex<Log>,
    receiver: &Receiver<Job>,
    queued_bytes: &AtomicUsize,
    options: BatchOptions,
    clock: &impl Fn() -> Timestamp,
) {
    let most = options.entries.clamp(1, MOST_BATCH_ENTRIES);
    let mut left_over = None;
    while let Some(first) = left_over.take().or_else(|| receiver.recv().ok()) {
        let until = Instant::now() + options.wait;
        let mut bytes = first.entry.len() + 2;
        let mut jobs = vec![first];
        while jobs.len() < most {
            let job = match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(job) => job,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            };
            bytes += job.entry.len() + 2;
            if bytes > MOST_BATCH_BYTES {
                left_over = Some(job);
                break;
            }
            jobs.push(job);
        }
        let taken = jobs.iter().map(|job| job.entry.len()).sum();
        queued_bytes.fetch_sub(taken, Ordering::AcqRel);
        append(
            &mut log.lock().unwrap_or_else(PoisonError::into_inner),
            jobs,
            clock,
        );
    }
}

/// How often a batch that another writer overtook is tried again.
const MOST_ATTEMPTS: usize = 8;

fn append(log: &mut Log, jobs: Vec<Job>, clock: &impl Fn() -> Timestamp) {
    let (list, answers): (Vec<_>, Vec<_>) =
        jobs.into_iter().map(|job| (job.entry, job.answer)).unzip();
    let mut result = log.append(&list, clock());
    for _ in 1..MOST_ATTEMPTS {
        match result {
            Err(AppendError::Overtaken) => result = log.append(&list, clock()),
            _ => break,
        }
    }
    match result {
        Ok(appended) => {
            let head = Arc::new(appended.head);
            for ((index, leaf), answer) in (appended.first..).zip(appended.leaves).zip(answers) {
                answer(Ok(Reply {
                    index,
                    leaf,
                    head: head.clone(),
                }));
            }
        }
        Err(error) => {
            let error = Arc::new(error);
            for answer in answers {
                answer(Err(error.clone()));
            }
        }
    }
}
