//! What stands inside a segment: transactions and their facts, one after the other, and the check that they are
//! links of one chain. Every writer and reader of a segment goes through that check: nothing enters a backup
//! that does not hash, and nothing leaves it. Knows no folder and no key.

use super::sealed::broken;
use crate::body;
use crate::error::LedgerError;
use crate::forge::salt_of;
use crate::hash::{HashAlg, Keyed, hex, thirty_two};
use crate::ledger::chain;
use crate::tree;
use serde_json::Value as Json;
use std::io::{BufRead, Error, Write};
use vocabulary::BookId;

const TX: u8 = 1;
const FACT: u8 = 2;
const END: u8 = 3;

/// No text or box of a ledger is longer than this; a longer one is damage, and is not asked memory for.
const LENGTH_MAX: usize = 1 << 30;

/// A transaction's row; what its header says is not said again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tx {
    pub(super) salt: Vec<u8>,
    pub(super) header: String,
    pub(super) root: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

/// A fact's row with its box; its position is its place in the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) register: Option<String>,
    pub(super) record: Option<i64>,
    pub(super) body: String,
    pub(super) sealed: Option<(i64, Vec<u8>)>,
}

/// What comes out of a segment.
pub(super) enum Item {
    Tx(Tx),
    Fact(Fact),
    /// The end, with how many transactions and facts there were.
    End(u64, u64),
}

/// Writes items.
pub(super) struct Scribe<W: Write> {
    out: W,
    names: Vec<String>,
    pub(super) transactions: u64,
    pub(super) facts: u64,
}

impl<W: Write> Scribe<W> {
    pub(super) fn new(out: W) -> Scribe<W> {
        Scribe {
            out,
            names: Vec::new(),
            transactions: 0,
            facts: 0,
        }
    }

    pub(super) fn tx(&mut self, tx: &Tx) -> Result<(), Error> {
        self.transactions += 1;
        self.out.write_all(&[TX])?;
        for part in [&tx.salt, tx.header.as_bytes(), &tx.root, &tx.hash] {
            bytes(&mut self.out, part)?;
        }
        Ok(())
    }

    /// A fact, its parts borrowed: this is where a whole book passes.
    pub(super) fn fact(
        &mut self,
        register: Option<&str>,
        record: Option<i64>,
        body: &str,
        sealed: Option<(i64, &[u8])>,
    ) -> Result<(), Error> {
        self.facts += 1;
        self.out.write_all(&[FACT])?;
        match register {
            None => number(&mut self.out, 0)?,
            Some(name) => {
                // A book has some dozens of registers; each name is written once.
                let known = self.names.iter().position(|known| known == name);
                let place = known.unwrap_or(self.names.len());
                number(&mut self.out, u64::try_from(place + 1).expect("a position"))?;
                if known.is_none() {
                    bytes(&mut self.out, name.as_bytes())?;
                    self.names.push(name.to_owned());
                }
            }
        }
        signed(&mut self.out, record)?;
        bytes(&mut self.out, body.as_bytes())?;
        signed(&mut self.out, sealed.map(|(subject, _)| subject))?;
        if let Some((_, sealed)) = sealed {
            bytes(&mut self.out, sealed)?;
        }
        Ok(())
    }

    /// The end; answers what was written to.
    pub(super) fn end(mut self) -> Result<W, Error> {
        self.out.write_all(&[END])?;
        number(&mut self.out, self.transactions)?;
        number(&mut self.out, self.facts)?;
        Ok(self.out)
    }
}

/// Reads items.
pub(super) struct Lector<R: BufRead> {
    from: R,
    names: Vec<String>,
}

impl<R: BufRead> Lector<R> {
    pub(super) fn new(from: R) -> Lector<R> {
        Lector {
            from,
            names: Vec::new(),
        }
    }

    pub(super) fn next(&mut self) -> Result<Item, Error> {
        match byte(&mut self.from)? {
            TX => Ok(Item::Tx(Tx {
                salt: read_bytes(&mut self.from)?,
                header: read_text(&mut self.from)?,
                root: read_bytes(&mut self.from)?,
                hash: read_bytes(&mut self.from)?,
            })),
            FACT => self.fact().map(Item::Fact),
            END => {
                let counts = (read_number(&mut self.from)?, read_number(&mut self.from)?);
                if !self.from.fill_buf()?.is_empty() {
                    return Err(broken("something follows the end"));
                }
                Ok(Item::End(counts.0, counts.1))
            }
            _ => Err(broken("an item of an unknown kind")),
        }
    }

