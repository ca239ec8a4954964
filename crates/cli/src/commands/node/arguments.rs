//! The command line of `detente node`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::arguments::Plain;
use crate::passphrase::Passphrase;

/// `detente node …`
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    detente node init alpha --party Alpha --origin alpha.example/log --listen 0.0.0.0:8443 --url https://node.alpha.example:8443\n  \
    detente node peer add alpha beta-card.toml --certificate beta.pem\n  \
    detente node account add alpha petrova --role releasing-officer --key petrova.alpha.example+…\n  \
    detente node token alpha petrova --days 30\n  \
    detente node serve alpha\n  \
    detente node status https://node.alpha.example:8443 --token-file token\n\n\
    The folder holds everything: keys (encrypted), the log, what the witness remembers, copies of the other parties' logs, accounts.\n\
    The book tells how a centre sets up a node, keeps copies of it, and moves it.\n\n\
    Exit codes: 0 done, 1 it stands badly (status), 3 the input is wrong or the node cannot run.")]
pub(crate) struct Node {
    #[command(subcommand)]
    pub(crate) command: NodeCommand,
}

/// The commands on a node.
#[derive(Debug, Subcommand)]
pub(crate) enum NodeCommand {
    /// Make a node's folder: keys, an empty log, node.toml, and the card for the other parties.
    Init {
        /// The folder to be made.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The party, as agreements name it.
        #[arg(long, value_name = "NAME")]
        party: String,
        /// The name of its log: an address without scheme that is the party's own, such as `alpha.example/log`.
        #[arg(long, value_name = "ORIGIN")]
        origin: String,
        /// Where the node listens.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8443")]
        listen: SocketAddr,
        /// How the other parties reach it.
        #[arg(long, value_name = "URL")]
        url: String,
        /// Who confirms at each start that the log is not an old copy.
        #[arg(long, value_enum, default_value_t = ConfirmBy::Witnesses)]
        confirm: ConfirmBy,
        /// Sign with ML-DSA-44 beside Ed25519.
        #[arg(long)]
        post_quantum: bool,
        #[command(flatten)]
        passphrase: Passphrase,
        /// The form of the answer.
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
    /// The other parties' nodes.
    Peer {
        #[command(subcommand)]
        command: PeerCommand,
    },
    /// The accounts of officials.
    Account {
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Issue a token with which an official signs in; it is shown once and kept only as a hash.
    Token {
        /// The node's folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The account.
        #[arg(value_name = "NAME")]
        account: String,
        /// How many days it is good for.
        #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3660))]
        days: u64,
        /// Issue none; end all that the account has.
        #[arg(long, conflicts_with = "days")]
        revoke: bool,
    },
    /// Run the node until it is asked to end (SIGTERM, Ctrl-C).
    Serve {
        /// The node's folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        #[command(flatten)]
        passphrase: Passphrase,
        /// The form of what it says on standard error while it runs.
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        log_format: Plain,
    },
    /// How the node stands: its log, its witnesses and how far they are behind, its copies of the others' logs.
    Status {
        /// The folder of a node that does not run, or the address of one that does.
        #[arg(value_name = "FOLDER|URL")]
        node: PathBuf,
        /// The token with which to sign in at an address: the first line of this file.
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,
        /// The certificate that the node at the address shows (PEM), where the system does not trust it already.
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
        #[command(flatten)]
        passphrase: Passphrase,
        /// The form of the answer.
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
}

/// The commands on peers.
#[derive(Debug, Subcommand)]
pub(crate) enum PeerCommand {
    /// Take in the card of another party's node. Read the keys' identifiers to each other over another channel first.
    Add {
        /// The node's folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The other party's card.toml.
        #[arg(value_name = "CARD")]
        card: PathBuf,
        /// The certificate that its node shows (PEM); it is pinned.
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
    },
    /// List the peers and the identifiers of their keys.
    List {
        /// The node's folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The form of the answer.
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
}

/// The commands on accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make an account.
    Add {
        /// The node's folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The account's name.
        #[arg(value_name = "NAME")]
        name: String,
        /// What it may do.
        #[arg(long, value_enum)]
        role: RoleName,
        /// The public key with which the official signs entries, as `detente key show` prints it.
        #[arg(long, value_name = "PUBLICKEY")]
        key: Option<String>,
    },
    /// List the accounts.
    List {
        /// The node's folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The form of the answer.
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
    /// End an account and all its tokens.
    Revoke {
        /// The node's folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// The account's name.
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Who confirms that a log is not an old copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfirmBy {
    /// The other parties' witnesses.
    Witnesses,
    /// The operator answers for it: for a log that nobody witnesses.
    Operator,
}

/// The roles of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleName {
    /// Puts drafts.
    Drafter,
    /// Signs, releases and submits entries.
    ReleasingOfficer,
    /// Reads.
    Reader,
    /// Submits what was seen at inspections.
    Inspector,
    /// Reads everything, metrics and accounts too.
    Auditor,
}
