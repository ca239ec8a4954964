//! The command lines of `detente verify` and `detente receipt`.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::Plain;
use crate::passphrase::Passphrase;

/// `detente verify`
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    detente verify notice.tlog-proof --trust treaty/trust/1.toml\n  \
    detente verify fork.evidence.json --trust treaty/trust/1.toml\n  \
    detente verify alpha-node beta-node --trust treaty/trust/1.toml --evidence found\n  \
    detente verify https://node.alpha.example --trust treaty/trust/1.toml\n\n\
    A receipt and evidence need nothing but the trust file of their time. Folders are verified whole: every entry, every signature,\n\
    every head that was ever cosigned; copies of one log are held against each other.\n\n\
    Exit codes: 0 good, 1 not good, 3 the input is wrong.")]
pub(crate) struct Verify {
    /// A receipt, a file of evidence, folders with logs (a node's or a log's own), or the address of a log.
    #[arg(required = true, value_name = "FILE|FOLDER|URL")]
    pub(crate) what: Vec<PathBuf>,
    /// The first trust file; for a receipt, the one of its time; a plain C2SP policy will do for receipts.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: PathBuf,
    /// The entry, where the receipt does not carry it.
    #[arg(long, value_name = "FILE")]
    pub(crate) entry: Option<PathBuf>,
    /// Write what convicts somebody into this folder, a file for each.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) evidence: Option<PathBuf>,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
}

/// `detente receipt`
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  \
    detente receipt alpha-log 17 --trust treaty/trust/1.toml -o notice.tlog-proof\n\n\
    The receipt is a C2SP tlog-proof that carries the entry with it. It verifies offline, years later, with `detente verify` or any\n\
    other program for the format. Of several heads the first that suffices is taken, so that the receipt shows the earliest time.\n\n\
    Exit codes: 0 written, 1 nobody has received the entry yet, 3 the input is wrong.")]
pub(crate) struct Receipt {
    /// The folder of the log.
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// The place of the entry, from 0.
    #[arg(value_name = "INDEX")]
    pub(crate) index: u64,
    /// The trust file under which it shall count as received.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: PathBuf,
    /// The file to be written (default: standard output).
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Keys and trust for commands that read logs.
#[derive(Args, Debug, Default)]
pub(crate) struct Opening {
    /// Where a folder of signed logs is among the record: the first trust file (default: trust/1.toml beside the agreement).
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Open what was sealed to this reader's key file.
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) reader_key: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: Passphrase,
}
