//! `detente node status`.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use detente_node::Status;
use detente_node::client::{Client, Credentials};

use super::{open, usage};
use crate::arguments::Plain;
use crate::commands::verify::logs::is_address;
use crate::failure::Failure;
use crate::passphrase::Passphrase;
use crate::report::time::utc;
use crate::{input, output};

/// How long the node may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The most bytes of an answer.
const MOST_BYTES: u64 = 16 << 20;

/// Runs the command: 1 where something needs attention.
pub(super) fn run(
    node: &Path,
    token_file: Option<&Path>,
    certificate: Option<&Path>,
    passphrase: &Passphrase,
    format: Plain,
) -> Result<u8, Failure> {
    let (status, runs) = if is_address(node) {
        let address = node.display().to_string();
        (ask(&address, token_file, certificate)?, true)
    } else {
        (open(node, passphrase)?.status(), false)
    };
    let complaints = complaints(&status, runs);
    output::answer(&match format {
        Plain::Text => text(&status, &complaints),
        Plain::Json => {
            let mut answer = serde_json::to_value(&status).map_err(usage)?;
            answer["complaints"] = complaints.clone().into();
            format!("{answer:#}\n")
        }
    })?;
    Ok(u8::from(!complaints.is_empty()))
}

fn ask(
    address: &str,
    token_file: Option<&Path>,
    certificate: Option<&Path>,
) -> Result<Status, Failure> {
    let credentials = Credentials {
        server: certificate,
        own: None,
    };
    let client = Client::new(address, &credentials, PATIENCE).map_err(usage)?;
    let path = "api/v1/status";
    let answer = match token_file {
        Some(file) => {
            let text = input::text(file)?;
            let token = text.lines().next().unwrap_or_default().trim();
            client.get_signed_in(path, token, MOST_BYTES)
        }
        None => client.get(path, MOST_BYTES),
    }
    .map_err(usage)?;
    match answer.status {
        200 => serde_json::from_slice(&answer.body).map_err(|error| {
            Failure::Usage(format!(
                "{address} answered, but not as a node does: {error}"
            ))
        }),
        401 => Err(Failure::Usage(format!(
            "{address} asks who you are\n  sign in with --token-file; `detente node token FOLDER NAME` issues one"
        ))),
        status => Err(Failure::Usage(format!(
            "{address} answered with status {status}: {}",
            answer.text()
        ))),
    }
}

/// What needs attention.
fn complaints(status: &Status, runs: bool) -> Vec<String> {
    let mut found = Vec::new();
    if runs && !status.open {
        found.push("the log is not open: its witnesses have not confirmed it".to_owned());
    }
    for witness in &status.witnesses {
        if let Some(error) = &witness.error {
            found.push(format!("{}: {error}", witness.party));
        }
        if witness.lag > 0 && !runs {
            found.push(format!(
                "{} has not seen the last {} entries",
                witness.party, witness.lag
            ));
        }
    }
    for log in status.logs.iter().filter(|log| log.suspended) {
        found.push(format!(
            "this witness signs no more for {}: its own memory is an old copy",
            log.origin
        ));
    }
    if status.evidence > 0 {
        found.push(format!(
            "{} pieces of evidence that a log contradicts itself are in evidence/",
            status.evidence
        ));
    }
    found
}

fn text(status: &Status, complaints: &[String]) -> String {
    let mut text = format!(
        "{}  {}  {} entries, {} seen by a quorum\n",
        status.party, status.origin, status.size, status.witnessed
    );
    let _ = writeln!(
        text,
        "  {}, at {}",
        if status.open { "open" } else { "not open" },
        utc(status.now)
    );
    if let Some(root) = &status.root {
        let _ = writeln!(text, "  root {root}");
    }
    if !status.witnesses.is_empty() {
        text += "\nWitnesses\n";
    }
    for witness in &status.witnesses {
        let seen = witness.time.map_or_else(|| "never".to_owned(), utc);
        let _ = writeln!(
            text,
            "  {}  {} of {} seen, the last {seen}  {}",
            witness.party, witness.size, status.size, witness.url
        );
    }
    if !status.logs.is_empty() {
        text += "\nThe other parties' logs\n";
    }
    for log in &status.logs {
        let _ = writeln!(
            text,
            "  {}  {}  {} cosigned, {} of {} copied",
            log.party, log.origin, log.witnessed, log.mirror.size, log.mirror.known
        );
    }
    for complaint in complaints {
        let _ = write!(text, "\n! {complaint}");
    }
    if !complaints.is_empty() {
        text.push('\n');
    }
    text
}
