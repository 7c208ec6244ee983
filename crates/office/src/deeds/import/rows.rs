//! Rows of a table, read and typed, become what they say about records: the expressions of the pack are evaluated
//! for each row, places are found, and what a valid number gives is set beside what was typed.

mod sure; // what a valid ID number gives

pub(crate) use sure::{birth_of, sex_of};

use super::form::field_column;
use super::wording::of_features;
use crate::places::Places;
use crate::words::say;
use documents::sheet::value::{ColumnReader, DateContext};
use documents::sheet::{Cell, CellAt, FormColumn, ReadValue, Table, column_letters};
use ledger::WHOLE_ROW;
use ledger::intake::{Mention, Row, RowAt};
use pack::CheckedPack;
use pack::declare::{Emit, Field, KeyPart, RegisterDecl, SheetDecl};
use pack::expr::{Expr, Type, Typed, eval, truth};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use vocabulary::{Date, DivisionId, FieldType, Finding, FindingClass, PartialDate, Value};

/// The rank of what a valid ID number gives: before every sheet.
const RANK_SURE: u8 = 1;

/// Rows that one thread reads at a time.
const ROWS_AT_ONCE: usize = 1_024;

/// What one table says.
pub(super) struct Said {
    pub(super) rows: Vec<Row>,
    pub(super) findings: Vec<Finding>,
    /// The divisions that occur: those that the rows name, else the book's own.
    pub(super) divisions: BTreeSet<DivisionId>,
    /// Whether every row names a place that nobody knows: the table is complete for none.
    pub(super) lost: bool,
    /// What people call each row, by row number.
    pub(super) labels: HashMap<RowAt, String>,
}

/// What some rows of a table say.
struct Part {
    rows: Vec<Row>,
    /// With the cell of a place that nobody knows.
    findings: Vec<(Option<CellAt>, Finding)>,
    divisions: BTreeSet<DivisionId>,
    /// The place cells of rows that name none.
    blank: Vec<CellAt>,
    /// Whether a row that entered names a place that nobody knows.
    lost: bool,
    labels: Vec<(RowAt, String)>,
}

/// What a row says of its place.
enum Placed {
    /// A place of the book; without a column for it, the book itself.
    At(DivisionId),
    /// Nothing.
    Blank(CellAt),
    /// Nothing, and nothing is missing: nobody sits there. It belongs to the book and says nothing of its places.
    Nobody,
    /// A place that nobody knows: the cell has its finding, the row belongs to the book.
    Lost,
}

/// A sheet's declaration made ready for many rows.
pub(super) struct Reading<'a> {
    pack: &'a CheckedPack,
    registers: &'a [RegisterDecl],
    sheet: &'a SheetDecl,
    table: &'a Table,
    emits: Vec<EmitPlan<'a>>,
    place: Option<usize>,
    /// Whether a record of these rows is nothing without its place, as a village's income of a year is.
    about_places: bool,
    book: DivisionId,
    as_of: Date,
    origin: (&'a str, &'a str),
}

/// A field that an emit sets.
struct SetPlan<'a> {
    field: usize,
    expr: &'a Expr,
    /// The declared column it is mainly read from.
    column: Option<usize>,
    /// The sheet column that the source keeps for the field; another column is kept with the fact.
    usual: Option<usize>,
    /// The expression gives text, as a part cut out of a remark, and the field is none: it is read as a cell would be.
    read_as: Option<FormColumn>,
}

