//! The command line of `detente declare`, `notify`, `act` and `inspect`.

use std::path::PathBuf;

use clap::Args;
use detente_quantity::{Instant, When};

use crate::arguments::Plain;
use crate::passphrase::Passphrase;

/// What is said, by whom, and what becomes of it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    detente declare agreements/new-start --author US --as-of 2030-03-01 --set deployed-warheads=1419 --set delivery-vehicles=662\n  \
    detente declare treaty --author Alpha --item missile:M-17 type=ICBM status=deployed --complete missile --draft data.json\n  \
    detente notify treaty --author Alpha --event launch:L-1 at=2030-05-10T12:00:00Z site=north --sign officer.key -o notice.entry\n  \
    detente act treaty --author Alpha --act withdrawal --sign officer.key --countersign deputy.key --log alpha --log-key log.key\n  \
    detente declare treaty --from data.json --record alpha-log --record beta-log --check\n\n\
    What is wrong with a draft is said before anything is signed; what is late is said too, and can be signed.\n\n\
    Exit codes: 0 done, 1 not in form, or said already (nothing was signed or appended), 3 the input is wrong.")]
pub(crate) struct Say {
    /// A Markdown file, or a folder with `agreement.md`, and `record/` and `trust/1.toml` beside it.
    #[arg(value_name = "AGREEMENT")]
    pub(crate) agreement: PathBuf,
    #[command(flatten)]
    pub(crate) content: Content,
    /// What is on the record so far, to check against: files, folders, folders of logs.
    #[arg(long, value_name = "PATH")]
    pub(crate) record: Vec<PathBuf>,
    /// The first trust file (default: trust/1.toml beside the agreement).
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Take this for the present (default: the machine's clock).
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Instant>,
    /// Only check; write and sign nothing.
    #[arg(long, conflicts_with_all = ["draft", "sign", "log", "node"])]
    pub(crate) check: bool,
    /// Write the checked draft to this file, unsigned.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sign", "log", "node"])]
    pub(crate) draft: Option<PathBuf>,
    /// Sign with this key file.
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) sign: Option<PathBuf>,
    /// Sign with a second key file, where the party's rule asks for two; or add this signature to the entry in --from.
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) countersign: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: Passphrase,
    /// The log that it is for (default: the author's, by the trust file).
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) origin: Option<String>,
    /// Seal it to this public key of a reader (READER+…), leaving in the open that it was said, its kind and its date. Needs --log.
    #[arg(long, value_name = "KEY")]
    pub(crate) seal_to: Vec<String>,
    /// Write the signed entry to this file.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Append the signed entry to the log in this folder.
    #[arg(
        long,
        value_name = "FOLDER",
        requires = "log_key",
        conflicts_with = "node"
    )]
    pub(crate) log: Option<PathBuf>,
    /// The log's own key file.
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) log_key: Option<PathBuf>,
    /// A file on another disk with the log's high-water mark, by which an old copy of the log is known.
    #[arg(long, value_name = "FILE", requires = "log")]
    pub(crate) mark: Option<PathBuf>,
    /// Submit the signed entry to the node at this address.
    #[arg(long, value_name = "URL", requires = "token_file")]
    pub(crate) node: Option<String>,
    /// A file with the token by which one signs in to the node.
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Do not ask before signing.
    #[arg(long)]
    pub(crate) yes: bool,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    pub(crate) format: Plain,
}

/// What is said.
#[derive(Args, Debug)]
pub(crate) struct Content {
    /// An entry as JSON (the record's format), a draft, or a signed entry to be countersigned; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// In whose name.
    #[arg(long, value_name = "NAME", required_unless_present = "from")]
    pub(crate) author: Option<String>,
    /// About whom (default: the author).
    #[arg(long, value_name = "NAME")]
    pub(crate) party: Option<String>,
    /// The date or instant as of which it is true (default: today, UTC).
    #[arg(long, value_name = "TIME")]
    pub(crate) as_of: Option<When>,
    /// Its id (default: made from author, date and content).
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// The provision that it answers.
    #[arg(long, value_name = "ID")]
    pub(crate) provision: Option<String>,
    /// The entry of the same author that it corrects.
    #[arg(long, value_name = "ID")]
    pub(crate) corrects: Option<String>,
    /// The document that it rests on.
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: Option<String>,
    /// A remark.
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// The value of a measure: `deployed-warheads=1419`, `mass="130.9 t"`, `warheads=390..410`.
    #[arg(long, value_name = "MEASURE=VALUE")]
    pub(crate) set: Vec<String>,
    /// An item and what is known of it: `missile:M-17 type=ICBM status=deployed`.
    #[arg(long, value_names = ["CLASS:ID", "ATTRIBUTE=VALUE"], num_args = 1.., action = clap::ArgAction::Append)]
    pub(crate) item: Vec<String>,
    /// An item that no longer exists: `missile:M-17`.
    #[arg(long, value_name = "CLASS:ID")]
    pub(crate) gone: Vec<String>,
    /// So many alike: `missile:24 type=SLBM`.
    #[arg(long, value_names = ["CLASS:QUANTITY", "ATTRIBUTE=VALUE"], num_args = 1.., action = clap::ArgAction::Append)]
    pub(crate) lot: Vec<String>,
    /// That the items and lots are all of this class.
    #[arg(long, value_name = "CLASS")]
    pub(crate) complete: Vec<String>,
    /// An event: `launch:L-1 at=2030-05-10T12:00:00Z toward=Beta site=north`.
    #[arg(long, value_names = ["CLASS:ID", "NAME=VALUE"], num_args = 1.., action = clap::ArgAction::Append)]
    pub(crate) event: Vec<String>,
    /// An act: `extension until=2040-01-01`, `"snapback notice" sets=snapback`, `dispute answers=ID`.
    #[arg(long, value_names = ["ACT", "NAME=VALUE"], num_args = 1.., action = clap::ArgAction::Append)]
    pub(crate) act: Vec<String>,
    /// A file of entries too large for the log: JSON Lines, or a table with its mapping beside it. Needs --log.
    #[arg(long, value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,
    /// The next trust file, carried by this act.
    #[arg(long, value_name = "FILE")]
    pub(crate) next_trust: Option<PathBuf>,
}
