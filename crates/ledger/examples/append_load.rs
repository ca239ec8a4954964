//! Durable signed appends a second, and how long each waits: `append_load FOLDER SECONDS RATE`.
//!
//! Entries of about 400 bytes, each signed by its author, arrive at RATE a second (0: as many as are taken, with 2,048 waiting
//! at most). Before an entry is taken its signature is verified, as a node does. An entry counts when its answer arrives:
//! durable, in its tiles, under a signed and published checkpoint.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops at the first fault"
)]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use detente_ledger::key::{Algorithm, LocalSigner, Signer, VerifierKey, sign_text};
use detente_ledger::log::{Appender, BatchOptions, Confirmation, Identity, Log};
use detente_ledger::note::{KeyName, Note};
use detente_ledger::storage::{Folder, Storage};
use detente_ledger::time::Timestamp;

const WAITING: usize = 2048;

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_seconds(since.as_secs()).unwrap()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (folder, seconds, rate) = (
        &arguments[1],
        &arguments[2],
        arguments[3].parse::<u64>().unwrap(),
    );
    let seconds = Duration::from_secs(seconds.parse().unwrap());
    let key = |name: &str| {
        LocalSigner::generate(KeyName::new(name).unwrap(), Algorithm::Ed25519).unwrap()
    };
    let storage: Arc<dyn Storage> = Arc::new(Folder::open(Path::new(folder)).unwrap());
    let identity = Identity {
        origin: "log.example".into(),
        signers: vec![Arc::new(key("log.example"))],
    };
    Log::create(&*storage, "log.example", None).unwrap();
    let log = Log::open(storage, identity, None)
        .unwrap()
        .confirm(&Confirmation::Operator, now())
        .unwrap();
    let mut appender = Appender::start(log, BatchOptions::default(), now).unwrap();

    // Signing is the official's work, done elsewhere: a supply of signed entries is made beforehand.
    let official = key("official.example");
    let count = if rate == 0 {
        20_000
    } else {
        (rate * seconds.as_secs()).min(40_000)
    };
    let supply: Vec<Vec<u8>> = (0..count)
        .map(|number| {
            let text = format!(
                "detente/entry/v1\nlog.example\n{{\"number\":{number},\"text\":\"{}\"}}\n",
                "x".repeat(230)
            );
            Note::new(&text, vec![sign_text(&official, &text, now()).unwrap()])
                .unwrap()
                .to_string()
                .into_bytes()
        })
        .collect();
    let known = [official.verifier().clone()];

    let waiting = Arc::new(AtomicUsize::new(0));
    let waits = Arc::new(Mutex::new(Vec::with_capacity(1 << 20)));
    let start = Instant::now();
    let mut sent = 0_u64;
    while start.elapsed() < seconds {
        if rate > 0 {
            let due = start + Duration::from_secs_f64(sent as f64 / rate as f64);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        while waiting.load(Ordering::Acquire) >= if rate == 0 { WAITING } else { 16_000 } {
            std::thread::sleep(Duration::from_micros(200));
        }
        let bytes = supply[(sent % count) as usize].clone();
        submit(&appender, bytes, &known, &waiting, &waits);
        sent += 1;
    }
    appender.stop();
    let elapsed = start.elapsed();
    let mut waits = Arc::try_unwrap(waits).unwrap().into_inner().unwrap();
    waits.sort_unstable();
    assert_eq!(waits.len() as u64, sent);
    let percentile =
        |part: f64| waits[((waits.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    println!("appended {sent}");
    println!("per_second {:.0}", sent as f64 / elapsed.as_secs_f64());
    println!("p50_ms {:.1}", percentile(0.5));
    println!("p99_ms {:.1}", percentile(0.99));
    println!("most_ms {:.1}", percentile(1.0));
}

fn submit(
    appender: &Appender,
    bytes: Vec<u8>,
    known: &[VerifierKey],
    waiting: &Arc<AtomicUsize>,
    waits: &Arc<Mutex<Vec<Duration>>>,
) {
    // The clock of an entry starts when it arrives, before its signature is verified.
    let arrived = Instant::now();
    Note::parse(&bytes).unwrap().verify(known).unwrap();
    waiting.fetch_add(1, Ordering::AcqRel);
    let (waiting, waits) = (waiting.clone(), waits.clone());
    appender
        .submit(bytes, move |reply| {
            reply.unwrap();
            waits.lock().unwrap().push(arrived.elapsed());
            waiting.fetch_sub(1, Ordering::AcqRel);
        })
        .unwrap();
}
