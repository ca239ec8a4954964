//! The paths of C2SP, as the standard writes them, and nothing else: statuses, content types, bytes.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::hash::Hash;
use detente_node::Server;
use detente_node::config::Confirm;
use detente_node::database::Role;

use crate::common::{Answer, Place, ask, entry, get, official, read_answer, until};
use crate::split_view::{first, log_key, version};

/// A node whose log has so many entries, and a peer that copies it.
fn two(size: u64) -> ([Place; 2], [Server; 2]) {
    let places = ["alpha", "beta"].map(|party| Place::new(party, Confirm::Operator));
    places[0].know(&places[1]);
    places[1].know(&places[0]);
    let servers = [places[0].serve(), places[1].serve()];
    let node = servers[0].node();
    until("the log to be open", || node.is_open());
    let officer = official(node, "officer", Role::ReleasingOfficer);
    std::thread::scope(|scope| {
        for part in 0..16 {
            let (officer, origin) = (&officer, &places[0].origin);
            scope.spawn(move || {
                for number in (0..size).filter(|number| number % 16 == part) {
                    let bytes = entry(origin, number, &[&officer.key]).to_bytes();
                    node.submit(&officer.account, &bytes).unwrap();
                }
            });
        }
    });
    (places, servers)
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map_or("", |(_, value)| value)
}

/// The entries of a bundle: each after its length in two bytes.
fn entries(mut bundle: &[u8]) -> Vec<Vec<u8>> {
    let mut list = Vec::new();
    while let [high, low, rest @ ..] = bundle {
        let (entry, rest) = rest.split_at(usize::from(u16::from_be_bytes([*high, *low])));
        list.push(entry.to_vec());
        bundle = rest;
    }
    list
}

/// The root of RFC 6962 over leaf hashes, by its definition.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(b""),
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            let mut bytes = vec![1];
            bytes.extend(root(&leaves[..split]).as_bytes());
            bytes.extend(root(&leaves[split..]).as_bytes());
            Hash::of(&bytes)
        }
    }
}

