//! The Python witness `aics-witness` cosigns our log as it grows, and refuses its fork; ours does the same for a log written by
//! `aics-tlog`, and their log verifies with our program.
//!
//! Needs Python 3.12 or newer with `pip install aics-witness`, and the path of its program in `DETENTE_AICS_WITNESS`; says that it
//! was skipped where that is not set.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them; a skipped test says so"
)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::prelude::{BASE64_STANDARD as STANDARD, Engine as _};
use common::{ORIGIN, at, entry, log_signer, open, signer};
use detente_ledger::key::{Algorithm, Signer, VerifierKey};
use detente_ledger::log::Log;
use detente_ledger::policy::Policy;
use detente_ledger::storage::{Memory, ReadOnlyFolder, Storage};
use detente_ledger::verify::{VerifyOptions, verify_log};
use detente_ledger::witness::{AddCheckpoint, WatchedLog, Witness};

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(program: &str, folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .env("AICS_WITNESS_CONFIG", folder.join("witness.json"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// One request over a connection of its own: the status and the body.
fn post(port: u16, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let head = format!(
        "POST /add-checkpoint HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, body.to_owned())
}

fn request(log: &Log, old: u64) -> AddCheckpoint {
    log.request(&log.offer().unwrap(), old).unwrap()
}

#[test]
fn the_python_witness_cosigns_our_log_and_refuses_its_fork() {
    let Ok(program) = std::env::var("DETENTE_AICS_WITNESS") else {
        eprintln!("skipped: DETENTE_AICS_WITNESS does not name the Python witness");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let printed = command(
        &program,
        folder.path(),
        &["init", "--name", "witness.example/w1"],
    );
    let vkey = printed
        .split_whitespace()
        .find(|word| word.starts_with("witness.example/w1+"))
        .unwrap();
    let witness = VerifierKey::parse(vkey).unwrap();
    let log_key = log_signer().verifier().to_string();
    command(
        &program,
        folder.path(),
        &["add-log", "--origin", ORIGIN, "--vkey", &log_key],
    );
    let server = Command::new(&program)
        .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
        .env("AICS_WITNESS_CONFIG", folder.path().join("witness.json"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _server = Server(server);
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }

    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut log = open(&storage, log_signer(), None);
    let mut old = 0;
    for size in [1, 2, 300, 301, 1000] {
        let list: Vec<Vec<u8>> = (old..size).map(entry).collect();
        log.append(&list, at(2)).unwrap();
        let (status, body) = post(port, request(&log, old).to_string().as_bytes());
        assert_eq!(status, 200, "{body}");
        let offer = log.offer().unwrap();
        let cosigned = log
            .add_cosignatures(&offer, &body, std::slice::from_ref(&witness))
            .unwrap();
        let stated =
            detente_ledger::received::seen(&cosigned, size - 1, std::slice::from_ref(&witness));
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        assert!(stated.is_some_and(|stated| now - stated.seconds() < 60));
        old = size;
    }
    // It and ours give the same answers to what a log must not do.
    let (status, body) = post(port, request(&log, 0).to_string().as_bytes());
    assert_eq!((status, body.as_str()), (409, "1000\n"));
    let fork: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut fork = open(&fork, log_signer(), None);
    let list: Vec<Vec<u8>> = (0..1001)
        .map(|number| format!("other {number}").into_bytes())
        .collect();
    fork.append(&list, at(2)).unwrap();
    let (status, _) = post(port, request(&fork, 1000).to_string().as_bytes());
    assert_eq!(status, 422);
    let (status, _) = post(port, b"old 0\n\nnot a checkpoint\n");
    assert_eq!(status, 400);
}

/// Our witness, driven by what a Python program prints; then our reading of the log that it has left.
#[test]
fn our_witness_cosigns_a_python_log_and_refuses_its_fork() {
    let Ok(program) = std::env::var("DETENTE_AICS_WITNESS") else {
        eprintln!("skipped: DETENTE_AICS_WITNESS does not name the Python witness");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let key = signer("ours.example/witness", Algorithm::Ed25519Cosignature);
    let python = Path::new(&program).with_file_name("python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/python_log.py");
    let mut child = Command::new(python)
        .arg(script)
        .arg(folder.path())
        .arg(key.verifier().to_string())
        .args(["1", "2", "255", "256", "300", "70000"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let log_key = VerifierKey::parse(&lines.next().unwrap()).unwrap();
    let watched = WatchedLog {
        origin: "python.example/log".into(),
        keys: vec![log_key.clone()],
    };
    let witness = Witness::new(Arc::new(Memory::new()), vec![key.clone()], vec![watched]);
    let mut statuses = Vec::new();
    let mut good = false;
    for line in lines {
        let Some(body) = line.strip_prefix("add ") else {
            good = line == "good";
            continue;
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let (answer, fault) = witness.answer(&STANDARD.decode(body).unwrap(), at(now.as_secs()));
        assert!(fault.is_none(), "{fault:?}");
        statuses.push(answer.status);
        writeln!(to, "{} {}", answer.status, STANDARD.encode(answer.body)).unwrap();
    }
    assert!(child.wait().unwrap().success());
    assert!(good);
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 422, 409]);
    let policy = format!(
        "log {log_key}\nwitness ours {}\nquorum ours\n",
        key.verifier()
    );
    let options = VerifyOptions {
        threads: 2,
        quorum: true,
    };
    let verified = verify_log(
        &ReadOnlyFolder::new(folder.path()),
        &Policy::parse(policy.as_bytes()).unwrap(),
        options,
        &|_, entry| {
            entry
                .starts_with(b"entry ")
                .then_some(())
                .ok_or_else(|| "another entry".to_owned())
        },
    )
    .unwrap();
    assert_eq!(verified.checkpoint.checkpoint().size(), 70_000);
}
