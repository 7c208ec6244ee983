//! A checkpoint: how many transactions, which root, and who says so, as signed text (C2SP tlog-checkpoint). Written and
//! read here and nowhere else; whether it is true of a ledger is not known here.

use super::key::{PublicKey, SignKey, origin};
use crate::book::Book;
use crate::hash::{HashAlg, hex};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use vocabulary::{BookId, Moment};

/// What is said of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    /// How many transactions.
    pub(crate) size: u64,
    /// The root of the tree over them.
    pub(crate) root: [u8; 32],
    /// The hash of the last; zeros before the first.
    pub(crate) head: [u8; 32],
}

/// Signed text that reads as a checkpoint.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    pub(crate) text: String,
    body: String,
    pub(crate) book: BookId,
    pub(crate) alg: HashAlg,
    pub(crate) state: State,
    pub(crate) key: PublicKey,
    signatures: Vec<(String, Vec<u8>)>,
}

impl Note {
    /// Says it and signs it.
    pub(crate) fn sign(book: &Book, state: State, moment: Moment, key: &SignKey) -> Note {
        // A name stands on one line.
        let name: String = book.name.split(char::is_control).collect();
        let public = key.public();
        let body = format!(
            "{}\n{}\n{}\nalg {}\nhead {}\nmoment {moment}\nname {name}\nkey {}\n",
            origin(book.id),
            state.size,
            STANDARD.encode(state.root),
            book.alg.word(),
            hex(&state.head),
            public.line()
        );
        let text = format!("{body}\n{}", key.line_under(&body));
        Note::parse(&text).expect("what is written here is read here")
    }

    /// Reads a checkpoint, strictly; signatures are not judged.
    pub(crate) fn parse(text: &str) -> Option<Note> {
        let (body, tail) = text.split_once("\n\n")?;
        let mut lines = body.split('\n');
        let (first, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let book: BookId = first.strip_prefix("yiben/")?.parse().ok()?;
        let size: u64 = size.parse().ok().filter(|n: &u64| n.to_string() == size)?;
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        let mut more = BTreeMap::new();
        for line in lines {
            let (name, value) = line.split_once(' ').unwrap_or((line, ""));
            if more.insert(name, value).is_some() {
                return None;
            }
        }
        let alg = HashAlg::from_word(more.get("alg")?)?;
        let head = unhex(more.get("head")?)?;
        let key = PublicKey::parse(more.get("key")?)?;
        let mut signatures = Vec::new();
        for line in tail.strip_suffix('\n')?.split('\n') {
            let (name, data) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let data = STANDARD.decode(data).ok()?;
            if data.len() < 5 || name.is_empty() || name.contains('+') {
                return None;
            }
            signatures.push((name.to_owned(), data));
        }
        (origin(book) == first).then(|| Note {
            text: text.to_owned(),
            body: format!("{body}\n"),
            book,
            alg,
            state: State { size, root, head },
            key,
            signatures,
        })
    }

    /// Whether this key signed it, once. Signatures of others, as witnesses, are passed over.
    pub(crate) fn holds(&self, key: &PublicKey) -> bool {
        let id = key.id();
        let mut ours = self
            .signatures
            .iter()
            .filter(|(name, data)| *name == key.name && data[..4] == id);
        match (ours.next(), ours.next()) {
            (Some((_, data)), None) => {
                key.name == origin(self.book) && key.signed(self.body.as_bytes(), &data[4..])
            }
            _ => false,
        }
    }
}

/// Bytes of exactly this many, from lower-case hex.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(digits.chunks(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}
