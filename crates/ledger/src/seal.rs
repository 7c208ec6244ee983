//! Sealing of personal fields: subject keys under a master key, boxes under a subject's key, commitments in
//! their place, and the keyed hash by which a secret is found. Knows no facts.

use crate::error::LedgerError;
use crate::hash::{HashAlg, Keyed, half, hex, hex_into};
use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce, Tag};
use std::io::Write;
use std::path::{Path, PathBuf};
use vocabulary::{BookId, RecordId, Value};
use zeroize::Zeroizing;

const NONCE: usize = 12;
const TAG: usize = 16;

/// The key file of a ledger: it lies beside it.
pub(crate) fn key_path(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

/// The master key of a book, ready for use.
pub(crate) struct Master {
    cipher: Aes256Gcm,
    index: Keyed,
    check: String,
}

impl Master {
    /// From the bytes of the key file.
    pub(crate) fn new(bytes: &[u8; 32]) -> Master {
        let mac = Keyed::new(HashAlg::Sha256, bytes);
        Master {
            cipher: Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(bytes)),
            // Not the same key for two purposes.
            index: Keyed::new(HashAlg::Sha256, &mac.code(&[b"yiben-secret-index"])),
            check: hex(&half(mac.code(&[b"yiben-key-check"]))),
        }
    }

    /// Writes a new key file, never over an old one.
    pub(crate) fn write(path: &Path, bytes: &[u8; 32]) -> Result<(), LedgerError> {
        let fault = |error: std::io::Error| LedgerError::File {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => LedgerError::Exists(path.to_owned()),
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                LedgerError::ReadOnly(path.to_owned())
            }
            _ => fault(error),
        })?;
        file.write_all(bytes)
            .and_then(|()| file.sync_all())
            .map_err(fault)
    }

    /// Reads a key file.
    pub(crate) fn read(path: &Path) -> Result<Master, LedgerError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(LedgerError::NoKey(path.to_owned()));
            }
            Err(error) => {
                return Err(LedgerError::File {
                    path: path.to_owned(),
                    reason: error.to_string(),
                });
            }
        };
        let bytes: &[u8; 32] = bytes
            .as_slice()
            .try_into()
            .map_err(|_| LedgerError::WrongKey(path.to_owned()))?;
        Ok(Master::new(bytes))
    }

    /// What the book keeps to know its key by.
    pub(crate) fn check(&self) -> &str {
        &self.check
    }

    /// A subject's key as it lies in the book.
    pub(crate) fn wrap(
        &self,
        book: BookId,
        record: RecordId,
        key: &[u8; 32],
        nonce: [u8; NONCE],
    ) -> Vec<u8> {
        close(&self.cipher, nonce, &pair(book, record), key)
    }

    /// A subject's key, opened.
    pub(crate) fn unwrap(
        &self,
        book: BookId,
        record: RecordId,
        wrapped: &[u8],
    ) -> Option<SubjectKey> {
        let key = Zeroizing::new(open(&self.cipher, &pair(book, record), wrapped)?);
        let key: &[u8; 32] = key.as_slice().try_into().ok()?;
        Some(SubjectKey::new(key))
    }

    /// The keyed hash of a secret, hex: equal for equal values, in whatever field.
    pub(crate) fn keyed(&self, value: &Value) -> Option<String> {
        let text = match value {
            Value::Null => return None,
            Value::Int(int) => int.to_string(),
            Value::Text(text) => return Some(hex(&half(self.index.code(&[text.as_bytes()])))),
        };
        Some(hex(&half(self.index.code(&[text.as_bytes()]))))
    }
}

fn pair(book: BookId, record: RecordId) -> [u8; 16] {
    let mut out = [0; 16];
    out[..8].copy_from_slice(&book.to_be_bytes());
    out[8..].copy_from_slice(&record.to_be_bytes());
    out
}

/// The key of a subject, its schedule set up once.
pub(crate) struct SubjectKey(Aes256Gcm);

impl SubjectKey {
    /// From its bytes.
    pub(crate) fn new(key: &[u8; 32]) -> SubjectKey {
        SubjectKey(Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key)))
    }

    /// A fact's personal values and their salt, sealed.
    pub(crate) fn seal(&self, place: Place, nonce: [u8; NONCE], plain: &[u8]) -> Vec<u8> {
        close(&self.0, nonce, &place.bytes(), plain)
    }

    /// Opened: the salt and the values' JSON.
    pub(crate) fn open(&self, place: Place, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.0, &place.bytes(), sealed)
    }
}

/// Which fact a box belongs to: it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) book: BookId,
    pub(crate) tx: i64,
    pub(crate) ord: u32,
}

