//! Whoever sends too much, too often, too slowly, or nonsense.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use detente_node::Server;
use detente_node::config::Confirm;
use detente_node::database::Role;

use crate::common::{Answer, Place, ask, get, official, read_answer, until};

fn serve(changes: &[(&str, &str)]) -> (Place, Server) {
    let place = Place::new("alpha", Confirm::Operator);
    for (from, to) in changes {
        place.change(from, to);
    }
    let server = place.serve();
    until("the log to be open", || server.node().is_open());
    (place, server)
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or("").to_owned()
}

/// Sends a byte every so often until the server answers or closes.
fn drip(to: SocketAddr, head: &str, every: Duration) -> (Answer, Duration) {
    let mut stream = TcpStream::connect(to).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let begun = Instant::now();
    let mut sending = stream.try_clone().unwrap();
    let sender = std::thread::spawn(move || {
        while sending.write_all(b"x").is_ok() {
            std::thread::sleep(every);
        }
    });
    let answer = read_answer(&mut stream);
    let taken = begun.elapsed();
    let _ = stream.shutdown(std::net::Shutdown::Both);
    sender.join().unwrap();
    (answer, taken)
}

#[test]
fn too_much_is_refused_with_an_answer() {
    let (_place, server) = serve(&[("attachment_bytes = 1073741824", "attachment_bytes = 100000")]);
    let to = server.address();
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    for (path, most, length) in [
        ("/api/v1/entries", 65_535, 65_536),
        ("/api/v1/entries", 65_535, 3 << 20),
        ("/api/v1/drafts", 65_535, 1 << 20),
        ("/api/v1/attachments", 100_000, 100_001),
        ("/api/v1/attachments", 100_000, 4 << 20),
        ("/add-checkpoint", 0, 4 << 20),
        ("/mirror/add-checkpoint", 0, 4 << 20),
    ] {
        let refused = ask(to, "POST", path, Some(&officer.token), &vec![b'a'; length]);
        assert_eq!(refused.status, 413, "{path} {length}: {}", refused.head);
        assert!(
            refused
                .head
                .contains("content-type: application/problem+json")
        );
        assert_eq!(code(&refused), "too-large");
        if most > 0 {
            assert!(refused.text().contains(&most.to_string()));
        }
    }
    // Who may not send is told so, however much is sent.
    for (token, status) in [(None, 401), (Some("detente_unknown"), 401)] {
        for path in ["/api/v1/attachments", "/api/v1/entries"] {
            for _ in 0..2 {
                let refused = ask(to, "POST", path, token, &vec![b'a'; 4 << 20]);
                assert_eq!(refused.status, status, "{path} {token:?}");
            }
        }
    }
    // At its limit it is read, and refused for what it is.
    let whole = ask(
        to,
        "POST",
        "/api/v1/entries",
        Some(&officer.token),
        &[b'a'; 65_535],
    );
    assert_eq!((whole.status, code(&whole).as_str()), (400, "malformed"));
    // A file that was refused is not kept.
    let hash = detente_ledger::hash::Hash::of(&vec![b'a'; 100_001]).to_hex();
    assert_eq!(get(to, &format!("/api/v1/attachments/{hash}")).status, 404);
    // Heads have limits, too.
    let many: String = (0..200)
        .map(|number| format!("X-{number}: y\r\n"))
        .collect();
    let long = "y".repeat(300 << 10);
    for head in [
        format!("GET /checkpoint HTTP/1.1\r\nHost: x\r\n{many}\r\n"),
        format!("GET /checkpoint HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n"),
        format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
    ] {
        let mut stream = TcpStream::connect(to).unwrap();
        let _ = stream.write_all(head.as_bytes());
        let status = read_answer(&mut stream).status;
        assert!(matches!(status, 0 | 414 | 431), "{status} {}", &head[..60]);
    }
    assert_eq!(get(to, "/health/live").status, 200);
    server.stop();
}

