//! The command line of `detente key`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::arguments::Plain;
use crate::passphrase::Passphrase;

/// `detente key …`
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    detente key new alpha.example/log --for log --output log.key\n  \
    detente key new petrova.alpha.example --for official --output petrova.key\n  \
    detente key show petrova.key\n  \
    detente key change-passphrase petrova.key\n\n\
    A key file is encrypted under a passphrase (Argon2id, XChaCha20-Poly1305) and readable by its owner only. What `show` prints\n\
    is public: it goes into the trust file. A lost passphrase cannot be recovered; make a new key and have it taken into the next\n\
    trust file.")]
pub(crate) struct Key {
    #[command(subcommand)]
    pub(crate) command: KeyCommand,
}

/// The commands on keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key, write it into an encrypted file, and print its public half.
    New {
        /// Its name: an address without scheme that is yours, such as `alpha.example/log`.
        #[arg(value_name = "NAME")]
        name: String,
        /// What it is for.
        #[arg(long = "for", value_enum, value_name = "USE")]
        purpose: Purpose,
        /// The kind of key, where there is a choice.
        #[arg(long, value_enum, default_value_t = Kind::Ed25519)]
        algorithm: Kind,
        /// The file to be made. One that is there is never replaced.
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
        #[command(flatten)]
        passphrase: Passphrase,
        /// The form of the answer.
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
    /// Print the public half. Without --check no passphrase is asked for, and the file is believed.
    Show {
        /// A key file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Open the file, so that what is printed is known to belong to the private half.
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        passphrase: Passphrase,
        /// The form of the answer.
        #[arg(long, value_enum, default_value_t = Plain::Text)]
        format: Plain,
    },
    /// Encrypt a key file under another passphrase. The key stays the same.
    ChangePassphrase {
        /// A key file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        passphrase: Passphrase,
        /// A file whose first line is the new passphrase (otherwise it is asked for).
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
}

/// What a key is for. A key of one use signs nothing of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Purpose {
    /// Signs the heads of a party's own log.
    Log,
    /// Cosigns the heads of the others' logs.
    Witness,
    /// Signs what an official says.
    Official,
    /// Reads what is sealed for a party.
    Reader,
}

/// The kinds of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Ed25519 (RFC 8032); X-Wing for readers.
    Ed25519,
    /// ML-DSA-44 (FIPS 204), for logs (beside an Ed25519 key) and witnesses.
    MlDsa44,
}
