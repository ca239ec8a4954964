//! The same answers from SQLite and from PostgreSQL.
//!
//! A cluster of PostgreSQL is made for the test where its programs are found; it says that it was skipped where they are not.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them; a skipped test says so"
)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use detente_node::database::{
    Account, Database, DraftState, IndexEntry, PostgreSql, Query, Role, Sqlite, Store,
};

fn entry(place: u64) -> IndexEntry {
    IndexEntry {
        place,
        statement: format!("{place:064x}"),
        kind: Some(["act", "declaration", "notification"][place as usize % 3].to_owned()),
        provision: place.is_multiple_of(2).then(|| format!("II.{}", place % 4)),
        author: Some(["A", "Б", "it's \"C\""][place as usize % 3].to_owned()),
        party: None,
        name: Some(format!("n-{place}")),
    }
}

/// Everything that is asked of a store, as text.
fn answers(store: &Store) -> String {
    let mut said = Vec::new();
    let log = "alpha.example/log";
    let first: Vec<_> = (0..40).map(entry).collect();
    said.push(format!("{:?}", store.index(log, 0, &first, 7).unwrap()));
    // Taking up what is there already, or leaving a gap, does nothing.
    said.push(format!("{:?}", store.index(log, 0, &first, 8).unwrap()));
    said.push(format!(
        "{:?}",
        store.index(log, 41, &[entry(41)], 8).unwrap()
    ));
    said.push(format!("{:?}", store.indexed(log).unwrap()));
    for (kind, provision, author, from) in [
        (None, None, None, 35),
        (Some("act"), None, None, 0),
        (None, Some("II.2"), Some("Б"), 4),
        (None, None, Some("it's \"C\""), 0),
        (Some("' OR 1 = 1 --"), None, None, 0),
    ] {
        let query = Query {
            log: log.to_owned(),
            kind: kind.map(str::to_owned),
            provision: provision.map(str::to_owned),
            author: author.map(str::to_owned),
            from,
            limit: 5,
        };
        said.push(format!("{:?}", store.query(&query).unwrap()));
    }
    said.push(format!(
        "{:?}",
        store.place_of(log, &format!("{:064x}", 17)).unwrap()
    ));
    said.push(format!("{:?}", store.place_of(log, "none").unwrap()));
    store.add_event("evidence", "{\"x\":1}", 9).unwrap();
    said.push(format!("{:?}", store.events_after(38, 10).unwrap()));
    store.trim_events(1).unwrap();
    said.push(format!("{:?}", store.events_after(0, 10).unwrap()));

    let account = |name: &str, role| Account {
        name: name.to_owned(),
        role,
        key: None,
        created: 5,
        revoked: None,
    };
    store
        .add_account(&account("officer", Role::ReleasingOfficer))
        .unwrap();
    store
        .add_account(&account("auditor", Role::Auditor))
        .unwrap();
    said.push(
        store
            .add_account(&account("officer", Role::Reader))
            .unwrap_err()
            .to_string(),
    );
    let token = store.issue_token("officer", 100, 50).unwrap();
    for now in [100, 149, 150] {
        said.push(format!("{:?}", store.sign_in(&token.secret, now).unwrap()));
    }
    said.push(format!("{:?}", store.sign_in("detente_no", 100).unwrap()));
    said.push(
        store
            .issue_token("nobody", 1, 1)
            .map(|_| ())
            .unwrap_err()
            .to_string(),
    );
    let number = store.add_draft("text\n", "officer", 3).unwrap();
    said.push(format!("{:?}", store.draft(number).unwrap()));
    said.push(format!(
        "{:?}",
        store
            .close_draft(number, DraftState::Released, "officer", Some(4))
            .unwrap()
    ));
    said.push(format!(
        "{:?}",
        store
            .close_draft(number, DraftState::Withdrawn, "officer", None)
            .unwrap()
    ));
    said.push(format!("{:?}", store.drafts(0, false, 9).unwrap()));
    said.push(format!("{:?}", store.drafts(0, true, 9).unwrap()));
    store.revoke_account("officer", 120).unwrap();
    said.push(format!("{:?}", store.sign_in(&token.secret, 121).unwrap()));
    said.push(format!("{:?}", store.accounts().unwrap()));
    store.forget_index().unwrap();
    said.push(format!("{:?}", store.indexed(log).unwrap()));
    said.push(format!("{:?}", store.accounts().unwrap().len()));
    said.join("\n")
}

struct Cluster(Child);

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// PostgreSQL refuses to run as root.
fn as_nobody(program: &Path) -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|about| {
        use std::os::unix::fs::MetadataExt as _;
        about.uid() == 0
    });
    if root {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(program);
        command
    } else {
        Command::new(program)
    }
}

#[test]
fn both_databases_answer_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = |name: &str| -> Arc<dyn Database> {
        Arc::new(Sqlite::open(&folder.path().join(name)).unwrap())
    };
    let expected = answers(&Store::new(sqlite("accounts"), sqlite("index")).unwrap());
    assert!(expected.contains("Б") && expected.contains("there is an account \"officer\" already"));
    // In one database, as PostgreSQL has it, it is the same.
    let one = sqlite("one");
    assert_eq!(answers(&Store::new(one.clone(), one).unwrap()), expected);

    let programs = ["/usr/lib/postgresql/15/bin", "/usr/local/bin", "/usr/bin"];
    let Some(programs) = programs
        .iter()
        .map(PathBuf::from)
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
    else {
        eprintln!("skipped: PostgreSQL is not installed");
        return;
    };
    let data = folder.path().join("cluster");
    std::fs::create_dir(&data).unwrap();
    let open = |path: &Path| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    open(folder.path());
    let _ = std::os::unix::fs::chown(&data, Some(65534), Some(65534));
    let made = as_nobody(&programs.join("initdb"))
        .args([
            "--username=node",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "-D",
        ])
        .arg(&data)
        .stdout(Stdio::null())
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let server = as_nobody(&programs.join("postgres"))
        .arg("-D")
        .arg(&data)
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", "", "-F"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _cluster = Cluster(server);
    let address = format!("postgres://node@127.0.0.1:{port}/postgres");
    let end = Instant::now() + Duration::from_secs(30);
    let store = loop {
        match Store::open(folder.path(), &address) {
            Ok(store) => break store,
            Err(error) => assert!(Instant::now() < end, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(answers(&store), expected);
    let elsewhere = PostgreSql::open("postgres://node:secret@db.example.org/node")
        .err()
        .unwrap()
        .to_string();
    assert!(
        elsewhere.contains("must be on this machine") && !elsewhere.contains("secret"),
        "{elsewhere}"
    );
}