struct EmitPlan<'a> {
    emit: &'a Emit,
    register: usize,
    set: Vec<SetPlan<'a>>,
    patterns: Vec<(usize, regex::Regex)>,
    /// The column of which each piece is a record, and what stands between pieces.
    split: Option<(usize, regex::Regex)>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        pack: &'a CheckedPack,
        registers: &'a [RegisterDecl],
        sheet: &'a SheetDecl,
        table: &'a Table,
        origin: (&'a str, &'a str),
        book: DivisionId,
        as_of: Date,
    ) -> Reading<'a> {
        let column = |name: &str| sheet.columns.iter().position(|column| column.name == name);
        let mut letters = vec![None; sheet.columns.len()];
        for mapped in &table.mapping {
            letters[mapped.column] = Some(mapped.sheet_column);
        }
        let mut usual: HashMap<(usize, usize), Option<usize>> = HashMap::new();
        let emits: Vec<EmitPlan<'a>> = sheet
            .rows
            .iter()
            .map(|emit| {
                let register = registers
                    .iter()
                    .position(|register| register.name == emit.register)
                    .expect("the pack check resolved the registers that rows write");
                let field = |name: &str| {
                    registers[register]
                        .field_index(name)
                        .expect("the pack check resolved the fields set")
                };
                let patterns = emit.extract.iter().filter_map(|extract| {
                    let at = column(&extract.column)?;
                    let pattern = regex::Regex::new(&extract.pattern);
                    Some((at, pattern.expect("the pack check compiled the patterns")))
                });
                let split = emit.split.as_ref().and_then(|split| {
                    let by = regex::Regex::new(&split.by);
                    Some((
                        column(&split.column)?,
                        by.expect("the pack check compiled the patterns"),
                    ))
                });
                EmitPlan {
                    split,
                    emit,
                    register,
                    set: emit
                        .set
                        .iter()
                        .map(|(name, typed)| {
                            let (field, column) =
                                (field(name), first_name(&typed.expr).and_then(column));
                            let letter = column.and_then(|column| letters[column]);
                            let usual = usual.entry((register, field)).or_insert(letter);
                            SetPlan {
                                field,
                                expr: &typed.expr,
                                column,
                                usual: *usual,
                                read_as: read_as(pack, &registers[register].fields[field], typed),
                            }
                        })
                        .collect(),
                    patterns: patterns.collect(),
                }
            })
            .collect();
        let place = sheet.place.as_deref().and_then(column);
        Reading {
            pack,
            registers,
            sheet,
            table,
            about_places: emits
                .iter()
                .any(|plan| is_about_places(&registers[plan.register])),
            emits,
            place,
            book,
            as_of,
            origin,
        }
    }

    /// `register.field` to column letter, the row's own first cell before all: what a source keeps.
    pub(super) fn columns(&self) -> Vec<(String, String)> {
        let mut columns: Vec<(String, String)> = Vec::new();
        // A feature's values have no letters; each fact names the feature.
        if !self.table.features.is_empty() {
            return columns;
        }
        let own = self
            .table
            .mapping
            .iter()
            .filter(|m| !self.sheet.columns[m.column].fill_down);
        if let Some(first) = own.map(|m| m.sheet_column).min() {
            columns.push(("@row".to_owned(), column_letters(first)));
        }
        for plan in &self.emits {
            let register = &self.registers[plan.register];
            for set in &plan.set {
                let name = format!("{}.{}", register.name, register.fields[set.field].name);
                if let (Some(letter), false) =
                    (set.usual, columns.iter().any(|(known, _)| *known == name))
                {
                    columns.push((name, column_letters(letter)));
                }
            }
        }
        columns
    }

    /// Reads all rows, parts of them beside one another.
    pub(super) fn rows(&self, places: &Places) -> Said {
        let count = self.table.rows.len();
        let parts: Vec<Part> = (0..count.div_ceil(ROWS_AT_ONCE))
            .into_par_iter()
            .map(|part| {
                let first = part * ROWS_AT_ONCE;
                self.part(first..count.min(first + ROWS_AT_ONCE), places)
            })
            .collect();
        let mut said = Said {
            rows: Vec::with_capacity(self.table.rows.len()),
            findings: Vec::new(),
            divisions: BTreeSet::new(),
            lost: false,
            labels: HashMap::with_capacity(self.table.rows.len()),
        };
        let mut blank: Vec<CellAt> = Vec::new();
        // A merged cell that names no place is one finding, however many rows it covers.
        let mut lost: BTreeSet<CellAt> = BTreeSet::new();
        for part in parts {
            said.rows.extend(part.rows);
            let news = |(cell, _): &(Option<CellAt>, Finding)| cell.is_none_or(|c| lost.insert(c));
            let findings = part.findings.into_iter().filter(news);
            said.findings.extend(findings.map(|(_, finding)| finding));
            said.divisions.extend(part.divisions);
            said.lost |= part.lost;
            said.labels.extend(part.labels);
            blank.extend(part.blank);
        }
        // Rows that name no place belong to the book; beside rows that do, that is worth a look, and they say
        // nothing of the whole book.
        said.lost &= said.divisions.is_empty() && blank.is_empty();
        match (blank.first(), said.divisions.is_empty()) {
            (Some(first), false) => said.findings.push(self.unplaced(*first, &blank)),
            (_, true) if !said.lost => {
                said.divisions.insert(self.book);
            }
            _ => {}
        }
        said
    }

    fn part(&self, rows: Range<usize>, places: &Places) -> Part {
        let mut part = Part {
            rows: Vec::with_capacity(rows.len()),
            findings: Vec::new(),
            divisions: BTreeSet::new(),
            blank: Vec::new(),
            lost: false,
            labels: Vec::with_capacity(rows.len()),
        };
        let mut lost: BTreeSet<CellAt> = BTreeSet::new();
        let mut known: HashMap<String, Option<DivisionId>> = HashMap::new();
        for index in rows {
            let row = self.table.rows.at(index);
            let at = RowAt {
                number: row.number,
                part: self.table.rows.part(index),
            };
            let mut values: Vec<Value> = row.values.iter().map(|read| read.value.clone()).collect();
            let mut place_known = true;
            for (at, column) in self.sheet.columns.iter().enumerate() {
                if column.kind != vocabulary::FieldType::Division {
                    continue;
                }
                let Some(name) = row.values[at].value.as_text() else {
                    continue;
                };
                let found = match known.get(name) {
                    Some(found) => *found,
                    None => *known
                        .entry(name.to_owned())
                        .or_insert(places.find(name).ok()),
                };
                if let Some(id) = found {
                    values[at] = Value::Int(id);
                } else {
                    values[at] = Value::Null;
                    place_known &= self.place != Some(at);
                    let cell = row.values[at].cell;
                    if lost.insert(cell) {
                        let finding = self.no_place(&row.values[at], name, places);
                        part.findings.push((Some(cell), finding));
                    }
                }
            }
            let placed = match self.place {
                None => Placed::At(self.book),
                Some(at) => match values[at] {
                    Value::Int(id) => Placed::At(id),
                    // An empty seat has nobody whose place could be named.
                    Value::Null if row.vacant && place_known && !row.values[at].rejected => {
                        Placed::Nobody
                    }
                    _ if row.values[at].rejected || !place_known => Placed::Lost,
                    _ => Placed::Blank(row.values[at].cell),
                },
            };
            if self.about_places && matches!(placed, Placed::Lost) {
                continue;
            }
            let division = if let Placed::At(id) = placed {
                id
            } else {
                self.book
            };
            let read = RowInHand {
                reading: self,
                row: &row,
                values: &values,
                division,
                places,
            };
            let (mentions, findings, label) = read.mentions();
            part.findings
                .extend(findings.into_iter().map(|finding| (None, finding)));
            if let Some(label) = label {
                part.labels.push((at, label));
            }
            if let Some(mentions) = mentions.filter(|mentions| !mentions.is_empty()) {
                match placed {
                    Placed::At(id) => {
                        part.divisions.insert(id);
                    }
                    Placed::Blank(cell) => part.blank.push(cell),
                    Placed::Nobody => {}
                    Placed::Lost => part.lost = true,
                }
                part.rows.push(Row { at, mentions });
            }
        }
        part
    }

    fn finding(
        &self,
        code: &str,
        class: FindingClass,
        cell: CellAt,
        params: &[(&str, &str)],
    ) -> Finding {
        let mut finding = say(code, class, params);
        if !self.table.features.is_empty() {
            of_features(&mut finding, params);
        }
        finding.file = Some(self.origin.0.to_owned());
        finding.sheet = Some(self.origin.1.to_owned());
        finding.cell = Some(cell.to_string());
        finding.cells = vec![cell.to_string()];
        finding
    }

    /// Rows that name no place in a table whose other rows do.
    fn unplaced(&self, first: CellAt, cells: &[CellAt]) -> Finding {
        let count = cells.len().to_string();
        let mut finding = self.finding(
            "I124",
            FindingClass::Notice,
            first,
            &[("count", count.as_str())],
        );
        finding.cells = cells.iter().map(CellAt::to_string).collect();
        finding
    }

    fn no_place(&self, read: &ReadValue, name: &str, places: &Places) -> Finding {
        let nearest = places.find(name).err().and_then(|lost| lost.nearest);
        match nearest {
            Some(nearest) => {
                let params = [("name", name), ("nearest", nearest.as_str())];
                self.finding("I102", FindingClass::Rejected, read.cell, &params)
            }
            None => self.finding("I103", FindingClass::Rejected, read.cell, &[("name", name)]),
        }
    }
}