impl Place {
    fn bytes(self) -> [u8; 20] {
        let mut out = [0; 20];
        out[..8].copy_from_slice(&self.book.to_be_bytes());
        out[8..16].copy_from_slice(&self.tx.to_be_bytes());
        out[16..].copy_from_slice(&self.ord.to_be_bytes());
        out
    }
}

fn close(cipher: &Aes256Gcm, nonce: [u8; NONCE], about: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(NONCE + plain.len() + TAG);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plain);
    let tag = cipher
        .encrypt_in_place_detached(Nonce::from_slice(&nonce), about, &mut out[NONCE..])
        .expect("a body is far below the limit of AES-GCM");
    out.extend_from_slice(&tag);
    out
}

fn open(cipher: &Aes256Gcm, about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    if sealed.len() < NONCE + TAG {
        return None;
    }
    let (nonce, rest) = sealed.split_at(NONCE);
    let (text, tag) = rest.split_at(rest.len() - TAG);
    let mut plain = text.to_vec();
    cipher
        .decrypt_in_place_detached(
            Nonce::from_slice(nonce),
            about,
            &mut plain,
            Tag::from_slice(tag),
        )
        .ok()?;
    Some(plain)
}

/// The canonical form of a value: what is committed to and what lies in boxes and bodies.
pub(crate) fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Int(int) => {
            let mut buffer = itoa_buffer(*int);
            out.push_str(buffer.take());
        }
        Value::Text(text) => quote(text, out),
    }
}

/// A decimal integer without a heap allocation.
fn itoa_buffer(int: i64) -> Digits {
    let mut digits = Digits {
        bytes: [0; 20],
        start: 20,
    };
    let mut rest = int.unsigned_abs();
    loop {
        digits.start -= 1;
        digits.bytes[digits.start] = b'0' + u8::try_from(rest % 10).expect("a digit");
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if int < 0 {
        digits.start -= 1;
        digits.bytes[digits.start] = b'-';
    }
    digits
}

struct Digits {
    bytes: [u8; 20],
    start: usize,
}

impl Digits {
    fn take(&mut self) -> &str {
        std::str::from_utf8(&self.bytes[self.start..]).expect("digits are ASCII")
    }
}

/// A decimal integer, appended.
pub(crate) fn decimal(int: i64, out: &mut String) {
    out.push_str(itoa_buffer(int).take());
}

/// A JSON string, appended. Escapes only what JSON must.
pub(crate) fn quote(text: &str, out: &mut String) {
    out.push('"');
    if text.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\') {
        out.push_str(text);
    } else {
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if u32::from(c) < 0x20 => {
                    out.push_str("\\u00");
                    let byte = u8::try_from(u32::from(c)).expect("below 0x20");
                    hex_into(&[byte], out);
                }
                c => out.push(c),
            }
        }
    }
    out.push('"');
}

/// The commitment that stands in a body for a personal value.
pub(crate) fn commitment(alg: HashAlg, salts: &Keyed, field: &str, canonical: &str) -> [u8; 16] {
    let salt = half(salts.code(&[field.as_bytes()]));
    half(alg.hash(&[&salt, canonical.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_opens_only_in_its_place_under_its_key() {
        let key = SubjectKey::new(&[7; 32]);
        let place = Place {
            book: 1,
            tx: 2,
            ord: 3,
        };
        let sealed = key.seal(place, [1; 12], b"salt and values");
        assert_eq!(
            key.open(place, &sealed).as_deref(),
            Some(&b"salt and values"[..])
        );
        assert!(key.open(Place { ord: 4, ..place }, &sealed).is_none());
        assert!(SubjectKey::new(&[8; 32]).open(place, &sealed).is_none());
    }

    #[test]
    fn a_wrapped_key_belongs_to_one_record_of_one_book() {
        let master = Master::new(&[1; 32]);
        let wrapped = master.wrap(10, 20, &[9; 32], [2; 12]);
        assert!(master.unwrap(10, 20, &wrapped).is_some());
        assert!(master.unwrap(10, 21, &wrapped).is_none());
        assert_ne!(Master::new(&[2; 32]).check(), master.check());
    }

    #[test]
    fn canonical_values_read_back_as_json() {
        for value in [
            Value::Null,
            Value::Int(i64::MIN),
            Value::Int(0),
            Value::from("a\"\\\n\u{1}张"),
        ] {
            let mut text = String::new();
            canonical(&value, &mut text);
            let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            match value {
                Value::Null => assert!(json.is_null()),
                Value::Int(int) => assert_eq!(json.as_i64(), Some(int)),
                Value::Text(text) => assert_eq!(json.as_str(), Some(text.as_str())),
            }
        }
    }
}
