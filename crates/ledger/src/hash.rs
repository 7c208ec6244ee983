//! Hashes of the chain: SHA-256, or SM3 for sites that must use it, and the salts drawn from them.

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use sm3::Sm3;

/// The hash a book is chained with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HashAlg {
    /// SHA-256.
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl HashAlg {
    /// The word stored beside hashes.
    pub const fn word(self) -> &'static str {
        match self {
            HashAlg::Sha256 => "sha256",
            HashAlg::Sm3 => "sm3",
        }
    }

    /// The hash a word names.
    pub fn from_word(word: &str) -> Option<HashAlg> {
        [HashAlg::Sha256, HashAlg::Sm3]
            .into_iter()
            .find(|alg| alg.word() == word)
    }

    /// The hash of the parts, one after the other.
    pub fn hash(self, parts: &[&[u8]]) -> [u8; 32] {
        match self {
            HashAlg::Sha256 => digest::<Sha256>(parts),
            HashAlg::Sm3 => digest::<Sm3>(parts),
        }
    }
}

fn digest<D: Digest<OutputSize = hmac::digest::consts::U32>>(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = D::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// An HMAC whose key is set up once: each message then costs two compressions.
#[derive(Clone)]
pub(crate) enum Keyed {
    /// HMAC-SHA-256.
    Sha256(Hmac<Sha256>),
    /// HMAC-SM3.
    Sm3(Hmac<Sm3>),
}

impl Keyed {
    /// Sets up the key.
    pub(crate) fn new(alg: HashAlg, key: &[u8]) -> Keyed {
        match alg {
            HashAlg::Sha256 => {
                Keyed::Sha256(KeyInit::new_from_slice(key).expect("HMAC takes a key of any length"))
            }
            HashAlg::Sm3 => {
                Keyed::Sm3(KeyInit::new_from_slice(key).expect("HMAC takes a key of any length"))
            }
        }
    }

    /// The code of a message in parts.
    pub(crate) fn code(&self, parts: &[&[u8]]) -> [u8; 32] {
        match self {
            Keyed::Sha256(mac) => finish(mac.clone(), parts),
            Keyed::Sm3(mac) => finish(mac.clone(), parts),
        }
    }
}

fn finish<M: Mac<OutputSize = hmac::digest::consts::U32>>(mut mac: M, parts: &[&[u8]]) -> [u8; 32] {
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The first 16 bytes.
pub(crate) fn half(bytes: [u8; 32]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&bytes[..16]);
    out
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    hex_into(bytes, &mut out);
    out
}

/// Lower-case hex, appended.
pub(crate) fn hex_into(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// Thirty-two bytes of a stored hash.
pub(crate) fn thirty_two(bytes: &[u8]) -> Option<[u8; 32]> {
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors_hold() {
        let abc: &[u8] = b"abc";
        assert_eq!(
            hex(&HashAlg::Sha256.hash(&[abc])),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex(&HashAlg::Sm3.hash(&[abc])),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        );
        // RFC 4231, case 2.
        let mac =
            Keyed::new(HashAlg::Sha256, b"Jefe").code(&[b"what do ya want ", b"for nothing?"]);
        assert_eq!(
            hex(&mac),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
