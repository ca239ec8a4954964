//! Nodes on loopback, for tests.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them, and not every test uses all"
)]

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use detente_ledger::entry::Entry;
use detente_ledger::key::{Algorithm, LocalSigner, Signer};
use detente_ledger::note::KeyName;
use detente_node::config::Confirm;
use detente_node::database::{Account, Role};
use detente_node::folder::{Setup, add_peer, set_up};
use detente_node::{Node, OpenOptions, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

pub const PASSPHRASE: &str = "a passphrase of tests";

/// A folder that is a node's.
pub struct Place {
    pub folder: PathBuf,
    pub origin: String,
    pub address: SocketAddr,
    _own: TempDir,
}

/// An address that nobody uses: below those that the system gives to outgoing connections, so that it stays free while a node is
/// stopped and started.
pub fn free_address() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = std::process::id() * 64 + NEXT.fetch_add(1, Ordering::SeqCst);
        let port = 10_000 + u16::try_from(number % 20_000).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

/// The address in folders that are copied.
const ANYWHERE: &str = "127.0.0.1:9";

/// A party's folder as `detente node init` makes it. It is made once and copied: to derive the keys that protect key files is slow,
/// as it must be.
fn made(party: &str) -> PathBuf {
    static MADE: Mutex<Option<(TempDir, HashSet<String>)>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap();
    let (root, parties) = made.get_or_insert_with(|| {
        let root = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        (root, HashSet::new())
    });
    let folder = root.path().join(party);
    if parties.insert(party.to_owned()) {
        let setup = Setup {
            party: party.to_owned(),
            origin: format!("{party}.example/log"),
            listen: ANYWHERE.parse().unwrap(),
            url: format!("http://{ANYWHERE}"),
            confirm: Confirm::Operator,
            post_quantum: false,
        };
        set_up(&folder, &setup, PASSPHRASE).unwrap();
    }
    folder
}

impl Place {
    pub fn new(party: &str, confirm: Confirm) -> Place {
        let own = tempfile::tempdir().unwrap();
        let folder = own.path().join(party);
        copy_folder(&made(party), &folder);
        let address = free_address();
        for file in ["node.toml", "card.toml"] {
            let path = folder.join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, text.replace(ANYWHERE, &address.to_string())).unwrap();
        }
        let place = Place {
            folder,
            origin: format!("{party}.example/log"),
            address,
            _own: own,
        };
        let word = match confirm {
            Confirm::Operator => "operator",
            Confirm::Witnesses => "witnesses",
            Confirm::Mark => "mark",
        };
        place.change("confirm = \"operator\"", &format!("confirm = \"{word}\""));
        place
    }

    /// Changes `node.toml`.
    pub fn change(&self, from: &str, to: &str) {
        let path = self.folder.join("node.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(&path, text.replace(from, to)).unwrap();
    }

    pub fn know(&self, other: &Place) {
        add_peer(&self.folder, &other.folder.join("card.toml"), None).unwrap();
    }

    pub fn open(&self) -> Node {
        Node::open(&self.folder, OpenOptions::new(PASSPHRASE)).unwrap()
    }

    pub fn serve(&self) -> Server {
        Server::start(&self.open()).unwrap()
    }
}

/// An official with a key, an account and a token.
pub struct Official {
    pub key: LocalSigner,
    pub account: Account,
    pub token: String,
}

pub fn official(node: &Node, name: &str, role: Role) -> Official {
    let key = LocalSigner::generate(
        KeyName::new(&format!("{name}.example")).unwrap(),
        Algorithm::Ed25519,
    )
    .unwrap();
    let now = node.now().seconds();
    let account = Account {
        name: name.to_owned(),
        role,
        key: Some(key.verifier().clone()),
        created: now,
        revoked: None,
    };
    node.store().add_account(&account).unwrap();
    let token = node.store().issue_token(name, now, 3600).unwrap();
    Official {
        key,
        account,
        token: token.secret.to_string(),
    }
}

pub fn entry(origin: &str, number: u64, signers: &[&LocalSigner]) -> Entry {
    said(
        origin,
        &json!({"kind": "notification", "author": "A", "as_of": "2026-01-01", "provision": format!("II.{}", number % 3),
                "id": format!("n-{number}")}),
        signers,
    )
}

pub fn said(origin: &str, object: &Value, signers: &[&LocalSigner]) -> Entry {
    let signers: Vec<&dyn Signer> = signers.iter().map(|&one| one as &dyn Signer).collect();
    Entry::sign(origin, object, &signers).unwrap()
}

/// An answer, as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// One request over a connection of its own, with exactly these bytes in its path.
pub fn ask(to: SocketAddr, method: &str, path: &str, token: Option<&str>, body: &[u8]) -> Answer {
    try_ask(to, method, path, token, body).unwrap()
}

/// The same, of a node that may not be there.
pub fn try_ask(
    to: SocketAddr,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &[u8],
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let token = token.map_or(String::new(), |token| {
        format!("Authorization: Bearer {token}\r\n")
    });
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n{token}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    // A server that refuses may close before it has read all.
    let _ = stream.write_all(body);
    Ok(read_answer(&mut stream))
}

pub fn get(to: SocketAddr, path: &str) -> Answer {
    ask(to, "GET", path, None, b"")
}

pub fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    let end = all
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or(all.len());
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    Answer {
        status: head
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or(0),
        head,
        body: all.get(end + 4..).unwrap_or_default().to_vec(),
    }
}

/// Waits until something holds, at most half a minute.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < end, "{what} did not come about");
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
