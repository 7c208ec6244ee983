//! The chain, hashed again: every leaf from its body and its transaction's salt, every root, every link, and the
//! columns of a transaction against the header that is hashed. One pass in order of writing; a transaction of any
//! size takes no memory. Knows nothing of what a fact says.

use super::Verified;
use crate::body;
use crate::error::LedgerError;
use crate::forge::salt_of;
use crate::hash::{HashAlg, Keyed, hex, thirty_two};
use crate::ledger::chain;
use crate::reader::Reader;
use crate::seal::{decimal, quote};
use crate::store::Datum;
use crate::tree::{Growing, leaf};

/// Transactions read at once, before their facts: headers are small, and one statement serves all of them.
const HEADERS_AT_ONCE: usize = 1024;

/// A transaction's row.
struct Row {
    seq: i64,
    at: i64,
    /// In the order of [`WORDS`].
    words: [String; 5],
    salt: Vec<u8>,
    header: String,
    root: Vec<u8>,
    prev: Vec<u8>,
    hash: Vec<u8>,
}

/// The columns in [`Row::words`], as the header names them.
const WORDS: [&str; 5] = ["actor", "deed", "client_id", "pack", "alg"];

/// Where the chain stands.
struct Link {
    seq: i64,
    at: i64,
    hash: [u8; 32],
}

impl Reader {
    /// Hashes the chain again.
    pub(super) fn verify_chain(&self, out: &mut Verified) -> Result<(), LedgerError> {
        let mut link = Link {
            seq: 0,
            at: i64::MIN,
            hash: [0; 32],
        };
        let mut after = i64::MIN;
        loop {
            let rows = self.headers(after)?;
            // Whatever stands behind the last transaction belongs to none.
            let until = rows.last().map_or(i64::MAX, |last| last.seq);
            self.facts_between(after, until, &rows, &mut link, out)?;
            if rows.is_empty() {
                return Ok(());
            }
            after = until;
        }
    }

    fn headers(&self, after: i64) -> Result<Vec<Row>, LedgerError> {
        let sql = format!(
            "SELECT seq, at, actor, deed, client_id, pack, alg, salt, header, root, prev, hash FROM tx \
             WHERE book = {} AND seq > {} ORDER BY seq LIMIT {HEADERS_AT_ONCE}",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut rows = Vec::new();
        let params = [Datum::Int(self.book().id), Datum::Int(after)];
        self.store.query(&sql, &params, &mut |row| {
            rows.push(Row {
                seq: row[0].int(),
                at: row[1].int(),
                words: [2, 3, 4, 5, 6].map(|column: usize| row[column].text().to_owned()),
                salt: row[7].bytes().to_vec(),
                header: row[8].text().to_owned(),
                root: row[9].bytes().to_vec(),
                prev: row[10].bytes().to_vec(),
                hash: row[11].bytes().to_vec(),
            });
            Ok(())
        })?;
        Ok(rows)
    }

    /// Goes through the facts of these transactions, and closes each when its last was read.
    fn facts_between(
        &self,
        after: i64,
        until: i64,
        rows: &[Row],
        link: &mut Link,
        out: &mut Verified,
    ) -> Result<(), LedgerError> {
        let sql = format!(
            "SELECT tx, ord, body FROM fact WHERE book = {} AND tx > {} AND tx <= {} ORDER BY tx, ord",
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3)
        );
        let book = self.book().id;
        let mut rows = rows.iter();
        let mut open: Option<Open<'_>> = rows.next().map(|row| Open::new(row, book));
        let params = [Datum::Int(book), Datum::Int(after), Datum::Int(until)];
        self.store.query(&sql, &params, &mut |row| {
            let tx = row[0].int();
            while let Some(done) = open.take_if(|open| open.row.seq < tx) {
                done.close(link, out)?;
                open = rows.next().map(|row| Open::new(row, book));
            }
            out.facts += 1;
            match &mut open {
                Some(open) if open.row.seq == tx => open.take(row[1].int(), row[2].text()),
                _ => out.differ(
                    "chain",
                    format!("{tx}:{}", row[1].int()),
                    "a fact of no transaction".to_owned(),
                    "no such fact".to_owned(),
                ),
            }
            Ok(())
        })?;
        while let Some(done) = open {
            done.close(link, out)?;
            open = rows.next().map(|row| Open::new(row, book));
        }
        Ok(())
    }
}

