//! Where random bytes come from. The ledger draws none itself, so that a whole office can run under a seed.

/// A source of random bytes: the operating system's in service, a counter in tests.
pub trait Entropy: Send {
    /// Fills all of `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);
}

impl<F: FnMut(&mut [u8]) + Send> Entropy for F {
    fn fill(&mut self, bytes: &mut [u8]) {
        self(bytes);
    }
}
