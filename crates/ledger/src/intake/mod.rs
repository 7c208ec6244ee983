//! Intake: the rows of a table, already read and typed, become facts. Finds out whom a row speaks of, whether it is
//! new, what it contradicts and who is missing from a roster. Refuses to know workbooks, sentences and who asks:
//! what people should look at leaves as [`Issue`]s, which the office words.

mod contradiction; // what two sources say differently
mod cover; // what a source has covered already
mod identify; // who is who, over a whole table
mod identity; // how two mentions are found to be one
mod lookup; // records by name, sure value and key, for few rows or many
mod plan; // one table into the draft
mod roster; // who is missing

pub use plan::take_table;
pub use roster::after_withdrawal;

use pack::declare::Link;
use vocabulary::{Date, DivisionId, RecordId, Value};

/// A table whose rows are to be taken.
#[derive(Debug, Clone)]
pub struct Table {
    /// Position of its source in the deed, from [`crate::Draft::add_source`]; `None`: entered by hand.
    pub source: Option<u16>,
    /// The file's name.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// The date at which it speaks; [`Date::BEGINNING`] when it has none.
    pub as_of: Date,
    /// Its rank among sources at odds; lower wins.
    pub rank: u8,
    /// The register whose records its rows are, by position: the last one a row writes, or the roster's.
    pub main: usize,
    /// It lists this register completely.
    pub roster: Option<Roster>,
    /// What people have said about rows that may mean several.
    pub chosen: Vec<Chosen>,
    /// Its rows, in the sheet's order.
    pub rows: Vec<Row>,
}

/// Whom a row means that may mean several, as a person has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The finding under which it was said.
    pub finding: RecordId,
    /// The name in the row.
    pub name: Value,
    /// The row's number when it was said: it tells rows of one name apart and decides nothing else.
    pub row: u32,
    /// Whom it means; `None`: somebody who is not in the book yet.
    pub record: Option<RecordId>,
}

/// What a roster is complete for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// The register.
    pub register: usize,
    /// Complete only for these divisions; empty: for the whole book.
    pub divisions: Vec<DivisionId>,
}

/// Which of a table's rows. In a wide table one row of the sheet makes several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowAt {
    /// Its number in the sheet, from 1.
    pub number: u32,
    /// Its place among those that the sheet's row makes, from 0.
    pub part: u32,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Which it is.
    pub at: RowAt,
    /// What it writes, in the order of the declaration.
    pub mentions: Vec<Mention>,
}

/// What a row writes into one register.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// The register by position in [`crate::Reader::registers`].
    pub register: usize,
    /// Where the record belongs.
    pub division: DivisionId,
    /// When it became true; `None`: the table's date.
    pub from: Option<Date>,
    /// When it ceased to be.
    pub until: Option<Date>,
    /// What it says, by field position, without nulls. A reference to what an earlier mention of the row writes
    /// is the negative of that mention's position less one: `-1` is the first.
    pub values: Vec<(usize, Value)>,
    /// Ranks of single fields: what a valid number gives outranks what is typed.
    pub ranks: Vec<(usize, u8)>,
    /// Cells that lie elsewhere than in the row.
    pub cells: Vec<(usize, String)>,
    /// The record is only found by what is said, never made nor written.
    pub link: Option<Link>,
}

/// What became of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows that entered.
    pub rows: u32,
    /// Rows whose record was not there.
    pub new: u32,
    /// Rows that changed something.
    pub changed: u32,
    /// Rows that the ledger knew.
    pub unchanged: u32,
    /// What people should look at.
    pub issues: Vec<Issue>,
    /// The record of the main register that each row wrote, in the order of rows.
    pub records: Vec<(RowAt, RecordId)>,
    /// What was said of rows and followed here: the finding and the record.
    pub followed: Vec<(RecordId, RecordId)>,
}

/// Something a person should look at, without words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issue {
    /// The row says of a field something else than another source does.
    Contradiction {
        /// The row.
        row: RowAt,
        /// The register.
        register: usize,
        /// The record.
        record: RecordId,
        /// The field.
        field: usize,
        /// What the row says.
        mine: Value,
        /// What the other source says.
        other: Value,
        /// Where the other source says it.
        place: Option<crate::Cell>,
        /// Whether the row's own value counts until somebody decides.
        mine_counts: bool,
    },
    /// The row says the same as an earlier row of the table.
    Duplicate {
        /// The row.
        row: RowAt,
        /// The earlier row.
        first: RowAt,
        /// The record of the main register.
        record: RecordId,
    },
    /// The row is the same record as an earlier row of the table but says something else; the earlier counts.
    Differs {
        /// The row.
        row: RowAt,
        /// The earlier row.
        first: RowAt,
        /// The register.
        register: usize,
        /// The record.
        record: RecordId,
        /// The field.
        field: usize,
        /// What the row says.
        mine: Value,
        /// What the earlier row says.
        other: Value,
    },
    /// The row is the same record as an earlier row of the table but places it elsewhere; the earlier counts.
    Elsewhere {
        /// The row.
        row: RowAt,
        /// The earlier row.
        first: RowAt,
        /// The register.
        register: usize,
        /// The record.
        record: RecordId,
    },
    /// The row may speak of several subjects; it was not taken.
    Ambiguous {
        /// The row.
        row: RowAt,
        /// The register of the subject.
        register: usize,
        /// The name in the row.
        name: Value,
        /// Whom it may mean.
        candidates: Vec<RecordId>,
    },
    /// The same name, birth month and place with another sure value: two people, or one number is wrong.
    Namesake {
        /// The row.
        row: RowAt,
        /// The register.
        register: usize,
        /// The row's record.
        record: RecordId,
        /// The name.
        name: Value,
        /// The other record.
        other: RecordId,
    },
    /// The row means a record that it does not make, and none or several are meant by it; its reference is empty.
    Unlinked {
        /// The row.
        row: RowAt,
        /// The register of the record.
        register: usize,
        /// The field by which it was sought.
        field: usize,
        /// What was sought.
        sought: Value,
        /// Whom it may mean; empty: nobody of that.
        candidates: Vec<RecordId>,
    },
    /// The row holds nothing that identifies its record; it was not taken.
    NoKey {
        /// The row.
        row: RowAt,
        /// The register.
        register: usize,
    },
    /// Records that a roster no longer names, ended at its date.
    Missing {
        /// The register.
        register: usize,
        /// The records.
        records: Vec<RecordId>,
        /// From when they are ended.
        from: Date,
    },
    /// A roster without a date: nobody was ended.
    Undated,
}

impl Issue {
    /// The row it is about, if one.
    pub fn row(&self) -> Option<RowAt> {
        match self {
            Issue::Contradiction { row, .. }
            | Issue::Duplicate { row, .. }
            | Issue::Differs { row, .. }
            | Issue::Elsewhere { row, .. }
            | Issue::Ambiguous { row, .. }
            | Issue::Namesake { row, .. }
            | Issue::Unlinked { row, .. }
            | Issue::NoKey { row, .. } => Some(*row),
            Issue::Missing { .. } | Issue::Undated => None,
        }
    }
}