/// A transaction whose facts are being read.
struct Open<'r> {
    row: &'r Row,
    book: i64,
    /// The hash, the salts, and the root so far; `None` when no such hash is known.
    work: Option<(HashAlg, Keyed, Growing)>,
    count: u64,
}

impl<'r> Open<'r> {
    fn new(row: &'r Row, book: i64) -> Open<'r> {
        let alg = HashAlg::from_word(&row.words[4]);
        Open {
            row,
            book,
            work: alg.map(|alg| (alg, Keyed::new(alg, &row.salt), Growing::new(alg))),
            count: 0,
        }
    }

    fn take(&mut self, ord: i64, body: &str) {
        self.count += 1;
        if let Some((alg, salts, leaves)) = &mut self.work {
            let salt = salt_of(salts, usize::try_from(ord).unwrap_or(usize::MAX));
            leaves.push(leaf(*alg, &salt, body.as_bytes()));
        }
    }

    fn close(self, link: &mut Link, out: &mut Verified) -> Result<(), LedgerError> {
        let row = self.row;
        let place = || row.seq.to_string();
        out.transactions += 1;
        if row.seq != link.seq + 1 {
            out.differ("chain", place(), place(), (link.seq + 1).to_string());
        }
        if row.at <= link.at {
            out.differ(
                "chain",
                place(),
                format!("at {}", row.at),
                format!("later than {}", link.at),
            );
        }
        (link.seq, link.at) = (row.seq, row.at);
        if !as_written(row, self.book, self.count) {
            compare(row, self.book, self.count, out)?;
        }
        let Some((alg, _, leaves)) = self.work else {
            let wanted = "sha256 or sm3".to_owned();
            out.differ("chain", place(), row.words[4].clone(), wanted);
            return Ok(());
        };
        let root = leaves.root();
        if row.root != root {
            out.differ("chain", place(), hex(&row.root), hex(&root));
        }
        if row.prev != link.hash {
            out.differ("chain", place(), hex(&row.prev), hex(&link.hash));
        }
        let hash = chain(alg, &link.hash, &root, &row.header);
        if row.hash != hash {
            out.differ("chain", place(), hex(&row.hash), hex(&hash));
        }
        // From here on the kept hash is followed, so that one change is not reported for every later one.
        link.hash = thirty_two(&row.hash).unwrap_or(hash);
        Ok(())
    }
}

/// Whether the header begins and ends with what the columns say, letter for letter: then it needs no reading.
fn as_written(row: &Row, book: i64, facts: u64) -> bool {
    let mut wanted = String::with_capacity(256);
    for (key, value) in [
        ("{\"book\":", book),
        (",\"seq\":", row.seq),
        (",\"at\":", row.at),
    ] {
        wanted.push_str(key);
        decimal(value, &mut wanted);
    }
    for (name, word) in WORDS.iter().zip(&row.words) {
        wanted.push_str(",\"");
        wanted.push_str(name);
        wanted.push_str("\":");
        quote(word, &mut wanted);
    }
    wanted.push(',');
    row.header.starts_with(&wanted) && row.header.ends_with(&format!("\"facts\":{facts}}}"))
}

/// Compares the columns with the header, one by one.
fn compare(row: &Row, book: i64, facts: u64, out: &mut Verified) -> Result<(), LedgerError> {
    let place = || row.seq.to_string();
    let header = body::parse(&row.header)?;
    for (name, found) in WORDS.iter().zip(&row.words) {
        let wanted = header[*name].as_str().unwrap_or_default();
        if found != wanted {
            out.differ("chain", place(), found.clone(), wanted.to_owned());
        }
    }
    if header["seq"].as_i64() != Some(row.seq)
        || header["at"].as_i64() != Some(row.at)
        || header["book"].as_i64() != Some(book)
    {
        let wanted = "as its header says".to_owned();
        out.differ("chain", place(), "the row".to_owned(), wanted);
    }
    if header["facts"].as_u64() != Some(facts) {
        let wanted = header["facts"].to_string();
        out.differ("chain", place(), facts.to_string(), wanted);
    }
    Ok(())
}
