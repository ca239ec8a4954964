//! Three-valued truth, and the comparisons that yield it.

use std::fmt;
use std::ops::Not;

use serde::{Deserialize, Serialize};

use crate::Decimal;

/// True, false, or not known: Kleene's strong logic of three values.
///
/// Ordered `False < Unknown < True`, so that *and* is the minimum and *or* the maximum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Truth {
    /// False whatever the unknown values are.
    False,
    /// True for some of the possible values, false for others.
    Unknown,
    /// True whatever the unknown values are.
    True,
}

impl Truth {
    /// Both.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// At least one of them.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// The contrary; what is unknown stays unknown.
    #[must_use]
    pub const fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }

    /// Whether this is [`Truth::True`].
    #[must_use]
    pub const fn is_true(self) -> bool {
        matches!(self, Truth::True)
    }

    /// Whether this is [`Truth::False`].
    #[must_use]
    pub const fn is_false(self) -> bool {
        matches!(self, Truth::False)
    }

    /// Whether this is [`Truth::Unknown`].
    #[must_use]
    pub const fn is_unknown(self) -> bool {
        matches!(self, Truth::Unknown)
    }
}

impl Not for Truth {
    type Output = Truth;
    fn not(self) -> Truth {
        Truth::not(self)
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::True } else { Truth::False }
    }
}

impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Truth::False => "false",
            Truth::Unknown => "unknown",
            Truth::True => "true",
        })
    }
}

/// A comparison of two numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
}

impl Comparison {
    /// All six.
    pub const ALL: [Comparison; 6] = [
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::AtLeast,
        Comparison::Greater,
    ];

    /// As written in an agreement: `<`, `<=`, `=`, `!=`, `>=`, `>`.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::AtLeast => ">=",
            Comparison::Greater => ">",
        }
    }

    /// As read aloud: "less than", "at most", "exactly", "other than", "at least", "more than".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Comparison::Less => "less than",
            Comparison::AtMost => "at most",
            Comparison::Equal => "exactly",
            Comparison::NotEqual => "other than",
            Comparison::AtLeast => "at least",
            Comparison::Greater => "more than",
        }
    }

    /// The comparison that holds exactly where this one does not: `<=` for `>`.
    #[must_use]
    pub const fn negate(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::AtLeast,
            Comparison::AtMost => Comparison::Greater,
            Comparison::Equal => Comparison::NotEqual,
            Comparison::NotEqual => Comparison::Equal,
            Comparison::AtLeast => Comparison::Less,
            Comparison::Greater => Comparison::AtMost,
        }
    }

    /// The comparison that says the same with its sides exchanged: `>=` for `<=`.
    #[must_use]
    pub const fn flip(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::AtMost => Comparison::AtLeast,
            Comparison::AtLeast => Comparison::AtMost,
            Comparison::Greater => Comparison::Less,
            same @ (Comparison::Equal | Comparison::NotEqual) => same,
        }
    }

    /// Whether it holds between two exact numbers.
    #[must_use]
    pub fn holds(self, left: Decimal, right: Decimal) -> bool {
        match self {
            Comparison::Less => left < right,
            Comparison::AtMost => left <= right,
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::AtLeast => left >= right,
            Comparison::Greater => left > right,
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.symbol())
    }
}
