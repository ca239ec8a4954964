//! How much of a faulty text a message repeats.

/// What a message shows of a text that is not what was wanted: all of it, unless it is very long.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
