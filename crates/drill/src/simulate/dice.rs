//! Every choice of a simulation, from one seed. Knows nothing of what is chosen.

use ledger::Entropy;
use testkit::CountingEntropy;

/// Choices that follow from a seed.
pub(super) struct Dice(CountingEntropy);

impl Dice {
    /// Beginning at a seed.
    pub(super) fn new(seed: u64) -> Dice {
        Dice(CountingEntropy::new(
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        ))
    }

    /// Any number.
    pub(super) fn number(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A number below another, which is not 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).expect("a count fits");
        usize::try_from(self.number() % limit).expect("below a count")
    }

    /// Yes, so many times in a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(super) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// One of several, unless there are none.
    pub(super) fn any<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        if list.is_empty() {
            return None;
        }
        Some(self.pick(list))
    }

    /// Another order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for n in (1..list.len()).rev() {
            list.swap(n, self.below(n + 1));
        }
    }

    /// Bytes for a ledger that nobody else has.
    pub(super) fn entropy(&mut self) -> CountingEntropy {
        CountingEntropy::new(self.number())
    }
}
