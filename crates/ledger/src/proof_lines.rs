//! Lines of hashes in base 64, as requests to witnesses and receipts carry them.

use crate::hash::Hash;
use crate::merkle::MOST_PROOF_HASHES;

/// Splits text at its first empty line: the lines before, and everything after.
pub(crate) fn split_at_empty_line(text: &str) -> Option<(Vec<&str>, &str)> {
    let (before, after) = match text.strip_prefix('\n') {
        Some(after) => ("", after),
        None => text.split_once("\n\n")?,
    };
    let lines = if before.is_empty() {
        Vec::new()
    } else {
        before.split('\n').collect()
    };
    Some((lines, after))
}

/// Reads one hash a line, at most [`MOST_PROOF_HASHES`].
pub(crate) fn hashes(lines: &[&str]) -> Option<Vec<Hash>> {
    if lines.len() > MOST_PROOF_HASHES {
        return None;
    }
    lines.iter().map(|line| Hash::from_base64(line)).collect()
}

/// Writes one hash a line.
pub(crate) fn write(hashes: &[Hash]) -> String {
    hashes.iter().map(|hash| format!("{hash}\n")).collect()
}
