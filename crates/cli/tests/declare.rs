//! `detente declare|notify|act|inspect`: from the command line to a signed entry in a log, and back by `detente check`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use detente_ledger::key::file::{lock, write};
use detente_ledger::key::{Algorithm, LocalSigner, Signer as _};
use detente_ledger::log::{Confirmation, Identity, Log};
use detente_ledger::note::KeyName;
use detente_ledger::storage::{Folder, Storage};
use detente_ledger::time::Timestamp;
use detente_ledger::witness::{WatchedLog, Witness};
use serde_json::Value;

const AGREEMENT: &str = "# Small Treaty\n\n```detente\nagreement \"Small Treaty\"\n  parties Alpha, Beta\n  signed 2030-01-01\n  in force 2030-01-01 for 10 years\n\nitem missile\n  type one of ICBM, SLBM\n  warheads count\n\nevent launch\n  site place\n\nmeasure launchers declared every 6 months from 2030-03-01\n```\n\n## Article 1\n\n```detente\nduty 1 \"data\"\n  each party: it declares launchers as of 1 March and 1 September within 30 days\n```\n";

struct Treaty {
    folder: tempfile::TempDir,
}

fn signer(name: &str, algorithm: Algorithm) -> LocalSigner {
    LocalSigner::generate(KeyName::new(name).unwrap(), algorithm).unwrap()
}

impl Treaty {
    /// An agreement with its trust file, key files and an empty log of Alpha; Beta's witness.
    fn new() -> (Treaty, LocalSigner) {
        let treaty = Treaty {
            folder: tempfile::tempdir().unwrap(),
        };
        let log = signer("alpha.example/log", Algorithm::Ed25519);
        let witness = signer("beta.example/witness", Algorithm::Ed25519Cosignature);
        let officer = signer("officer.alpha.example", Algorithm::Ed25519);
        let deputy = signer("deputy.alpha.example", Algorithm::Ed25519);
        let trust = format!(
            "number = 1\npolicy = \"\"\"\nlog {}\nwitness beta {}\nquorum beta\n\"\"\"\n[[party]]\nname = \"Alpha\"\nlog = \"alpha.example/log\"\ntwo_signatures = [\"act\"]\n[[party.official]]\nkey = \"{}\"\nroles = [\"releasing-officer\"]\n[[party.official]]\nkey = \"{}\"\nroles = [\"releasing-officer\"]\n[[party]]\nname = \"Beta\"\nwitnesses = [\"beta\"]\n",
            log.verifier(),
            witness.verifier(),
            officer.verifier(),
            deputy.verifier()
        );
        std::fs::create_dir_all(treaty.path("treaty/trust")).unwrap();
        std::fs::write(treaty.path("treaty/agreement.md"), AGREEMENT).unwrap();
        std::fs::write(treaty.path("treaty/trust/1.toml"), trust).unwrap();
        std::fs::write(treaty.path("passphrase"), "of the tests\n").unwrap();
        for (name, key) in [("log", &log), ("officer", &officer), ("deputy", &deputy)] {
            let text = lock(&key.verifier().to_string(), &key.to_text(), "of the tests").unwrap();
            write(&treaty.path(&format!("{name}.key")), &text).unwrap();
        }
        let storage = Folder::open(&treaty.path("log")).unwrap();
        Log::create(&storage, "alpha.example/log", None).unwrap();
        (treaty, witness)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &str) -> Output {
        let words = arguments.split_whitespace();
        Command::new(env!("CARGO_BIN_EXE_detente"))
            .args(words)
            .current_dir(self.folder.path())
            .env_remove("DETENTE_PASSPHRASE")
            .output()
            .unwrap()
    }

    /// Beta's witness sees the log.
    fn witnessed(&self, witness: LocalSigner, seconds: u64) {
        let now = Timestamp::from_seconds(seconds).unwrap();
        let text = std::fs::read_to_string(self.path("log.key")).unwrap();
        let (_, private) = detente_ledger::key::file::unlock(&text, "of the tests").unwrap();
        let key = Arc::new(LocalSigner::from_text(&private).unwrap());
        let identity = Identity {
            origin: "alpha.example/log".to_owned(),
            signers: vec![key.clone()],
        };
        let storage: Arc<dyn Storage> = Arc::new(Folder::open(&self.path("log")).unwrap());
        let log = Log::open(storage, identity, None)
            .unwrap()
            .confirm(&Confirmation::Operator, now)
            .unwrap();
        let memory: Arc<dyn Storage> = Arc::new(detente_ledger::storage::Memory::new());
        let watched = WatchedLog {
            origin: "alpha.example/log".to_owned(),
            keys: vec![key.verifier().clone()],
        };
        let witness = Witness::new(memory, vec![Arc::new(witness)], vec![watched]);
        let offer = log.offer().unwrap();
        let (answer, _) =
            witness.answer(log.request(&offer, 0).unwrap().to_string().as_bytes(), now);
        log.add_cosignatures(&offer, &answer.body, &witness.verifiers())
            .unwrap();
    }
}

fn words(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", words(output)))
}

const DECLARE: &str = "declare treaty --author Alpha --as-of 2030-03-01 --now 2030-03-10T00:00:00Z --set launchers=12 --item missile:M-1 type=ICBM warheads=3 --complete missile";
const SIGN: &str =
    "--sign officer.key --passphrase-file passphrase --log log --log-key log.key --format json";

