//! `detente node` and `detente sync`: two nodes as two programs, from their folders to a copy of a log.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]
#![cfg(unix)]

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const TREATY: &str = "# Treaty

```detente
agreement \"Treaty\"
  parties Alpha, Beta
  in force 2020-01-01 without limit of time

measure warheads

limit 1 \"warheads\"
  each party: warheads <= 10
```
";

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("DETENTE_PASSPHRASE", "a long passphrase");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).output().unwrap()
}

#[track_caller]
fn good(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(
        output.status.success(),
        "{arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A node that runs; it is killed if the test ends before it.
struct Running(Child);

impl Running {
    fn start(folder: &Path, node: &str) -> Running {
        Running(
            program(folder, &["node", "serve", node])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }

    /// Asks it to end, and returns its exit code.
    fn end(mut self) -> Option<i32> {
        let sent = Command::new("kill")
            .args(["-TERM", &self.0.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        self.0.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Asks until the node stands as wanted.
fn wait_until(folder: &Path, url: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let output = run(
            folder,
            &[
                "node",
                "status",
                url,
                "--token-file",
                "token",
                "--format",
                "json",
            ],
        );
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if let Ok(status) = serde_json::from_str::<Value>(&text)
            && wanted(&status)
        {
            return status;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn two_nodes_witness_each_other_and_a_log_is_copied() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("treaty.md"), TREATY).unwrap();
    let mut urls = Vec::new();
    let mut cards = Vec::new();
    for (name, party) in [("alpha", "Alpha"), ("beta", "Beta")] {
        let listen = free_address();
        let url = format!("http://{listen}");
        let origin = format!("{name}.example/log");
        let card = good(
            here,
            &[
                "node", "init", name, "--party", party, "--origin", &origin, "--listen", &listen,
                "--url", &url, "--format", "json",
            ],
        );
        cards.push(json(&card));
        urls.push(url);
    }
    good(here, &["node", "peer", "add", "alpha", "beta/card.toml"]);
    good(here, &["node", "peer", "add", "beta", "alpha/card.toml"]);
    let listed = json(&good(
        here,
        &["node", "peer", "list", "alpha", "--format", "json"],
    ));
    assert_eq!(listed[0]["witness"], cards[1]["witness"]);

    let key = good(
        here,
        &[
            "key",
            "new",
            "petrova.alpha.example",
            "--for",
            "official",
            "-o",
            "petrova.key",
        ],
    );
    let key = key.trim();
    good(
        here,
        &[
            "node",
            "account",
            "add",
            "alpha",
            "petrova",
            "--role",
            "releasing-officer",
            "--key",
            key,
        ],
    );
    fs::write(
        here.join("token"),
        good(here, &["node", "token", "alpha", "petrova"]),
    )
    .unwrap();

    let alpha = Running::start(here, "alpha");
    let beta = Running::start(here, "beta");
    wait_until(here, &urls[0], |status| status["open"] == true);
    // One folder, one program.
    let second = run(here, &["node", "serve", "alpha"]);
    assert_eq!(second.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another process runs the node"));

    let said = json(&good(
        here,
        &[
            "declare",
            "treaty.md",
            "--author",
            "Alpha",
            "--as-of",
            "2024-01-01",
            "--set",
            "warheads=7",
            "--sign",
            "petrova.key",
            "--origin",
            "alpha.example/log",
            "--node",
            &urls[0],
            "--token-file",
            "token",
            "--yes",
            "--format",
            "json",
        ],
    ));
    assert_eq!(said["index"], 0, "{said:#}");
    let status = wait_until(here, &urls[0], |status| status["witnessed"] == 1);
    assert_eq!(status["size"], 1);
    assert_eq!(status["witnesses"][0]["party"], "Beta");
    assert_eq!(status["witnesses"][0]["lag"], 0);

    // Anybody with the keys copies the log and verifies it offline.
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let policy = format!(
        "log {}\nwitness beta {}\nquorum beta\n",
        word(&cards[0]["log"][0]),
        word(&cards[1]["witness"][0])
    );
    fs::write(here.join("policy"), policy).unwrap();
    let copy = [
        "sync", "--from", &urls[0], "--into", "copies", "--trust", "policy",
    ];
    assert!(good(here, &copy).contains("1 entries are in copies, 1 new"));
    assert!(good(here, &copy).contains("1 entries are in copies, 0 new"));
    let strange = format!("log {}\nquorum none\n", word(&cards[1]["log"][0]));
    fs::write(here.join("strange"), strange).unwrap();
    let refused = run(
        here,
        &[
            "sync", "--from", &urls[0], "--into", "other", "--trust", "strange",
        ],
    );
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("does not list"));

    // A token that has ended signs in no more, at once.
    good(here, &["node", "token", "alpha", "petrova", "--revoke"]);
    let refused = run(here, &["node", "status", &urls[0], "--token-file", "token"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("detente node token"));

    assert_eq!(alpha.end(), Some(0));
    let offline = run(here, &["node", "status", "alpha", "--format", "json"]);
    let offline = json(&String::from_utf8_lossy(&offline.stdout));
    assert_eq!(offline["size"], 1);
    assert_eq!(offline["witnessed"], 1);
    // A round while the node rests; then with nobody there.
    let round = json(&good(here, &["sync", "alpha", "--format", "json"]));
    assert_eq!(round["visits"][0]["witnessed"], 1);
    assert_eq!(beta.end(), Some(0));
    let alone = run(here, &["sync", "alpha"]);
    assert_eq!(alone.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&alone.stdout).contains("cannot be reached"));
}

#[test]
fn mistakes_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let init = |name: &'static str, url: &'static str| {
        [
            "node",
            "init",
            name,
            "--party",
            "Alpha",
            "--origin",
            "alpha.example/log",
            "--url",
            url,
        ]
    };
    good(here, &init("alpha", "http://127.0.0.1:1"));
    fs::write(here.join("broken.toml"), "party = \"Beta\"\nurl = 7\n").unwrap();
    let witness = good(
        here,
        &["key", "new", "w.example", "--for", "witness", "-o", "w.key"],
    );
    let cases: [(Vec<&str>, &str); 8] = [
        (
            init("alpha", "http://127.0.0.1:1").to_vec(),
            "is there already",
        ),
        (init("beta", "beta.example").to_vec(), "url"),
        (vec!["node", "serve", "nowhere"], "detente node init"),
        (
            vec!["node", "peer", "add", "alpha", "broken.toml"],
            "broken.toml",
        ),
        (
            vec![
                "node",
                "account",
                "add",
                "alpha",
                "p",
                "--role",
                "inspector",
            ],
            "give the public key",
        ),
        (
            vec![
                "node",
                "account",
                "add",
                "alpha",
                "p",
                "--role",
                "inspector",
                "--key",
                witness.trim(),
            ],
            "the key of a witness",
        ),
        (vec!["node", "token", "alpha", "nobody"], "nobody"),
        (vec!["sync"], "FOLDER"),
    ];
    for (arguments, words) in cases {
        let output = run(here, &arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    let mut wrong = program(here, &["node", "serve", "alpha"]);
    wrong.env("DETENTE_PASSPHRASE", "another");
    let output = wrong.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the passphrase is wrong"));
}