#[test]
fn nonsense_is_refused_and_breaks_nothing() {
    let (_place, server) = serve(&[]);
    let to = server.address();
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    let token = Some(officer.token.as_str());
    for body in [
        &b""[..],
        b"{",
        b"{}",
        b"\xff\xfe\x00",
        b"\n\n\xe2\x80\x94 x y\n",
        b"detente entry\n",
    ] {
        let refused = ask(to, "POST", "/api/v1/entries", token, body);
        assert_eq!(
            (refused.status, code(&refused).as_str()),
            (400, "malformed")
        );
        assert_eq!(ask(to, "POST", "/api/v1/drafts", token, body).status, 400);
        assert_eq!(ask(to, "POST", "/add-checkpoint", None, body).status, 400);
        assert_eq!(
            ask(to, "POST", "/mirror/add-checkpoint", None, body).status,
            400
        );
        let upload = ask(to, "POST", "/mirror/add-entries", None, body).status;
        assert!(matches!(upload, 400 | 404), "{upload}");
    }
    for (path, status) in [
        ("/api/v1/entries?limit=many", 400),
        ("/api/v1/entries?from=-1", 400),
        ("/api/v1/entries?unknown=1", 400),
        ("/api/v1/entries?from=18446744073709551615", 200),
        ("/api/v1/entries?log=nobody.example/log", 404),
        ("/api/v1/entries?kind=%27%20OR%201%3D1--", 200),
        ("/api/v1/entries/01", 400),
        ("/api/v1/entries/-1", 400),
        ("/api/v1/entries/18446744073709551615", 400),
        ("/api/v1/entries/9223372036854775807", 404),
        ("/api/v1/receipts/0", 404),
        ("/api/v1/receipts/x", 400),
        ("/api/v1/receipts/0?log=nobody.example/log", 404),
        ("/api/v1/attachments/x", 404),
        ("/api/v1/nothing", 404),
    ] {
        let answer = get(to, path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        if status != 200 {
            assert_eq!(answer.json()["status"].as_u64(), Some(status.into()));
        }
    }
    for (method, path) in [
        ("DELETE", "/checkpoint"),
        ("POST", "/checkpoint"),
        ("GET", "/add-checkpoint"),
        ("PUT", "/api/v1/entries"),
    ] {
        assert_eq!(
            ask(to, method, path, None, b"").status,
            405,
            "{method} {path}"
        );
    }
    let mut stream = TcpStream::connect(to).unwrap();
    stream.write_all(b"\x16\x03\x01 not HTTP\r\n\r\n").unwrap();
    assert!(matches!(read_answer(&mut stream).status, 0 | 400));
    assert_eq!(get(to, "/health/ready").status, 200);
    assert_eq!(server.node().status().size, 0);
    server.stop();
}

#[test]
fn the_slow_are_cut_off_while_others_are_served() {
    let (_place, server) = serve(&[
        ("head_seconds = 10", "head_seconds = 1"),
        ("body_seconds = 30", "body_seconds = 1"),
    ]);
    let to = server.address();
    let officer = official(server.node(), "officer", Role::ReleasingOfficer);
    let signed_in = format!("Authorization: Bearer {}\r\n", officer.token);
    let every = Duration::from_millis(200);
    let body = |path: &str| {
        format!("POST {path} HTTP/1.1\r\nHost: x\r\n{signed_in}Content-Length: 60000\r\n\r\n")
    };
    let attempts = [
        // Its head never ends.
        ("GET /checkpoint HTTP/1.1\r\nHost: x\r\nX-".to_owned(), 0),
        (body("/api/v1/entries"), 408),
        (body("/add-checkpoint"), 408),
        // Each piece comes in time, but the whole never would.
        (body("/api/v1/attachments"), 408),
    ];
    std::thread::scope(|scope| {
        for (head, status) in &attempts {
            scope.spawn(move || {
                let (answer, taken) = drip(to, head, every);
                assert!(taken < Duration::from_secs(8), "{head} {taken:?}");
                assert!(
                    answer.status == *status || (*status == 0 && answer.status == 408),
                    "{head} {answer:?}"
                );
            });
        }
        let begun = Instant::now();
        assert_eq!(get(to, "/health/ready").status, 200);
        assert!(begun.elapsed() < Duration::from_secs(1));
    });
    // Whoever says nothing at all is cut off as well.
    let mut silent = TcpStream::connect(to).unwrap();
    silent
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let begun = Instant::now();
    let _ = silent.read(&mut [0; 16]);
    assert!(begun.elapsed() < Duration::from_secs(8));
    // And whoever does not take the answer.
    let file = vec![b'f'; 24 << 20];
    let up = ask(
        to,
        "POST",
        "/api/v1/attachments",
        Some(&officer.token),
        &file,
    );
    assert_eq!(up.status, 201, "{}", up.text());
    let hash = up.json()["sha256"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/attachments/{hash}");
    assert!(get(to, &path).text().len() > file.len());
    let mut reader = TcpStream::connect(to).unwrap();
    write!(reader, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_secs(3));
    let mut rest = Vec::new();
    let _ = reader.read_to_end(&mut rest);
    assert!(rest.len() < file.len(), "{}", rest.len());
    server.stop();
}

#[test]
fn each_account_and_address_has_its_rate() {
    let (_place, server) = serve(&[
        ("requests_per_second = 100", "requests_per_second = 2"),
        ("burst = 400", "burst = 20"),
    ]);
    let to = server.address();
    let statuses: Vec<u16> = (0..40).map(|_| get(to, "/health/live").status).collect();
    let good = statuses.iter().filter(|&&status| status == 200).count();
    assert!((20..36).contains(&good), "{good}");
    let limited = get(to, "/health/live");
    assert_eq!((limited.status, code(&limited).as_str()), (429, "too-many"));
    assert!(limited.head.contains("retry-after: "), "{}", limited.head);
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(get(to, "/health/live").status, 200);
    server.stop();
}

#[test]
fn connections_are_counted() {
    let (_place, server) = serve(&[(
        "connections_per_address = 128",
        "connections_per_address = 4",
    )]);
    let to = server.address();
    let held: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = TcpStream::connect(to).unwrap();
            // An answer shows that the connection was counted.
            stream
                .write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                .unwrap();
            assert!(stream.read(&mut [0; 512]).unwrap() > 0);
            stream
        })
        .collect();
    assert_eq!(get(to, "/health/live").status, 0);
    drop(held);
    until("a connection to be free", || {
        get(to, "/health/live").status == 200
    });
    server.stop();
}