#[test]
fn what_is_declared_is_in_the_log_once_and_on_the_record_when_received() {
    let (treaty, witness) = Treaty::new();
    let said = treaty.run(&format!("{DECLARE} {SIGN}"));
    assert_eq!(said.status.code(), Some(0), "{}", words(&said));
    let told = json(&said);
    assert_eq!(told["index"], 0);
    assert_eq!(told["answers"][0]["status"], "met");
    assert_eq!(told["signed"][0], "officer.alpha.example");

    // The same words again are the same statement.
    let again = treaty.run(&format!("{DECLARE} {SIGN}"));
    assert_eq!(again.status.code(), Some(1), "{}", words(&again));
    assert_eq!(json(&again)["said_before"], true);

    // Nobody has received it: no receipt, and nothing to show that it was in time.
    assert_eq!(
        treaty
            .run("receipt log 0 --trust treaty/trust/1.toml")
            .status
            .code(),
        Some(1)
    );
    let check = "check treaty --record log --as-of 2030-05-01 --party Alpha --format json";
    let before = json(&treaty.run(check));
    assert_eq!(
        before["provisions"][0]["instances"][0]["status"],
        "undetermined"
    );

    treaty.witnessed(witness, 1_899_676_800); // 2030-03-14
    let after = treaty.run(check);
    assert_eq!(
        json(&after)["provisions"][0]["instances"][0]["status"],
        "met",
        "{}",
        words(&after)
    );
    let written = treaty.run("receipt log 0 --trust treaty/trust/1.toml -o receipt");
    assert_eq!(written.status.code(), Some(0), "{}", words(&written));
    let verified = json(&treaty.run("verify receipt --trust treaty/trust/1.toml --format json"));
    assert_eq!(verified["received"], "2030-03-14T00:00:00Z");
    assert_eq!(verified["statement"]["items"][0]["id"], "M-1");
    let whole = treaty.run("verify log --trust treaty/trust/1.toml");
    assert_eq!(whole.status.code(), Some(0), "{}", words(&whole));
    flipped(&treaty.path("log"), &treaty);
}

/// One bit of the entries, and the log is not good.
fn flipped(log: &Path, treaty: &Treaty) {
    let bundle = log.join("objects/tile/entries/000.p/1");
    let mut bytes = std::fs::read(&bundle).unwrap();
    bytes[40] ^= 1;
    std::fs::remove_file(&bundle).unwrap();
    std::fs::write(&bundle, bytes).unwrap();
    let whole = treaty.run("verify log --trust treaty/trust/1.toml");
    assert_eq!(whole.status.code(), Some(1), "{}", words(&whole));
    let check = treaty.run("check treaty --record log --as-of 2030-05-01");
    assert_eq!(check.status.code(), Some(3), "{}", words(&check));
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_signed() {
    let (treaty, _) = Treaty::new();
    let wrong = treaty.run(&format!(
        "declare treaty --author Alpha --as-of 2030-03-01 --now 2030-04-05T00:00:00Z --set launcher=12 --item misile:M-1 type=ICMB {SIGN}"
    ));
    assert_eq!(wrong.status.code(), Some(1), "{}", words(&wrong));
    let told = json(&wrong);
    assert_eq!(told["in_form"], false);
    assert!(
        words(&wrong).contains("did you mean \\\"launchers\\\"?"),
        "{}",
        words(&wrong)
    );
    assert!(told["signed"].is_null() && told["index"].is_null());
    let late = treaty.run("declare treaty --author Alpha --as-of 2030-03-01 --now 2030-04-05T00:00:00Z --set launchers=12 --check");
    assert_eq!(late.status.code(), Some(0), "{}", words(&late));
    assert!(words(&late).contains("late by"), "{}", words(&late));
    assert_eq!(
        treaty
            .run("declare treaty --author Alpha --set launchers")
            .status
            .code(),
        Some(3)
    );
    assert_eq!(treaty.run("declare treaty").status.code(), Some(3));
}

#[test]
fn a_draft_goes_through_two_hands() {
    let (treaty, _) = Treaty::new();
    let draft = treaty.run("act treaty --author Alpha --as-of 2030-06-01 --act extension until=2045-01-01 --draft draft.json");
    assert_eq!(draft.status.code(), Some(0), "{}", words(&draft));
    let signed = treaty.run("act treaty --from draft.json --sign officer.key --passphrase-file passphrase --output one.entry");
    assert_eq!(signed.status.code(), Some(0), "{}", words(&signed));
    let countersigned = treaty.run("act treaty --from one.entry --countersign deputy.key --passphrase-file passphrase --output two.entry");
    assert_eq!(
        countersigned.status.code(),
        Some(0),
        "{}",
        words(&countersigned)
    );
    let text = std::fs::read_to_string(treaty.path("two.entry")).unwrap();
    assert!(
        text.starts_with("detente/entry/v1\nalpha.example/log\n{\"act\":{\"act\":\"extension\""),
        "{text}"
    );
    assert_eq!(text.matches("\n— ").count(), 2);
    // The wrong passphrase, and a kind that it is not.
    std::fs::write(treaty.path("wrong"), "another\n").unwrap();
    assert_eq!(
        treaty
            .run("act treaty --from draft.json --sign officer.key --passphrase-file wrong")
            .status
            .code(),
        Some(3)
    );
    assert_eq!(
        treaty
            .run("notify treaty --from draft.json --check")
            .status
            .code(),
        Some(3)
    );
}
