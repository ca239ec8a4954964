//! Writes the first inputs of the fuzz targets `ledger_*`: one true piece of each format. `fuzz_seeds FOLDER`
#![expect(
    clippy::unwrap_used,
    reason = "a tool of the developers stops at the first fault"
)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use detente_ledger::entry::Entry;
use detente_ledger::key::{Algorithm, LocalSigner, Signer, file};
use detente_ledger::log::{Confirmation, Identity, Log};
use detente_ledger::note::KeyName;
use detente_ledger::sealed::{ReaderSecret, seal};
use detente_ledger::storage::{Memory, Storage};
use detente_ledger::tile::{Tile, TileKind, push_entry};
use detente_ledger::time::Timestamp;
use detente_ledger::witness::{WatchedLog, Witness};

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let place = Path::new(&folder).join(format!("ledger_{target}"));
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join(name), bytes).unwrap();
    };
    let now = Timestamp::from_seconds(1_700_000_000).unwrap();
    let name = |text: &str| KeyName::new(text).unwrap();
    let key = |text: &str, algorithm| {
        Arc::new(
            LocalSigner::from_seed(name(text), algorithm, zeroize::Zeroizing::new([7; 32]))
                .unwrap(),
        )
    };
    // The log that the fuzz targets know.
    let log_key = key("example.com/foo", Algorithm::Ed25519);
    let witness_keys: Vec<Arc<dyn Signer>> = vec![
        key("witness.example", Algorithm::Ed25519Cosignature),
        key("witness.example", Algorithm::MlDsa44Cosignature),
    ];
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let origin = "example.com/foo";
    Log::create(&*storage, origin, None).unwrap();
    let identity = Identity {
        origin: origin.into(),
        signers: vec![log_key.clone()],
    };
    let mut log = Log::open(storage, identity, None)
        .unwrap()
        .confirm(&Confirmation::Operator, now)
        .unwrap();
    let said = serde_json::json!({ "kind": "notification", "number": 1.5, "text": "línea\n2" });
    let entry = Entry::sign(origin, &said, &[&*log_key]).unwrap();
    write("entry", "entry", &entry.to_bytes());
    write("entry", "json", entry.body().as_bytes());
    let mut bundle = vec![2];
    push_entry(&mut bundle, b"one").unwrap();
    push_entry(&mut bundle, b"").unwrap();
    write("entry", "bundle", &bundle);
    log.append(&[entry.to_bytes(), b"two".to_vec(), b"three".to_vec()], now)
        .unwrap();
    let watched = WatchedLog {
        origin: origin.into(),
        keys: log.verifiers(),
    };
    let witness = Witness::new(Arc::new(Memory::new()), witness_keys.clone(), vec![watched]);
    let offer = log.offer().unwrap();
    let request = log.request(&offer, 0).unwrap();
    write("witness", "first", request.to_string().as_bytes());
    let (answer, _) = witness.answer(request.to_string().as_bytes(), now);
    let cosigned = log
        .add_cosignatures(&offer, &answer.body, &witness.verifiers())
        .unwrap();
    write("note", "checkpoint", cosigned.to_string().as_bytes());
    write("note", "plain", log.head().to_string().as_bytes());
    write(
        "receipt",
        "cosigned",
        log.receipt(0, &cosigned).unwrap().to_string().as_bytes(),
    );
    let mut receipt = log.receipt(2, log.head()).unwrap();
    receipt.extra = Some(b"extra".to_vec());
    write("receipt", "plain", receipt.to_string().as_bytes());
    let more: Vec<Vec<u8>> = (0..9).map(|number| vec![number]).collect();
    log.append(&more, now).unwrap();
    let request = log.request(&log.offer().unwrap(), 3).unwrap();
    write("witness", "proof", request.to_string().as_bytes());
    let mut policy = format!(
        "# a policy\nlog {} https://example.com/\n",
        log_key.verifier()
    );
    for (number, key) in witness_keys.iter().enumerate() {
        policy += &format!("witness w{number} {}\n", key.verifier());
        write(
            "key",
            &format!("witness{number}"),
            key.verifier().to_string().as_bytes(),
        );
    }
    policy += "group g 1 w0 w1\nquorum g\n";
    write("policy", "policy", policy.as_bytes());
    write("key", "log", log_key.verifier().to_string().as_bytes());
    write("key", "private", log_key.to_text().as_bytes());
    let reader = ReaderSecret::from_seed(name("a"), zeroize::Zeroizing::new([7; 32])).unwrap();
    write("key", "reader", reader.public().to_string().as_bytes());
    write("key", "reader_private", reader.to_text().as_bytes());
    let sealed = seal(b"content", b"", &[reader.public().clone()]).unwrap();
    write("sealed", "sealed", &sealed.bytes);
    let locked = file::lock("public", "private", "passphrase").unwrap();
    write(
        "sealed",
        "key_file",
        locked.replace(" 65536 3 1 ", " 8 1 1 ").as_bytes(),
    );
    for (number, tile) in [
        Tile::new(TileKind::Hashes(0), 1_234_067, 256),
        Tile::new(TileKind::Hashes(63), 7, 255),
        Tile::new(TileKind::Entries, 1000, 1),
    ]
    .into_iter()
    .enumerate()
    {
        write(
            "path",
            &number.to_string(),
            tile.unwrap().path().as_str().as_bytes(),
        );
    }
}
