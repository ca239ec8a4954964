//! The name under which a key signs.

use std::fmt;
use std::sync::Arc;

/// The name of a key: not empty, without white space, `+` or control characters. By custom a URL without its scheme.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(Arc<str>);

impl KeyName {
    /// The name, or `None` where the text cannot be one.
    #[must_use]
    pub fn new(text: &str) -> Option<KeyName> {
        let allowed =
            |character: char| character != '+' && character >= ' ' && !character.is_whitespace();
        (!text.is_empty() && text.chars().all(allowed)).then(|| KeyName(text.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for KeyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", &*self.0)
    }
}

/// The four bytes that, with the name, say which key made a signature. An identifier, not a commitment: collisions are
/// easy to make and lead to a refused signature, nothing more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&crate::encoding::to_hex(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}
