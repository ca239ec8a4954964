//! Old copies that were restored: of the log, found out by its high-water mark; of the witness's memory, by what it has cosigned.

use std::time::{Duration, Instant};

use detente_node::clock::SetClock;
use detente_node::config::Confirm;
use detente_node::database::Role;
use detente_node::{Node, OpenOptions, Server};

use crate::common::{PASSPHRASE, Place, ask, copy_folder, entry, get, official, until};
use crate::split_view::{first, log_key, version};

/// Replaces a folder by a copy of it.
fn restore(copy: &std::path::Path, folder: &std::path::Path) {
    std::fs::remove_dir_all(folder).unwrap();
    copy_folder(copy, folder);
}

#[test]
fn an_old_log_is_known_by_its_high_water_mark() {
    let place = Place::new("alpha", Confirm::Mark);
    place.change(
        "confirm = \"mark\"",
        "confirm = \"mark\"\nhigh_water = \"../mark\"",
    );
    // There is no mark at first, and nobody to ask: the operator says that the log is new.
    place.change("\"mark\"", "\"operator\"");
    let node = place.open();
    let officer = official(&node, "officer", Role::ReleasingOfficer);
    let submit = |node: &Node, number| {
        let bytes = entry(&place.origin, number, &[&officer.key]).to_bytes();
        node.submit(&officer.account, &bytes).unwrap();
    };
    node.confirm().unwrap();
    submit(&node, 1);
    node.close_log();
    drop(node);
    place.change("\"operator\"", "\"mark\"");
    let backup = tempfile::tempdir().unwrap();
    copy_folder(&place.folder.join("log"), backup.path());
    let node = place.open();
    node.confirm().unwrap();
    submit(&node, 2);
    node.close_log();
    drop(node);

    restore(backup.path(), &place.folder.join("log"));
    let reason = match Node::open(&place.folder, OpenOptions::new(PASSPHRASE)) {
        Ok(node) => node.confirm().unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    assert!(reason.contains("an old copy was restored"), "{reason}");
}

#[test]
fn a_witness_with_an_old_memory_signs_no_more_for_that_log() {
    let [alpha, beta, gamma] =
        ["alpha", "beta", "gamma"].map(|party| Place::new(party, Confirm::Operator));
    alpha.know(&beta);
    beta.know(&alpha);
    beta.know(&gamma);
    let (one, other) = (alpha.serve(), beta.serve());
    until("the log to be open", || one.node().is_open());
    let officer = official(one.node(), "officer", Role::ReleasingOfficer);
    let submit = |number| {
        let bytes = entry(&alpha.origin, number, &[&officer.key]).to_bytes();
        one.node().submit(&officer.account, &bytes).unwrap();
        until("the witness", || {
            one.node().status().witnesses[0].size == number
        });
    };
    submit(1);
    other.stop();
    let backup = tempfile::tempdir().unwrap();
    copy_folder(&beta.folder.join("witness"), backup.path());
    let other = beta.serve();
    submit(2);
    other.stop();

    restore(backup.path(), &beta.folder.join("witness"));
    let other = beta.serve();
    until("the old memory to be found out", || {
        other.node().status().logs[0].suspended
    });
    let offered = version(&alpha.origin, &log_key(&alpha), "other", 3);
    let refused = ask(
        other.address(),
        "POST",
        "/add-checkpoint",
        None,
        first(&offered).as_bytes(),
    );
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.json()["code"], "suspended");
    // For other logs it goes on.
    let head = version(&gamma.origin, &log_key(&gamma), "x", 1);
    let taken = ask(
        other.address(),
        "POST",
        "/add-checkpoint",
        None,
        first(&head).as_bytes(),
    );
    assert_eq!(taken.status, 200, "{}", taken.text());
    other.stop();
    one.stop();
}

#[test]
fn time_is_what_the_clock_says() {
    let place = Place::new("alpha", Confirm::Operator);
    let peer = Place::new("beta", Confirm::Operator);
    place.know(&peer);
    place.change("witnessed_seconds = 30", "witnessed_seconds = 1");
    let at = |seconds| detente_ledger::time::Timestamp::from_seconds(seconds).unwrap();
    let clock = std::sync::Arc::new(SetClock::at(at(2_000_000_000)));
    let mut options = OpenOptions::new(PASSPHRASE);
    options.clock = clock.clone();
    let server = Server::start(&Node::open(&place.folder, options).unwrap()).unwrap();
    let to = server.address();
    until("the log to be open", || server.node().is_open());
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    let status = || ask(to, "GET", "/api/v1/status", Some(&officer.token), b"");
    assert_eq!(status().json()["now"], 2_000_000_000);

    // Nobody witnesses: the entry is taken all the same, and the receipt is to be asked for later.
    let bytes = entry(&place.origin, 1, &[&officer.key]).to_bytes();
    let begun = Instant::now();
    let taken = ask(
        to,
        "POST",
        "/api/v1/entries?wait=witnessed",
        Some(&officer.token),
        &bytes,
    );
    assert_eq!(taken.status, 201, "{}", taken.text());
    assert!(taken.json()["receipt"].is_null());
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(get(to, "/api/v1/receipts/0").status, 409);

    // A token of an hour is good for an hour.
    clock.set(at(2_000_003_599));
    assert_eq!(status().status, 200);
    clock.set(at(2_000_003_600));
    assert_eq!(status().status, 401);

    // A witness whose clock goes back signs nothing that is earlier than what it signed.
    let key = log_key(&peer);
    let offer = |checkpoint| {
        ask(
            to,
            "POST",
            "/add-checkpoint",
            None,
            first(checkpoint).as_bytes(),
        )
    };
    let head = version(&peer.origin, &key, "x", 0);
    assert_eq!(offer(&head).status, 200);
    clock.set(at(1_999_999_999));
    assert_eq!(offer(&head).status, 503);
    clock.set(at(2_000_003_700));
    assert_eq!(offer(&head).status, 200);
    server.stop();
}
