//! The tree of RFC 9162 over the transactions of a book: its root, its roots over ranges, and which ranges make a
//! path. Holds one hash a level, however long the book. Knows no rows.

use crate::hash::HashAlg;

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
