//! The stream of events: followed, cut off, taken up again.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use detente_node::config::Confirm;
use detente_node::database::Role;
use serde_json::Value;

use crate::common::{Place, entry, official, until};

#[derive(Debug)]
struct Event {
    kind: String,
    id: String,
    data: Value,
}

struct Stream {
    lines: BufReader<TcpStream>,
}

impl Stream {
    /// Follows events. HTTP/1.0 has no chunks: what comes is the stream itself.
    fn open(to: SocketAddr, last: Option<&str>) -> Result<Stream, u16> {
        let mut stream = TcpStream::connect(to).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let last = last.map_or(String::new(), |last| format!("Last-Event-ID: {last}\r\n"));
        write!(
            stream,
            "GET /api/v1/events HTTP/1.0\r\nHost: x\r\n{last}\r\n"
        )
        .unwrap();
        let mut lines = BufReader::new(stream);
        let mut status = String::new();
        lines.read_line(&mut status).unwrap();
        let status: u16 = status.split(' ').nth(1).unwrap().parse().unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            lines.read_line(&mut head).unwrap();
        }
        if status != 200 {
            return Err(status);
        }
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        Ok(Stream { lines })
    }

    /// The next event; `None` where the stream ends.
    fn next(&mut self) -> Option<Event> {
        let mut event = Event {
            kind: String::new(),
            id: String::new(),
            data: Value::Null,
        };
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            match line.trim_end().split_once(": ") {
                Some(("event", kind)) => event.kind = kind.to_owned(),
                Some(("id", id)) => event.id = id.to_owned(),
                Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
                _ if line == "\n" && !event.kind.is_empty() => return Some(event),
                _ => {}
            }
        }
    }

    /// The places of the next `count` entries, and the id of the last.
    fn places(&mut self, count: usize) -> (Vec<u64>, String) {
        let mut places = Vec::new();
        let mut id = String::new();
        while places.len() < count {
            let event = self.next().unwrap();
            assert_eq!(event.kind, "entry", "{event:?}");
            places.push(event.data["index"].as_u64().unwrap());
            id = event.id;
        }
        (places, id)
    }
}

#[test]
fn who_comes_back_misses_nothing() {
    let place = Place::new("alpha", Confirm::Operator);
    place.change("streams = 64", "streams = 2");
    let server = place.serve();
    let to = server.address();
    until("the log to be open", || server.node().is_open());
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    let submit = |numbers: std::ops::Range<u64>| {
        for number in numbers {
            let bytes = entry(&place.origin, number, &[&officer.key]).to_bytes();
            server.node().submit(&officer.account, &bytes).unwrap();
        }
    };
    let mut stream = Stream::open(to, None).unwrap();
    submit(0..3);
    let event = stream.next().unwrap();
    assert_eq!(event.data["log"], place.origin.as_str());
    assert_eq!(event.data["kind"], "notification");
    assert_eq!(event.data["provision"], "II.0");
    let (places, seen) = stream.places(1);
    assert_eq!(places, [1]);
    drop(stream);
    submit(3..6);
    let mut stream = Stream::open(to, Some(&seen)).unwrap();
    assert_eq!(stream.places(4).0, [2, 3, 4, 5]);
    // All that is kept, for whoever asks from the beginning.
    let mut all = Stream::open(to, Some("0")).unwrap();
    let (places, last) = all.places(6);
    assert_eq!(places, [0, 1, 2, 3, 4, 5]);
    // No more streams than are allowed.
    assert_eq!(Stream::open(to, None).err(), Some(503));
    drop(all);
    // Who comes with an id of another series, or of no form, is told to read the logs.
    for strange in ["0123456789abcdef-3", "nonsense", "-1"] {
        until("a place among the streams", || {
            Stream::open(to, Some("0")).is_ok()
        });
        let mut told = loop {
            if let Ok(told) = Stream::open(to, Some(strange)) {
                break told;
            }
        };
        assert_eq!(told.next().unwrap().kind, "reset");
        assert_eq!(told.places(6).0, [0, 1, 2, 3, 4, 5]);
    }
    // A stop ends the streams, and does not wait for those who listen.
    let begun = Instant::now();
    server.stop();
    assert!(begun.elapsed() < Duration::from_secs(5));
    while stream.next().is_some() {}

    // After a start, ids still hold.
    let server = place.serve();
    until("the log to be open", || server.node().is_open());
    let bytes = entry(&place.origin, 6, &[&officer.key]).to_bytes();
    server.node().submit(&officer.account, &bytes).unwrap();
    let mut stream = Stream::open(to, Some(&last)).unwrap();
    assert_eq!(stream.places(1).0, [6]);
    server.stop();
}

#[test]
fn who_comes_too_late_is_told_so() {
    let place = Place::new("alpha", Confirm::Operator);
    place.change("events = 100000", "events = 3");
    let server = place.serve();
    until("the log to be open", || server.node().is_open());
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    let submit = |number| {
        let bytes = entry(&place.origin, number, &[&officer.key]).to_bytes();
        server.node().submit(&officer.account, &bytes).unwrap();
        server.node().index().unwrap();
    };
    submit(0);
    let mut stream = Stream::open(server.address(), Some("0")).unwrap();
    let (_, seen) = stream.places(1);
    drop(stream);
    (1..10).for_each(submit);
    let mut stream = Stream::open(server.address(), Some(&seen)).unwrap();
    assert_eq!(stream.next().unwrap().kind, "reset");
    assert_eq!(stream.places(3).0, [7, 8, 9]);
    server.stop();
}

#[test]
fn cosignatures_are_told() {
    let places = ["alpha", "beta"].map(|party| Place::new(party, Confirm::Operator));
    places[0].know(&places[1]);
    places[1].know(&places[0]);
    let servers = [places[0].serve(), places[1].serve()];
    until("the logs to be open", || {
        servers.iter().all(|server| server.node().is_open())
    });
    let officer = official(servers[0].node(), "officer", Role::ReleasingOfficer);
    let mut stream = Stream::open(servers[0].address(), None).unwrap();
    let bytes = entry(&places[0].origin, 1, &[&officer.key]).to_bytes();
    servers[0].node().submit(&officer.account, &bytes).unwrap();
    let cosigned = std::iter::from_fn(|| stream.next())
        .find(|event| event.kind == "cosignature" && event.data["size"] == 1)
        .unwrap();
    assert_eq!(cosigned.data["party"], "beta");
    assert!(cosigned.data["time"].as_u64().unwrap() > 1_700_000_000);
    for server in servers {
        server.stop();
    }
}
