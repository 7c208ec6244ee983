//! One table into the draft: identities first, over all rows at once, then each row's facts.

use crate::draft::Draft;
use crate::error::LedgerError;
use crate::fact::{Assertion, NewFact, Op, Said};
use crate::intake::contradiction::{Statement, against, agree};
use crate::intake::lookup::Keys;
use crate::intake::{Issue, Mention, Outcome, Row, RowAt, Table, roster};
use crate::layout;
use crate::register::Registers;
use foldhash::{HashMap, HashSet};
use pack::declare::{KeyPart, Link, RegisterDecl};
use std::sync::Arc;
use vocabulary::{Date, DivisionId, RecordId, Value};

/// Rows whose facts are sealed and written together: few enough that their memory is used again.
const ROWS_AT_ONCE: usize = 1_024;

/// Takes a table: facts go into the draft, what people should look at comes back. `tick` is told how many rows are
/// done.
pub fn take_table(
    draft: &mut Draft<'_>,
    mut table: Table,
    tick: &dyn Fn(usize),
) -> Result<Outcome, LedgerError> {
    let rows = std::mem::take(&mut table.rows);
    let before = draft.len();
    let mut taking = Taking::new(draft, &table, rows.len());
    taking.identify(&rows)?;
    // What a row holds becomes its facts: a large table is not kept twice.
    for (position, row) in rows.into_iter().enumerate() {
        taking.row(position, row)?;
        if (position + 1) % ROWS_AT_ONCE == 0 {
            taking.draft.advance()?;
            tick(position + 1);
        }
    }
    let Taking {
        mut outcome,
        written,
        repeated,
        ..
    } = taking;
    // A file that says anything new says the rest again too, so that taking back its first version takes nothing
    // from what the corrected one says.
    if draft.len() > before {
        for fact in repeated {
            draft.assert(fact)?;
        }
    }
    draft.flush()?;
    if let Some(roster) = &table.roster {
        let named: HashSet<RecordId> = written
            .keys()
            .filter(|(register, _)| *register == roster.register)
            .map(|(_, r)| *r)
            .collect();
        let wrote = draft.len() > before;
        outcome
            .issues
            .extend(roster::close(draft, &table, roster, &named, wrote)?);
        draft.flush()?;
    }
    Ok(outcome)
}

/// What a mention's identity came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    pub(super) record: RecordId,
    pub(super) is_new: bool,
}

/// What the table has written about a record so far.
#[derive(Debug)]
pub(super) struct Written {
    row: RowAt,
    division: DivisionId,
    /// Empty when no other row speaks of the record.
    values: Vec<(usize, Value)>,
    is_new: bool,
}

pub(super) struct Taking<'a, 'b> {
    pub(super) draft: &'a mut Draft<'b>,
    /// Without its rows.
    pub(super) table: &'a Table,
    pub(super) rows: usize,
    pub(super) registers: Arc<Registers>,
    /// By row position and mention position; rows that wait are in `waiting`.
    pub(super) subjects: HashMap<(usize, usize), Subject>,
    /// Subjects of which a single mention speaks.
    pub(super) single: HashSet<RecordId>,
    pub(super) waiting: HashSet<usize>,
    pub(super) keys: Keys,
    pub(super) ordinals: HashMap<(usize, usize, Vec<Value>), usize>,
    /// Whether the ledger has records of a register that belong to the whole book.
    unplaced: HashMap<usize, bool>,
    pub(super) written: HashMap<(usize, RecordId), Written>,
    /// What this very source said before, word for word: written only if the table says anything new.
    repeated: Vec<NewFact>,
    pub(super) outcome: Outcome,
}

impl<'a, 'b> Taking<'a, 'b> {
    fn new(draft: &'a mut Draft<'b>, table: &'a Table, rows: usize) -> Taking<'a, 'b> {
        let registers = draft.reader().state.registers.clone();
        Taking {
            draft,
            table,
            rows,
            registers,
            subjects: HashMap::default(),
            single: HashSet::default(),
            waiting: HashSet::default(),
            keys: Keys::default(),
            ordinals: HashMap::default(),
            unplaced: HashMap::default(),
            written: HashMap::default(),
            repeated: Vec::new(),
            outcome: Outcome::default(),
        }
    }

