//! A receipt: one fact, its path to the root of its transaction, that transaction's path to the root of a checkpoint.
//! With it a citizen needs neither the ledger nor us. Opens personal values only when asked to.

use super::checkpoint::{not_cut, not_grown, unfit, vouched};
use super::log::{Spans, Tree, inclusion};
use super::note::Note;
use crate::body;
use crate::entropy::Entropy;
use crate::error::{LedgerError, Unfit};
use crate::forge::salt_of;
use crate::hash::{Keyed, hex, thirty_two};
use crate::layout;
use crate::reader::Reader;
use crate::seal::{canonical, quote};
use crate::store::Datum;
use crate::tree;
use serde_json::{Map, Value as Json, json};
use vocabulary::Moment;

/// The form of a receipt; a change of it is another word.
pub(super) const RECEIPT: &str = "receipt-1";

/// What is asked of a receipt.
#[derive(Debug, Clone, Copy)]
pub struct ReceiptAsk<'a> {
    /// The transaction.
    pub tx: i64,
    /// The fact in it, from 0.
    pub ord: u32,
    /// With the fact's personal values and their salt.
    pub open: bool,
    /// The checkpoint it shall lead to; none signs one now.
    pub to: Option<&'a str>,
    /// When it is made.
    pub made: Moment,
}

/// A receipt as JSON on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactReceipt {
    /// The receipt.
    pub text: String,
    /// How many bytes its hashes have.
    pub hashes: usize,
    /// The transactions its checkpoint speaks of.
    pub size: u64,
    /// Personal values are in it.
    pub opened: bool,
    /// The signing key was made just now.
    pub fresh: bool,
}

/// A transaction as a receipt needs it.
struct Kept {
    salts: Keyed,
    header: String,
    root: [u8; 32],
    prev: [u8; 32],
    facts: u64,
}

impl Reader {
    /// The receipt of a fact.
    pub fn fact_receipt(
        &self,
        ask: ReceiptAsk<'_>,
        entropy: &mut dyn Entropy,
    ) -> Result<FactReceipt, LedgerError> {
        let (tx, ord, alg) = (ask.tx, ask.ord, self.book().alg);
        let nothing = || LedgerError::NoFact { tx, ord };
        let index = u64::try_from(tx).ok().and_then(|tx| tx.checked_sub(1));
        let index = index.ok_or_else(nothing)?;
        let kept = self.kept_transaction(tx)?.ok_or_else(nothing)?;
        if u64::from(ord) >= kept.facts {
            return Err(nothing());
        }
        let (body, fact_path) = self.fact_path(tx, ord, &kept)?;

        let (key, fresh) = self.sign_key(entropy, ask.to.is_some())?;
        let given = ask.to.map(|text| self.own_note(text)).transpose()?;
        let now = self.size()?;
        if let Some(note) = &given {
            vouched(note, &key.public())?;
            not_cut(note, now)?;
        }
        let size = given.as_ref().map_or(now, |note| note.state.size);
        if index >= size {
            return Err(unfit(Unfit::TooEarly, tx.to_string()));
        }
        let log = self.log(Some(size), &inclusion(index, size))?;
        let note = match given {
            Some(note) if log.before.as_ref() != Some(&note.state) => {
                return Err(not_grown(&note, now));
            }
            Some(note) => note,
            None => Note::sign(self.book(), log.state, ask.made, &key),
        };

        let list = |roots: &[[u8; 32]]| -> Json { roots.iter().map(|r| json!(hex(r))).collect() };
        let salt = salt_of(&kept.salts, ord as usize);
        let mut out: Map<String, Json> = Map::new();
        for (name, value) in [
            ("yiben", json!(RECEIPT)),
            ("book", json!(self.book().id)),
            ("tx", json!(tx)),
            ("ord", json!(ord)),
            ("alg", json!(alg.word())),
            ("body", json!(body)),
            ("salt", json!(hex(&salt))),
            ("fact_path", list(&fact_path)),
            ("header", json!(kept.header)),
            ("prev", json!(hex(&kept.prev))),
            ("log_path", list(&log.roots)),
            ("checkpoint", json!(note.text)),
        ] {
            out.insert(name.to_owned(), value);
        }
        // What an account's fact seals is the hash of a password: nobody is shown that.
        let closed = body::parse(&body)?["register"] == layout::ACCOUNTS;
        let opened = if ask.open && !closed {
            self.opened(tx, ord)?
        } else {
            None
        };
        let has = opened.is_some();
        if let Some((salt, values)) = opened {
            let open = json!({"salt": hex(&salt), "values": values});
            out.insert("open".to_owned(), open);
        }
        Ok(FactReceipt {
            text: Json::Object(out).to_string(),
            hashes: (fact_path.len() + log.roots.len()) * 32,
            size,
            opened: has,
            fresh,
        })
    }

