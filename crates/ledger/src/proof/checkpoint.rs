//! The state of a ledger, signed, and the proof that it grew out of an earlier one. Signs only a chain whose links
//! hold; whether every fact is as it was hashed is for `verify` to say.

use super::key::{PublicKey, SignKey, sign_path};
use super::log::{Span, Spans, Tree, consistency, leaf};
use super::note::{Note, State};
use crate::entropy::Entropy;
use crate::error::{LedgerError, Unfit};
use crate::hash::{hex, thirty_two};
use crate::ledger::{chain, head_of};
use crate::reader::Reader;
use crate::store::Datum;
use serde_json::json;
use vocabulary::Moment;

/// The form of a proof of growth; a change of it is another word.
pub(super) const GROWTH: &str = "consistency-1";

/// What is asked of a checkpoint.
#[derive(Debug, Clone, Copy)]
pub struct CheckpointAsk<'a> {
    /// When it is signed.
    pub made: Moment,
    /// An earlier checkpoint that this one must have grown out of.
    pub since: Option<&'a str>,
    /// The public key that must have signed the earlier one and must sign this.
    pub pinned: Option<&'a str>,
}

/// A signed state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpointed {
    /// The signed text.
    pub text: String,
    /// How many transactions it speaks of.
    pub size: u64,
    /// The root over them, hex.
    pub root: String,
    /// The hash of the last, hex.
    pub head: String,
    /// The public key, on one line.
    pub key: String,
    /// The signing key was made just now.
    pub fresh: bool,
    /// How many transactions the earlier one spoke of, and the proof of growth out of it, as JSON.
    pub growth: Option<(u64, String)>,
}

/// What the transactions of a book come to.
pub(super) struct Log {
    pub(super) state: State,
    /// The state after the first so many transactions that were asked for.
    pub(super) before: Option<State>,
    /// The roots over the spans asked for.
    pub(super) roots: Vec<[u8; 32]>,
}

impl Reader {
    /// Signs the present state. The signing key lies beside the ledger and is made at first use; not when an earlier
    /// checkpoint or a public key is given, since then there was one.
    pub fn checkpoint(
        &self,
        ask: CheckpointAsk<'_>,
        entropy: &mut dyn Entropy,
    ) -> Result<Checkpointed, LedgerError> {
        let pinned = ask.pinned.map(public_key).transpose()?;
        let since = ask.since.map(|text| self.own_note(text)).transpose()?;
        let (key, fresh) = self.sign_key(entropy, since.is_some() || pinned.is_some())?;
        let public = key.public();
        if pinned.is_some_and(|pinned| pinned != public) {
            return Err(unfit(Unfit::KeyChanged, public.line()));
        }
        let size = self.size()?;
        let mut spans = Vec::new();
        let mut old = None;
        if let Some(since) = &since {
            vouched(since, &public)?;
            not_cut(since, size)?;
            spans = consistency(since.state.size, size);
            old = Some(since.state.size);
        }
        let log = self.log(old, &spans)?;
        let note = Note::sign(self.book(), log.state.clone(), ask.made, &key);
        let mut growth = None;
        if let Some(since) = &since {
            if log.before.as_ref() != Some(&since.state) {
                return Err(not_grown(since, size));
            }
            let path: Vec<String> = log.roots.iter().map(|root| hex(root)).collect();
            let proof = json!({"yiben": GROWTH, "old": since.text, "new": note.text, "path": path});
            growth = Some((since.state.size, proof.to_string()));
        }
        Ok(Checkpointed {
            size,
            root: hex(&log.state.root),
            head: hex(&log.state.head),
            key: public.line(),
            fresh,
            growth,
            text: note.text,
        })
    }

