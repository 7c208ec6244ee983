//! What must be in the book: the ids that were answered, in their order, and the naive judge, who hears what they
//! said. Compares a reader with both. Knows neither groups nor crashes.

use super::carry::Heard;
use super::dice::Dice;
use crate::contents::hex;
use ledger::{Reader, Slice};
use std::collections::{BTreeMap, BTreeSet};
use testkit::judge::Judge;
use vocabulary::{Date, Moment, RecordId, Value};

/// A register of the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Person,
    Household,
    Seat,
}

/// All of them.
const TABLES: [Table; 3] = [Table::Person, Table::Household, Table::Seat];

impl Table {
    /// Its name in the pack.
    pub(super) fn register(self) -> &'static str {
        match self {
            Table::Person => "person",
            Table::Household => "household",
            Table::Seat => "seat",
        }
    }

    fn fields(self) -> usize {
        match self {
            Table::Person => 8,
            Table::Household => 2,
            Table::Seat => 3,
        }
    }

    /// What is unknown once its subject is erased.
    fn sealed(self) -> &'static [usize] {
        match self {
            Table::Person => &[0, 1, 2, 3, 4, 5],
            Table::Household => &[],
            Table::Seat => &[2],
        }
    }
}

/// The one secret field of the hamlet: it stands in rows as its keyed hash.
const SECRET: (Table, usize) = (Table::Person, 1);

/// A transaction that must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) seq: i64,
    pub(super) at: Moment,
    pub(super) facts: u32,
    pub(super) hash: [u8; 32],
    /// Of an import.
    import: bool,
}

/// Everything that must be in the book.
pub(super) struct Model {
    judges: [Judge; 3],
    entries: Vec<Entry>,
    ids: BTreeMap<String, usize>,
    records: [Vec<RecordId>; 3],
    holders: BTreeMap<RecordId, RecordId>,
    erased: BTreeSet<RecordId>,
}

impl Model {
    /// A book that was just made.
    pub(super) fn new(reader: &Reader) -> Result<Model, String> {
        let first = reader.transactions(1..=1).map_err(said)?;
        let first = first.first().ok_or("the book has no first transaction")?;
        let mut model = Model {
            judges: [
                Judge::new(&[0, 1, 2, 3], &[2]),
                Judge::new(&[], &[]),
                Judge::new(&[], &[]),
            ],
            entries: Vec::new(),
            ids: BTreeMap::new(),
            records: Default::default(),
            holders: BTreeMap::new(),
            erased: BTreeSet::new(),
        };
        model.enter(Entry {
            id: first.client_id.clone(),
            seq: 1,
            at: first.at,
            facts: first.facts,
            hash: first.hash,
            import: false,
        });
        Ok(model)
    }

    fn enter(&mut self, entry: Entry) {
        self.ids.insert(entry.id.clone(), self.entries.len());
        self.entries.push(entry);
    }

    /// The last transaction.
    pub(super) fn last(&self) -> &Entry {
        self.entries
            .last()
            .expect("a book has its first transaction")
    }

    /// What an id was answered with.
    pub(super) fn entry(&self, id: &str) -> Option<&Entry> {
        self.ids.get(id).map(|at| &self.entries[*at])
    }

    /// Records that somebody was told of.
    pub(super) fn records(&self, table: Table) -> &[RecordId] {
        &self.records[table as usize]
    }

    /// Whose seat a record is.
    pub(super) fn holder(&self, seat: RecordId) -> Option<RecordId> {
        self.holders.get(&seat).copied()
    }

    /// A transaction at random, but for the first, and how many facts it has; of imports alone, if so wished.
    pub(super) fn transaction(&self, dice: &mut Dice, import: bool) -> Option<(i64, usize)> {
        let all = self.entries.iter().skip(1);
        let some: Vec<&Entry> = all.filter(|entry| entry.import || !import).collect();
        let entry = dice.any(&some)?;
        Some((entry.seq, usize::try_from(entry.facts).ok()?))
    }