    fn kept_transaction(&self, tx: i64) -> Result<Option<Kept>, LedgerError> {
        let sql = format!(
            "SELECT salt, header, root, prev, \
             (SELECT COUNT(*) FROM fact f WHERE f.book = tx.book AND f.tx = tx.seq) \
             FROM tx WHERE book = {} AND seq = {}",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut found = None;
        let params = [Datum::Int(self.book().id), Datum::Int(tx)];
        self.store.query(&sql, &params, &mut |row| {
            let broken = || LedgerError::Unlinked { tx };
            found = Some(Kept {
                salts: Keyed::new(self.book().alg, row[0].bytes()),
                header: row[1].text().to_owned(),
                root: thirty_two(row[2].bytes()).ok_or_else(broken)?,
                prev: thirty_two(row[3].bytes()).ok_or_else(broken)?,
                facts: u64::try_from(row[4].int()).unwrap_or(0),
            });
            Ok(())
        })?;
        Ok(found)
    }

    /// The body of a fact and its path to the root of its transaction, which must be the one that was kept.
    fn fact_path(
        &self,
        tx: i64,
        ord: u32,
        kept: &Kept,
    ) -> Result<(String, Vec<[u8; 32]>), LedgerError> {
        let alg = self.book().alg;
        let sql = format!(
            "SELECT body FROM fact WHERE book = {} AND tx = {} ORDER BY ord",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut whole = Tree::new(alg);
        let mut path = Spans::new(alg, &inclusion(ord.into(), kept.facts));
        let mut found = String::new();
        let mut at = 0;
        let params = [Datum::Int(self.book().id), Datum::Int(tx)];
        self.store.query(&sql, &params, &mut |row| {
            let body = row[0].text();
            let leaf = tree::leaf(alg, &salt_of(&kept.salts, at), body.as_bytes());
            if at == ord as usize {
                found = body.to_owned();
            }
            whole.push(leaf);
            path.push(leaf);
            at += 1;
            Ok(())
        })?;
        if whole.root() != kept.root {
            return Err(LedgerError::Unlinked { tx });
        }
        Ok((found, path.roots()))
    }

    /// The salt and the personal values of a fact as canonical JSON; `None` when it has none or they were erased.
    fn opened(&self, tx: i64, ord: u32) -> Result<Option<([u8; 16], String)>, LedgerError> {
        let sql = format!(
            "SELECT record, box FROM sealed WHERE book = {} AND tx = {} AND ord = {}",
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3)
        );
        let place = [
            Datum::Int(self.book().id),
            Datum::Int(tx),
            Datum::Int(ord.into()),
        ];
        let mut found = None;
        self.store.query(&sql, &place, &mut |row| {
            found = self.open(tx, ord, row[0].int(), row[1].bytes())?;
            Ok(())
        })?;
        Ok(found.map(|(salt, values)| {
            let mut text = String::from("{");
            for (n, (name, value)) in values.as_object().into_iter().flatten().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                quote(name, &mut text);
                text.push(':');
                canonical(&body::plain(value), &mut text);
            }
            text.push('}');
            (salt, text)
        }))
    }
}