struct RowInHand<'a, 'b> {
    reading: &'b Reading<'a>,
    row: &'b documents::sheet::Row,
    values: &'b [Value],
    division: DivisionId,
    places: &'b Places,
}

/// What a row has said so far.
struct SaidByRow<'b> {
    mentions: Vec<Mention>,
    labels: Vec<(&'b str, i64)>,
    findings: Vec<Finding>,
    label: Option<String>,
}

/// The names that expressions of one emit see.
struct Names<'a> {
    sheet: &'a SheetDecl,
    values: &'a [Value],
    labels: &'a [(&'a str, i64)],
    parts: &'a [(String, String)],
    pack: &'a CheckedPack,
    at: Date,
    division: DivisionId,
    places: &'a Places,
}

impl pack::expr::Row for Names<'_> {
    fn name(&self, path: &[String]) -> Value {
        let name = &path[0];
        if let Some(at) = self
            .sheet
            .columns
            .iter()
            .position(|column| column.name == *name)
        {
            return self.values[at].clone();
        }
        if let Some((_, label)) = self.labels.iter().rev().find(|(label, _)| label == name) {
            return Value::Int(*label);
        }
        self.parts
            .iter()
            .find(|(part, _)| part == name)
            .map_or(Value::Null, |(_, text)| Value::text(text))
    }

    fn parameter(&self, name: &str) -> Value {
        self.pack
            .parameters
            .get(name)
            .map_or(Value::Null, |parameter| parameter.at(self.at))
    }

    fn at(&self) -> Date {
        self.at
    }

    fn valid_from(&self) -> Date {
        self.at
    }

    fn division(&self) -> Value {
        Value::Int(self.division)
    }

    fn place_name(&self, division: i64) -> Value {
        self.places.name(division).map_or(Value::Null, Value::from)
    }
}