    fn row(&mut self, r: usize, row: Row) -> Result<(), LedgerError> {
        if self.waiting.contains(&r) {
            return Ok(());
        }
        let mut records: Vec<Option<RecordId>> = Vec::with_capacity(row.mentions.len());
        let mut repeats: Option<RowAt> = None;
        let mut all_repeat = !row.mentions.is_empty();
        let mut state = State::Unchanged;
        let mut main = None;
        for (m, mut mention) in row.mentions.into_iter().enumerate() {
            let register = mention.register;
            self.resolve(&mut mention, &records);
            if let Some(link) = mention.link {
                records.push(self.linked(link, (r, m), &mention, row.at)?);
                continue;
            }
            let Some(subject) = self.record_of(r, m, &mention, row.at)? else {
                return Ok(());
            };
            records.push(Some(subject.record));
            let took = self.write(row.at, mention, subject)?;
            match took.repeats {
                Some(first) if !took.said_more => repeats = repeats.or(Some(first)),
                _ => all_repeat = false,
            }
            if register == self.table.main {
                main = Some(subject.record);
                state = state.max(took.state);
            }
        }
        self.outcome.rows += 1;
        match state {
            State::New => self.outcome.new += 1,
            State::Changed => self.outcome.changed += 1,
            State::Unchanged => self.outcome.unchanged += 1,
        }
        let record = main.or(records.into_iter().flatten().last());
        if let Some(record) = record {
            self.outcome.records.push((row.at, record));
        }
        if let (true, Some(first), Some(record)) = (all_repeat, repeats, record) {
            let differs = self.outcome.issues.iter().any(|i| {
                let (Issue::Differs { row: n, .. } | Issue::Elsewhere { row: n, .. }) = i else {
                    return false;
                };
                *n == row.at
            });
            if !differs {
                self.outcome.issues.push(Issue::Duplicate {
                    row: row.at,
                    first,
                    record,
                });
            }
        }
        Ok(())
    }

    /// References to earlier mentions of the row become those mentions' records.
    fn resolve(&self, mention: &mut Mention, records: &[Option<RecordId>]) {
        let fields = &self.registers.decls[mention.register].fields;
        for (field, value) in &mut mention.values {
            if let Value::Int(label) = value
                && *label < 0
                && matches!(fields[*field].kind, vocabulary::FieldType::Reference(_))
            {
                let at = usize::try_from(-*label - 1).expect("labels are small");
                let record = records.get(at).copied().flatten();
                *value = record.map_or(Value::Null, Value::Int);
            }
        }
        // What was not found is not referred to.
        mention.values.retain(|(_, value)| !value.is_null());
    }

    /// The record that a row means and does not make.
    fn linked(
        &mut self,
        link: Link,
        place: (usize, usize),
        mention: &Mention,
        row: RowAt,
    ) -> Result<Option<RecordId>, LedgerError> {
        let registers = self.registers.clone();
        let declared = &registers.decls[mention.register];
        if declared.identity.is_some() {
            return Ok(self.subjects.get(&place).map(|subject| subject.record));
        }
        let mut sought = None;
        for (k, key) in declared.keys.iter().enumerate() {
            let parts = key_values(declared, key, mention);
            let Some(parts) = parts.filter(|_| !key.contains(&KeyPart::Ordinal)) else {
                continue;
            };
            let found = self
                .keys
                .find(self.draft, mention.register, k, &parts, self.rows)?;
            if let Some(record) = found.first() {
                return Ok(Some(*record));
            }
            sought = sought.or_else(|| {
                let named = key.iter().find_map(|part| match part {
                    KeyPart::Field(name) => declared.field_index(name),
                    _ => None,
                });
                mention.values.iter().find(|(f, _)| Some(*f) == named)
            });
        }
        if let (Some((field, value)), Link::Known) = (sought, link) {
            self.outcome.issues.push(Issue::Unlinked {
                row,
                register: mention.register,
                field: *field,
                sought: value.clone(),
                candidates: Vec::new(),
            });
        }
        Ok(None)
    }

