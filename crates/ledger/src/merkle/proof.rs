//! Proofs that one tree, subtree or leaf lies in another tree.
//!
//! Inclusion and consistency are one thing: a proof that a [`Subtree`] of a tree has a given hash. A leaf is the subtree of
//! one, an earlier tree is the subtree that begins at 0. The three kinds of proof of RFC 6962, RFC 9162 and of subtree
//! cosignatures come out hash for hash as those documents define them.

use thiserror::Error;

use super::{Subtree, split};
use crate::hash::Hash;

/// The most hashes a proof can have in a tree of less than 2⁶³ leaves, and the most any format here carries.
pub const MOST_PROOF_HASHES: usize = 63;

/// Why a proof does not prove.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// What is to be proved lies outside the tree.
    #[error("the leaves {start} to {end} do not lie in a tree of {size} leaves")]
    Outside {
        /// First leaf.
        start: u64,
        /// One past the last leaf.
        end: u64,
        /// Size of the tree.
        size: u64,
    },
    /// The proof has the wrong number of hashes for these sizes.
    #[error(
        "the proof has {found} hashes where this place in this tree takes {expected}; ask for a proof for these sizes"
    )]
    Length {
        /// Hashes found.
        found: usize,
        /// Hashes that belong there.
        expected: usize,
    },
    /// The hashes do not lead to the root.
    #[error("the hashes of the proof do not lead to the root: what is claimed is not in this tree")]
    Root,
}

/// The ranges of leaves whose hashes make up the proof that `subtree` lies in a tree of `size` leaves, in the proof's order.
///
/// # Errors
/// [`ProofError::Outside`] if the subtree is not within the tree.
pub fn subtree_ranges(subtree: Subtree, size: u64) -> Result<Vec<Subtree>, ProofError> {
    let mut ranges = Vec::new();
    for step in steps(subtree, size)? {
        match step {
            Step::Left(range) | Step::Right(range) | Step::Both(range) | Step::Rest(range) => {
                ranges.push(range)
            }
        }
    }
    ranges.reverse();
    Ok(ranges)
}

/// The ranges of the proof that leaf `index` is in a tree of `size` leaves (RFC 6962, section 2.1.1).
///
/// # Errors
/// [`ProofError::Outside`] if there is no such leaf.
pub fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Subtree>, ProofError> {
    subtree_ranges(one_leaf(index, size)?, size)
}

/// The ranges of the proof that the tree of `old` leaves is the beginning of the tree of `size` leaves (RFC 6962, section
/// 2.1.2). Empty if `old` is 0 or `size`.
///
/// # Errors
/// [`ProofError::Outside`] if `old` is more than `size`.
pub fn consistency_ranges(old: u64, size: u64) -> Result<Vec<Subtree>, ProofError> {
    match Subtree::new(0, old) {
        Some(tree) => subtree_ranges(tree, size),
        None if old == 0 => Ok(Vec::new()),
        None => Err(ProofError::Outside {
            start: 0,
            end: old,
            size,
        }),
    }
}

/// Checks that `subtree`, whose hash is `hash`, lies in the tree of `size` leaves with the root `root`.
///
/// # Errors
/// See [`ProofError`].
pub fn verify_subtree(
    subtree: Subtree,
    hash: Hash,
    size: u64,
    root: Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    let steps = steps(subtree, size)?;
    if steps.len() != proof.len() {
        return Err(ProofError::Length {
            found: proof.len(),
            expected: steps.len(),
        });
    }
    // Two hashes climb together: of the part of the subtree seen so far, and of the part of the tree.
    let (mut part, mut whole) = (hash, hash);
    for (step, &sibling) in steps.iter().rev().zip(proof) {
        match step {
            Step::Rest(_) => (part, whole) = (sibling, sibling),
            Step::Left(_) => whole = Hash::node(sibling, whole),
            Step::Right(_) => whole = Hash::node(whole, sibling),
            Step::Both(_) => {
                (part, whole) = (Hash::node(sibling, part), Hash::node(sibling, whole))
            }
        }
    }
    if part == hash && whole == root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

/// Checks that the leaf with the hash `leaf` is at `index` in the tree of `size` leaves with the root `root`.
///
/// # Errors
/// See [`ProofError`].
pub fn verify_inclusion(
    index: u64,
    leaf: Hash,
    size: u64,
    root: Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    verify_subtree(one_leaf(index, size)?, leaf, size, root, proof)
}

/// Checks that the tree of `old` leaves with the root `old_root` is the beginning of the tree of `size` leaves with the
/// root `root`.
///
/// # Errors
/// See [`ProofError`]; the empty tree has only one root, and so does each of two trees of one size.
pub fn verify_consistency(
    old: u64,
    old_root: Hash,
    size: u64,
    root: Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if (size == 0 && root != Hash::EMPTY) || (old == 0 && old_root != Hash::EMPTY) {
        return Err(ProofError::Root);
    }
    match Subtree::new(0, old) {
        Some(tree) => verify_subtree(tree, old_root, size, root, proof),
        None if old == 0 && proof.is_empty() => Ok(()),
        None if old == 0 => Err(ProofError::Length {
            found: proof.len(),
            expected: 0,
        }),
        None => Err(ProofError::Outside {
            start: 0,
            end: old,
            size,
        }),
    }
}

fn one_leaf(index: u64, size: u64) -> Result<Subtree, ProofError> {
    let end = index.saturating_add(1);
    Subtree::new(index, end).ok_or(ProofError::Outside {
        start: index,
        end,
        size,
    })
}

/// One level on the way down from the root to the subtree, with the range whose hash the proof gives there.
enum Step {
    /// The range is to the left of all of the subtree.
    Left(Subtree),
    /// The range is to the right of all of the subtree.
    Right(Subtree),
    /// The range is the left part of the subtree, and so belongs to both.
    Both(Subtree),
    /// The range is what remains of the subtree at the bottom, when its left parts were cut off.
    Rest(Subtree),
}

/// The way from the root down to the subtree.
fn steps(subtree: Subtree, size: u64) -> Result<Vec<Step>, ProofError> {
    let (mut start, end) = (subtree.start(), subtree.end());
    let outside = ProofError::Outside { start, end, size };
    if end > size {
        return Err(outside);
    }
    let (mut from, mut to) = (0, size);
    let mut steps = Vec::new();
    while (start, end) != (from, to) {
        let middle = from + split(to - from);
        let (range, step): (_, fn(Subtree) -> Step) = if end <= middle {
            let range = (middle, to);
            to = middle;
            (range, Step::Right)
        } else if start >= middle {
            let range = (from, middle);
            from = middle;
            (range, Step::Left)
        } else {
            let range = (from, middle);
            (from, start) = (middle, middle);
            (range, Step::Both)
        };
        steps.push(step(
            Subtree::new(range.0, range.1).ok_or_else(|| outside.clone())?,
        ));
    }
    if start != subtree.start() {
        steps.push(Step::Rest(Subtree::new(start, end).ok_or(outside)?));
    }
    Ok(steps)
}
