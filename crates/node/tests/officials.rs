//! Who may do what over HTTP, and what is refused.
#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use common::{Place, ask, entry, get, official, read_answer, said, until};
use detente_node::config::Confirm;
use detente_node::database::Role;
use detente_node::{Node, OpenOptions, Server};
use serde_json::json;

fn one() -> (Place, Server) {
    let place = Place::new("alpha", Confirm::Operator);
    place.change("two_signatures = []", "two_signatures = [\"declaration\"]");
    place.change("head_seconds = 10", "head_seconds = 1");
    place.change("attachment_bytes = 1073741824", "attachment_bytes = 100000");
    let server = place.serve();
    until("the log to be confirmed", || server.node().is_open());
    (place, server)
}

#[test]
fn each_role_does_what_it_may_and_no_more() {
    let (place, server) = one();
    let (node, to) = (server.node(), server.address());
    let officer = official(node, "officer", Role::ReleasingOfficer);
    let drafter = official(node, "drafter", Role::Drafter);
    let reader = official(node, "reader", Role::Reader);
    let inspector = official(node, "inspector", Role::Inspector);
    let auditor = official(node, "auditor", Role::Auditor);
    let stranger = detente_ledger::key::LocalSigner::generate(
        detente_ledger::note::KeyName::new("stranger.example").unwrap(),
        detente_ledger::key::Algorithm::Ed25519,
    )
    .unwrap();
    let submit =
        |token: Option<&str>, bytes: &[u8]| ask(to, "POST", "/api/v1/entries", token, bytes);
    let code = |answer: &common::Answer| answer.json()["code"].as_str().unwrap_or("").to_owned();

    let good = entry(&place.origin, 1, &[&officer.key]).to_bytes();
    assert_eq!(submit(None, &good).status, 401);
    assert_eq!(submit(Some("detente_no"), &good).status, 401);
    for other in [&drafter, &reader, &auditor] {
        let refused = submit(Some(&other.token), &good);
        assert_eq!((refused.status, code(&refused).as_str()), (403, "role"));
    }
    // The wrong signer, the wrong log, a changed word, a changed form.
    let by_stranger = entry(&place.origin, 1, &[&stranger]).to_bytes();
    assert_eq!(
        code(&submit(Some(&officer.token), &by_stranger)),
        "signature"
    );
    let by_drafter = entry(&place.origin, 1, &[&drafter.key]).to_bytes();
    assert_eq!(
        code(&submit(Some(&officer.token), &by_drafter)),
        "officials"
    );
    let elsewhere = entry("beta.example/log", 1, &[&officer.key]).to_bytes();
    assert_eq!(code(&submit(Some(&officer.token), &elsewhere)), "signature");
    let changed = String::from_utf8(good.clone())
        .unwrap()
        .replace("n-1", "n-2");
    assert_eq!(
        code(&submit(Some(&officer.token), changed.as_bytes())),
        "signature"
    );
    let spaced = String::from_utf8(good.clone())
        .unwrap()
        .replace("\":\"", "\": \"");
    let malformed = submit(Some(&officer.token), spaced.as_bytes());
    assert_eq!(
        (malformed.status, code(&malformed).as_str()),
        (400, "malformed")
    );
    assert_eq!(submit(Some(&officer.token), b"{}").status, 400);
    assert_eq!(
        submit(Some(&officer.token), &vec![b'x'; 70_000]).status,
        413
    );
    assert_eq!(node.status().size, 0);
    let taken = submit(Some(&officer.token), &good);
    assert_eq!(
        (taken.status, taken.json()["index"].as_u64()),
        (201, Some(0))
    );

    // A declaration needs two: a draft, countersigned at its release.
    let object = json!({"kind": "declaration", "author": "A", "as_of": "2026-01-01"});
    let draft = said(&place.origin, &object, &[&drafter.key]);
    let alone = said(&place.origin, &object, &[&officer.key]).to_bytes();
    assert_eq!(code(&submit(Some(&officer.token), &alone)), "officials");
    let put = ask(
        to,
        "POST",
        "/api/v1/drafts",
        Some(&drafter.token),
        &draft.to_bytes(),
    );
    assert_eq!(put.status, 201, "{}", put.text());
    let kept = put.json()["entry"].as_str().unwrap().to_owned();
    assert_eq!(kept.as_bytes(), draft.to_bytes());
    let countersigned = draft.countersign(&officer.key).unwrap().to_bytes();
    let release =
        |token: &str, bytes: &[u8]| ask(to, "POST", "/api/v1/drafts/1/release", Some(token), bytes);
    assert_eq!(release(&drafter.token, &countersigned).status, 403);
    let other = said(
        &place.origin,
        &json!({"kind": "declaration", "author": "B"}),
        &[&drafter.key, &officer.key],
    );
    assert_eq!(release(&officer.token, &other.to_bytes()).status, 409);
    assert_eq!(release(&officer.token, &draft.to_bytes()).status, 403);
    let released = release(&officer.token, &countersigned);
    assert_eq!(
        (released.status, released.json()["index"].as_u64()),
        (201, Some(1))
    );
    assert_eq!(release(&officer.token, &countersigned).status, 404);

    // An inspector submits inspections of its own, and nothing else.
    let report = said(
        &place.origin,
        &json!({"kind": "inspection", "author": "A"}),
        &[&inspector.key],
    );
    assert_eq!(
        submit(Some(&inspector.token), &report.to_bytes()).status,
        201
    );
    let notice = entry(&place.origin, 9, &[&inspector.key]).to_bytes();
    assert_eq!(code(&submit(Some(&inspector.token), &notice)), "role");

    // Metrics and accounts are for auditors.
    for path in ["/metrics", "/api/v1/accounts"] {
        assert_eq!(get(to, path).status, 401);
        assert_eq!(ask(to, "GET", path, Some(&reader.token), b"").status, 403);
        assert_eq!(ask(to, "GET", path, Some(&auditor.token), b"").status, 200);
    }
    let metrics = ask(to, "GET", "/metrics", Some(&auditor.token), b"").text();
    assert!(metrics.contains("detente_log_size 3"), "{metrics}");

    // Revoked and expired tokens sign in no more.
    let now = node.now().seconds();
    let short = node.store().issue_token("reader", now - 10, 5).unwrap();
    assert_eq!(
        ask(to, "GET", "/api/v1/status", Some(&short.secret), b"").status,
        401
    );
    assert_eq!(
        ask(to, "GET", "/api/v1/status", Some(&reader.token), b"").status,
        200
    );
    node.store().revoke_tokens("reader", now).unwrap();
    assert_eq!(
        ask(to, "GET", "/api/v1/status", Some(&reader.token), b"").status,
        401
    );
    // What the official of an ended account signs counts no more.
    node.store().revoke_account("drafter", now).unwrap();
    let late = entry(&place.origin, 8, &[&drafter.key, &officer.key]).to_bytes();
    assert_eq!(submit(Some(&officer.token), &late).status, 201);
    let late = entry(&place.origin, 8, &[&drafter.key]).to_bytes();
    assert_eq!(code(&submit(Some(&officer.token), &late)), "signature");

    // Attachments, within their limit.
    let up = ask(
        to,
        "POST",
        "/api/v1/attachments",
        Some(&officer.token),
        &vec![7; 90_000],
    );
    assert_eq!(up.status, 201, "{}", up.text());
    let path = format!(
        "/api/v1/attachments/{}",
        up.json()["sha256"].as_str().unwrap()
    );
    assert!(get(to, &path).text().contains("\u{7}"));
    assert_eq!(
        ask(
            to,
            "POST",
            "/api/v1/attachments",
            Some(&officer.token),
            &vec![7; 100_001]
        )
        .status,
        413
    );
    assert_eq!(
        ask(
            to,
            "POST",
            "/api/v1/attachments",
            Some(&auditor.token),
            b"x"
        )
        .status,
        403
    );

    // The index, deleted, is built again the same.
    let query = "/api/v1/entries?kind=notification&limit=2";
    let before = get(to, query).json();
    node.store().forget_index().unwrap();
    assert_eq!(get(to, query).json(), before);
    server.stop();
}

