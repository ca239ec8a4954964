//! Trees and proofs against the definition of RFC 6962, written down as it stands there.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

use detente_ledger::hash::Hash;
use detente_ledger::merkle::{
    Edge, ProofError, Subtree, consistency_ranges, inclusion_ranges, subtree_ranges,
    verify_consistency, verify_inclusion, verify_subtree,
};
use proptest::prelude::*;

/// Section 2.1: the Merkle Tree Hash.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(half(leaves.len()));
            Hash::node(root(left), root(right))
        }
    }
}

fn half(length: usize) -> usize {
    let mut k = 1;
    while k * 2 < length {
        k *= 2;
    }
    k
}

/// Section 2.1.1: PATH(m, D[n]).
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = half(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, other) = if m < k {
        (path(m, left), right)
    } else {
        (path(m - k, right), left)
    };
    proof.push(root(other));
    proof
}

/// Section 2.1.2: SUBPROOF(m, D[n], b); and Merkle Tree Certificates, section 4.4: SUBTREE_SUBPROOF(start, end, D_n, b).
fn subproof(start: usize, end: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if (start, end) == (0, leaves.len()) {
        return if known {
            Vec::new()
        } else {
            vec![root(leaves)]
        };
    }
    let k = half(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, other) = if end <= k {
        (subproof(start, end, left, known), right)
    } else if k <= start {
        (subproof(start - k, end - k, right, known), left)
    } else {
        assert_eq!(start, 0);
        (subproof(0, end - k, right, false), left)
    };
    proof.push(root(other));
    proof
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count)
        .map(|index| Hash::leaf(&index.to_be_bytes()))
        .collect()
}

fn hashes(ranges: &[Subtree], leaves: &[Hash]) -> Vec<Hash> {
    ranges
        .iter()
        .map(|range| root(&leaves[range.start() as usize..range.end() as usize]))
        .collect()
}

#[test]
fn roots_of_the_reference_implementation() {
    // The eight leaves and roots of the tests of Google's Certificate Transparency.
    let data: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut edge = Edge::new();
    for (data, root) in data.into_iter().zip(roots) {
        edge.push(Hash::leaf(data));
        assert_eq!(edge.root().to_hex(), root);
    }
}

#[test]
fn every_proof_in_small_trees_is_that_of_the_definition() {
    let all = leaves(40);
    let mut edge = Edge::new();
    for size in 0..=all.len() {
        let tree = &all[..size];
        assert_eq!(edge.root(), root(tree));
        for index in 0..size {
            let proof = hashes(&inclusion_ranges(index as u64, size as u64).unwrap(), tree);
            assert_eq!(proof, path(index, tree));
            verify_inclusion(index as u64, tree[index], size as u64, edge.root(), &proof).unwrap();
        }
        for old in 0..=size {
            let proof = hashes(&consistency_ranges(old as u64, size as u64).unwrap(), tree);
            if old > 0 {
                assert_eq!(proof, subproof(0, old, tree, true));
            }
            verify_consistency(
                old as u64,
                root(&tree[..old]),
                size as u64,
                edge.root(),
                &proof,
            )
            .unwrap();
        }
        for start in 0..size {
            for end in start + 1..=size {
                let Some(subtree) = Subtree::new(start as u64, end as u64) else {
                    continue;
                };
                let proof = hashes(&subtree_ranges(subtree, size as u64).unwrap(), tree);
                assert_eq!(proof, subproof(start, end, tree, true));
                verify_subtree(
                    subtree,
                    root(&tree[start..end]),
                    size as u64,
                    edge.root(),
                    &proof,
                )
                .unwrap();
            }
        }
        if size < all.len() {
            edge.push(all[size]);
        }
    }
}

#[test]
fn only_aligned_ranges_are_subtrees() {
    // Merkle Tree Certificates, section 4.1: the start is a multiple of the smallest power of two not below the width.
    for (start, end) in [(0, 1), (0, 7), (4, 8), (8, 13), (8, 16), (6, 8)] {
        assert!(Subtree::new(start, end).is_some(), "{start} {end}");
    }
    for (start, end) in [
        (0, 0),
        (5, 4),
        (1, 3),
        (4, 9),
        (6, 9),
        (2, 5),
        (1, u64::MAX),
        (u64::MAX, u64::MAX),
    ] {
        assert!(Subtree::new(start, end).is_none(), "{start} {end}");
    }
}

#[test]
fn the_largest_trees_have_proofs_of_bounded_length() {
    let largest = i64::MAX as u64;
    for size in [largest, 1 << 62, (1 << 62) + 1] {
        for place in [0, 1, size / 2, size - 1] {
            assert!(inclusion_ranges(place, size).unwrap().len() <= 63);
            assert!(consistency_ranges(place + 1, size).unwrap().len() <= 64);
        }
    }
    assert!(matches!(
        inclusion_ranges(u64::MAX, u64::MAX),
        Err(ProofError::Outside { .. })
    ));
    assert!(matches!(
        consistency_ranges(u64::MAX, 5),
        Err(ProofError::Outside { .. })
    ));
}

proptest! {
    #[test]
    fn an_edge_takes_whole_subtrees(size in 0_usize..600, height in 0_u32..8) {
        let width = 1 << height;
        let all = leaves(size);
        let (mut by_leaf, mut by_subtree) = (Edge::new(), Edge::new());
        by_leaf.extend(all.iter().copied());
        for part in all.chunks(width) {
            if part.len() == width {
                prop_assert!(by_subtree.push_subtree(height, root(part)));
            } else {
                by_subtree.extend(part.iter().copied());
            }
        }
        prop_assert_eq!(&by_leaf, &by_subtree);
        prop_assert_eq!(by_leaf.root(), root(&all));
    }

    /// No proof proves anything else: neither another place, nor another size, nor another hash.
    #[test]
    fn a_changed_proof_is_refused(size in 1_usize..200, pick in any::<prop::sample::Index>(), bit in 0_usize..256, how in 0..6) {
        let all = leaves(size);
        let index = pick.index(size);
        let mut proof = path(index, &all);
        let (mut place, mut tree_size, mut leaf, mut top) = (index as u64, size as u64, all[index], root(&all));
        let flip = |hash: &mut Hash| {
            let mut bytes = *hash.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            *hash = Hash::from_bytes(bytes);
        };
        match how {
            0 => flip(&mut leaf),
            1 => flip(&mut top),
            2 if !proof.is_empty() => { let at = bit % proof.len(); flip(&mut proof[at]); }
            3 => proof.push(leaf),
            4 if !proof.is_empty() => { proof.pop(); }
            5 if size > 1 => place = (place + 1 + bit as u64 % (size as u64 - 1)) % size as u64,
            _ => tree_size += size.next_power_of_two() as u64,
        }
        prop_assert!(verify_inclusion(place, leaf, tree_size, top, &proof).is_err());
    }

    #[test]
    fn a_changed_history_is_refused(size in 2_usize..200, pick in any::<prop::sample::Index>(), change in any::<prop::sample::Index>()) {
        let all = leaves(size);
        let old = 1 + pick.index(size - 1);
        let mut other = all.clone();
        other[change.index(old)] = Hash::leaf(b"rewritten");
        // The rewritten tree cannot be shown to grow out of the old one, with its own proof or the true one.
        for proof in [subproof(0, old, &all, true), subproof(0, old, &other, true)] {
            prop_assert!(verify_consistency(old as u64, root(&all[..old]), size as u64, root(&other), &proof).is_err());
        }
        prop_assert!(verify_consistency(0, root(&all[..old]), size as u64, root(&all), &[]).is_err());
    }
}
