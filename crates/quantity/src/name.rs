//! Identifiers as people write them: a party, a class, an attribute, a measure.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::excerpt::shown;

/// The longest name, in bytes of UTF-8.
const LONGEST: usize = 1024;

/// A name as written, cheap to clone. Never empty, no space around it, single spaces inside, no control
/// or invisible characters. Case matters. Ordered by code points.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing but white space.
    #[error("a name must not be empty")]
    Empty,
    /// A character that does not show, and could make two different names look alike.
    #[error("the name \"{name}\" contains the invisible character U+{code:04X}; remove it")]
    Invisible {
        /// The name, with the character escaped.
        name: String,
        /// The character's code point.
        code: u32,
    },
    /// The text is too long for a name.
    #[error("\"{start}\" is too long for a name: {length} bytes, and {LONGEST} are allowed")]
    TooLong {
        /// How the text begins.
        start: String,
        /// Its length in bytes.
        length: usize,
    },
}

impl Name {
    /// The text as a name: white space around it is dropped, and white space inside becomes one space.
    ///
    /// # Errors
    /// When nothing is left, when it holds a control or invisible character (line breaks and tabs
    /// included), or when it is longer than 1024 bytes.
    pub fn new(text: &str) -> Result<Name, NameError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.len() > LONGEST {
            return Err(NameError::TooLong {
                start: shown(text),
                length: text.len(),
            });
        }
        if let Some(found) = text.chars().find(|&character| is_invisible(character)) {
            return Err(NameError::Invisible {
                name: text.escape_debug().to_string(),
                code: u32::from(found),
            });
        }
        let spaced_once = text
            .split(' ')
            .all(|word| !word.is_empty() && !word.contains(char::is_whitespace));
        if spaced_once {
            Ok(Name(Arc::from(text)))
        } else {
            let words: Vec<&str> = text.split_whitespace().collect();
            Ok(Name(Arc::from(words.join(" "))))
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, and the format characters that reorder or hide text (Unicode category Cf as far
/// as it occurs in practice, the line and paragraph separators, and private or non-characters left out).
/// The joiners U+200C and U+200D are letters' parts in Persian and Indic scripts and stay allowed.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{61C}'
                | '\u{180E}'
                | '\u{200B}'
                | '\u{200E}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

impl FromStr for Name {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Name, NameError> {
        Name::new(text)
    }
}

impl TryFrom<&str> for Name {
    type Error = NameError;
    fn try_from(text: &str) -> Result<Name, NameError> {
        Name::new(text)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Name, E> {
                Name::new(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}
