//! Tokens: 32 random bytes, shown once. Whoever finds the hash that is kept can do nothing with it. A plain hash is
//! enough: nobody guesses 32 random bytes, so nothing slow is needed as it is for passwords.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger::{Entropy, HashAlg};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// The longest text that may be a token; longer ones are not even hashed.
const CHARS_MAX: usize = 64;

/// A token as its bearer knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<String>);

/// What is kept of a token.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Kept([u8; 32]);

impl Token {
    /// A fresh one.
    pub(crate) fn draw(entropy: &mut dyn Entropy) -> Token {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        entropy.fill(&mut *bytes);
        Token(Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes)))
    }

    /// One that somebody hands in.
    pub fn handed_in(mut text: String) -> Token {
        if text.len() > CHARS_MAX {
            text.zeroize();
        }
        Token(Zeroizing::new(text))
    }

    /// To be shown to its bearer, once.
    pub fn shown(&self) -> &str {
        &self.0
    }

    pub(crate) fn kept(&self) -> Kept {
        Kept(HashAlg::Sha256.hash(&[self.0.as_bytes()]))
    }
}

impl Kept {
    /// As it stands in the book.
    pub(crate) fn hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::handed_in("abc".to_owned());
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_ne!(token.kept(), Token::handed_in("abd".to_owned()).kept());
        assert_eq!(Token::handed_in("x".repeat(65)).shown(), "");
    }
}
