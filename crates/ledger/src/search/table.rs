//! The table of grams: derived like the rows it speaks of, by the same code, and compared with them. A row says
//! that the current slices of a record, in a division, have a gram. Knows nothing of what is looked for.

use super::gram::{Gram, grams, number};
use crate::error::LedgerError;
use crate::fact::Slice;
use crate::layout;
use crate::reader::Reader;
use crate::register::Plan;
use crate::store::{Datum, Dialect};
use pack::declare::{KeyPart, RegisterDecl};
use pack::expr::Expr;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use vocabulary::{DivisionId, FieldType, RecordId};

/// Rows that are sorted and written at once: the wider the batch, the nearer its rows lie in the table.
const ROWS_AT_ONCE: usize = 1 << 18;

/// How people look for what a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sought {
    /// They do not.
    Not,
    /// By any part of it.
    Text,
    /// By the whole number; it stands in rows as its keyed hash.
    Number,
    /// Likewise, and its register has an index of it already.
    Indexed,
}

/// How each field of a register is sought: by text what names a record (the identity's name, the fields of its
/// label, those of its keys), by number what is secret and a number of somebody. Of the ledger's own registers, places
/// alone.
pub(crate) fn sought(decl: &RegisterDecl, own: bool) -> Vec<Sought> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    if let Some(identity) = &decl.identity {
        names.insert(&identity.name);
    }
    decl.label.expr.walk(&mut |node| {
        if let Expr::Name(path) = node
            && let [name] = path.as_slice()
        {
            names.insert(name);
        }
    });
    for part in decl.keys.iter().flatten() {
        if let KeyPart::Field(name) = part {
            names.insert(name);
        }
    }
    let hidden = own && decl.name != layout::DIVISIONS;
    let each = decl.fields.iter().map(|field| match field.kind {
        _ if hidden => Sought::Not,
        FieldType::IdNumber | FieldType::Phone if field.secret => {
            let sure = decl.identity.as_ref().and_then(|i| i.sure.as_ref());
            if sure == Some(&field.name) {
                Sought::Indexed
            } else {
                Sought::Number
            }
        }
        FieldType::Text if !field.secret && names.contains(field.name.as_str()) => Sought::Text,
        _ => Sought::Not,
    });
    each.collect()
}

/// The statement that makes the table.
pub(crate) fn create(dialect: Dialect) -> String {
    let (int, text, clustered) = (dialect.integer(), dialect.text(), dialect.clustered());
    format!(
        "CREATE TABLE {table} (book {int} NOT NULL, gram {text} NOT NULL, division {int} NOT NULL,
            register {text} NOT NULL, record {int} NOT NULL,
            PRIMARY KEY (book, gram, division, register, record)){clustered};",
        table = layout::GRAMS
    )
}

/// The statement of a row.
pub(crate) fn insert(dialect: Dialect) -> String {
    format!(
        "INSERT INTO {} (book, gram, division, register, record) VALUES ({})",
        layout::GRAMS,
        dialect.placeholders(5)
    )
}

/// A row; the register by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    gram: Gram,
    division: DivisionId,
    register: u32,
    record: RecordId,
}

/// Rows handed to the store at once.
const ROWS_A_STEP: usize = 2048;

/// Rows on their way into the table: written in its own order, many at once.
#[derive(Default)]
pub(crate) struct Batch {
    rows: Vec<Row>,
}

impl Batch {
    /// Adds what a field of a new row says.
    pub(crate) fn say(
        &mut self,
        sought: Sought,
        text: &str,
        (register, record): (usize, RecordId),
        division: DivisionId,
    ) {
        let register = u32::try_from(register).expect("fewer registers than that");
        each(sought, text, &mut |gram| {
            self.rows.push(Row {
                gram,
                division,
                register,
                record,
            });
        });
    }

    /// Adds a record's current slices.
    pub(crate) fn add(&mut self, plan: &Plan, at: (usize, RecordId), slices: &[Slice]) {
        for slice in slices {
            for (sought, text) in said(plan, slice) {
                self.say(sought, text, at, slice.division);
            }
        }
    }

    /// Writes them when they are many.
    pub(crate) fn write_some(&mut self, reader: &Reader) -> Result<(), LedgerError> {
        if self.rows.len() < ROWS_AT_ONCE {
            return Ok(());
        }
        self.write(reader)
    }

    /// Writes them all.
    pub(crate) fn write(&mut self, reader: &Reader) -> Result<(), LedgerError> {
        // Slices and fields of one record share grams; no two batches share a record.
        self.rows.sort_unstable();
        self.rows.dedup();
        let registers = &reader.state.registers;
        let book = Datum::Int(reader.book().id);
        let statements = &registers.statements;
        let mut data = Vec::with_capacity(self.rows.len().min(ROWS_A_STEP) * 5);
        for rows in self.rows.chunks(ROWS_A_STEP) {
            data.clear();
            for row in rows {
                let register = usize::try_from(row.register).expect("it was one");
                data.extend([
                    book,
                    Datum::Text(row.gram.text()),
                    Datum::Int(row.division),
                    Datum::Text(&registers.plans[register].decl.name),
                    Datum::Int(row.record),
                ]);
            }
            // One row a statement: of several, the store would keep a journal for each.
            reader.store.insert(&statements.gram, 5, &data)?;
        }
        self.rows.clear();
        Ok(())
    }
}

