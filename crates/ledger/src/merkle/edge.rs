//! The right edge of a growing tree: all that is needed to append to it and to know its root.

use crate::hash::Hash;

/// The roots of the perfect subtrees of a tree, the largest first: one for each set bit of the tree's size.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    roots: Vec<Hash>,
}

impl Edge {
    /// The edge of the empty tree.
    #[must_use]
    pub fn new() -> Edge {
        Edge::default()
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the perfect subtrees, the largest (leftmost) first.
    #[must_use]
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// An edge from its parts; `None` if the number of roots is not the number of set bits of `size`.
    #[must_use]
    pub fn from_parts(size: u64, roots: Vec<Hash>) -> Option<Edge> {
        (roots.len() == size.count_ones() as usize).then_some(Edge { size, roots })
    }

    /// Appends one leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = Hash::node(left, hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// Appends a perfect subtree of `2^height` leaves by its root. Returns false, and changes nothing, if the tree does
    /// not end where such a subtree may begin.
    pub fn push_subtree(&mut self, height: u32, root: Hash) -> bool {
        let Some(width) = 1_u64.checked_shl(height) else {
            return false;
        };
        let Some(size) = self.size.checked_add(width) else {
            return false;
        };
        if !self.size.is_multiple_of(width) {
            return false;
        }
        let mut hash = root;
        for _ in 0..(self.size >> height).trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = Hash::node(left, hash);
            }
        }
        self.roots.push(hash);
        self.size = size;
        true
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(&last) = roots.next() else {
            return Hash::EMPTY;
        };
        roots.fold(last, |right, &left| Hash::node(left, right))
    }
}

impl Extend<Hash> for Edge {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.push(leaf);
        }
    }
}
