//! Facts made ready for their rows: keys drawn, personal values sealed, bodies written and hashed. Pure work for any
//! thread: no store, no order; the same seed gives the same bytes.

use crate::body;
use crate::flush::{Keys, Pending, Subjects};
use crate::hash::{Keyed, half};
use crate::reader::State;
use crate::seal::{Place, SubjectKey};
use crate::tree;
use std::sync::Arc;
use vocabulary::RecordId;
use zeroize::Zeroizing;

/// Facts to be made ready.
pub(crate) struct Work {
    /// Position of the first in the transaction.
    pub(crate) base: usize,
    pub(crate) pending: Vec<Pending>,
    pub(crate) subjects: Subjects,
    /// Keys that lie in the book.
    pub(crate) keys: Keys,
    /// Subjects whose key is drawn and kept with these facts, in order.
    pub(crate) fresh: Vec<RecordId>,
}

/// Facts made ready.
pub(crate) struct Ready {
    pub(crate) work: Work,
    pub(crate) made: Vec<Made>,
    /// The fresh keys as they are kept.
    pub(crate) wrapped: Vec<(RecordId, Vec<u8>)>,
}

/// A fact made ready for its row.
pub(crate) struct Made {
    pub(crate) body: String,
    pub(crate) leaf: [u8; 32],
    pub(crate) sealed: Option<Vec<u8>>,
    /// Keyed hashes of its secret values, by field.
    pub(crate) keyed: Vec<(usize, String)>,
}

impl Work {
    /// How many facts.
    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    /// In parts of `size`, in order. The first part draws all fresh keys.
    pub(crate) fn split(self, size: usize) -> Vec<Work> {
        let Work {
            mut base,
            pending,
            subjects,
            keys,
            mut fresh,
        } = self;
        let mut parts = Vec::with_capacity(pending.len() / size + 1);
        let (mut pending, mut subjects) = (pending.into_iter(), subjects.into_iter());
        loop {
            let facts: Vec<Pending> = pending.by_ref().take(size).collect();
            if facts.is_empty() {
                return parts;
            }
            let whose: Subjects = subjects.by_ref().take(size).collect();
            let keys = whose
                .iter()
                .flatten()
                .filter_map(|r| Some((*r, keys.get(r)?.clone())));
            let (keys, next) = (keys.collect(), base + facts.len());
            let fresh = std::mem::take(&mut fresh);
            parts.push(Work {
                base,
                pending: facts,
                subjects: whose,
                keys,
                fresh,
            });
            base = next;
        }
    }
}

/// What making facts ready takes.
pub(crate) struct Forge {
    pub(crate) state: Arc<State>,
    pub(crate) tx: i64,
    pub(crate) salts: Keyed,
    pub(crate) seed: Keyed,
}

impl Forge {
    /// Makes facts ready, one after the other.
    pub(crate) fn ready(&self, work: Work) -> Ready {
        let book = self.state.book.id;
        let wrap = |record: &RecordId| {
            let nonce = self.seed.code(&[b"wrap", &record.to_be_bytes()]);
            let nonce: [u8; 12] = nonce[..12].try_into().expect("12 of 32 bytes");
            (
                *record,
                self.state
                    .master
                    .wrap(book, *record, &self.key(*record), nonce),
            )
        };
        let wrapped = work.fresh.iter().map(wrap).collect();
        // Facts about one subject follow one another: its key schedule is set up once.
        let mut last: Option<(RecordId, Arc<SubjectKey>)> = None;
        let mut made = Vec::with_capacity(work.pending.len());
        for (n, (one, subject)) in work.pending.iter().zip(&work.subjects).enumerate() {
            if let Some(subject) = subject
                && last.as_ref().is_none_or(|(record, _)| record != subject)
            {
                let known = work.keys.get(subject).cloned();
                let key = known.unwrap_or_else(|| Arc::new(SubjectKey::new(&self.key(*subject))));
                last = Some((*subject, key));
            }
            let key = subject.and(last.as_ref()).map(|(_, key)| &**key);
            made.push(self.make(work.base + n, one, key));
        }
        Ready {
            work,
            made,
            wrapped,
        }
    }

    /// The key of a subject that this transaction draws.
    fn key(&self, subject: RecordId) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.seed.code(&[b"key", &subject.to_be_bytes()]))
    }

    fn make(&self, position: usize, one: &Pending, key: Option<&SubjectKey>) -> Made {
        let ord = u32::try_from(position).expect("positions fit");
        let alg = self.state.book.alg;
        let mut keyed = Vec::new();
        let mut sealed = None;
        let body = match one {
            Pending::Speak(op, fact) => {
                let plan = &self.state.registers.plans[fact.register];
                let mut personal = String::new();
                let body = match key {
                    None => body::write(*op, fact, plan, alg, None, &mut personal),
                    Some(key) => {
                        let drawn = self.seed.code(&[b"seal", &ord.to_be_bytes()]);
                        let (salt, nonce) = drawn.split_at(16);
                        let nonce: [u8; 12] = nonce[..12].try_into().expect("12 of 16 bytes");
                        let salts = Keyed::new(alg, salt);
                        let body = body::write(*op, fact, plan, alg, Some(&salts), &mut personal);
                        let mut plain = Vec::with_capacity(16 + personal.len());
                        plain.extend_from_slice(salt);
                        plain.extend_from_slice(personal.as_bytes());
                        let place = Place {
                            book: self.state.book.id,
                            tx: self.tx,
                            ord,
                        };
                        sealed = Some(key.seal(place, nonce, &plain));
                        body
                    }
                };
                for (index, value) in &fact.values {
                    if plan.rules[*index].secret {
                        keyed.extend(self.state.master.keyed(value).map(|hash| (*index, hash)));
                    }
                }
                body
            }
            Pending::Withdraw { body, .. } | Pending::Other { body, .. } => body.clone(),
        };
        let leaf = tree::leaf(alg, &salt_of(&self.salts, position), body.as_bytes());
        Made {
            body,
            leaf,
            sealed,
            keyed,
        }
    }
}

/// The salt of the fact at a position.
pub(crate) fn salt_of(salts: &Keyed, position: usize) -> [u8; 16] {
    let position = u64::try_from(position).expect("positions fit");
    half(salts.code(&[b"fact", &position.to_be_bytes()]))
}
