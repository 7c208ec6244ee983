//! The chain as text, a line of JSON each: what the book is, every transaction, every fact's body, how it ended.
//! Writes down what lies in the tables, whole or not: to judge it is the reader's part. Holds one line at a time.
//! Personal values are commitments in bodies already; boxes and keys are not read.

use super::log::{Tree, leaf};
use crate::error::LedgerError;
use crate::hash::{hex, hex_into, thirty_two};
use crate::reader::Reader;
use crate::seal::{decimal, quote};
use crate::store::Datum;
use vocabulary::Moment;

/// The form of an export; a change of it is another word.
const FORM: &str = "export-1";

/// What was written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Transactions.
    pub transactions: u64,
    /// Facts.
    pub facts: u64,
    /// The root of the tree over the transactions, hex.
    pub root: String,
}

/// Takes one line, without its end.
pub type LineFn<'f> = &'f mut dyn FnMut(&str) -> Result<(), LedgerError>;

impl Reader {
    /// Hands the chain to `line`, line by line: all of it, or to a transaction, that one included. `progress` is
    /// told the transaction at hand and the last.
    pub fn export(
        &self,
        until: Option<i64>,
        made: Moment,
        line: LineFn<'_>,
        progress: &mut dyn FnMut(i64, i64),
    ) -> Result<Exported, LedgerError> {
        let book = self.book();
        let mut text = format!("{{\"yiben\":\"{FORM}\",\"book\":{},\"name\":", book.id);
        quote(&book.name, &mut text);
        text.push_str(&format!(
            ",\"alg\":\"{}\",\"made\":\"{made}\"",
            book.alg.word()
        ));
        if let Some(until) = until {
            text.push_str(&format!(",\"until\":{until}"));
        }
        text.push('}');
        line(&text)?;
        let end = until.unwrap_or(i64::MAX);
        let last = self.last_seq()?.min(end);
        let sql = format!(
            "SELECT seq, at, actor, deed, client_id, pack, alg, salt, header, root, prev, hash FROM tx \
             WHERE book = {} AND seq <= {} ORDER BY seq",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut tree = Tree::new(book.alg);
        let mut facts = 0;
        let mut before = i64::MIN;
        let params = [Datum::Int(book.id), Datum::Int(end)];
        self.store.query(&sql, &params, &mut |row| {
            let seq = row[0].int();
            // Facts of a transaction that is not there are evidence too.
            if seq != before.saturating_add(1) {
                facts += self.export_facts(before, seq - 1, &mut text, line)?;
            }
            before = seq;
            progress(seq, last);
            text.clear();
            text.push_str("{\"tx\":");
            decimal(seq, &mut text);
            text.push_str(",\"at\":");
            decimal(row[1].int(), &mut text);
            for (column, name) in [
                (2, "actor"),
                (3, "deed"),
                (4, "client_id"),
                (5, "pack"),
                (6, "alg"),
            ] {
                text.push_str(&format!(",\"{name}\":"));
                quote(row[column].text(), &mut text);
            }
            bytes("salt", row[7], &mut text);
            text.push_str(",\"header\":");
            quote(row[8].text(), &mut text);
            bytes("root", row[9], &mut text);
            bytes("prev", row[10], &mut text);
            bytes("hash", row[11], &mut text);
            text.push('}');
            line(&text)?;
            tree.push(leaf(
                book.alg,
                &thirty_two(row[11].bytes()).unwrap_or_default(),
            ));
            facts += self.export_facts(seq - 1, seq, &mut text, line)?;
            Ok(())
        })?;
        if before < end {
            facts += self.export_facts(before, end, &mut text, line)?;
        }
        let done = Exported {
            transactions: tree.size(),
            facts,
            root: hex(&tree.root()),
        };
        line(&format!(
            "{{\"end\":true,\"transactions\":{},\"facts\":{},\"root\":\"{}\"}}",
            done.transactions, done.facts, done.root
        ))?;
        Ok(done)
    }

    /// The facts of transactions after one and up to another; answers how many.
    fn export_facts(
        &self,
        after: i64,
        to: i64,
        text: &mut String,
        line: LineFn<'_>,
    ) -> Result<u64, LedgerError> {
        let sql = format!(
            "SELECT tx, ord, body FROM fact WHERE book = {} AND tx > {} AND tx <= {} ORDER BY tx, ord",
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3)
        );
        let params = [
            Datum::Int(self.book().id),
            Datum::Int(after),
            Datum::Int(to),
        ];
        let mut facts = 0;
        self.store.query(&sql, &params, &mut |row| {
            facts += 1;
            text.clear();
            text.push_str("{\"fact\":[");
            decimal(row[0].int(), text);
            text.push(',');
            decimal(row[1].int(), text);
            text.push_str("],\"body\":");
            quote(row[2].text(), text);
            text.push('}');
            line(text)
        })?;
        Ok(facts)
    }

    /// The number of the last transaction; 0 before the first.
    fn last_seq(&self) -> Result<i64, LedgerError> {
        Ok(crate::ledger::head_of(&*self.store, self.book().id)?.seq)
    }
}

fn bytes(name: &str, datum: Datum<'_>, out: &mut String) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":\"");
    hex_into(datum.bytes(), out);
    out.push('"');
}