    /// Hears a deed that is in the book for good. Its hash is looked at by whoever reads the chain.
    pub(super) fn hear(&mut self, id: &str, asked: Moment, heard: Heard, hash: [u8; 32]) {
        let last = self.last();
        let entry = Entry {
            id: id.to_owned(),
            seq: last.seq + 1,
            // Section 1: the clock, or one microsecond after the last transaction.
            at: Moment(asked.0.max(last.at.0 + 1)),
            // The audit line comes last.
            facts: u32::try_from(heard.facts + 1).expect("few facts"),
            hash,
            import: heard.said.iter().any(|(_, said)| !said.source.0.is_empty()),
        };
        self.enter(entry);
        for (table, record, holder) in heard.began {
            self.records[table as usize].push(record);
            if let Some(holder) = holder {
                self.holders.insert(record, holder);
            }
        }
        for (table, said) in heard.said {
            self.judges[table as usize].hear(said);
        }
        for (by, tx, ord) in heard.withdrawn {
            for judge in &mut self.judges {
                judge.withdraw(by, tx, ord);
            }
        }
        for (person, by) in heard.erased {
            self.erased.insert(person);
            let about = self.holders.iter().filter(|(_, holder)| **holder == person);
            let seats: Vec<RecordId> = about.map(|(seat, _)| *seat).collect();
            let person = (Table::Person, person);
            let seats = seats.into_iter().map(|seat| (Table::Seat, seat));
            for (table, record) in std::iter::once(person).chain(seats) {
                self.judges[table as usize].erase(by, record, table.sealed());
            }
        }
    }

    /// Each id once, in the order in which they were answered, with the same receipt; time rises; nothing else.
    pub(super) fn check_chain(&self, reader: &Reader) -> Result<(), String> {
        let found = reader.transactions(1..=i64::MAX).map_err(said)?;
        for (entry, tx) in self.entries.iter().zip(&found) {
            let (one, other) = (
                (&entry.id, entry.seq, entry.at, entry.facts, entry.hash),
                (&tx.client_id, tx.seq, tx.at, tx.facts, tx.hash),
            );
            if one != other {
                let (wanted, there) = (told(one), told(other));
                return Err(format!("the chain has {there} where {wanted} was answered"));
            }
        }
        if found.len() != self.entries.len() {
            let (there, wanted) = (found.len(), self.entries.len());
            return Err(format!("{there} transactions are there, not {wanted}"));
        }
        if found.windows(2).any(|two| two[0].at >= two[1].at) {
            return Err("record time does not rise".to_owned());
        }
        Ok(())
    }

    /// A moment at which something may have been known, and the last transaction then.
    fn moment(&self, dice: &mut Dice) -> (Option<Moment>, i64) {
        if dice.chance(20) {
            return (None, self.last().seq);
        }
        let at = self.entries[dice.below(self.entries.len())].at;
        let known = Moment(at.0 + dice.pick(&[-1, 0, 0, 1, 1_000]));
        let before = self.entries.iter().rev().find(|entry| entry.at <= known);
        (Some(known), before.map_or(0, |entry| entry.seq))
    }

