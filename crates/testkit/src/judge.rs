//! The judge: a ledger so simple that its answers can be read off the definition (section 3 of
//! `docs/specs/ledger.md`). It keeps every assertion in one list and answers each question from the beginning.
//! Shares no code with the real one, and is slow on purpose.

use std::collections::BTreeSet;
use vocabulary::{Date, DivisionId, PartialDate, RecordId, Value};

/// How an assertion speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A source says so.
    Assert,
    /// Not from this day on.
    End,
    /// A person decided.
    Decide,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The transaction and the position in it.
    pub at: (i64, u32),
    /// How.
    pub kind: Kind,
    /// Of which record.
    pub record: RecordId,
    /// Where it belongs; 0 when not said.
    pub division: DivisionId,
    /// True from.
    pub from: Date,
    /// Until.
    pub to: Date,
    /// When the source spoke.
    pub as_of: Date,
    /// File and sheet.
    pub source: (String, String),
    /// The source's rank.
    pub rank: u8,
    /// Field and value.
    pub set: Vec<(usize, Value)>,
}

#[derive(Debug, Clone)]
struct Withdrawal {
    by: (i64, u32),
    tx: i64,
    ord: Option<u32>,
}

#[derive(Debug, Clone)]
struct Erasure {
    by: (i64, u32),
    record: RecordId,
    fields: BTreeSet<usize>,
}

/// The naive ledger.
#[derive(Debug, Clone, Default)]
pub struct Judge {
    statements: Vec<Statement>,
    withdrawals: Vec<Withdrawal>,
    erasures: Vec<Erasure>,
    constant: BTreeSet<usize>,
    dates: BTreeSet<usize>,
}

impl Judge {
    /// A judge who knows which fields are constant and which of them hold dates.
    pub fn new(constant: &[usize], dates: &[usize]) -> Judge {
        Judge {
            constant: constant.iter().copied().collect(),
            dates: dates.iter().copied().collect(),
            ..Judge::default()
        }
    }