/// The texts of a slice that are sought.
fn said<'s>(plan: &'s Plan, slice: &'s Slice) -> impl Iterator<Item = (Sought, &'s str)> {
    let each = plan.sought.iter().zip(&slice.values);
    each.filter(|(sought, _)| **sought != Sought::Not)
        .filter_map(|(sought, value)| Some((*sought, value.as_text()?)))
}

fn each(sought: Sought, text: &str, out: &mut dyn FnMut(Gram)) {
    match sought {
        Sought::Not | Sought::Indexed => {}
        Sought::Text => grams(text, out),
        Sought::Number => out(number(text)),
    }
}

/// The grams of a record's current slices, each with its division.
pub(crate) fn of(plan: &Plan, slices: &[Slice]) -> BTreeSet<(Gram, DivisionId)> {
    let mut found = BTreeSet::new();
    for slice in slices {
        for (sought, text) in said(plan, slice) {
            each(sought, text, &mut |gram| {
                found.insert((gram, slice.division));
            });
        }
    }
    found
}

/// Brings the table from what a record's slices were to what they are.
pub(crate) fn follow(
    reader: &Reader,
    plan: &Plan,
    record: RecordId,
    before: &[Slice],
    after: &[Slice],
) -> Result<(), LedgerError> {
    if !plan.is_sought() {
        return Ok(());
    }
    let (before, after) = (of(plan, before), of(plan, after));
    let statements = &reader.state.registers.statements;
    let row = |(gram, division): &(Gram, DivisionId), sql: &str| {
        let data = [
            Datum::Int(reader.book().id),
            Datum::Text(gram.text()),
            Datum::Int(*division),
            Datum::Text(&plan.decl.name),
            Datum::Int(record),
        ];
        reader.store.execute(sql, &data).map(drop)
    };
    for gone in before.difference(&after) {
        row(gone, &statements.gram_gone)?;
    }
    for new in after.difference(&before) {
        row(new, &statements.gram)?;
    }
    Ok(())
}

/// The statement that removes a row.
pub(crate) fn delete(dialect: Dialect) -> String {
    let p = |n| dialect.placeholder(n);
    format!(
        "DELETE FROM {} WHERE book = {} AND gram = {} AND division = {} AND register = {} AND record = {}",
        layout::GRAMS,
        p(1),
        p(2),
        p(3),
        p(4),
        p(5)
    )
}

/// Removes every row of a register: its rows are made anew, or the pack has it no more.
pub(crate) fn forget(reader: &Reader, register: &str) -> Result<(), LedgerError> {
    let sql = format!(
        "DELETE FROM {} WHERE book = {} AND register = {}",
        layout::GRAMS,
        reader.placeholder(1),
        reader.placeholder(2)
    );
    let params = [Datum::Int(reader.book().id), Datum::Text(register)];
    reader.store.execute(&sql, &params)?;
    Ok(())
}

/// The sum of rows, in whatever order they come: equal sums mean equal rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    /// How many.
    pub(crate) rows: u64,
    hashes: u128,
}

impl Sum {
    fn add(&mut self, gram: &str, division: DivisionId, register: &str, record: RecordId) {
        let mut hash = Sha256::new();
        hash.update(gram.as_bytes());
        hash.update([0]);
        hash.update(register.as_bytes());
        hash.update([0]);
        hash.update(division.to_be_bytes());
        hash.update(record.to_be_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        self.rows += 1;
        self.hashes = self.hashes.wrapping_add(u128::from_be_bytes(half));
    }

    /// Adds what a record's current slices must have in the table.
    pub(crate) fn record(&mut self, plan: &Plan, record: RecordId, slices: &[Slice]) {
        if plan.is_sought() {
            for (gram, division) in of(plan, slices) {
                self.add(gram.text(), division, &plan.decl.name, record);
            }
        }
    }

    /// Adds another sum.
    pub(crate) fn join(&mut self, other: Sum) {
        self.rows += other.rows;
        self.hashes = self.hashes.wrapping_add(other.hashes);
    }

    /// The sum of what stands in the table.
    pub(crate) fn kept(reader: &Reader) -> Result<Sum, LedgerError> {
        let mut sum = Sum::default();
        let sql = format!(
            "SELECT gram, division, register, record FROM {} WHERE book = {}",
            layout::GRAMS,
            reader.placeholder(1)
        );
        let book = [Datum::Int(reader.book().id)];
        reader.store.query(&sql, &book, &mut |row| {
            sum.add(row[0].text(), row[1].int(), row[2].text(), row[3].int());
            Ok(())
        })?;
        Ok(sum)
    }
}