    /// Days on which an answer may change, and the days before them.
    fn days(&self, table: Table) -> Vec<Date> {
        let days = self.judges[table as usize].days();
        let before = days.iter().filter(|day| **day > Date::BEGINNING);
        let mut all: Vec<Date> = before.map(|day| day.prev()).collect();
        all.extend(days);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// One question at random.
    pub(super) fn ask(&self, reader: &Reader, dice: &mut Dice) -> Result<String, String> {
        let table = dice.pick(&TABLES);
        let days = self.days(table);
        let day = dice.pick(&days);
        let (known, tx) = self.moment(dice);
        let Some(record) = dice.any(self.records(table)) else {
            return Ok("nobody to ask about".to_owned());
        };
        let slices = reader
            .slices(table.register(), record, known)
            .map_err(said)?;
        self.compare(reader, table, record, &slices, &[day], tx)?;
        Ok(format!("{} {record} on {day} known {tx}", table.register()))
    }

    /// The present, as a reader sees it who began after transaction `tx`.
    pub(super) fn ask_held(&self, reader: &Reader, tx: i64, dice: &mut Dice) -> Result<(), String> {
        let (seq, _) = reader.head().map_err(said)?;
        if seq != tx {
            return Err(format!("a reader who began at {tx} is carried on to {seq}"));
        }
        let table = dice.pick(&TABLES);
        let Some(record) = dice.any(self.records(table)) else {
            return Ok(());
        };
        let slices = reader
            .slices(table.register(), record, None)
            .map_err(said)?;
        self.compare(reader, table, record, &slices, &self.days(table), tx)
    }

    /// Every record on every day: now, and as known at some moments.
    pub(super) fn check_all(
        &self,
        reader: &Reader,
        dice: &mut Dice,
        moments: usize,
    ) -> Result<(), String> {
        let mut asked = vec![(None, self.last().seq)];
        asked.extend((0..moments).map(|_| self.moment(dice)));
        for table in TABLES {
            let days = self.days(table);
            let records = self.judges[table as usize].records();
            for (known, tx) in &asked {
                for record in &records {
                    let slices = reader.slices(table.register(), *record, *known);
                    let slices = slices.map_err(said)?;
                    self.compare(reader, table, *record, &slices, &days, *tx)?;
                }
            }
            let mut others = Vec::new();
            let each = reader.each(table.register(), &mut |record, _| {
                if !records.contains(&record) {
                    others.push(record);
                }
            });
            each.map_err(said)?;
            if let Some(record) = others.first() {
                return Err(format!("nobody spoke of {} {record}", table.register()));
            }
        }
        self.check_erased(reader)
    }

    /// Nothing personal that was said of somebody before his erasure can be opened.
    fn check_erased(&self, reader: &Reader) -> Result<(), String> {
        let done = reader.lawful_erasures().map_err(said)?;
        for person in &self.erased {
            let last = done.iter().rfind(|one| one.subject == *person);
            let last = last.ok_or_else(|| format!("the erasure of {person} is not recorded"))?;
            for one in reader.assertions("person", *person).map_err(said)? {
                let sealed = |field: &usize| Table::Person.sealed().contains(field);
                let open = one
                    .set
                    .iter()
                    .any(|(field, value)| sealed(field) && !matches!(value, ledger::Said::Erased));
                if one.tx < last.tx && open {
                    return Err(format!(
                        "{person} was erased, and fact {}:{} opens",
                        one.tx, one.ord
                    ));
                }
            }
        }
        Ok(())
    }

    fn compare(
        &self,
        reader: &Reader,
        table: Table,
        record: RecordId,
        slices: &[Slice],
        days: &[Date],
        tx: i64,
    ) -> Result<(), String> {
        let judge = &self.judges[table as usize];
        for day in days {
            let holding = |slice: &&Slice| slice.from <= *day && *day < slice.to;
            let on: Vec<&Slice> = slices.iter().filter(holding).collect();
            let place = || format!("{} {record} on {day} known after {tx}", table.register());
            if on.len() > 1 {
                return Err(format!("{}: two rows hold", place()));
            }
            let (found, wanted) = (
                on.first().map(|slice| slice.division),
                judge.division(record, *day, tx),
            );
            if found != wanted {
                return Err(format!("{}: lies in {found:?}, not {wanted:?}", place()));
            }
            let Some(slice) = on.first() else { continue };
            for field in 0..table.fields() {
                let mut wanted = judge.value(record, field, *day, tx);
                if (table, field) == SECRET {
                    wanted = reader.keyed(&wanted);
                }
                let found = slice.values.get(field).unwrap_or(&Value::Null);
                if *found != wanted {
                    return Err(format!(
                        "{}: field {field} is {found:?}, not {wanted:?}",
                        place()
                    ));
                }
            }
        }
        Ok(())
    }
}

fn told((id, seq, at, facts, hash): (&String, i64, Moment, u32, [u8; 32])) -> String {
    format!(
        "{id} as {seq} at {at} with {facts} facts and {}",
        &hex(&hash)[..12]
    )
}

/// The ledger's word for what went wrong.
pub(super) fn said(error: ledger::LedgerError) -> String {
    format!("{} {error}", error.code())
}