    /// Hears a statement.
    pub fn hear(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// The fact `by` takes back a fact or a whole transaction; it may itself be taken back.
    pub fn withdraw(&mut self, by: (i64, u32), tx: i64, ord: Option<u32>) {
        self.withdrawals.push(Withdrawal { by, tx, ord });
    }

    /// These fields of everything that was said of the record before `by` are unknown, now and in every past.
    pub fn erase(&mut self, by: (i64, u32), record: RecordId, fields: &[usize]) {
        self.erasures.push(Erasure {
            by,
            record,
            fields: fields.iter().copied().collect(),
        });
    }

    /// Every record of which something was said.
    pub fn records(&self) -> BTreeSet<RecordId> {
        self.statements.iter().map(|said| said.record).collect()
    }

    /// Every day on which an answer may change.
    pub fn days(&self) -> Vec<Date> {
        let mut days: BTreeSet<Date> = BTreeSet::from([Date::BEGINNING]);
        for said in &self.statements {
            days.extend([said.from, said.to, said.as_of]);
        }
        days.remove(&Date::FOREVER);
        days.into_iter().collect()
    }

    /// Whether the record exists on a day, as known after a transaction, and if so where it belongs.
    pub fn division(&self, record: RecordId, day: Date, known: i64) -> Option<DivisionId> {
        let heard = self.heard(record, known);
        let exists = best(&heard, day, |said| said.kind != Kind::Decide)?;
        if exists.kind == Kind::End {
            return None;
        }
        let placed = best(&heard, day, |said| {
            said.kind != Kind::End && said.division != 0
        });
        Some(placed.map_or(0, |said| said.division))
    }

    /// The value of a field of an existing record on a day, as known after a transaction.
    pub fn value(&self, record: RecordId, field: usize, day: Date, known: i64) -> Value {
        let heard = self.heard(record, known);
        let sets = |said: &Statement| said.kind != Kind::End && value(said, field).is_some();
        if !self.constant.contains(&field) {
            let winner = best(&heard, day, sets);
            return winner
                .map(|said| self.told(said, field))
                .unwrap_or_default();
        }
        let candidates = unreplaced(&heard, sets);
        let mut first: Option<&Statement> = None;
        for said in &candidates {
            if first.is_none_or(|first| before_for_ever(said, first)) {
                first = Some(said);
            }
        }
        let Some(first) = first else {
            return Value::Null;
        };
        let told = self.told(first, field);
        let Some(date) = told.as_int().filter(|_| self.dates.contains(&field)) else {
            return told;
        };
        let date = partial(date);
        // A peer that agrees and says more, the first in order among equally precise ones.
        let mut choice: Option<(&Statement, PartialDate)> = None;
        for said in &candidates {
            let Some(other) = self.told(said, field).as_int().map(partial) else {
                continue;
            };
            let peer = said.rank == first.rank
                && (said.kind == Kind::Decide) == (first.kind == Kind::Decide);
            if !peer || !other.agrees(date) || other.precision() <= date.precision() {
                continue;
            }
            let better = match choice {
                None => true,
                Some((held, so_far)) => {
                    other.precision() > so_far.precision()
                        || (other.precision() == so_far.precision() && before_for_ever(said, held))
                }
            };
            if better {
                choice = Some((said, other));
            }
        }
        Value::from(choice.map_or(date, |(_, other)| other))
    }

    /// What a statement says of a field, as far as it is still known.
    fn told(&self, said: &Statement, field: usize) -> Value {
        let erased = self.erasures.iter().any(|erasure| {
            erasure.record == said.record && said.at < erasure.by && erasure.fields.contains(&field)
        });
        if erased {
            return Value::Null;
        }
        value(said, field).cloned().unwrap_or_default()
    }

    fn heard(&self, record: RecordId, known: i64) -> Vec<&Statement> {
        let heard = self.statements.iter().filter(|said| said.record == record);
        heard
            .filter(|said| said.at.0 <= known && !self.taken_back(said.at, known))
            .collect()
    }

    /// Whether some withdrawal that is not itself taken back names this fact.
    fn taken_back(&self, at: (i64, u32), known: i64) -> bool {
        self.withdrawals.iter().any(|one| {
            one.by.0 <= known
                && one.tx == at.0
                && one.ord.is_none_or(|ord| ord == at.1)
                && !self.taken_back(one.by, known)
        })
    }
}

fn value(said: &Statement, field: usize) -> Option<&Value> {
    said.set
        .iter()
        .find(|(index, _)| *index == field)
        .map(|(_, value)| value)
}

fn partial(int: i64) -> PartialDate {
    PartialDate::from_int(i32::try_from(int).expect("a date"))
}

/// Without what the same source said again later for the same days.
fn unreplaced<'a>(
    heard: &[&'a Statement],
    speaks: impl Fn(&Statement) -> bool,
) -> Vec<&'a Statement> {
    let matter: Vec<&Statement> = heard.iter().copied().filter(|said| speaks(said)).collect();
    let replaced = |said: &Statement| {
        matter.iter().any(|other| {
            other.at > said.at
                && other.source == said.source
                && other.from == said.from
                && other.as_of == said.as_of
                && (other.kind == Kind::Decide) == (said.kind == Kind::Decide)
        })
    };
    matter
        .iter()
        .copied()
        .filter(|said| !replaced(said))
        .collect()
}

fn best<'a>(
    heard: &[&'a Statement],
    day: Date,
    speaks: impl Fn(&Statement) -> bool,
) -> Option<&'a Statement> {
    let mut winner: Option<&Statement> = None;
    for said in unreplaced(heard, speaks) {
        if said.from <= day
            && day < said.to
            && winner.is_none_or(|held| before_on_a_day(said, held))
        {
            winner = Some(said);
        }
    }
    winner
}

/// Whether `a` counts before `b` for a state field.
fn before_on_a_day(a: &Statement, b: &Statement) -> bool {
    if (a.kind == Kind::Decide) != (b.kind == Kind::Decide) {
        return a.kind == Kind::Decide;
    }
    let (wa, wb) = (a.from.max(a.as_of), b.from.max(b.as_of));
    if wa != wb {
        return wa > wb;
    }
    if a.rank != b.rank {
        return a.rank < b.rank;
    }
    if a.source != b.source {
        return a.source < b.source;
    }
    a.at > b.at
}

/// Whether `a` counts before `b` for a constant field.
fn before_for_ever(a: &Statement, b: &Statement) -> bool {
    if (a.kind == Kind::Decide) != (b.kind == Kind::Decide) {
        return a.kind == Kind::Decide;
    }
    if a.rank != b.rank {
        return a.rank < b.rank;
    }
    let (wa, wb) = (a.from.max(a.as_of), b.from.max(b.as_of));
    if wa != wb {
        return wa > wb;
    }
    if a.source != b.source {
        return a.source < b.source;
    }
    a.at > b.at
}