impl<'a, 'b> RowInHand<'a, 'b> {
    /// What the row says; `None` when a required field is missing and the row does not enter.
    fn mentions(&self) -> (Option<Vec<Mention>>, Vec<Finding>, Option<String>) {
        let mut said = SaidByRow {
            mentions: Vec::with_capacity(self.reading.emits.len()),
            labels: Vec::with_capacity(self.reading.emits.len()),
            findings: Vec::new(),
            label: None,
        };
        for plan in &self.reading.emits {
            let pieces = self.pieces(plan);
            let entered = if pieces.is_empty() {
                self.emit(plan, &mut said)
            } else {
                pieces
                    .iter()
                    .all(|values| RowInHand { values, ..*self }.emit(plan, &mut said))
            };
            if !entered {
                return (None, said.findings, said.label);
            }
        }
        (Some(said.mentions), said.findings, said.label)
    }

    /// The row's values with each piece of the column that is split; none when nothing is.
    fn pieces(&self, plan: &EmitPlan<'_>) -> Vec<Vec<Value>> {
        let Some((column, by)) = &plan.split else {
            return Vec::new();
        };
        let Some(text) = self.values[*column].as_text() else {
            return Vec::new();
        };
        let pieces = by.split(text).map(str::trim);
        pieces
            .filter(|piece| !piece.is_empty())
            .map(|piece| {
                let mut values = self.values.to_vec();
                values[*column] = Value::from(piece);
                values
            })
            .collect()
    }

