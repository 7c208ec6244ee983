//! A receipt, a proof of growth or a checkpoint, judged by itself: no ledger, no key but a public one.

use super::checkpoint::{GROWTH, public_key, unfit, vouched};
use super::log::{consistent, included, leaf};
use super::note::{Note, unhex};
use super::receipt::RECEIPT;
use crate::body::plain;
use crate::error::{LedgerError, Unfit};
use crate::hash::{HashAlg, Keyed, hex};
use crate::ledger::chain;
use crate::seal::{canonical, commitment, quote};
use crate::tree;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use vocabulary::BookId;

/// Hashes that a path may have: a tree of more leaves than there are numbers has no more.
const PATH_MAX: usize = 64;

/// What holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// `receipt`, `consistency` or `checkpoint`.
    pub kind: &'static str,
    /// The book.
    pub book: BookId,
    /// Transactions that the (newer) checkpoint speaks of.
    pub size: u64,
    /// The public key it was signed by.
    pub key: String,
    /// That key was named by the asker, not taken from the evidence itself.
    pub pinned: bool,
    /// The personal values that were opened and are as committed to, as JSON.
    pub opened: Option<String>,
}

/// Judges a piece of evidence. With `key` it must be signed by that one. An error says that it cannot be read or does
/// not hold: whoever must tell the two apart asks the second verifier.
pub fn check(text: &str, key: Option<&str>) -> Result<Checked, LedgerError> {
    let key = key.map(public_key).transpose()?;
    let bad = |reason| unfit(reason, text.chars().take(40).collect());
    let judge = |note: &Note, kind, opened| {
        vouched(note, key.as_ref().unwrap_or(&note.key))?;
        Ok(Checked {
            kind,
            book: note.book,
            size: note.state.size,
            key: note.key.line(),
            pinned: key.is_some(),
            opened,
        })
    };
    if let Some(note) = Note::parse(text) {
        return judge(&note, "checkpoint", None);
    }
    let json: Json = serde_json::from_str(text).map_err(|_| bad(Unfit::NotAProof))?;
    match json["yiben"].as_str() {
        Some(RECEIPT) => {
            let (note, opened) = receipt(&json).ok_or_else(|| bad(Unfit::NotAProof))?;
            judge(&note, "receipt", opened)
        }
        Some(GROWTH) => {
            let (old, new) = growth(&json).ok_or_else(|| bad(Unfit::NotAProof))?;
            vouched(&old, key.as_ref().unwrap_or(&new.key))?;
            judge(&new, "consistency", None)
        }
        _ => Err(bad(Unfit::NotAProof)),
    }
}

/// Exactly these keys, the last of them perhaps missing.
fn has(json: &Json, keys: &[&str], perhaps: Option<&str>) -> Option<()> {
    let found: BTreeSet<&str> = json.as_object()?.keys().map(String::as_str).collect();
    let must: BTreeSet<&str> = keys.iter().copied().collect();
    let may = must.iter().copied().chain(perhaps).collect();
    (found.is_superset(&must) && found.is_subset(&may)).then_some(())
}

fn path(json: &Json) -> Option<Vec<[u8; 32]>> {
    let list = json.as_array().filter(|list| list.len() <= PATH_MAX)?;
    list.iter().map(|one| unhex(one.as_str()?)).collect()
}

/// Both checkpoints of a proof of growth that holds.
fn growth(json: &Json) -> Option<(Note, Note)> {
    has(json, &["yiben", "old", "new", "path"], None)?;
    let (old, new) = (
        Note::parse(json["old"].as_str()?)?,
        Note::parse(json["new"].as_str()?)?,
    );
    let (from, to) = (
        (old.state.size, old.state.root),
        (new.state.size, new.state.root),
    );
    let holds = old.book == new.book
        && old.alg == new.alg
        && consistent(old.alg, from, to, &path(&json["path"])?);
    holds.then_some((old, new))
}

/// The checkpoint of a receipt whose fact stands in it, and what it opens.
fn receipt(json: &Json) -> Option<(Note, Option<String>)> {
    let keys = [
        "yiben",
        "book",
        "tx",
        "ord",
        "alg",
        "body",
        "salt",
        "fact_path",
        "header",
        "prev",
        "log_path",
        "checkpoint",
    ];
    has(json, &keys, Some("open"))?;
    let note = Note::parse(json["checkpoint"].as_str()?)?;
    let (alg, text) = (note.alg, json["header"].as_str()?);
    let header: Json = serde_json::from_str(text).ok()?;
    let (tx, ord, body) = (json["tx"].as_u64()?, json["ord"].as_u64()?, &json["body"]);
    let same = json["book"].as_i64()? == note.book
        && header["book"].as_i64()? == note.book
        && header["seq"].as_u64()? == tx
        && header["alg"].as_str()? == alg.word()
        && json["alg"].as_str()? == alg.word();
    if !same {
        return None;
    }
    let body = body.as_str()?;
    let own = tree::leaf(alg, &unhex(json["salt"].as_str()?)?, body.as_bytes());
    let facts = header["facts"].as_u64()?;
    let root = included(alg, ord, facts, own, &path(&json["fact_path"])?)?;
    let hash = chain(alg, &unhex(json["prev"].as_str()?)?, &root, text);
    let index = tx.checked_sub(1)?;
    let log = path(&json["log_path"])?;
    let found = included(alg, index, note.state.size, leaf(alg, &hash), &log)?;
    if found != note.state.root {
        return None;
    }
    let opened = match json.get("open") {
        None => None,
        Some(open) => Some(opened(alg, body, open)?),
    };
    Some((note, opened))
}

/// The values opened, when they are those that the body commits to: all of them and no others.
fn opened(alg: HashAlg, body: &str, open: &Json) -> Option<String> {
    has(open, &["salt", "values"], None)?;
    let salt: [u8; 16] = unhex(open["salt"].as_str()?)?;
    let text = open["values"].as_str()?;
    let (values, body): (Json, Json) = (
        serde_json::from_str(text).ok()?,
        serde_json::from_str(body).ok()?,
    );
    let salts = Keyed::new(alg, &salt);
    let mut written = String::from("{");
    for (name, value) in values.as_object()? {
        let value = plain(value);
        let mut own = String::new();
        canonical(&value, &mut own);
        if written.len() > 1 {
            written.push(',');
        }
        quote(name, &mut written);
        written.push(':');
        written.push_str(&own);
        let wanted = body["set"][name]["#"].as_str()?;
        if hex(&commitment(alg, &salts, name, &own)) != wanted {
            return None;
        }
    }
    written.push('}');
    let committed = body["set"].as_object()?.values();
    let committed = committed.filter(|value| value["#"].is_string()).count();
    (committed == values.as_object()?.len() && written == text).then_some(written)
}
