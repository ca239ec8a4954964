//! Stopped, killed, started again, opened twice: nothing that was acknowledged is lost, and nothing stands in the log twice.

use std::collections::{HashMap, HashSet};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use detente_node::config::Confirm;
use detente_node::database::Role;
use detente_node::folder::FolderError;
use detente_node::{Node, OpenError, OpenOptions, Server};

use crate::common::{Official, PASSPHRASE, Place, ask, entry, get, official, try_ask, until};

/// The folder that the child process is to serve.
const FOLDER: &str = "DETENTE_TEST_FOLDER";

/// Not a test: what a child process runs, which is this program started again.
#[test]
#[ignore = "run by other tests in a process of its own"]
fn child() {
    let folder = std::env::var_os(FOLDER).unwrap();
    let node = Node::open(folder.as_ref(), OpenOptions::new(PASSPHRASE)).unwrap();
    let server = Server::start(&node).unwrap();
    drop(node);
    server.run_until_asked_to_end().unwrap();
}

fn start_child(place: &Place) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["stopping::child", "--exact", "--ignored"])
        .env(FOLDER, &place.folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn until_ready(to: SocketAddr) {
    until("the node to be ready", || {
        try_ask(to, "GET", "/health/ready", None, b"").is_ok_and(|answer| answer.status == 200)
    });
}

/// What clients sent, and what was acknowledged: number of the entry and its place in the log.
#[derive(Default)]
struct Sent {
    numbers: HashSet<u64>,
    acknowledged: HashMap<u64, u64>,
}

/// Clients submit one entry after the other until `end` is called and no answer comes any more.
fn flood(place: &Place, officer: &Official, end: impl FnOnce(&AtomicU64)) -> Sent {
    let sent = Mutex::new(Sent::default());
    let (next, count, ended) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while !ended.load(Ordering::SeqCst) {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let bytes = entry(&place.origin, number, &[&officer.key]).to_bytes();
                    sent.lock().unwrap().numbers.insert(number);
                    let Some(answer) = try_submit(place, officer, &bytes) else {
                        break;
                    };
                    sent.lock().unwrap().acknowledged.insert(number, answer);
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        end(&count);
        ended.store(true, Ordering::SeqCst);
    });
    sent.into_inner().unwrap()
}

/// The place of an entry, where it was acknowledged with a whole answer.
fn try_submit(place: &Place, officer: &Official, bytes: &[u8]) -> Option<u64> {
    let answer = try_ask(
        place.address,
        "POST",
        "/api/v1/entries",
        Some(&officer.token),
        bytes,
    )
    .ok()?;
    if !matches!(answer.status, 200 | 201) {
        return None;
    }
    serde_json::from_slice::<serde_json::Value>(&answer.body)
        .ok()?
        .get("index")?
        .as_u64()
}

/// All that was acknowledged stands where it was said to, in a log whose tree is whole; and whatever is sent again stands in it
/// once.
fn check(place: &Place, officer: &Official, sent: &Sent) {
    let server = place.serve();
    until("the log to be open", || server.node().is_open());
    let node = server.node();
    let size = node.status().size;
    assert!(size >= sent.acknowledged.len() as u64);
    assert!(size <= sent.numbers.len() as u64);
    let bytes = |number| entry(&place.origin, number, &[&officer.key]).to_bytes();
    for (number, index) in &sent.acknowledged {
        let one = get(place.address, &format!("/api/v1/entries/{index}")).json();
        assert_eq!(
            one["entry"].as_str().unwrap().as_bytes(),
            bytes(*number),
            "{index}"
        );
    }
    for number in &sent.numbers {
        let again = node.submit(&officer.account, &bytes(*number)).unwrap();
        if let Some(index) = sent.acknowledged.get(number) {
            assert!(again.repeated);
            assert_eq!(again.index, *index);
        }
    }
    assert_eq!(node.status().size, sent.numbers.len() as u64);
    server.stop();
}

fn place_without_rate() -> Place {
    let place = Place::new("alpha", Confirm::Operator);
    place.change("requests_per_second = 100", "requests_per_second = 100000");
    place.change("burst = 400", "burst = 100000");
    place
}

fn with_officer(place: &Place) -> Official {
    official(&place.open(), "officer", Role::ReleasingOfficer)
}

#[test]
fn a_stop_loses_nothing_acknowledged() {
    let place = place_without_rate();
    let officer = with_officer(&place);
    let server = place.serve();
    until_ready(place.address);
    let sent = flood(&place, &officer, |count| {
        until("many entries", || count.load(Ordering::SeqCst) > 40);
        server.stop();
    });
    assert!(sent.acknowledged.len() > 40);
    // A request that was in progress was answered: what is not acknowledged did not reach the node.
    let node = place.open();
    assert_eq!(node.status().size, sent.acknowledged.len() as u64);
    drop(node);
    check(&place, &officer, &sent);
}

#[test]
fn a_killed_process_loses_nothing_acknowledged() {
    let place = place_without_rate();
    let officer = with_officer(&place);
    let mut child = start_child(&place);
    until_ready(place.address);
    let sent = flood(&place, &officer, |count| {
        until("many entries", || count.load(Ordering::SeqCst) > 40);
        child.kill().unwrap();
        child.wait().unwrap();
    });
    assert!(sent.acknowledged.len() > 40);
    check(&place, &officer, &sent);
}

