//! What a deed hands in: facts, sources, and what it gets back. Plain data; nothing here writes.

use vocabulary::{Date, DivisionId, Moment, RecordId, Value};

/// The rank of a source for which nothing else is declared; lower wins.
pub const RANK_DEFAULT: u8 = 5;

/// In [`NewFact::cells`]: the cell of the whole row, for sources without rows and columns (a GeoJSON feature).
pub const WHOLE_ROW: usize = usize::MAX;

/// Who does a deed, beside the name: kept in its line of the audit alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct By {
    /// The account, when he has signed in.
    pub account: Option<RecordId>,
    /// The role he acts in.
    pub role: Option<String>,
    /// From where, as an address of the network.
    pub address: Option<String>,
}

/// One deed on one book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Its name, as `import`.
    pub name: String,
    /// Who.
    pub actor: String,
    /// More of who, for the audit.
    pub by: By,
    /// The office's clock; the record time is this or one microsecond after the last transaction.
    pub at: Moment,
    /// Unique in the book: the same id again is answered with the first receipt.
    pub client_id: String,
    /// What the client asked for, as a hash: the same id with something else is refused. `None`: it is not compared.
    pub asked: Option<String>,
    /// Why, in the actor's words.
    pub why: Option<String>,
    /// The sources it starts with; [`crate::Draft::add_source`] adds more.
    pub sources: Vec<Source>,
}

/// A sheet (or a file without sheets) that facts were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file's name, without folders.
    pub file: String,
    /// SHA-256 of the file's bytes, hex.
    pub sha256: String,
    /// The sheet's name; empty for a file without sheets.
    pub sheet: String,
    /// The id of the pack's sheet declaration it was read as; may be empty.
    pub form: String,
    /// The date at which the source spoke.
    pub as_of: Date,
    /// Which column a field was read from: `register.field` (or `field`) to a column letter, in the order of the
    /// sheet. When one sheet writes two records of one register from different columns (head and spouse), each
    /// gets a source of its own: same file and sheet, other columns.
    pub columns: Vec<(String, String)>,
}

/// A fact to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFact {
    /// Position in [`crate::Reader::registers`]: the pack's registers in order, then the ledger's own.
    pub register: usize,
    /// The record, from [`crate::Draft::new_record`] or found.
    pub record: RecordId,
    /// Where the record belongs; 0 says nothing about it (for a decision on a field).
    pub division: DivisionId,
    /// True from; [`Date::BEGINNING`] is an unknown past.
    pub from: Date,
    /// First day on which it is no longer true; `None`: until followed.
    pub to: Option<Date>,
    /// When the source spoke.
    pub as_of: Date,
    /// Field positions and values. Null is a statement too (“now unknown”): leave blank cells out.
    pub values: Vec<(usize, Value)>,
    /// Ranks of single fields, where they differ from `rank`.
    pub ranks: Vec<(usize, u8)>,
    /// The rank of the source; lower wins.
    pub rank: u8,
    /// The source's position in the deed and the row's number in the sheet.
    pub source: Option<(u16, u32)>,
    /// Cells that lie elsewhere than in the row (merged above), by field; [`WHOLE_ROW`] for the row itself.
    pub cells: Vec<(usize, String)>,
}

impl NewFact {
    /// A fact that says nothing yet but that the record is there, from an unknown past on.
    pub fn new(register: usize, record: RecordId, division: DivisionId) -> NewFact {
        NewFact {
            register,
            record,
            division,
            from: Date::BEGINNING,
            to: None,
            as_of: Date::BEGINNING,
            values: Vec::new(),
            ranks: Vec::new(),
            rank: RANK_DEFAULT,
            source: None,
            cells: Vec::new(),
        }
    }
}

/// Whether a deed stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is written.
    Commit,
    /// It is carried out in full, looked at, and taken back.
    Preview,
}

/// What a writer gets for a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The transaction's number in the book.
    pub seq: i64,
    /// Its record time.
    pub at: Moment,
    /// Its hash, which closes over everything before it.
    pub hash: [u8; 32],
    /// How many facts it holds.
    pub facts: u32,
    /// The client id was known: this is the first receipt and nothing was written.
    pub repeated: bool,
}

/// A span of days in which nothing about a record changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// First day.
    pub from: Date,
    /// First day after it; [`Date::FOREVER`] is open.
    pub to: Date,
    /// Where the record belongs; 0 when no source says.
    pub division: DivisionId,
    /// One value a field, in the register's order. A secret field stands as its keyed hash
    /// ([`crate::Reader::keyed`]).
    pub values: Vec<Value>,
    /// The transaction that wrote it.
    pub tx: i64,
    /// The fact in it that it mainly rests on.
    pub ord: u32,
}

/// A cell that a value was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The file's name.
    pub file: String,
    /// The sheet's name; empty for a file without sheets.
    pub sheet: String,
    /// `D41`, or whatever names a place in that kind of file.
    pub cell: String,
    /// The transaction that read it.
    pub tx: i64,
}

/// What a fact says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// This value.
    Value(Value),
    /// A personal value whose key was lawfully destroyed.
    Erased,
}

/// How a fact speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// A source says so.
    Assert,
    /// No longer true from a day on.
    End,
    /// A person decided; outranks every source.
    Decide,
}

/// A fact read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// The transaction.
    pub tx: i64,
    /// Its position in it.
    pub ord: u32,
    /// How it speaks.
    pub op: Op,
    /// Where the record belongs; 0 when not said.
    pub division: DivisionId,
    /// True from.
    pub from: Date,
    /// First day on which it is no longer true; [`Date::FOREVER`] is open.
    pub to: Date,
    /// When its source spoke.
    pub as_of: Date,
    /// What it says, by field position.
    pub set: Vec<(usize, Said)>,
    /// The rank of its source.
    pub rank: u8,
    /// Ranks of single fields.
    pub ranks: Vec<(usize, u8)>,
    /// File and sheet; empty when entered by hand.
    pub source: std::sync::Arc<(String, String)>,
    /// The source's position in its transaction and the row.
    pub row: Option<(u16, u32)>,
    /// Cells kept with the fact.
    pub cells: Vec<(usize, String)>,
    /// Taken back by a later transaction.
    pub withdrawn: bool,
}

impl Assertion {
    /// The rank under which it speaks of a field.
    pub fn rank_of(&self, field: usize) -> u8 {
        self.ranks
            .iter()
            .find(|(index, _)| *index == field)
            .map_or(self.rank, |(_, rank)| *rank)
    }
}

/// One event in a record's life in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The fact.
    pub assertion: Assertion,
    /// Record time.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// The deed.
    pub deed: String,
    /// Why, if it was said.
    pub why: Option<String>,
    /// The first cell of its row.
    pub cell: Option<Cell>,
    /// The slices that were believed after its transaction and not before.
    pub changed: Vec<Slice>,
}

/// A transaction read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Its number.
    pub seq: i64,
    /// Record time.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// The deed.
    pub deed: String,
    /// The client's id.
    pub client_id: String,
    /// Why.
    pub why: Option<String>,
    /// What it read.
    pub sources: Vec<Source>,
    /// How many facts.
    pub facts: u32,
    /// Its hash.
    pub hash: [u8; 32],
}

/// A node of the place tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Its code.
    pub id: DivisionId,
    /// Its name.
    pub name: String,
    /// Its level in the pack.
    pub level: String,
    /// The node above; `None` for the book's own division.
    pub parent: Option<DivisionId>,
}
