//! Runs of leaves that have a hash of their own in every tree that contains them.

use std::fmt;

/// The leaves from `start` up to, but without, `end`, where `start` is a multiple of the smallest power of two that is at
/// least the number of leaves (Merkle Tree Certificates, section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subtree {
    start: u64,
    end: u64,
}

impl Subtree {
    /// The subtree of those leaves, or `None` where they do not form one.
    #[must_use]
    pub fn new(start: u64, end: u64) -> Option<Subtree> {
        let width = end.checked_sub(start).filter(|&width| width > 0)?;
        start
            .is_multiple_of(width.checked_next_power_of_two()?)
            .then_some(Subtree { start, end })
    }

    /// The first leaf.
    #[must_use]
    pub fn start(self) -> u64 {
        self.start
    }

    /// One past the last leaf.
    #[must_use]
    pub fn end(self) -> u64 {
        self.end
    }

    /// How many leaves; never 0.
    #[must_use]
    pub fn width(self) -> u64 {
        self.end - self.start
    }
}

impl fmt::Display for Subtree {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}, {})", self.start, self.end)
    }
}