#[cfg(unix)]
#[test]
fn a_process_that_is_asked_to_end_does_so_with_success() {
    let place = place_without_rate();
    let officer = with_officer(&place);
    let mut child = start_child(&place);
    until_ready(place.address);
    // Another process has the folder: it is not opened here.
    let refused = Node::open(&place.folder, OpenOptions::new(PASSPHRASE));
    assert!(matches!(
        refused.err(),
        Some(OpenError::Folder(FolderError::InUse(_)))
    ));
    let sent = flood(&place, &officer, |count| {
        until("many entries", || count.load(Ordering::SeqCst) > 20);
        let asked = Command::new("kill")
            .args(["-TERM", &child.id().to_string()])
            .status()
            .unwrap();
        assert!(asked.success());
        assert!(child.wait().unwrap().success());
    });
    check(&place, &officer, &sent);
}

#[test]
fn one_folder_is_opened_once() {
    let place = Place::new("alpha", Confirm::Operator);
    let server = place.serve();
    let refused = Node::open(&place.folder, OpenOptions::new(PASSPHRASE));
    let error = refused.err().unwrap();
    assert!(matches!(error, OpenError::Folder(FolderError::InUse(_))));
    assert!(error.to_string().contains("another process runs the node"));
    server.stop();
    // Stopped, it is free at once.
    drop(place.open());
    // Without the passphrase, it is not opened at all.
    assert!(Node::open(&place.folder, OpenOptions::new("another")).is_err());
}

#[test]
fn a_silent_peer_does_not_hold_up_a_stop() {
    let place = Place::new("alpha", Confirm::Operator);
    let silent = Place::new("beta", Confirm::Operator);
    place.know(&silent);
    place.change("stop_seconds = 20", "stop_seconds = 1");
    // It takes connections, and says nothing.
    let listener = TcpListener::bind(silent.address).unwrap();
    let server = place.serve();
    until("the log to be open", || server.node().is_open());
    let (held, _) = listener.accept().unwrap();
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    let bytes = entry(&place.origin, 1, &[&officer.key]).to_bytes();
    server.node().submit(&officer.account, &bytes).unwrap();
    let begun = Instant::now();
    server.stop();
    assert!(
        begun.elapsed() < Duration::from_secs(6),
        "{:?}",
        begun.elapsed()
    );
    drop((held, listener));
}

#[test]
fn the_index_is_built_again_the_same() {
    let place = place_without_rate();
    let officer = with_officer(&place);
    let server = place.serve();
    until("the log to be open", || server.node().is_open());
    // Many at once, which come in any order.
    std::thread::scope(|scope| {
        for part in 0..15 {
            let (node, officer, origin) = (server.node(), &officer, &place.origin);
            scope.spawn(move || {
                for number in (0..300).filter(|number| number % 15 == part) {
                    let bytes = entry(origin, number, &[&officer.key]).to_bytes();
                    node.submit(&officer.account, &bytes).unwrap();
                }
            });
        }
    });
    let questions: Vec<String> = [
        "",
        "&provision=II.1",
        "&kind=notification&from=257",
        "&author=B",
    ]
    .iter()
    .flat_map(|which| [7, 256].map(|limit| format!("/api/v1/entries?limit={limit}{which}")))
    .collect();
    let answers = || -> Vec<serde_json::Value> {
        questions
            .iter()
            .map(|question| get(place.address, question).json())
            .collect()
    };
    let before = answers();
    let of_one = before[3]["entries"].as_array().unwrap();
    assert_eq!(of_one.len(), 100);
    assert!(of_one.iter().all(|one| one["says"]["provision"] == "II.1"));
    assert_eq!(before[2]["entries"].as_array().unwrap()[..], of_one[..7]);
    assert_eq!(before[2]["next"], of_one[7]["index"]);
    let late = before[5]["entries"].as_array().unwrap();
    assert_eq!((late.len(), &late[0]["index"]), (43, &257.into()));
    assert_eq!(before[7]["entries"].as_array().unwrap().len(), 0);
    server.stop();
    for file in std::fs::read_dir(&place.folder).unwrap() {
        let file = file.unwrap();
        if file
            .file_name()
            .to_string_lossy()
            .starts_with("index.sqlite")
        {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
    let server = place.serve();
    until("the log to be open", || server.node().is_open());
    assert_eq!(answers(), before);
    // What stands in the log is known, and accounts are as they were.
    let one = get(place.address, "/api/v1/entries/200").json();
    let bytes = one["entry"].as_str().unwrap().as_bytes();
    let again = ask(
        place.address,
        "POST",
        "/api/v1/entries",
        Some(&officer.token),
        bytes,
    );
    assert_eq!(
        (again.status, again.json()["index"].as_u64()),
        (200, Some(200))
    );
    server.stop();
}

#[test]
fn the_same_statement_from_many_at_once_stands_once() {
    let place = place_without_rate();
    let officer = with_officer(&place);
    let server = place.serve();
    until("the log to be open", || server.node().is_open());
    for number in 0..20 {
        let bytes = entry(&place.origin, number, &[&officer.key]).to_bytes();
        let taken: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| server.node().submit(&officer.account, &bytes).unwrap()))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(taken.iter().all(|one| one.index == number), "{taken:?}");
        assert_eq!(taken.iter().filter(|one| !one.repeated).count(), 1);
    }
    server.stop();
}