    /// The signing key, made when there is none and none is `expected`; whether it was.
    pub(super) fn sign_key(
        &self,
        entropy: &mut dyn Entropy,
        expected: bool,
    ) -> Result<(SignKey, bool), LedgerError> {
        let (path, book) = (sign_path(&self.state.path), self.book().id);
        if let Some(key) = SignKey::read(&path, book)? {
            return Ok((key, false));
        }
        if expected {
            return Err(unfit(Unfit::KeyLost, path.display().to_string()));
        }
        Ok((SignKey::create(&path, book, entropy)?, true))
    }

    /// A checkpoint of this book, as handed in.
    pub(super) fn own_note(&self, text: &str) -> Result<Note, LedgerError> {
        let first = text.lines().next().unwrap_or_default().to_owned();
        let note = Note::parse(text).ok_or_else(|| unfit(Unfit::NotACheckpoint, first.clone()))?;
        if note.book != self.book().id || note.alg != self.book().alg {
            return Err(unfit(Unfit::OtherBook, first));
        }
        Ok(note)
    }

    /// How many transactions there are.
    pub(super) fn size(&self) -> Result<u64, LedgerError> {
        let head = head_of(&*self.store, self.book().id)?;
        u64::try_from(head.seq).map_err(|_| LedgerError::Unlinked { tx: head.seq })
    }

    /// Goes through the transactions once: each must follow the one before, and its hash must be that of its header.
    pub(super) fn log(&self, before: Option<u64>, spans: &[Span]) -> Result<Log, LedgerError> {
        let book = self.book();
        let sql = format!(
            "SELECT seq, header, root, prev, hash FROM tx WHERE book = {} ORDER BY seq",
            self.placeholder(1)
        );
        let mut tree = Tree::new(book.alg);
        let mut roots = Spans::new(book.alg, spans);
        let mut head = [0; 32];
        let state = |tree: &Tree, head| State {
            size: tree.size(),
            root: tree.root(),
            head,
        };
        let mut kept = (before == Some(0)).then(|| state(&tree, head));
        self.store.query(&sql, &[Datum::Int(book.id)], &mut |row| {
            let tx = row[0].int();
            let broken = || LedgerError::Unlinked { tx };
            let read = |n: usize| thirty_two(row[n].bytes()).ok_or_else(broken);
            let (root, prev, hash) = (read(2)?, read(3)?, read(4)?);
            let follows = u64::try_from(tx).ok() == Some(tree.size() + 1) && prev == head;
            if !follows || chain(book.alg, &prev, &root, row[1].text()) != hash {
                return Err(broken());
            }
            head = hash;
            let leaf = leaf(book.alg, &hash);
            tree.push(leaf);
            roots.push(leaf);
            if before == Some(tree.size()) {
                kept = Some(state(&tree, head));
            }
            Ok(())
        })?;
        Ok(Log {
            state: state(&tree, head),
            before: kept,
            roots: roots.roots(),
        })
    }
}

/// A public key as typed.
pub(super) fn public_key(text: &str) -> Result<PublicKey, LedgerError> {
    PublicKey::parse(text).ok_or_else(|| unfit(Unfit::NotAKey, text.to_owned()))
}

/// That a checkpoint bears the signature of a key.
pub(super) fn vouched(note: &Note, key: &PublicKey) -> Result<(), LedgerError> {
    if note.key != *key {
        return Err(unfit(Unfit::KeyChanged, note.key.line()));
    }
    if !note.holds(key) {
        return Err(unfit(Unfit::Signature, note.key.line()));
    }
    Ok(())
}

/// That there are as many transactions as a checkpoint speaks of.
pub(super) fn not_cut(note: &Note, size: u64) -> Result<(), LedgerError> {
    if note.state.size > size {
        return Err(not_grown(note, size));
    }
    Ok(())
}

pub(super) fn not_grown(note: &Note, now: u64) -> LedgerError {
    LedgerError::NotGrown {
        old: note.state.size,
        now,
    }
}

pub(super) fn unfit(reason: Unfit, what: String) -> LedgerError {
    LedgerError::Evidence { what, reason }
}
