//! A range's rows of one register as they stand in its two tables: kept flat, compared without making values.

use crate::error::LedgerError;
use crate::fact::Slice;
use crate::reader::Reader;
use crate::register::Plan;
use crate::store::Datum;
use vocabulary::{Date, RecordId, Value};

/// A row: the numbers before its fields, and where its fields begin.
struct Row {
    record: RecordId,
    division: i64,
    from: i64,
    to: i64,
    tx: i64,
    ord: i64,
    /// 0 for a current row.
    tx_to: i64,
    cells: usize,
    /// Something that no writer writes, as bytes or text where a number belongs: equal to nothing.
    strange: bool,
}

/// A field of a row.
#[derive(Clone, Copy)]
enum Cell {
    Null,
    Int(i64),
    /// Where it lies in the text of all rows.
    Text(usize, usize),
    /// Bytes: no writer writes them.
    Strange,
}

/// A row and the transaction that followed it, 0 for none.
pub(super) type Found = (Slice, i64);

/// The rows of a range, in order of record.
pub(super) struct Kept {
    rows: Vec<Row>,
    cells: Vec<Cell>,
    text: String,
    /// The first row that was not looked at.
    next: usize,
    width: usize,
}

impl Kept {
    /// Reads a register's rows of the records from `first` to `last`.
    pub(super) fn read(
        reader: &Reader,
        plan: &Plan,
        first: RecordId,
        last: RecordId,
    ) -> Result<Kept, LedgerError> {
        let mut kept = Kept {
            rows: Vec::new(),
            cells: Vec::new(),
            text: String::new(),
            next: 0,
            width: plan.rules.len(),
        };
        let p = |n| reader.placeholder(n);
        let mut current = 0;
        for (table, more) in [(&plan.current, ""), (&plan.history, ", tx_to")] {
            current = kept.rows.len();
            let sql = format!(
                "SELECT {}{more} FROM {table} WHERE book = {} AND record BETWEEN {} AND {} ORDER BY record, vfrom",
                plan.selected,
                p(1),
                p(2),
                p(3)
            );
            let book = Datum::Int(reader.book().id);
            let params = [book, Datum::Int(first), Datum::Int(last)];
            reader.store.query(&sql, &params, &mut |row| {
                kept.push(row);
                Ok(())
            })?;
        }
        if kept.rows.len() > current {
            kept.rows.sort_by_key(|row| row.record);
        }
        Ok(kept)
    }

    fn push(&mut self, row: &[Datum<'_>]) {
        let ends = 6 + self.width;
        let strange = row[..6]
            .iter()
            .chain(&row[ends..])
            .any(|datum| !matches!(datum, Datum::Int(_)));
        let cells = self.cells.len();
        for datum in &row[6..ends] {
            let cell = match datum {
                Datum::Null => Cell::Null,
                Datum::Int(int) => Cell::Int(*int),
                Datum::Text(text) => {
                    let begins = self.text.len();
                    self.text.push_str(text);
                    Cell::Text(begins, self.text.len())
                }
                Datum::Bytes(_) => Cell::Strange,
            };
            self.cells.push(cell);
        }
        self.rows.push(Row {
            record: row[0].int(),
            division: row[1].int(),
            from: row[2].int(),
            to: row[3].int(),
            tx: row[4].int(),
            ord: row[5].int(),
            tx_to: row.get(ends).map_or(0, |datum| datum.int()),
            cells,
            strange,
        });
    }

    /// The next row that nobody compared, if its record comes before this one; with `None`, whatever is left.
    pub(super) fn unasked(&mut self, before: Option<RecordId>) -> Option<(RecordId, Found)> {
        let row = self.rows.get(self.next)?;
        if before.is_some_and(|record| row.record >= record) {
            return None;
        }
        self.next += 1;
        Some((row.record, self.shown(row)))
    }

    /// Compares a record's rows with what they must be, given in order of time; on a difference, the first row
    /// found that is not wanted and the first wanted that is not found.
    pub(super) fn compare<'w>(
        &mut self,
        record: RecordId,
        wanted: &'w [Found],
    ) -> Option<(Option<Found>, Option<&'w Found>)> {
        let begins = self.next;
        while self
            .rows
            .get(self.next)
            .is_some_and(|row| row.record == record)
        {
            self.next += 1;
        }
        let found = &mut self.rows[begins..self.next];
        if found.len() > 1 {
            found.sort_by_key(|row| (row.from, row.tx, row.tx_to));
        }
        let found = &self.rows[begins..self.next];
        let alike = found.len() == wanted.len()
            && found
                .iter()
                .zip(wanted)
                .all(|(row, wanted)| self.is(row, wanted));
        if alike {
            return None;
        }
        let unwanted = found
            .iter()
            .find(|row| !wanted.iter().any(|wanted| self.is(row, wanted)));
        let missing = wanted
            .iter()
            .find(|wanted| !found.iter().any(|row| self.is(row, wanted)));
        Some((unwanted.map(|row| self.shown(row)), missing))
    }

    /// Whether a row is what it must be.
    fn is(&self, row: &Row, (slice, tx_to): &Found) -> bool {
        !row.strange
            && row.division == slice.division
            && row.from == i64::from(slice.from.int())
            && row.to == i64::from(slice.to.int())
            && row.tx == slice.tx
            && row.ord == i64::from(slice.ord)
            && row.tx_to == *tx_to
            && self.cells[row.cells..row.cells + self.width]
                .iter()
                .zip(&slice.values)
                .all(|(cell, value)| match (cell, value) {
                    (Cell::Null, Value::Null) => true,
                    (Cell::Int(a), Value::Int(b)) => a == b,
                    (Cell::Text(begins, ends), Value::Text(text)) => {
                        self.text[*begins..*ends] == **text
                    }
                    _ => false,
                })
    }

    /// A row as a slice, to be shown.
    fn shown(&self, row: &Row) -> Found {
        let day = |int: i64| Date::from_int(i32::try_from(int).unwrap_or(0));
        let values = self.cells[row.cells..row.cells + self.width].iter();
        let values = values.map(|cell| match cell {
            Cell::Null => Value::Null,
            Cell::Int(int) => Value::Int(*int),
            Cell::Text(begins, ends) => Value::Text(self.text[*begins..*ends].to_owned()),
            Cell::Strange => Value::Text("bytes".to_owned()),
        });
        let slice = Slice {
            division: row.division,
            from: day(row.from),
            to: day(row.to),
            tx: row.tx,
            ord: u32::try_from(row.ord).unwrap_or(0),
            values: values.collect(),
        };
        (slice, row.tx_to)
    }
}