#[test]
fn a_log_is_served_as_tiles_and_its_copy_byte_for_byte() {
    let (places, servers) = two(260);
    let (alpha, beta) = (servers[0].address(), servers[1].address());
    let checkpoint = get(alpha, "/checkpoint");
    assert_eq!(checkpoint.status, 200);
    assert_eq!(
        header(&checkpoint, "content-type"),
        "text/plain; charset=utf-8"
    );
    assert_eq!(header(&checkpoint, "cache-control"), "no-cache");
    assert_eq!(header(&checkpoint, "x-content-type-options"), "nosniff");
    let signed = SignedCheckpoint::parse(&checkpoint.body).unwrap();
    assert!(signed.verify(&servers[0].node().log_keys()).is_ok());
    assert_eq!(signed.checkpoint().size(), 260);

    // The tiles hold the hashes of the entries, and they make the root that is signed.
    let mut leaves = Vec::new();
    for (tile, width) in [("000", 256), ("001.p/4", 4)] {
        let bundle = get(alpha, &format!("/tile/entries/{tile}"));
        let hashes = get(alpha, &format!("/tile/0/{tile}"));
        for answer in [&bundle, &hashes] {
            assert_eq!(answer.status, 200);
            assert_eq!(header(answer, "content-type"), "application/octet-stream");
            assert!(header(answer, "cache-control").contains("immutable"));
        }
        let list: Vec<Hash> = entries(&bundle.body)
            .iter()
            .map(|entry| Hash::of(&[&[0], entry.as_slice()].concat()))
            .collect();
        assert_eq!(list.len(), width);
        let bytes: Vec<u8> = list.iter().flat_map(|hash| *hash.as_bytes()).collect();
        assert_eq!(hashes.body, bytes);
        leaves.extend(list);
    }
    assert_eq!(root(&leaves), signed.checkpoint().root());
    let above = get(alpha, "/tile/1/000.p/1");
    assert_eq!(above.body, root(&leaves[..256]).as_bytes());

    // Beta's copy has the same bytes, below the hash of the origin.
    until("the copy", || {
        servers[1].node().status().logs[0].mirror.size == 260
    });
    let copy = format!("/mirror/{}", Hash::of(places[0].origin.as_bytes()).to_hex());
    for tile in [
        "0/000",
        "0/001.p/4",
        "1/000.p/1",
        "entries/000",
        "entries/001.p/4",
    ] {
        let (here, there) = (
            get(beta, &format!("{copy}/tile/{tile}")),
            get(alpha, &format!("/tile/{tile}")),
        );
        assert_eq!((here.status, &here.body), (200, &there.body), "{tile}");
    }
    let copied = SignedCheckpoint::parse(&get(beta, &format!("{copy}/checkpoint")).body).unwrap();
    assert_eq!(copied.checkpoint(), signed.checkpoint());
    let mirror = servers[0].node().peers()[0].mirror_keys();
    assert!(copied.verify(&mirror).is_ok());
    let witnessed = format!(
        "/{}/checkpoint",
        Hash::of(places[0].origin.as_bytes()).to_hex()
    );
    assert_eq!(get(beta, &witnessed).status, 200);
    // Only what is asked as the standard asks for it.
    let head = ask(alpha, "HEAD", "/checkpoint", None, b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    for server in servers {
        server.stop();
    }
}

#[test]
fn no_other_path_leads_anywhere_and_nonsense_is_refused() {
    let (places, servers) = two(3);
    let to = servers[0].address();
    let origin = Hash::of(places[1].origin.as_bytes()).to_hex();
    let mut tricks: Vec<String> = [
        "/checkpoint/",
        "//checkpoint",
        "/./checkpoint",
        "/x/../checkpoint",
        "/%63heckpoint",
        "/CHECKPOINT",
        "/node.toml",
        "/keys/log.key",
        "/log/checkpoint",
        "/../keys/log.key",
        "/tile",
        "/tile/",
        "/tile/0",
        "/tile/0/",
        "/tile/0/000",
        "/tile/0/000.p/4",
        "/tile/0/000.p/0",
        "/tile/0/000.p/03",
        "/tile/0/000.p/256",
        "/tile/0/000.p/3/",
        "/tile/0/0",
        "/tile/0/x000/000",
        "/tile/00/000.p/3",
        "/tile/64/000",
        "/tile/-1/000",
        "/tile/0//000.p/3",
        "/tile/0/000%2ep/3",
        "/tile/entries/000",
        "/tile/entries/../../keys/log.key",
        "/tile/entries/..%2f..%2fkeys%2flog.key",
        "/tile/entries/%2e%2e/%2e%2e/keys/log.key",
        "/tile/0/../../../keys/log.key",
        "/tile/0/000.p/3%00",
        "/tile/0/000.p\\3",
        "/tile/x018446744073709551616/000",
        "/witnessed/",
        "/witnessed/..",
        "/witnessed/../checkpoint",
        "/witnessed/../../keys/log.key",
        "/witnessed/%2e%2e/%2e%2e/keys/log.key",
        "/mirror",
        "/mirror/",
        "/mirror/00/checkpoint",
        "/mirror/../checkpoint",
        "/mirror/%2e%2e/checkpoint",
    ]
    .map(str::to_owned)
    .into();
    let upper = origin.to_uppercase();
    for log in [&upper, &origin[1..], &format!("{origin}0")] {
        tricks.push(format!("/{log}/checkpoint"));
        tricks.push(format!("/mirror/{log}/checkpoint"));
    }
    for rest in [
        "tile/../checkpoint",
        "tile/entries/../../../keys/log.key",
        "../../keys/log.key",
        "tile/0/%2e%2e/%2e%2e/checkpoint",
    ] {
        tricks.push(format!("/mirror/{origin}/{rest}"));
    }
    for trick in &tricks {
        let answer = get(to, trick);
        assert!(
            matches!(answer.status, 400 | 404),
            "{trick} {} {}",
            answer.status,
            answer.text()
        );
    }
    assert_eq!(get(to, "/tile/0/000.p/3").status, 200);
    // A path as a whole address, as to a proxy: the node is none.
    let mut stream = TcpStream::connect(to).unwrap();
    stream
        .write_all(
            b"GET http://elsewhere.example/keys/log.key HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
        .unwrap();
    assert_eq!(read_answer(&mut stream).status, 404);
    what_witness_and_mirror_answer(&places, to);
    for server in servers {
        server.stop();
    }
}

fn what_witness_and_mirror_answer(places: &[Place; 2], to: SocketAddr) {
    let key = log_key(&places[1]);
    // The peer is at work, too: another log, which it does not know of, is spoken for here.
    let other = version("nobody.example/log", &key, "x", 1);
    for path in ["/add-checkpoint", "/mirror/add-checkpoint"] {
        let post = |body: &[u8]| ask(to, "POST", path, None, body);
        let malformed = post(b"old 01\n\n");
        assert_eq!(malformed.status, 400);
        assert_eq!(
            header(&malformed, "content-type"),
            "text/plain; charset=utf-8"
        );
        assert_eq!(header(&malformed, "cache-control"), "no-store");
        assert_eq!(post(first(&other).as_bytes()).status, 404);
        let wrong = version(&places[1].origin, &log_key(&places[0]), "x", 1);
        assert_eq!(post(first(&wrong).as_bytes()).status, 403);
        let ahead = first(&version(&places[1].origin, &key, "x", 1)).replacen("old 0", "old 7", 1);
        assert_eq!(post(ahead.as_bytes()).status, 400);
    }
    // What is not witnessed has no receipt.
    let alone = Place::new("gamma", Confirm::Operator);
    alone.know(&places[0]);
    let server = alone.serve();
    until("the log to be open", || server.node().is_open());
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    let bytes = entry(&alone.origin, 1, &[&officer.key]).to_bytes();
    server.node().submit(&officer.account, &bytes).unwrap();
    // Alpha does not know gamma, and does not witness it.
    let receipt = get(server.address(), "/api/v1/receipts/0");
    assert_eq!(receipt.status, 409, "{}", receipt.text());
    assert_eq!(receipt.json()["code"], "not-witnessed");
    server.stop();
}
