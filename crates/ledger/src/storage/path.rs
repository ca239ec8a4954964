//! Names of objects: relative paths that cannot leave the place they are kept in.

use std::fmt;

/// A path of one or more segments of lower-case letters, digits, `.`, `_` and `-`, joined by `/`. No segment begins with a
/// point, so none is `..` or hidden; no path is absolute, and none has more than 512 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectPath(String);

impl ObjectPath {
    /// The path, or `None` where the text is not one.
    #[must_use]
    pub fn new(text: &str) -> Option<ObjectPath> {
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
        let segment = |segment: &str| {
            !segment.is_empty()
                && segment.len() <= 128
                && !segment.starts_with('.')
                && segment.bytes().all(allowed)
        };
        (text.len() <= 512 && text.split('/').all(segment)).then(|| ObjectPath(text.to_owned()))
    }

    /// A path the library itself forms of such parts.
    pub(crate) fn known(text: String) -> ObjectPath {
        debug_assert!(ObjectPath::new(&text).is_some(), "{text}");
        ObjectPath(text)
    }

    /// This path below `prefix`.
    #[must_use]
    pub fn below(&self, prefix: &ObjectPath) -> ObjectPath {
        ObjectPath(format!("{prefix}/{self}"))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for ObjectPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leaves_its_place() {
        for right in ["checkpoint", "tile/0/x001/x234/067.p/8", "tile/entries/000"] {
            assert!(ObjectPath::new(right).is_some(), "{right}");
        }
        for wrong in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "tile/../../key",
            "tile//0",
            "tile/",
            "a\\b",
            "a:b",
            "C:",
            "tile/.p",
            ".hidden",
            "tile/0\0",
            "tile/%2e%2e",
            "Tile",
            "tile/ 0",
            "é",
        ] {
            assert!(ObjectPath::new(wrong).is_none(), "{wrong:?}");
        }
    }
}