    /// What one emit says of the row; false when a required field is missing and the row does not enter.
    fn emit<'p>(&self, plan: &'p EmitPlan<'a>, said: &mut SaidByRow<'p>) -> bool {
        let reading = self.reading;
        let parts = self.parts(plan);
        let names = Names {
            sheet: reading.sheet,
            values: self.values,
            labels: &said.labels,
            parts: &parts,
            pack: reading.pack,
            at: reading.as_of,
            division: self.division,
            places: self.places,
        };
        let written = plan
            .emit
            .when
            .as_ref()
            .is_none_or(|w| truth(&eval(&w.expr, &names)) == Some(true));
        if !written {
            return true;
        }
        let register = &reading.registers[plan.register];
        let mut mention = Mention {
            register: plan.register,
            division: self.division,
            from: plan
                .emit
                .from
                .as_ref()
                .and_then(|from| day(&eval(&from.expr, &names))),
            until: plan
                .emit
                .until
                .as_ref()
                .and_then(|until| day(&eval(&until.expr, &names))),
            values: Vec::with_capacity(plan.set.len()),
            ranks: Vec::new(),
            cells: Vec::new(),
            link: plan.emit.link,
        };
        for set in &plan.set {
            let mut value = eval(set.expr, &names);
            if let (Some(column), Value::Text(text)) = (&set.read_as, &value) {
                match ColumnReader::new(column, None, self.dates()).read(Cell::text(text)) {
                    Ok(read) => value = read.value,
                    Err(_) => {
                        let params = [
                            ("text", text.as_str()),
                            ("title", register.fields[set.field].title.as_str()),
                        ];
                        let cell = self.cell(set.column);
                        let class = FindingClass::Rejected;
                        said.findings
                            .push(self.reading.finding("I122", class, cell, &params));
                        value = Value::Null;
                    }
                }
            }
            if !value.is_null() {
                mention.values.push((set.field, value));
                self.keep_cell(set, &mut mention);
            }
        }
        if said.label.is_none() {
            said.label = label_of(register, &mention);
        }
        self.sure_values(
            plan,
            register,
            &mut mention,
            said.label.as_deref(),
            &mut said.findings,
        );
        // What is only found may lack all but what it is found by.
        let made = plan.emit.link.is_none();
        let missing: Vec<&SetPlan<'_>> = plan
            .set
            .iter()
            .filter(|_| made)
            .filter(|set| register.fields[set.field].required)
            .filter(|set| !mention.values.iter().any(|(known, _)| *known == set.field))
            .collect();
        if !missing.is_empty() {
            for set in missing {
                // A cell that was refused has its own finding already.
                if !set.column.is_some_and(|c| self.row.values[c].rejected) {
                    let title = [("title", register.fields[set.field].title.as_str())];
                    let cell = self.cell(set.column);
                    said.findings.push(reading.finding(
                        "I104",
                        FindingClass::Rejected,
                        cell,
                        &title,
                    ));
                }
            }
            return false;
        }
        if let (Some(from), Some(until)) = (mention.from, mention.until) {
            // An end before the beginning is refused by the ledger; the pack's checks name it.
            if until <= from {
                mention.until = None;
            }
        }
        said.mentions.push(mention);
        said.labels.push((
            &plan.emit.label,
            -(i64::try_from(said.mentions.len()).expect("a row writes few records")),
        ));
        true
    }

    fn parts(&self, plan: &EmitPlan<'_>) -> Vec<(String, String)> {
        let mut parts = Vec::new();
        for (column, pattern) in &plan.patterns {
            let Some(text) = self.values[*column].as_text() else {
                continue;
            };
            let Some(found) = pattern.captures(text) else {
                continue;
            };
            for name in pattern.capture_names().flatten() {
                if let Some(part) = found.name(name) {
                    parts.push((name.to_owned(), part.as_str().to_owned()));
                }
            }
        }
        parts
    }

    /// What a date without a year is read by.
    fn dates(&self) -> DateContext {
        let as_of = Some(self.reading.as_of).filter(|day| *day != Date::BEGINNING);
        DateContext { year: None, as_of }
    }

    /// The cell of a column in this row; the row's first when there is none.
    fn cell(&self, column: Option<usize>) -> CellAt {
        let first = CellAt {
            row: self.row.number,
            column: 0,
        };
        column.map_or(first, |column| self.row.values[column].cell)
    }

    /// Keeps the cell of a field that does not lie where the source's columns say.
    fn keep_cell(&self, set: &SetPlan<'_>, mention: &mut Mention) {
        if let Some(feature) = self.reading.table.feature(self.row.number) {
            if mention.cells.is_empty() {
                mention.cells.push((WHOLE_ROW, feature.to_owned()));
            }
            return;
        }
        let Some(cell) = set.column.map(|column| self.row.values[column].cell) else {
            return;
        };
        // What a name around the sheet says has no cell.
        if cell.row == 0 {
            return;
        }
        if cell.row != self.row.number || set.usual != Some(cell.column.into()) {
            mention.cells.push((set.field, cell.to_string()));
        }
    }
}

