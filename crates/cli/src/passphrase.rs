//! Passphrases of key files: from a file, from the environment, or typed.

use std::io::{IsTerminal as _, stdin};
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The variable that holds a passphrase where nobody can type one.
const VARIABLE: &str = "DETENTE_PASSPHRASE";

/// Where a passphrase comes from.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Passphrase {
    /// A file whose first line is the passphrase of the key file (otherwise DETENTE_PASSPHRASE, otherwise it is asked for).
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

impl Passphrase {
    /// The passphrase that opens what is `locked`.
    pub(crate) fn get(&self, locked: &Path) -> Result<Zeroizing<String>, Failure> {
        match self.given()? {
            Some(given) => Ok(given),
            None => typed(&format!("Passphrase of {}: ", locked.display())),
        }
    }

    /// A passphrase for a file that is to be made: typed twice, if it is typed.
    pub(crate) fn make(&self, place: &Path) -> Result<Zeroizing<String>, Failure> {
        match self.given()? {
            Some(given) => Ok(given),
            None => Passphrase::typed_twice(place),
        }
    }

    /// A passphrase for a file that is to be made, typed twice.
    pub(crate) fn typed_twice(place: &Path) -> Result<Zeroizing<String>, Failure> {
        let first = typed(&format!("New passphrase of {}: ", place.display()))?;
        if *typed("Once more: ")? == *first {
            Ok(first)
        } else {
            Err(Failure::Usage(
                "the two passphrases differ; nothing was written, try again".to_owned(),
            ))
        }
    }

    fn given(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        let text = match (&self.passphrase_file, std::env::var(VARIABLE)) {
            (Some(path), _) => Zeroizing::new(crate::input::text(path)?),
            (None, Ok(text)) => Zeroizing::new(text),
            (None, Err(_)) => return Ok(None),
        };
        Ok(Some(Zeroizing::new(
            text.lines().next().unwrap_or_default().to_owned(),
        )))
    }
}

fn typed(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    if !stdin().is_terminal() {
        return Err(Failure::Usage(format!(
            "a passphrase is needed and nobody is here to type it: name a file with --passphrase-file, or set {VARIABLE}"
        )));
    }
    rpassword::prompt_password(prompt)
        .map(Zeroizing::new)
        .map_err(|cause| Failure::Read {
            path: "the terminal".into(),
            cause,
        })
}