    fn fact(&mut self) -> Result<Fact, Error> {
        let place = usize::try_from(read_number(&mut self.from)?).unwrap_or(usize::MAX);
        let register = match place.checked_sub(1) {
            None => None,
            Some(place) => {
                if place == self.names.len() {
                    let name = read_text(&mut self.from)?;
                    self.names.push(name);
                }
                let name = self.names.get(place);
                Some(name.cloned().ok_or_else(|| broken("a name out of turn"))?)
            }
        };
        let record = read_signed(&mut self.from)?;
        let body = read_text(&mut self.from)?;
        let sealed = match read_signed(&mut self.from)? {
            Some(subject) => Some((subject, read_bytes(&mut self.from)?)),
            None => None,
        };
        Ok(Fact {
            register,
            record,
            body,
            sealed,
        })
    }
}

pub(super) fn number(out: &mut impl Write, mut number: u64) -> Result<(), Error> {
    let mut buffer = [0; 10];
    let mut length = 0;
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits");
        number >>= 7;
        buffer[length] = low | if number == 0 { 0 } else { 0x80 };
        length += 1;
        if number == 0 {
            return out.write_all(&buffer[..length]);
        }
    }
}

/// A number that may be negative or missing: 0 is missing, then the sign lies in the lowest bit.
fn signed(out: &mut impl Write, value: Option<i64>) -> Result<(), Error> {
    let Some(value) = value else {
        return number(out, 0);
    };
    let folded = (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned();
    // The least of all numbers has no room beside “missing”; no record is numbered so.
    number(out, folded.saturating_add(1))
}

pub(super) fn bytes(out: &mut impl Write, bytes: &[u8]) -> Result<(), Error> {
    number(out, u64::try_from(bytes.len()).expect("a length"))?;
    out.write_all(bytes)
}

pub(super) fn byte(from: &mut impl BufRead) -> Result<u8, Error> {
    let mut one = [0];
    from.read_exact(&mut one)?;
    Ok(one[0])
}

pub(super) fn read_number(from: &mut impl BufRead) -> Result<u64, Error> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = byte(from)?;
        let low = u64::from(byte & 0x7f);
        number |= low << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(broken("a number without an end"))
}

fn read_signed(from: &mut impl BufRead) -> Result<Option<i64>, Error> {
    let Some(folded) = read_number(from)?.checked_sub(1) else {
        return Ok(None);
    };
    Ok(Some(
        (folded >> 1).cast_signed() ^ -(folded & 1).cast_signed(),
    ))
}

