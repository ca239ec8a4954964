//! Beta tries to cheat with its own log and its own keys: to date back, to fork, to rewrite.

use std::sync::Arc;

use detente_exchange::archive::{HeadCopy, LogCopy};
use detente_exchange::statement::Statement;
use detente_ledger::key::Signer;
use detente_ledger::log::{Confirmation, Identity, Log};
use detente_ledger::storage::{Memory, ReadOnlyFolder, Storage};
use detente_ledger::tile::{TILE_WIDTH, TileReader};
use detente_ledger::witness::AddCheckpoint;
use detente_node::folder::Keys;
use serde_json::json;

use super::failed;
use super::stage::{PASSPHRASE, Stage, at};
use super::story::{TITLE, data};
use crate::failure::Failure;

/// What came of an attempt.
pub(super) struct Attempt {
    /// When.
    pub(super) on: &'static str,
    /// What was tried, in words.
    pub(super) text: String,
    /// What the other party's node answered to it, where it was asked.
    pub(super) status: Option<u16>,
}

/// What the attempts left behind, for the reading of logs.
pub(super) struct Attempts {
    pub(super) list: Vec<Attempt>,
    /// The head that was shown to one party only.
    pub(super) head: HeadCopy,
    /// The log as it was written anew.
    pub(super) rewritten: LogCopy,
}

/// Plays the attempts, over HTTP against the others' nodes.
pub(super) fn play(stage: &Stage) -> Result<Attempts, Failure> {
    let mut list = Vec::new();
    // Data of 1 September, said in November to be of September.
    let mut late = data("Beta", "2031-09-01", 4);
    late["made"] = json!("2031-09-20T08:00:00Z");
    stage.say("Beta", &late, "2031-11-05T08:00:00Z")?;
    list.push(Attempt {
        on: "2031-11-05",
        text: "Beta hands over the data of 1 September and dates them back to 20 September; they count from today".to_owned(),
        status: None,
    });

    let (entries, signers) = own_log(stage)?;
    stage.set("2031-11-10")?;
    // A head of the same size with another last entry, for Gamma's eyes only.
    let mut forked = entries.clone();
    let other = Statement::of_json(json!({
        "id": "Beta-data-for-Gamma", "kind": "declaration", "author": "Beta", "as_of": "2031-09-01", "agreement": TITLE,
        "complete": ["missile"],
    }))
    .map_err(failed)?
    .sign("beta.example/log", &[&stage.party("Beta")?.officer])
    .map_err(failed)?;
    forked.pop();
    forked.push(other.to_bytes());
    let (_, fork) = write(&forked, &signers, "2031-11-10")?;
    let offered = AddCheckpoint {
        old: entries.len() as u64,
        proof: Vec::new(),
        checkpoint: fork.head().clone(),
    };
    let answer = stage.post("Gamma", "add-checkpoint", offered.to_string().as_bytes())?;
    list.push(Attempt {
        on: "2031-11-10",
        text: format!(
            "Beta shows Gamma another version of its log; Gamma's node refuses it (status {})",
            answer.status
        ),
        status: Some(answer.status),
    });

    stage.set("2031-11-20")?;
    // The late notice of April disappears, and the log is written anew over it, longer than before.
    let mut rewritten = entries.clone();
    rewritten.retain(|entry| !String::from_utf8_lossy(entry).contains("Beta-M-2-moved"));
    rewritten.extend([
        other.to_bytes(),
        entries.last().cloned().unwrap_or_default(),
    ]);
    let (storage, log) = write(&rewritten, &signers, "2031-11-20")?;
    let old = entries.len() as u64;
    let (_, proof) = log.reader().consistency(old).map_err(failed)?;
    let offered = AddCheckpoint {
        old,
        proof,
        checkpoint: log.head().clone(),
    };
    let answer = stage.post("Alpha", "add-checkpoint", offered.to_string().as_bytes())?;
    list.push(Attempt {
        on: "2031-11-20",
        text: format!(
            "Beta writes its log anew without its late notice of April; Alpha's node refuses it (status {})",
            answer.status
        ),
        status: Some(answer.status),
    });
    Ok(Attempts {
        list,
        head: HeadCopy {
            place: "what Gamma was shown".to_owned(),
            checkpoint: fork.head().clone(),
        },
        rewritten: LogCopy::of_storage("the log as Beta wrote it anew", storage),
    })
}

/// The entries of Beta's log and the keys that sign its heads: its own to misuse.
#[expect(clippy::type_complexity, reason = "two lists, used once")]
fn own_log(stage: &Stage) -> Result<(Vec<Vec<u8>>, Vec<Arc<dyn Signer>>), Failure> {
    let beta = stage.party("Beta")?;
    let keys = Keys::open(&beta.folder, PASSPHRASE).map_err(failed)?;
    let source = ReadOnlyFolder::new(&beta.folder.join("log"));
    let bytes =
        detente_ledger::storage::Source::get(&source, &detente_ledger::log::checkpoint_path())
            .map_err(failed)?
            .unwrap_or_default();
    let head = detente_ledger::checkpoint::SignedCheckpoint::parse(&bytes).map_err(failed)?;
    let head = head.checkpoint();
    let tree = TileReader::new(&source, head.size(), head.root());
    let mut entries = Vec::new();
    for bundle in 0..head.size().div_ceil(TILE_WIDTH) {
        entries.extend(tree.entries(bundle).map_err(failed)?);
    }
    Ok((entries, keys.log))
}

/// Writes entries into a log of the same name and keys, elsewhere.
fn write(
    entries: &[Vec<u8>],
    signers: &[Arc<dyn Signer>],
    now: &str,
) -> Result<(Arc<dyn Storage>, Log), Failure> {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let origin = "beta.example/log";
    Log::create(&*storage, origin, None).map_err(failed)?;
    let identity = Identity {
        origin: origin.to_owned(),
        signers: signers.to_vec(),
    };
    let mut log = Log::open(storage.clone(), identity, None)
        .map_err(failed)?
        .confirm(&Confirmation::Operator, at(now)?)
        .map_err(failed)?;
    log.append(entries, at(now)?).map_err(failed)?;
    Ok((storage, log))
}
