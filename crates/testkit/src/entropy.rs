//! Randomness that is the same in every run: a counter through a mixer. Never for real books.

use ledger::Entropy;

/// Bytes that follow from a seed.
#[derive(Debug, Clone)]
pub struct CountingEntropy(u64);

impl CountingEntropy {
    /// Beginning at a seed.
    pub fn new(seed: u64) -> CountingEntropy {
        CountingEntropy(seed)
    }
}

impl Entropy for CountingEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
        }
    }
}
