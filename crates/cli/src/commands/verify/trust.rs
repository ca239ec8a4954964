//! Finding and reading the trust file.

use std::path::Path;

use detente_exchange::trust::TrustFile;
use detente_ledger::policy::Policy;

use crate::failure::Failure;
use crate::input;

/// Where the first trust file lies beside an agreement.
const BESIDE: &str = "trust/1.toml";

/// The trust file agreed at signature: the one named, or the one beside the agreement.
pub(crate) fn first_trust_file(
    named: Option<&Path>,
    agreement: Option<&Path>,
) -> Result<TrustFile, Failure> {
    if let Some(path) = named {
        return read(path);
    }
    let beside = agreement.and_then(|path| {
        let folder = if path.is_dir() { path } else { path.parent()? };
        Some(folder.join(BESIDE))
    });
    match beside.filter(|path| path.is_file()) {
        Some(path) => read(&path),
        None => Err(Failure::Usage(format!(
            "signed logs are believed only under a trust file\n  name it with --trust, or put it beside the agreement as {BESIDE}"
        ))),
    }
}

/// Reads a trust file, or a plain C2SP policy.
fn read(path: &Path) -> Result<TrustFile, Failure> {
    let bytes = input::bytes(path)?;
    match TrustFile::parse(&bytes) {
        Ok(file) => Ok(file),
        Err(error) => match Policy::parse(&bytes) {
            Ok(policy) => Ok(TrustFile::of_policy(policy)),
            Err(_) => Err(Failure::Usage(format!("{}: {error}", path.display()))),
        },
    }
}
