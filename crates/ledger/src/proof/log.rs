//! The tree of RFC 9162 over the transactions of a book: its root, its roots over ranges, and which ranges make a
//! path. Holds one hash a level, however long the book. Knows no rows.

use crate::hash::HashAlg;

/// Leaves from one to before another.
pub(crate) type Span = (u64, u64);

/// The leaf of a transaction in the tree of all of them.
pub(crate) fn leaf(alg: HashAlg, hash: &[u8; 32]) -> [u8; 32] {
    alg.hash(&[&[0], hash])
}

/// A tree that grows leaf by leaf.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    alg: HashAlg,
    /// Roots of the whole trees that the leaves so far make up, the widest first.
    whole: Vec<[u8; 32]>,
    size: u64,
}

impl Tree {
    /// Without leaves.
    pub(crate) fn new(alg: HashAlg) -> Tree {
        Tree {
            alg,
            whole: Vec::new(),
            size: 0,
        }
    }

    /// How many leaves.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// One more leaf.
    pub(crate) fn push(&mut self, mut leaf: [u8; 32]) {
        let mut size = self.size;
        while size & 1 == 1 {
            let left = self.whole.pop().expect("a whole tree for each bit set");
            leaf = self.alg.hash(&[&[1], &left, &leaf]);
            size >>= 1;
        }
        self.whole.push(leaf);
        self.size += 1;
    }

    /// The root over the leaves so far.
    pub(crate) fn root(&self) -> [u8; 32] {
        let mut parts = self.whole.iter().rev();
        let Some(last) = parts.next() else {
            return self.alg.hash(&[]);
        };
        parts.fold(*last, |right, left| self.alg.hash(&[&[1], left, &right]))
    }
}

/// Roots over some spans of leaves, which come by one after the other.
pub(crate) struct Spans {
    wanted: Vec<(Span, Tree)>,
    at: u64,
}

impl Spans {
    /// None of them begun.
    pub(crate) fn new(alg: HashAlg, wanted: &[Span]) -> Spans {
        let wanted = wanted.iter().map(|span| (*span, Tree::new(alg)));
        Spans {
            wanted: wanted.collect(),
            at: 0,
        }
    }

    /// One more leaf.
    pub(crate) fn push(&mut self, leaf: [u8; 32]) {
        let at = self.at;
        self.at += 1;
        for ((from, to), tree) in &mut self.wanted {
            if (*from..*to).contains(&at) {
                tree.push(leaf);
            }
        }
    }

    /// Their roots, in the order asked.
    pub(crate) fn roots(&self) -> Vec<[u8; 32]> {
        self.wanted.iter().map(|(_, tree)| tree.root()).collect()
    }
}

/// Where a tree of so many leaves parts: the greatest power of two below the count.
fn parting(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// The spans whose roots lead from a leaf to the root over `size` leaves, from the leaf up (RFC 9162, 2.1.3.1).
pub(crate) fn inclusion(index: u64, size: u64) -> Vec<Span> {
    let mut path = Vec::new();
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + parting(to - from);
        if index < middle {
            path.push((middle, to));
            to = middle;
        } else {
            path.push((from, middle));
            from = middle;
        }
    }
    path.reverse();
    path
}

/// The spans whose roots show that a tree of `new` leaves begins with the tree of `old` (RFC 9162, 2.1.4.1).
pub(crate) fn consistency(old: u64, new: u64) -> Vec<Span> {
    let mut path = Vec::new();
    if old == 0 || old >= new {
        return path;
    }
    let (mut from, mut to, mut whole) = (0, new, true);
    while old < to {
        let middle = from + parting(to - from);
        if old <= middle {
            path.push((middle, to));
            to = middle;
        } else {
            path.push((from, middle));
            (from, whole) = (middle, false);
        }
    }
    if !whole {
        path.push((from, to));
    }
    path.reverse();
    path
}

/// The root that a path leads to from a leaf; `None` when its length is wrong (RFC 9162, 2.1.3.2).
pub(crate) fn included(
    alg: HashAlg,
    index: u64,
    size: u64,
    leaf: [u8; 32],
    path: &[[u8; 32]],
) -> Option<[u8; 32]> {
    if index >= size {
        return None;
    }
    let (mut index, mut last, mut root) = (index, size - 1, leaf);
    for one in path {
        if last == 0 {
            return None;
        }
        if index & 1 == 1 || index == last {
            root = alg.hash(&[&[1], one, &root]);
            while index & 1 == 0 && index != 0 {
                (index, last) = (index >> 1, last >> 1);
            }
        } else {
            root = alg.hash(&[&[1], &root, one]);
        }
        (index, last) = (index >> 1, last >> 1);
    }
    (last == 0).then_some(root)
}