    fn record_of(
        &mut self,
        r: usize,
        m: usize,
        mention: &Mention,
        row: RowAt,
    ) -> Result<Option<Subject>, LedgerError> {
        if let Some(subject) = self.subjects.get(&(r, m)) {
            return Ok(Some(*subject));
        }
        let registers = self.registers.clone();
        let declared = &registers.decls[mention.register];
        for (k, key) in declared.keys.iter().enumerate() {
            let Some(parts) = key_values(declared, key, mention) else {
                continue;
            };
            let found = self
                .keys
                .find(self.draft, mention.register, k, &parts, self.rows)?;
            let place = if key.contains(&KeyPart::Ordinal) {
                let count = self
                    .ordinals
                    .entry((mention.register, k, parts.clone()))
                    .or_insert(0);
                *count += 1;
                *count - 1
            } else {
                0
            };
            if let Some(record) = found.get(place) {
                let is_new = self
                    .written
                    .get(&(mention.register, *record))
                    .is_some_and(|w| w.is_new);
                return Ok(Some(Subject {
                    record: *record,
                    is_new,
                }));
            }
            if let Some(record) = self.placed_since(mention, k, &parts, row.number)? {
                return Ok(Some(Subject {
                    record,
                    is_new: false,
                }));
            }
            let record = self.draft.new_record();
            self.keys.made(mention.register, k, parts, record);
            return Ok(Some(Subject {
                record,
                is_new: true,
            }));
        }
        self.outcome.issues.push(Issue::NoKey {
            row,
            register: mention.register,
        });
        Ok(None)
    }