pub(super) fn read_bytes(from: &mut impl BufRead) -> Result<Vec<u8>, Error> {
    let length = usize::try_from(read_number(from)?).unwrap_or(usize::MAX);
    if length > LENGTH_MAX {
        return Err(broken("a text longer than texts are"));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn read_text(from: &mut impl BufRead) -> Result<String, Error> {
    String::from_utf8(read_bytes(from)?).map_err(|_| broken("a text that is not UTF-8"))
}

/// Where a chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) hash: [u8; 32],
}

impl Link {
    /// Before the first transaction.
    pub(super) const NONE: Link = Link {
        seq: 0,
        at: i64::MIN,
        hash: [0; 32],
    };
}

/// The transaction being checked.
struct Open {
    tx: Tx,
    alg: HashAlg,
    at: i64,
    salts: Keyed,
    facts: usize,
    leaves: Vec<[u8; 32]>,
}

/// Follows a chain, transaction by transaction, and computes every hash again.
pub(super) struct Chain {
    book: BookId,
    last: Link,
    open: Option<Open>,
}

impl Chain {
    /// Goes on after a link.
    pub(super) fn after(book: BookId, last: Link) -> Chain {
        Chain {
            book,
            last,
            open: None,
        }
    }

    /// The last transaction that was found whole.
    pub(super) fn last(&self) -> Link {
        self.last
    }

    /// The header of the next transaction; the one before must be complete.
    pub(super) fn tx(&mut self, tx: Tx) -> Result<Json, LedgerError> {
        let seq = self.last.seq + 1;
        if self.open.is_some() {
            return Err(damaged(seq, "facts are missing"));
        }
        let header = body::parse(&tx.header)?;
        let alg = header["alg"].as_str().and_then(HashAlg::from_word);
        let facts = header["facts"].as_u64();
        let facts = facts.and_then(|facts| usize::try_from(facts).ok());
        let at = header["at"].as_i64().filter(|at| *at > self.last.at);
        let (Some(alg), Some(facts), Some(at)) = (alg, facts, at) else {
            return Err(damaged(seq, "its header does not read"));
        };
        if header["seq"].as_i64() != Some(seq) || header["book"].as_i64() != Some(self.book) {
            return Err(damaged(seq, "its header speaks of another transaction"));
        }
        self.open = Some(Open {
            alg,
            at,
            salts: Keyed::new(alg, &tx.salt),
            facts,
            leaves: Vec::with_capacity(facts.min(1 << 20)),
            tx,
        });
        self.close_when_full()?;
        Ok(header)
    }

    /// Whether a transaction waits for facts.
    pub(super) fn waits(&self) -> bool {
        self.open.is_some()
    }

    /// The number of the transaction that the next fact belongs to, and its position.
    pub(super) fn place(&self) -> (i64, usize) {
        let position = self.open.as_ref().map_or(0, |open| open.leaves.len());
        (self.last.seq + 1, position)
    }

    /// The next fact. Its columns must say what its body says.
    pub(super) fn fact(
        &mut self,
        register: Option<&str>,
        record: Option<i64>,
        text: &str,
    ) -> Result<(), LedgerError> {
        let (seq, position) = self.place();
        if !says(text, register, record) {
            return Err(damaged(
                seq,
                "a fact stands under another record than it speaks of",
            ));
        }
        let Some(open) = &mut self.open else {
            return Err(damaged(seq, "a fact too many"));
        };
        let salt = salt_of(&open.salts, position);
        open.leaves
            .push(tree::leaf(open.alg, &salt, text.as_bytes()));
        self.close_when_full()
    }

    fn close_when_full(&mut self) -> Result<(), LedgerError> {
        let full = self.open.take_if(|open| open.leaves.len() == open.facts);
        let Some(open) = full else {
            return Ok(());
        };
        let seq = self.last.seq + 1;
        let root = tree::root(open.alg, &open.leaves);
        if open.tx.root != root {
            return Err(damaged(seq, "its facts are not those it was closed over"));
        }
        let hash = chain(open.alg, &self.last.hash, &root, &open.tx.header);
        if thirty_two(&open.tx.hash) != Some(hash) {
            return Err(damaged(seq, &format!("its hash is not {}", hex(&hash))));
        }
        self.last = Link {
            seq,
            at: open.at,
            hash,
        };
        Ok(())
    }
}

/// Whether the columns of a fact agree with its body, which alone is hashed. What speaks of a record begins with
/// both; everything else has no record.
fn says(text: &str, register: Option<&str>, record: Option<i64>) -> bool {
    let spoken = ["assert", "end", "decide"].iter().find_map(|op| {
        let rest = text.strip_prefix("{\"op\":\"")?.strip_prefix(op)?;
        rest.strip_prefix("\",\"register\":\"")
    });
    let Some(rest) = spoken else {
        return record.is_none();
    };
    let Some((name, rest)) = rest.split_once("\",\"record\":") else {
        return false;
    };
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .unwrap_or(rest.len());
    register == Some(name) && rest[..end].parse().ok() == record
}

fn damaged(seq: i64, what: &str) -> LedgerError {
    LedgerError::Damaged(format!("tx {seq}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_size_read_back() {
        let mut out = Vec::new();
        let list = [
            None,
            Some(0),
            Some(-1),
            Some(1),
            Some(63),
            Some(-64),
            Some(i64::MAX),
        ];
        for value in list {
            signed(&mut out, value).expect("written");
        }
        let mut from = &out[..];
        for value in list {
            assert_eq!(read_signed(&mut from).expect("read"), value);
        }
    }

    #[test]
    fn items_read_back_and_an_end_is_the_end() {
        let mut scribe = Scribe::new(Vec::new());
        let tx = Tx {
            salt: vec![1; 32],
            header: "{}".to_owned(),
            root: vec![2; 32],
            hash: vec![3; 32],
        };
        scribe.tx(&tx).expect("written");
        for (register, sealed) in [
            (Some("a"), None),
            (Some("b"), Some((9, &b"box"[..]))),
            (None, None),
        ] {
            scribe
                .fact(register, Some(5), "body", sealed)
                .expect("written");
        }
        let bytes = scribe.end().expect("written");
        let mut lector = Lector::new(&bytes[..]);
        assert!(matches!(lector.next().expect("read"), Item::Tx(read) if read == tx));
        let Item::Fact(_) = lector.next().expect("read") else {
            panic!("a fact")
        };
        let Item::Fact(second) = lector.next().expect("read") else {
            panic!("a fact")
        };
        assert_eq!(second.register.as_deref(), Some("b"));
        assert_eq!(second.sealed, Some((9, b"box".to_vec())));
        assert!(
            matches!(lector.next().expect("read"), Item::Fact(fact) if fact.register.is_none())
        );
        assert!(matches!(lector.next().expect("read"), Item::End(1, 3)));
        let mut more = bytes.clone();
        more.push(0);
        let mut lector = Lector::new(&more[..]);
        let end = (0..5).map(|_| lector.next()).find_map(Result::err);
        assert!(end.is_some());
    }

    #[test]
    fn columns_must_say_what_the_body_says() {
        let body = r#"{"op":"assert","register":"person","record":12,"from":0}"#;
        assert!(says(body, Some("person"), Some(12)));
        assert!(!says(body, Some("person"), Some(1)));
        assert!(!says(body, Some("seat"), Some(12)));
        assert!(!says(body, None, None));
        assert!(says(
            r#"{"op":"roster","register":"person"}"#,
            Some("person"),
            None
        ));
        assert!(!says(r#"{"op":"audit"}"#, None, Some(4)));
    }
}