/// Whether the tree of `new` leaves begins with the tree of `old` (RFC 9162, 2.1.4.2).
pub(crate) fn consistent(
    alg: HashAlg,
    old: (u64, [u8; 32]),
    new: (u64, [u8; 32]),
    path: &[[u8; 32]],
) -> bool {
    if old.0 > new.0 {
        return false;
    }
    if old.0 == 0 {
        return path.is_empty() && old.1 == alg.hash(&[]);
    }
    if old.0 == new.0 {
        return path.is_empty() && old.1 == new.1;
    }
    let own = [old.1];
    let begun: &[[u8; 32]] = if old.0.is_power_of_two() { &own } else { &[] };
    let mut path = begun.iter().chain(path);
    let Some(first) = path.next() else {
        return false;
    };
    let (mut index, mut last) = (old.0 - 1, new.0 - 1);
    while index & 1 == 1 {
        (index, last) = (index >> 1, last >> 1);
    }
    let (mut before, mut after) = (*first, *first);
    for one in path {
        if last == 0 {
            return false;
        }
        if index & 1 == 1 || index == last {
            before = alg.hash(&[&[1], one, &before]);
            after = alg.hash(&[&[1], one, &after]);
            while index & 1 == 0 && index != 0 {
                (index, last) = (index >> 1, last >> 1);
            }
        } else {
            after = alg.hash(&[&[1], &after, one]);
        }
        (index, last) = (index >> 1, last >> 1);
    }
    last == 0 && before == old.1 && after == new.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hex;
    use crate::tree;

    fn leaves(count: u64) -> Vec<[u8; 32]> {
        let leaf = |n: u64| HashAlg::Sha256.hash(&[&[0], &n.to_be_bytes()]);
        (0..count).map(leaf).collect()
    }

    fn roots(leaves: &[[u8; 32]], spans: &[Span]) -> Vec<[u8; 32]> {
        let mut found = Spans::new(HashAlg::Sha256, spans);
        leaves.iter().for_each(|leaf| found.push(*leaf));
        found.roots()
    }

    #[test]
    fn the_growing_tree_is_the_tree() {
        let alg = HashAlg::Sha256;
        let mut growing = Tree::new(alg);
        for (n, leaf) in leaves(130).into_iter().enumerate() {
            assert_eq!(growing.root(), tree::root(alg, &leaves(130)[..n]));
            growing.push(leaf);
        }
    }

    #[test]
    fn every_path_holds_and_none_holds_elsewhere() {
        let alg = HashAlg::Sha256;
        for size in 1..40_u64 {
            let all = leaves(size);
            let root = tree::root(alg, &all);
            for index in 0..size {
                let path = roots(&all, &inclusion(index, size));
                let leaf = all[usize::try_from(index).expect("small")];
                assert_eq!(included(alg, index, size, leaf, &path), Some(root));
                for other in (0..size).filter(|other| *other != index) {
                    assert_ne!(included(alg, other, size, leaf, &path), Some(root));
                }
                if let Some((_, shorter)) = path.split_last() {
                    assert_ne!(included(alg, index, size, leaf, shorter), Some(root));
                }
            }
        }
    }

    #[test]
    fn every_growth_is_shown_and_no_other() {
        let alg = HashAlg::Sha256;
        let all = leaves(40);
        let root = |n: u64| tree::root(alg, &all[..usize::try_from(n).expect("small")]);
        for new in 0..40_u64 {
            for old in 0..=new {
                let path = roots(
                    &all[..usize::try_from(new).expect("small")],
                    &consistency(old, new),
                );
                assert!(
                    consistent(alg, (old, root(old)), (new, root(new)), &path),
                    "{old} {new}"
                );
                let mut other = root(old);
                other[0] ^= 1;
                assert!(
                    !consistent(alg, (old, other), (new, root(new)), &path),
                    "{old} {new}"
                );
                for place in 0..path.len() {
                    let mut forged = path.clone();
                    forged[place][5] ^= 1;
                    assert!(!consistent(
                        alg,
                        (old, root(old)),
                        (new, root(new)),
                        &forged
                    ));
                }
                let mut longer = path.clone();
                longer.push([0; 32]);
                assert!(!consistent(
                    alg,
                    (old, root(old)),
                    (new, root(new)),
                    &longer
                ));
            }
        }
    }

    /// The tree of seven leaves that RFC 9162 draws (2.1.5): PATH(0), PATH(3), PATH(4), PATH(6) and PROOF(3), (4), (6).
    #[test]
    fn the_paths_drawn_in_the_rfc_are_ours() {
        assert_eq!(inclusion(0, 7), [(1, 2), (2, 4), (4, 7)]);
        assert_eq!(inclusion(3, 7), [(2, 3), (0, 2), (4, 7)]);
        assert_eq!(inclusion(4, 7), [(5, 6), (6, 7), (0, 4)]);
        assert_eq!(inclusion(6, 7), [(4, 6), (0, 4)]);
        assert_eq!(consistency(3, 7), [(2, 3), (3, 4), (0, 2), (4, 7)]);
        assert_eq!(consistency(4, 7), [(4, 7)]);
        assert_eq!(consistency(6, 7), [(4, 6), (6, 7), (0, 4)]);
    }

    #[test]
    fn a_path_in_a_thousand_million_is_under_a_kibibyte() {
        let longest = (0..1000)
            .map(|n| inclusion(n * 1_000_003, 1_000_000_000).len())
            .max();
        assert!(longest.expect("some") * 32 <= 1024, "{longest:?}");
        assert_eq!(hex(&Tree::new(HashAlg::Sha256).root())[..8], *"e3b0c442");
    }
}
