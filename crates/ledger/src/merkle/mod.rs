//! Merkle trees as RFC 6962 and RFC 9162 define them: what a root is, how one grows, and what proves what.

mod edge;
mod proof;
mod subtree;

pub use edge::Edge;
pub use proof::{
    MOST_PROOF_HASHES, ProofError, consistency_ranges, inclusion_ranges, subtree_ranges,
    verify_consistency, verify_inclusion, verify_subtree,
};
pub use subtree::Subtree;

/// The largest power of two smaller than `size`: where a tree of two or more leaves splits.
pub(crate) const fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}
