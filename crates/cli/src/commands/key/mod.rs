//! `detente key`: keys in encrypted files.

pub(crate) mod arguments;

use std::path::Path;

use detente_ledger::key::file::{lock, unlock, write};
use detente_ledger::key::{Algorithm, LocalSigner, Signer as _, VerifierKey};
use detente_ledger::note::KeyName;
use detente_ledger::sealed::{ReaderKey, ReaderSecret};
use serde_json::json;
use zeroize::Zeroizing;

use crate::arguments::Plain;
use crate::failure::Failure;
use crate::passphrase::Passphrase;
use crate::{input, output};
use arguments::{Key, KeyCommand, Kind, Purpose};

/// Runs the command.
pub(crate) fn run(key: &Key) -> Result<u8, Failure> {
    match &key.command {
        KeyCommand::New {
            name,
            purpose,
            algorithm,
            output,
            passphrase,
            format,
        } => {
            let (public, private) = generate(name, *purpose, *algorithm)?;
            let passphrase = passphrase.make(output)?;
            let file = lock(&public, &private, &passphrase).map_err(usage)?;
            write(output, &file).map_err(usage)?;
            show(output, &public, *format)
        }
        KeyCommand::Show {
            file,
            check,
            passphrase,
            format,
        } => {
            let text = Zeroizing::new(input::text(file)?);
            let public = if *check {
                let (public, private) = open(file, &text, passphrase)?;
                belongs(&public, &private)
                    .then_some(public)
                    .ok_or_else(|| {
                        Failure::Usage(format!(
                            "{}: the public key does not belong to the private one; do not use this file",
                            file.display()
                        ))
                    })?
            } else {
                public_line(file, &text)?
            };
            show(file, &public, *format)
        }
        KeyCommand::ChangePassphrase {
            file,
            passphrase,
            new_passphrase_file,
        } => {
            let text = Zeroizing::new(input::text(file)?);
            let (public, private) = open(file, &text, passphrase)?;
            // The old passphrase may stand in the environment: the new one never does.
            let new = match new_passphrase_file {
                Some(path) => Passphrase {
                    passphrase_file: Some(path.clone()),
                }
                .make(file)?,
                None => Passphrase::typed_twice(file)?,
            };
            let locked = lock(&public, &private, &new).map_err(usage)?;
            output::file(file, &locked)?;
            output::answer(&format!("{}: the passphrase is changed\n", file.display()))?;
            Ok(0)
        }
    }
}

/// A new key: the text of its public half and of its private one.
fn generate(
    name: &str,
    purpose: Purpose,
    kind: Kind,
) -> Result<(String, Zeroizing<String>), Failure> {
    let key_name = KeyName::new(name).ok_or_else(|| {
        Failure::Usage(format!(
            "a key cannot be named {name:?}: a name is not empty and has no spaces and no \"+\""
        ))
    })?;
    let algorithm = match (purpose, kind) {
        (Purpose::Reader, Kind::Ed25519) => {
            let secret = ReaderSecret::generate(key_name).map_err(usage)?;
            return Ok((secret.public().to_string(), secret.to_text()));
        }
        (Purpose::Log | Purpose::Official, Kind::Ed25519) => Algorithm::Ed25519,
        (Purpose::Witness, Kind::Ed25519) => Algorithm::Ed25519Cosignature,
        (Purpose::Log | Purpose::Witness, Kind::MlDsa44) => Algorithm::MlDsa44Cosignature,
        (Purpose::Official | Purpose::Reader, Kind::MlDsa44) => {
            return Err(Failure::Usage(
                "keys of officials and readers have one kind each; leave out --algorithm"
                    .to_owned(),
            ));
        }
    };
    let signer = LocalSigner::generate(key_name, algorithm).map_err(usage)?;
    Ok((signer.verifier().to_string(), signer.to_text()))
}

fn open(
    path: &Path,
    text: &str,
    passphrase: &Passphrase,
) -> Result<(String, Zeroizing<String>), Failure> {
    // What is no key file is said before anybody types a passphrase.
    public_line(path, text)?;
    unlock(text, &passphrase.get(path)?)
        .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

fn belongs(public: &str, private: &str) -> bool {
    LocalSigner::from_text(private).map_or_else(
        |_| {
            ReaderSecret::from_text(private)
                .is_ok_and(|secret| secret.public().to_string() == public)
        },
        |signer| signer.verifier().to_string() == public,
    )
}

/// The public key that stands in the open in a key file.
fn public_line(path: &Path, text: &str) -> Result<String, Failure> {
    let mut lines = text.lines();
    match (lines.next(), lines.next()) {
        (Some("detente/key/v1"), Some(public)) => Ok(public.to_owned()),
        _ => Err(Failure::Usage(format!(
            "{} is not a key file: it does not begin with \"detente/key/v1\"\n  make one with `detente key new`",
            path.display()
        ))),
    }
}

fn show(path: &Path, public: &str, format: Plain) -> Result<u8, Failure> {
    let (name, kind) =
        describe(public).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    output::answer(&match format {
        Plain::Text => format!("{public}\n"),
        Plain::Json => {
            let answer = json!({ "file": path, "kind": kind, "name": name, "public": public });
            format!("{answer:#}\n")
        }
    })?;
    Ok(0)
}

/// The name and the kind of a public key.
fn describe(public: &str) -> Result<(String, &'static str), String> {
    if public.starts_with("READER+") {
        let key = ReaderKey::parse(public).map_err(|error| error.to_string())?;
        return Ok((key.name().to_string(), "reader (X-Wing)"));
    }
    let key = VerifierKey::parse(public).map_err(|error| error.to_string())?;
    let kind = match key.algorithm() {
        Algorithm::Ed25519 => "log or official (Ed25519)",
        Algorithm::Ed25519Cosignature => "witness (Ed25519)",
        Algorithm::MlDsa44Cosignature => "log or witness (ML-DSA-44)",
    };
    Ok((key.name().to_string(), kind))
}

fn usage(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(error.to_string())
}