    /// The record that this very row wrote for the whole book when its place was not known: a mended cell moves it.
    fn placed_since(
        &mut self,
        mention: &Mention,
        key: usize,
        parts: &[Value],
        row: u32,
    ) -> Result<Option<RecordId>, LedgerError> {
        let book = self.draft.reader().book().id;
        let registers = self.registers.clone();
        let declared = &registers.decls[mention.register];
        let named = declared.keys[key]
            .iter()
            .filter(|part| **part != KeyPart::Ordinal)
            .position(|part| *part == KeyPart::Division);
        let Some(at) = named.filter(|_| mention.division != book) else {
            return Ok(None);
        };
        if !self.has_unplaced(mention.register)? {
            return Ok(None);
        }
        let mut parts = parts.to_vec();
        parts[at] = Value::Int(book);
        let found = self
            .keys
            .find(self.draft, mention.register, key, &parts, self.rows)?;
        let source = (self.table.file.as_str(), self.table.sheet.as_str());
        for record in found {
            let assertions = self.draft.reader().assertions(&declared.name, record)?;
            let mut own = assertions.iter().filter(|a| !a.withdrawn);
            if own.any(|a| {
                a.division == book
                    && (a.source.0.as_str(), a.source.1.as_str()) == source
                    && a.row.is_some_and(|(_, n)| n == row)
            }) {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Whether a register has records of the whole book.
    fn has_unplaced(&mut self, register: usize) -> Result<bool, LedgerError> {
        if let Some(known) = self.unplaced.get(&register) {
            return Ok(*known);
        }
        let reader = self.draft.reader();
        let book = Value::Int(reader.book().id);
        let sql = format!(
            "SELECT 1 FROM {} WHERE book = {} AND division = {} LIMIT 1",
            layout::current(&self.registers.decls[register].name),
            reader.dialect().placeholder(1),
            reader.dialect().placeholder(2)
        );
        let mut found = false;
        reader.query(&sql, &[book.clone(), book], &mut |_| found = true)?;
        self.unplaced.insert(register, found);
        Ok(found)
    }

    fn write(
        &mut self,
        row: RowAt,
        mention: Mention,
        subject: Subject,
    ) -> Result<Took, LedgerError> {
        let Mention {
            register: position,
            values,
            ..
        } = mention;
        let registers = self.registers.clone();
        let register = &registers.decls[position];
        let mut fact = NewFact::new(position, subject.record, mention.division);
        fact.from = mention.from.unwrap_or(self.table.as_of);
        fact.to = mention.until;
        fact.as_of = self.table.as_of;
        fact.rank = self.table.rank;
        fact.ranks = mention.ranks;
        fact.cells = mention.cells;
        fact.source = self.table.source.map(|source| (source, row.number));

        if let Some(before) = self.written.get_mut(&(position, subject.record)) {
            // One row may speak of its record twice, once since an earlier day and once as of the sheet's.
            let same_row = before.row == row;
            // A record that its key does not bind to a place, and that two rows place differently.
            if !same_row && before.division != fact.division && position == self.table.main {
                self.outcome.issues.push(Issue::Elsewhere {
                    row,
                    first: before.row,
                    register: position,
                    record: subject.record,
                });
            }
            let mut more = Vec::new();
            for (field, value) in &values {
                match before.values.iter().find(|(known, _)| known == field) {
                    None => more.push((*field, value.clone())),
                    Some((_, known)) if agree(&register.fields[*field], known, value) => {}
                    Some(_) if same_row => more.push((*field, value.clone())),
                    Some((_, known)) => self.outcome.issues.push(Issue::Differs {
                        row,
                        first: before.row,
                        register: position,
                        record: subject.record,
                        field: *field,
                        mine: value.clone(),
                        other: known.clone(),
                    }),
                }
            }
            let (first, was_new) = (before.row, before.is_new);
            let said_more = !more.is_empty();
            if said_more {
                before.values.extend(more.iter().cloned());
            }
            let mut state = if was_new && same_row {
                State::New
            } else {
                State::Unchanged
            };
            if said_more && was_new {
                fact.values = more;
                self.draft.assert(fact)?;
            } else if said_more {
                fact.values = more;
                state = self.follow(fact, row)?;
            }
            return Ok(Took {
                state,
                repeats: (!same_row).then_some(first),
                said_more,
            });
        }

        let kept = if self.single.contains(&subject.record) {
            Vec::new()
        } else {
            values.clone()
        };
        self.written.insert(
            (position, subject.record),
            Written {
                row,
                division: fact.division,
                values: kept,
                is_new: subject.is_new,
            },
        );
        let mut state = if subject.is_new {
            State::New
        } else {
            State::Unchanged
        };
        let mut parts = spoken(register, fact.from, values).into_iter().peekable();
        while let Some((from, values)) = parts.next() {
            // The last part takes the fact itself: mostly there is but one.
            let rest = parts.peek().map(|_| fact.clone());
            fact.from = from;
            fact.values = values;
            if subject.is_new {
                self.draft.assert(fact)?;
            } else {
                state = state.max(self.follow(fact, row)?);
            }
            let Some(rest) = rest else { break };
            fact = rest;
        }
        Ok(Took {
            state,
            repeats: None,
            said_more: true,
        })
    }

    /// Writes about a record that the ledger had: what contradicts is named, what it knew from this
    /// source waits until the table says anything new.
    fn follow(&mut self, fact: NewFact, row: RowAt) -> Result<State, LedgerError> {
        let registers = self.registers.clone();
        let register = &registers.decls[fact.register];
        let (record, values) = (fact.record, &fact.values);
        let assertions = self.draft.reader().assertions(&register.name, record)?;
        let source = (self.table.file.as_str(), self.table.sheet.as_str());
        let to = fact.to.unwrap_or(Date::FOREVER);
        let known = |a: &Assertion| {
            !a.withdrawn
                && a.op == Op::Assert
                && (a.source.0.as_str(), a.source.1.as_str()) == source
                && (a.from, a.to, a.as_of, a.rank, a.division)
                    == (fact.from, to, fact.as_of, fact.rank, fact.division)
        };
        // The newest word of this source about each field, over however many facts it took.
        let said = |field: usize| {
            let newest = assertions.iter().filter(|a| known(a)).rev();
            newest
                .flat_map(|a| a.set.iter())
                .find(|(i, _)| *i == field)
                .map(|(_, said)| said)
        };
        let repeated = assertions.iter().any(known)
            && values
                .iter()
                .all(|(field, value)| said(*field) == Some(&Said::Value(value.clone())));
        // A sheet read again is at odds with what stood there before it, as the first time: whoever came later
        // has named the pair already. A corrected cell came with its correction, not with the sheet's first version.
        let own = |field: usize, value: &Value| {
            let mut own = None;
            for (at, a) in assertions.iter().enumerate().filter(|(_, a)| known(a)) {
                match a.set.iter().find(|(i, _)| *i == field) {
                    Some((_, Said::Value(said))) if said == value => own = own.or(Some(at)),
                    Some(_) => own = None,
                    None => {}
                }
            }
            own
        };
        for (field, value) in values {
            let (earlier, since) = match own(*field, value) {
                Some(own) if repeated => assertions.split_at(own),
                _ => (&assertions[..], &[][..]),
            };
            let is_decided_since = since.iter().any(|a: &Assertion| {
                a.op == Op::Decide && !a.withdrawn && a.set.iter().any(|(i, _)| i == field)
            });
            if is_decided_since {
                continue;
            }
            let statement = Statement {
                value,
                from: fact.from,
                to,
                as_of: fact.as_of,
                rank: fact
                    .ranks
                    .iter()
                    .find(|(f, _)| f == field)
                    .map_or(fact.rank, |(_, rank)| *rank),
                source,
            };
            if let Some(against) = against(&register.fields[*field], *field, &statement, earlier) {
                self.outcome.issues.push(Issue::Contradiction {
                    row,
                    register: fact.register,
                    record,
                    field: *field,
                    mine: value.clone(),
                    other: against.value.clone(),
                    place: self.draft.reader().cell_of(
                        &register.name,
                        against.assertion,
                        Some(*field),
                    )?,
                    mine_counts: against.statement_counts,
                });
            }
        }
        if repeated {
            self.repeated.push(fact);
            return Ok(State::Unchanged);
        }
        let day = fact.from.max(fact.as_of);
        let slice = self
            .draft
            .reader()
            .slice_at(&register.name, record, day, None)?;
        let changed = slice.is_none_or(|slice| {
            values.iter().any(|(field, value)| {
                let declared = &register.fields[*field];
                let value = if declared.secret {
                    self.draft.reader().keyed(value)
                } else {
                    value.clone()
                };
                !agree(declared, &slice.values[*field], &value) || slice.values[*field].is_null()
            })
        });
        self.draft.assert(fact)?;
        Ok(if changed {
            State::Changed
        } else {
            State::Unchanged
        })
    }
}

/// A day, and what is true from it on.
type Since = (Date, Vec<(usize, Value)>);

/// From when each value speaks. What is one truth for ever about a subject, as a birth date, is true from an
/// unknown past on, whatever the sheet's date; the rest from the row's.
fn spoken(register: &RegisterDecl, from: Date, values: Vec<(usize, Value)>) -> Vec<Since> {
    if register.identity.is_none() || from == Date::BEGINNING {
        return vec![(from, values)];
    }
    let (constant, state): (Vec<_>, Vec<_>) = values
        .into_iter()
        .partition(|(field, _)| register.fields[*field].constant);
    let parts = [(Date::BEGINNING, constant), (from, state)];
    parts
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Unchanged,
    Changed,
    New,
}

struct Took {
    state: State,
    repeats: Option<RowAt>,
    said_more: bool,
}

/// The values of a key without its ordinal; `None` when one is unknown.
fn key_values(declared: &RegisterDecl, key: &[KeyPart], mention: &Mention) -> Option<Vec<Value>> {
    let mut parts = Vec::with_capacity(key.len());
    for part in key {
        match part {
            KeyPart::Division => parts.push(Value::Int(mention.division)),
            KeyPart::Ordinal => {}
            KeyPart::Field(name) => {
                let at = declared.field_index(name)?;
                let (_, value) = mention
                    .values
                    .iter()
                    .find(|(field, value)| *field == at && !value.is_null())?;
                parts.push(value.clone());
            }
        }
    }
    Some(parts)
}
