//! Reading CCSDS messages.

use super::files;
use crate::failure::Failure;
use crate::output::complain;
use detente_ccsds::{Document, Strictness};
use std::path::Path;

/// How closely the standard is held to.
pub(super) fn strictness(lenient: bool) -> Strictness {
    if lenient {
        Strictness::Lenient
    } else {
        Strictness::Strict
    }
}

/// Reads a file of messages, plain or gzip; the inner error says where and why it is refused.
pub(super) fn read(
    path: &Path,
    strictness: Strictness,
) -> Result<Result<Document, String>, Failure> {
    let bytes = files::bytes(path)?;
    Ok(detente_ccsds::read(&bytes, strictness).map_err(|error| error.to_string()))
}

/// Tells each deviation that was accepted.
pub(super) fn tell(name: &str, document: &Document) {
    for remark in &document.remarks {
        complain(&format!("{name}: {remark}"));
    }
}