/// Whether every key of a register is its place with numbers, days and codes: two such records of unknown places
/// could not be told apart, and one is about nothing.
fn is_about_places(register: &RegisterDecl) -> bool {
    let plain = |part: &KeyPart| match part {
        KeyPart::Division | KeyPart::Ordinal => true,
        KeyPart::Field(name) => register.field(name).is_some_and(|field| {
            let kind = &field.kind;
            kind.is_integer() && !matches!(kind, FieldType::Reference(_))
                || matches!(kind, FieldType::Code(_))
        }),
    };
    !register.keys.is_empty()
        && register
            .keys
            .iter()
            .all(|key| key.contains(&KeyPart::Division) && key.iter().all(plain))
}

fn column_of(plan: &EmitPlan<'_>, field: usize) -> Option<usize> {
    plan.set
        .iter()
        .find(|set| set.field == field)
        .and_then(|set| set.column)
}

/// What people call the subject of a row: the text that names it.
fn label_of(register: &RegisterDecl, mention: &Mention) -> Option<String> {
    let name = register
        .identity
        .as_ref()
        .map(|identity| identity.name.as_str());
    let at = match name {
        Some(name) => register.field_index(name)?,
        None => register
            .fields
            .iter()
            .position(|f| f.kind == vocabulary::FieldType::Text && !f.secret)?,
    };
    mention
        .values
        .iter()
        .find(|(field, _)| *field == at)
        .map(|(_, value)| value.to_string())
}

fn first_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(path) => path.first().map(String::as_str),
        Expr::Unary(_, inner) | Expr::IsNull(inner, _) | Expr::Like(inner, _, _) => {
            first_name(inner)
        }
        Expr::Binary(_, a, b) => first_name(a).or_else(|| first_name(b)),
        Expr::In(a, list, _) => first_name(a).or_else(|| list.iter().find_map(first_name)),
        Expr::Between(a, b, c, _) => first_name(a)
            .or_else(|| first_name(b))
            .or_else(|| first_name(c)),
        Expr::Case(arms, otherwise) => arms
            .iter()
            .find_map(|(when, then)| first_name(then).or_else(|| first_name(when)))
            .or_else(|| otherwise.as_deref().and_then(first_name)),
        Expr::Call(_, args) => args.iter().find_map(first_name),
        _ => None,
    }
}

/// How text that an expression gives is read into a field of another type.
fn read_as(pack: &CheckedPack, field: &Field, typed: &Typed) -> Option<FormColumn> {
    let is_text = typed.kind == Type::Text && field.kind != vocabulary::FieldType::Text;
    is_text.then(|| field_column(pack, field))
}

fn day(value: &Value) -> Option<Date> {
    let int = i32::try_from(value.as_int()?).ok()?;
    Some(PartialDate::from_int(int).first())
}
