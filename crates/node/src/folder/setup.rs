//! Making a node's folder, and taking in the cards of peers.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use detente_ledger::log::{CreateError, Log};
use detente_ledger::storage::{Folder, StorageError};
use thiserror::Error;

use super::keys::verifiers;
use super::{KeyError, Keys};
use crate::config::{CONFIG_FILE, Config, ConfigError, Confirm, Peer, PublicKey};

/// What a new node is.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The party.
    pub party: String,
    /// The origin of its log.
    pub origin: String,
    /// Where it listens.
    pub listen: SocketAddr,
    /// How others reach it.
    pub url: String,
    /// Who confirms at start that the log is not an old copy.
    pub confirm: Confirm,
    /// Whether it signs with ML-DSA-44 beside Ed25519.
    pub post_quantum: bool,
}

/// Why a folder was not made, or a card not taken.
#[derive(Debug, Error)]
pub enum SetupError {
    /// There is a node there.
    #[error("{0} is there already; choose another folder")]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error("cannot write {path}: {reason}")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The values cannot be.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The text of a file could not be formed.
    #[error("the file could not be formed: {0}")]
    Form(#[from] toml::ser::Error),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The log.
    #[error(transparent)]
    Create(#[from] CreateError),
    /// The storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes a node's folder with new keys, an empty log, `node.toml` and the card for the other parties, and returns that card.
///
/// # Errors
/// See [`SetupError`].
pub fn set_up(root: &Path, setup: &Setup, passphrase: &str) -> Result<Peer, SetupError> {
    let config_path = root.join(CONFIG_FILE);
    if config_path.exists() || root.join("keys").exists() {
        return Err(SetupError::Exists(root.to_owned()));
    }
    for name in ["", "keys", "peers", "evidence"] {
        make_folder(&root.join(name))?;
    }
    let config = Config {
        party: setup.party.clone(),
        origin: setup.origin.clone(),
        listen: setup.listen,
        url: setup.url.clone(),
        confirm: setup.confirm,
        trust: None,
        high_water: None,
        database: "sqlite".to_owned(),
        interval_seconds: 60,
        read: crate::config::Read::default(),
        metrics: None,
        tls: None,
        entries: crate::config::EntryRules::default(),
        limits: crate::config::Limits::default(),
    };
    let text = format!(
        "# What each key means, and what else there is: the book, \"Running a node\".\n{}",
        toml::to_string_pretty(&config)?
    );
    // Written and read again: what cannot be read is found now, not at the first start.
    write_new(&config_path, &text)?;
    if let Err(error) = Config::read(root) {
        let _ = fs::remove_file(&config_path);
        let _ = fs::remove_dir(root.join("keys"));
        return Err(error.into());
    }
    let keys = Keys::make(
        &root.join("keys"),
        &setup.origin,
        setup.post_quantum,
        passphrase,
    )?;
    Log::create(&Folder::open(&root.join("log"))?, &setup.origin, None)?;
    let public = |signers: &[_]| verifiers(signers).into_iter().map(PublicKey).collect();
    let card = Peer {
        party: setup.party.clone(),
        origin: setup.origin.clone(),
        url: setup.url.clone(),
        log: public(&keys.log),
        witness: public(&keys.witness),
        mirror: public(&keys.mirror),
        certificate: None,
        pull: true,
        push: false,
    };
    write_new(
        &root.join("card.toml"),
        &format!(
            "# The card of the node of {}: to be given to the other parties, who read the identifiers of the keys to each other.\n{}",
            setup.party,
            toml::to_string_pretty(&card)?
        ),
    )?;
    Ok(card)
}

/// Takes another party's card, and returns what it says.
///
/// # Errors
/// See [`SetupError`]; a card of the same party is not replaced.
pub fn add_peer(root: &Path, card: &Path, certificate: Option<&Path>) -> Result<Peer, SetupError> {
    let mut peer = Peer::read(card)?;
    let name: String = peer
        .party
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let folder = root.join("peers");
    let path = folder.join(format!("{name}.toml"));
    if path.exists() {
        return Err(SetupError::Exists(path));
    }
    if let Some(from) = certificate {
        let file = format!("{name}.pem");
        let to = folder.join(&file);
        let pem = fs::read_to_string(from).map_err(|reason| SetupError::Write {
            path: from.to_owned(),
            reason,
        })?;
        write_new(&to, &pem)?;
        peer.certificate = Some(PathBuf::from(file));
    }
    write_new(&path, &toml::to_string_pretty(&peer)?)?;
    Ok(peer)
}

fn make_folder(path: &Path) -> Result<(), SetupError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|reason| SetupError::Write {
        path: path.to_owned(),
        reason,
    })
}

fn write_new(path: &Path, text: &str) -> Result<(), SetupError> {
    let write = || {
        let mut file = File::options().write(true).create_new(true).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|reason| SetupError::Write {
        path: path.to_owned(),
        reason,
    })
}
