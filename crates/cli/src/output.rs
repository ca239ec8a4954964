//! Where words go: answers to standard output or a file, complaints to standard error.

use crate::failure::Failure;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

/// Writes an answer. A reader that stopped reading (`| head`) is not a failure.
pub(crate) fn answer(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Write {
            path: "standard output".into(),
            cause,
        }),
        _ => Ok(()),
    }
}

/// Writes a file as a whole or not at all: beside it first, then in its place.
pub(crate) fn file(path: &Path, text: &str) -> Result<(), Failure> {
    bytes(path, text.as_bytes())
}

/// The same for what is not text.
pub(crate) fn bytes(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let fail = |cause| Failure::Write {
        path: path.to_owned(),
        cause,
    };
    let name = path
        .file_name()
        .ok_or_else(|| fail(io::Error::from(io::ErrorKind::InvalidInput)))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(content)?;
        if let Ok(old) = std::fs::metadata(path) {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()
    });
    written
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|cause| {
            let _ = std::fs::remove_file(&beside);
            fail(cause)
        })
}

/// Says something on standard error.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end());
}

/// Whether complaints may have colour: a terminal, and `NO_COLOR` is not set.
pub(crate) fn colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}