#[test]
fn slow_and_many_are_cut_off() {
    let (_place, server) = one();
    let to = server.address();
    let mut slow = TcpStream::connect(to).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    slow.write_all(b"GET /checkpoint HTTP/1.1\r\nHost: x\r\n")
        .unwrap();
    let begun = Instant::now();
    let answer = read_answer(&mut slow);
    assert!(matches!(answer.status, 0 | 408), "{answer:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    let limited = (0..1500).any(|_| get(to, "/health/live").status == 429);
    assert!(limited);
    server.stop();
}

#[test]
fn a_folder_is_served_once_and_a_stop_loses_nothing() {
    let (place, server) = one();
    let refused = Node::open(&place.folder, OpenOptions::new(common::PASSPHRASE));
    assert!(refused.is_err_and(|error| error.to_string().contains("another process")));
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    let node = server.node().clone();
    let origin = place.origin.clone();
    let writer = std::thread::spawn(move || {
        let mut acknowledged = Vec::new();
        for number in 0.. {
            let bytes = entry(&origin, number, &[&officer.key]).to_bytes();
            match node.submit(&officer.account, &bytes) {
                Ok(taken) => acknowledged.push((taken.index, bytes)),
                Err(_) => return acknowledged,
            }
        }
        acknowledged
    });
    std::thread::sleep(Duration::from_millis(300));
    server.stop();
    let acknowledged = writer.join().unwrap();
    assert!(!acknowledged.is_empty());
    let server = place.serve();
    until("the log to be confirmed", || server.node().is_open());
    for (index, bytes) in &acknowledged {
        let one = get(server.address(), &format!("/api/v1/entries/{index}")).json();
        assert_eq!(one["entry"].as_str().unwrap().as_bytes(), bytes);
    }
    server.stop();
}

/// The ids and kinds of the next `count` events after `last`.
fn events(to: std::net::SocketAddr, last: &str, count: usize) -> Vec<(String, String)> {
    let mut stream = TcpStream::connect(to).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    write!(
        stream,
        "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: {last}\r\n\r\n"
    )
    .unwrap();
    let (mut found, mut kind) = (Vec::new(), String::new());
    for line in BufReader::new(stream).lines() {
        let line = line.unwrap();
        if let Some(text) = line.strip_prefix("event: ") {
            kind = text.to_owned();
        }
        if let Some(id) = line.strip_prefix("id: ") {
            found.push((id.to_owned(), kind.clone()));
            if found.len() == count {
                break;
            }
        }
    }
    found
}

#[test]
fn a_listener_that_comes_back_misses_nothing() {
    let (place, server) = one();
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    for number in 0..6 {
        let bytes = entry(&place.origin, number, &[&officer.key]).to_bytes();
        server.node().submit(&officer.account, &bytes).unwrap();
    }
    let all = events(server.address(), "0", 6);
    assert!(all.iter().all(|(_, kind)| kind == "entry"));
    let rest = events(server.address(), &all[2].0, 3);
    assert_eq!(rest, all[3..]);
    // After the index was built anew, a listener is told that it may have missed something.
    server.node().store().forget_index().unwrap();
    let told = events(server.address(), &all[2].0, 1);
    assert_eq!(told[0].1, "reset");
    server.stop();
}

#[test]
fn the_description_of_the_interface_is_the_committed_one() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/node/openapi.json");
    let now = detente_node::http::open_api();
    if std::env::var_os("DETENTE_WRITE_OPENAPI").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == now,
        "docs/src/node/openapi.json is not that of the program: run this test with DETENTE_WRITE_OPENAPI=1, and read the difference"
    );
    assert!(now.contains("\"openapi\": \"3.1"));
    // What is asked after a question mark is described as such.
    assert!(now.contains("\"in\": \"query\""));
}
