//! `detente sync`: one round of visits now, or a copy of somebody's log.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::log::checkpoint_path;
use detente_ledger::mirror::{Mirror, pull};
use detente_ledger::storage::{Folder, Source as _};
use detente_ledger::witness::WatchedLog;
use detente_node::client::{Client, Credentials, HttpSource};
use detente_node::clock::{Clock as _, SystemClock};
use detente_node::sync::Visit;
use serde_json::json;

use crate::arguments::Plain;
use crate::commands::node::{open, usage};
use crate::commands::verify::trust::first_trust_file;
use crate::failure::Failure;
use crate::output;
use crate::passphrase::Passphrase;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// `detente sync`
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    detente sync alpha\n  \
    detente sync --from https://node.beta.example --into copies --trust treaty/trust/1.toml\n  \
    detente verify copies --trust treaty/trust/1.toml\n\n\
    The first form has the node in the folder visit each peer once: the own log is offered to its witness, its log is copied and\n\
    compared. The node must not run meanwhile. The second copies one log, verified piece by piece against the keys of the trust file;\n\
    what is there already is not fetched again.\n\n\
    Exit codes: 0 done, 1 a peer was not reached or a log contradicts itself, 3 the input is wrong.")]
pub(crate) struct Sync {
    /// A node's folder.
    #[arg(
        value_name = "FOLDER",
        required_unless_present = "from",
        conflicts_with = "from"
    )]
    folder: Option<PathBuf>,
    /// The address of a log.
    #[arg(long, value_name = "URL", requires = "into", requires = "trust")]
    from: Option<String>,
    /// The folder that takes the copy.
    #[arg(long, value_name = "FOLDER", requires = "from")]
    into: Option<PathBuf>,
    /// The trust file, or a C2SP policy, that lists the log's key.
    #[arg(long, value_name = "FILE", requires = "from")]
    trust: Option<PathBuf>,
    /// The certificate that the server shows (PEM), where the system does not trust it already.
    #[arg(long, value_name = "FILE", requires = "from")]
    certificate: Option<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    format: Plain,
}

/// Runs the command.
pub(crate) fn run(sync: &Sync) -> Result<u8, Failure> {
    match (&sync.folder, &sync.from, &sync.into) {
        (Some(folder), ..) => round(folder, sync),
        (None, Some(from), Some(into)) => copy(from, into, sync),
        _ => Err(Failure::Usage(
            "name a node's folder, or --from URL --into FOLDER --trust FILE".to_owned(),
        )),
    }
}

fn round(folder: &Path, sync: &Sync) -> Result<u8, Failure> {
    let node = open(folder, &sync.passphrase)?;
    let unconfirmed = node.confirm().err().map(|error| error.to_string());
    let visits = node.round();
    node.close_log();
    let evidence = node.evidence();
    let failed = unconfirmed.is_some()
        || !evidence.is_empty()
        || visits.iter().any(|visit| !visit.errors.is_empty());
    output::answer(&match sync.format {
        Plain::Json => {
            let answer = json!({
                "visits": visits,
                "unconfirmed": unconfirmed,
                "evidence": evidence.iter().map(|one| json!({ "id": one.id, "log": one.log })).collect::<Vec<_>>(),
            });
            format!("{answer:#}\n")
        }
        Plain::Text => {
            let mut text: String = visits.iter().map(line).collect();
            if visits.is_empty() {
                text += "no peers: take in a card with `detente node peer add`\n";
            }
            if let Some(reason) = unconfirmed {
                text += &format!("the own log is not open: {reason}\n");
            }
            for one in &evidence {
                text += &format!(
                    "{} contradicts itself: {}\n",
                    one.log,
                    folder
                        .join("evidence")
                        .join(format!("{}.json", one.id))
                        .display()
                );
            }
            text
        }
    })?;
    Ok(u8::from(failed))
}

fn line(visit: &Visit) -> String {
    let mut words = Vec::new();
    if let Some(size) = visit.witnessed {
        words.push(format!("has cosigned {size} entries of ours"));
    }
    if let Some(size) = visit.copied {
        words.push(format!("{size} of its entries are here, {} new", visit.new));
    }
    if let Some(size) = visit.sent {
        words.push(format!("its mirror has {size} of ours"));
    }
    words.extend(visit.errors.iter().cloned());
    format!("{}: {}\n", visit.party, words.join("; "))
}

fn copy(from: &str, into: &Path, sync: &Sync) -> Result<u8, Failure> {
    let trust = first_trust_file(sync.trust.as_deref(), None)?;
    let credentials = Credentials {
        server: sync.certificate.as_deref(),
        own: None,
    };
    let client = Client::new(from, &credentials, PATIENCE).map_err(usage)?;
    let source = HttpSource::new(client, "");
    let head = source
        .get(&checkpoint_path())
        .map_err(usage)?
        .ok_or_else(|| {
            Failure::Usage(format!(
                "{from} serves no checkpoint; is it the address of a log?"
            ))
        })?;
    let head = SignedCheckpoint::parse(&head).map_err(usage)?;
    let origin = head.checkpoint().origin().to_owned();
    let keys = trust.policy().log_keys(&origin);
    if keys.is_empty() {
        return Err(Failure::Usage(format!(
            "{from} serves the log {origin:?}, which the trust file does not list"
        )));
    }
    let storage = Arc::new(Folder::open(into).map_err(usage)?);
    let watched = WatchedLog {
        origin: origin.clone(),
        keys,
    };
    let mirror = Mirror::new(storage, Vec::new(), vec![watched]);
    let (_, before) = mirror.progress(&origin).map_err(usage)?;
    let (code, said, size) = match pull(source, &mirror, SystemClock.now()) {
        Ok(copied) => (0, None, copied.checkpoint().size()),
        Err(error) => (1, Some(error.to_string()), before),
    };
    output::answer(&match sync.format {
        Plain::Json => {
            let answer = json!({
                "origin": origin, "size": size, "new": size.saturating_sub(before), "error": said,
            });
            format!("{answer:#}\n")
        }
        Plain::Text => match &said {
            None => format!(
                "{origin}: {size} entries are in {}, {} new\n",
                into.display(),
                size.saturating_sub(before)
            ),
            Some(error) => format!("{origin}: not copied whole: {error}\n"),
        },
    })?;
    Ok(code)
}
