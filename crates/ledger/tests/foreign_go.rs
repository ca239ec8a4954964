//! Go's `golang.org/x/mod/sumdb` reads what is written here, and the other way round.
//!
//! Needs the Debian packages golang-go and golang-golang-x-mod-dev; says that it was skipped where they are missing, and fails
//! then if `DETENTE_FOREIGN=required`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use common::{ORIGIN, all_entries, at, entry, log_signer, name, open, sign, signer};
use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, LocalSigner, Signer, sign_text};
use detente_ledger::merkle::{Edge, Subtree, consistency_ranges, inclusion_ranges};
use detente_ledger::note::Note;
use detente_ledger::storage::{Folder, Memory, ObjectPath, Source, Storage, StorageError};
use detente_ledger::tile::TileReader;
use detente_ledger::witness::{WatchedLog, Witness};

/// Builds the Go program into `folder`, or says why it cannot be.
fn build(folder: &Path) -> Option<PathBuf> {
    let program = folder.join("foreign");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/go");
    let output = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(source)
        .env("GO111MODULE", "off")
        .env("GOPATH", "/usr/share/gocode")
        .env("GOFLAGS", "")
        .env("GOCACHE", folder.join("cache"))
        .output();
    let reason = match output {
        Ok(output) if output.status.success() => return Some(program),
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    assert!(
        std::env::var("DETENTE_FOREIGN").as_deref() != Ok("required"),
        "{reason}"
    );
    eprintln!(
        "skipped: Go's note and tlog are not here ({})",
        reason.lines().next().unwrap_or_default()
    );
    None
}

fn run(program: &Path, arguments: &[&str], input: Option<&[u8]>) -> Result<String, String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.unwrap_or_default().to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// All roots of the perfect subtrees of one tree, so that ten thousand trees take seconds.
struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    fn new(leaves: Vec<Hash>) -> Tree {
        let mut levels = vec![leaves];
        while levels[levels.len() - 1].len() > 1 {
            let below = &levels[levels.len() - 1];
            levels.push(
                below
                    .chunks_exact(2)
                    .map(|pair| Hash::node(pair[0], pair[1]))
                    .collect(),
            );
        }
        Tree { levels }
    }

    fn hash(&self, range: Subtree) -> Hash {
        let mut edge = Edge::new();
        let mut start = range.start();
        while start < range.end() {
            let height = (range.end() - start).ilog2();
            edge.push_subtree(
                height,
                self.levels[height as usize][(start >> height) as usize],
            );
            start += 1 << height;
        }
        edge.root()
    }

    fn hashes(&self, ranges: &[Subtree]) -> String {
        let texts: Vec<String> = ranges
            .iter()
            .map(|&range| self.hash(range).to_base64())
            .collect();
        if texts.is_empty() {
            "-".to_owned()
        } else {
            texts.join(",")
        }
    }
}

#[test]
fn ten_thousand_random_trees_have_the_same_roots_and_proofs() {
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = build(folder.path()) else {
        return;
    };
    // SplitMix64: the trees are the same in every run.
    let mut state = 0x5eed_u64;
    let mut random = |below: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    };
    let mut cases = String::new();
    for line in 0..10_000_u64 {
        let most = if line % 100 == 0 { 2000 } else { 150 };
        let size = 1 + random(most);
        let (index, old) = (random(size), 1 + random(size));
        let leaves: Vec<Hash> = (0..size)
            .map(|leaf| Hash::leaf(format!("{line} {leaf}").as_bytes()))
            .collect();
        let mut edge = Edge::new();
        edge.extend(leaves.iter().copied());
        let tree = Tree::new(leaves);
        cases += &format!(
            "{size} {index} {old} {} {} {}\n",
            edge.root(),
            tree.hashes(&inclusion_ranges(index, size).unwrap()),
            tree.hashes(&consistency_ranges(old, size).unwrap()),
        );
    }
    assert_eq!(
        run(&program, &["trees"], Some(cases.as_bytes())),
        Ok("10000\n".to_owned())
    );
    let wrong = cases.replacen('A', "B", 1);
    assert!(run(&program, &["trees"], Some(wrong.as_bytes())).is_err());
}

