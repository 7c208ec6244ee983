//! The tree hash of RFC 6962 over a transaction's facts. Leaves and inner nodes are told apart by a first
//! byte, so that an inner node can never be passed off as a fact.

use crate::hash::HashAlg;

/// The leaf of a salted body.
pub fn leaf(alg: HashAlg, salt: &[u8; 16], body: &[u8]) -> [u8; 32] {
    alg.hash(&[&[0], salt, body])
}

/// The root over leaf hashes: the left side takes the greatest power of two below the count.
pub fn root(alg: HashAlg, leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => alg.hash(&[]),
        [only] => *only,
        _ => {
            let mut left = 1;
            while left * 2 < leaves.len() {
                left *= 2;
            }
            let (a, b) = leaves.split_at(left);
            let (a, b) = if leaves.len() > 4096 {
                rayon::join(|| root(alg, a), || root(alg, b))
            } else {
                (root(alg, a), root(alg, b))
            };
            alg.hash(&[&[1], &a, &b])
        }
    }
}

/// A root that grows leaf by leaf and keeps one hash a level: a transaction of any size is checked in no memory.
pub(crate) struct Growing {
    alg: HashAlg,
    count: u64,
    /// Roots of complete subtrees, the greatest first.
    tops: Vec<[u8; 32]>,
}

impl Growing {
    /// No leaf yet.
    pub(crate) fn new(alg: HashAlg) -> Growing {
        Growing {
            alg,
            count: 0,
            tops: Vec::new(),
        }
    }

    /// One leaf more.
    pub(crate) fn push(&mut self, leaf: [u8; 32]) {
        let mut top = leaf;
        // Each trailing one of the count is a complete subtree of the same height on the left.
        for _ in 0..self.count.trailing_ones() {
            let left = self.tops.pop().expect("one subtree for each set bit");
            top = self.alg.hash(&[&[1], &left, &top]);
        }
        self.tops.push(top);
        self.count += 1;
    }

    /// The root over all of them.
    pub(crate) fn root(mut self) -> [u8; 32] {
        let Some(mut top) = self.tops.pop() else {
            return self.alg.hash(&[]);
        };
        while let Some(left) = self.tops.pop() {
            top = self.alg.hash(&[&[1], &left, &top]);
        }
        top
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hex;

    /// The inputs and roots of the reference implementation of Certificate Transparency.
    #[test]
    fn the_reference_roots_of_none_to_eight_leaves_hold() {
        let inputs = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let alg = HashAlg::Sha256;
        let leaves: Vec<[u8; 32]> = inputs
            .iter()
            .map(|text| {
                let bytes: Vec<u8> = (0..text.len() / 2)
                    .map(|i| u8::from_str_radix(&text[i * 2..i * 2 + 2], 16).expect("hex"))
                    .collect();
                alg.hash(&[&[0], &bytes])
            })
            .collect();
        for (count, wanted) in roots.iter().enumerate() {
            assert_eq!(hex(&root(alg, &leaves[..count])), *wanted, "{count} leaves");
        }
    }

    #[test]
    fn a_root_grown_leaf_by_leaf_is_the_root_over_all() {
        let leaves: Vec<[u8; 32]> = (0..130_u8).map(|n| [n; 32]).collect();
        for count in 0..leaves.len() {
            let mut growing = Growing::new(HashAlg::Sha256);
            for leaf in &leaves[..count] {
                growing.push(*leaf);
            }
            assert_eq!(
                growing.root(),
                root(HashAlg::Sha256, &leaves[..count]),
                "{count} leaves"
            );
        }
    }
}
