//! `detente receipt`

use detente_exchange::proof::{ReceiptFault, verify_receipt};
use detente_exchange::trust::TrustSequence;
use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::log::History;
use detente_ledger::receipt::Receipt;
use detente_ledger::storage::{ReadOnlyFolder, Source as _};
use detente_ledger::tile::TileReader;

use super::arguments;
use super::trust::first_trust_file;
use crate::failure::Failure;
use crate::output;

/// Nobody has received the entry.
const NOT_RECEIVED: u8 = 1;

/// Writes the receipt of one entry.
pub(crate) fn write(asked: &arguments::Receipt) -> Result<u8, Failure> {
    let trust = TrustSequence::new(first_trust_file(Some(&asked.trust), None)?);
    let wrong =
        |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", asked.log.display()));
    let inside = asked.log.join("log");
    // A node keeps its own log in a folder of that name.
    let folder = if inside.is_dir() { &inside } else { &asked.log };
    let source = ReadOnlyFolder::new(folder);
    let mut refusal: Option<ReceiptFault> = None;
    for number in 0.. {
        let Some(bytes) = source
            .get(&History::path(number))
            .map_err(|error| wrong(&error))?
        else {
            break;
        };
        let head = SignedCheckpoint::parse(&bytes).map_err(|error| wrong(&error))?;
        if head.checkpoint().size() <= asked.index {
            continue;
        }
        let mut receipt =
            Receipt::write(&source, asked.index, &head).map_err(|error| wrong(&error))?;
        let tree = TileReader::new(&source, head.checkpoint().size(), head.checkpoint().root());
        receipt.extra = Some(tree.entry(asked.index).map_err(|error| wrong(&error))?);
        match verify_receipt(&receipt, None, &trust) {
            Ok(_) => {
                let text = receipt.to_string();
                match &asked.output {
                    Some(path) => output::file(path, &text)?,
                    None => output::answer(&text)?,
                }
                return Ok(0);
            }
            Err(error) => refusal = Some(error),
        }
    }
    let reason = refusal.map_or_else(
        || "no head that was offered to witnesses contains it".to_owned(),
        |error| error.to_string(),
    );
    output::complain(&format!(
        "there is no receipt for entry {} yet: {reason}\n  let the other parties' nodes visit (`detente sync`) and try again",
        asked.index
    ));
    Ok(NOT_RECEIVED)
}