#[test]
fn notes_and_cosignatures_pass_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = build(folder.path()) else {
        return;
    };
    let file = folder.path().join("file");
    let path = file.to_str().unwrap();
    let key = LocalSigner::generate(name("person.example/Ünïcode"), Algorithm::Ed25519).unwrap();
    let vkey = key.verifier().to_string();
    for text in [
        "text\n",
        "\n",
        "several\n\nlines — with a dash\n\n",
        "{\"a\":\"\u{1f600}\"}\n",
    ] {
        let ours = Note::new(text, vec![sign_text(&key, text, at(1)).unwrap()]).unwrap();
        fs::write(&file, ours.to_string()).unwrap();
        assert_eq!(
            run(&program, &["note", &vkey, path], None).as_deref(),
            Ok(text)
        );
        fs::write(&file, text).unwrap();
        let theirs = run(&program, &["sign", &key.to_text(), path], None).unwrap();
        // Ed25519 is deterministic: the notes are the same, byte for byte.
        assert_eq!(theirs, ours.to_string());
        fs::write(
            &file,
            ours.to_string().replacen('t', "T", 1).replacen('a', "A", 1),
        )
        .unwrap();
        assert!(run(&program, &["note", &vkey, path], None).is_err() || text == "\n");
    }
    let witness = signer("witness.example", Algorithm::Ed25519Cosignature);
    let cosigned = sign(
        common::checkpoint("e", 9).checkpoint(),
        &[&*witness],
        1_679_315_147,
    );
    fs::write(&file, cosigned.to_string()).unwrap();
    let time = run(
        &program,
        &["cosigned", &witness.verifier().to_string(), path],
        None,
    );
    assert_eq!(time.as_deref(), Ok("1679315147\n"));
}

#[test]
fn our_log_is_read_by_go() {
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = build(folder.path()) else {
        return;
    };
    let storage: Arc<dyn Storage> = Arc::new(Folder::open(&folder.path().join("log")).unwrap());
    let mut log = open(&storage, log_signer(), None);
    let list: Vec<Vec<u8>> = (0..1000).map(entry).collect();
    for part in list.chunks(123) {
        log.append(part, at(2)).unwrap();
    }
    let objects = folder.path().join("log/objects");
    let mut edge = Edge::new();
    edge.extend(list[..500].iter().map(|entry| Hash::leaf(entry)));
    let key = log_signer().verifier().to_string();
    let read = run(
        &program,
        &["read", objects.to_str().unwrap(), &key, "500"],
        None,
    );
    assert_eq!(read, Ok(format!("1000 {}\n", edge.root())));
}

#[test]
fn gos_log_is_read_and_witnessed_here() {
    struct Plain(PathBuf);
    impl Source for Plain {
        fn get(&self, path: &ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
            Ok(fs::read(self.0.join(path.as_str())).ok())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = build(folder.path()) else {
        return;
    };
    let key = log_signer();
    let place = folder.path().join("go");
    run(
        &program,
        &[
            "write",
            place.to_str().unwrap(),
            &key.to_text(),
            ORIGIN,
            "300",
            "900",
        ],
        None,
    )
    .unwrap();
    let head = SignedCheckpoint::parse(&fs::read(place.join("checkpoint")).unwrap()).unwrap();
    head.verify(&[key.verifier().clone()]).unwrap();
    let reader = TileReader::new(
        Plain(place.clone()),
        head.checkpoint().size(),
        head.checkpoint().root(),
    );
    let entries: Vec<Vec<u8>> = (0..4)
        .flat_map(|bundle| reader.entries(bundle).unwrap())
        .collect();
    assert_eq!(entries.len(), 900);
    assert!(
        entries
            .iter()
            .enumerate()
            .all(|(index, entry)| entry.len() == index % 97)
    );
    let old = SignedCheckpoint::parse(&fs::read(place.join("checkpoint.old")).unwrap()).unwrap();
    assert_eq!(reader.consistency(300).unwrap().0, old.checkpoint().root());

    let watched = WatchedLog {
        origin: ORIGIN.to_owned(),
        keys: vec![key.verifier().clone()],
    };
    let cosigner = signer("witness.example", Algorithm::Ed25519Cosignature);
    let witness = Witness::new(
        Arc::new(Memory::new()),
        vec![cosigner.clone()],
        vec![watched],
    );
    let first = format!("old 0\n\n{old}");
    assert_eq!(witness.answer(first.as_bytes(), at(10)).0.status, 200);
    let request = fs::read(place.join("request")).unwrap();
    let (answer, _) = witness.answer(&request, at(11));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let file = folder.path().join("cosigned");
    fs::write(&file, format!("{head}{}", answer.body)).unwrap();
    let vkey = cosigner.verifier().to_string();
    assert_eq!(
        run(&program, &["cosigned", &vkey, file.to_str().unwrap()], None).as_deref(),
        Ok("11\n")
    );
    // Another log that Go writes under the same name is a fork.
    let place = folder.path().join("fork");
    run(
        &program,
        &[
            "write",
            place.to_str().unwrap(),
            &key.to_text(),
            ORIGIN,
            "900",
            "901",
        ],
        None,
    )
    .unwrap();
    let (answer, _) = witness.answer(&fs::read(place.join("request")).unwrap(), at(12));
    assert_eq!(answer.status, 422, "{}", answer.body);
    assert_eq!(
        all_entries(&open(
            &(Arc::new(Memory::new()) as Arc<dyn Storage>),
            log_signer(),
            None
        ))
        .len(),
        0
    );
}
