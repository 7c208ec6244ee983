//! What intake found, in words: each issue becomes a finding with its cells.

use crate::label::label_of;
use crate::words::{WORDS, say, shown, word};
use documents::sheet::{Table, column_letters};
use ledger::Reader;
use ledger::intake::{Issue, RowAt};
use pack::CheckedPack;
use pack::declare::{Field, RegisterDecl, SheetDecl};
use pack::expr::Expr;
use std::collections::HashMap;
use vocabulary::{FieldType, Finding, FindingClass, Offer, RecordId, Value};

/// How many names a sentence lists before it says “and others”.
const NAMES_MAX: usize = 6;

/// What two sources say, each with its place.
fn offers(places: [String; 2], values: [Value; 2]) -> Vec<Offer> {
    places
        .into_iter()
        .zip(values)
        .map(|(place, value)| Offer { place, value })
        .collect()
}

/// Says of features what is said of rows.
pub(super) fn of_features(finding: &mut Finding, params: &[(&str, &str)]) {
    for (part, sentence) in [("said", &mut finding.said), ("next", &mut finding.next)] {
        let key = format!("{}.{part}_feature", finding.code);
        if WORDS.get(&key).is_some() {
            *sentence = word(&key, params);
        }
    }
}

/// Words issues about one table.
pub(super) struct Wording<'a> {
    pub(super) pack: &'a CheckedPack,
    pub(super) registers: &'a [RegisterDecl],
    pub(super) reader: &'a Reader,
    pub(super) sheet: &'a SheetDecl,
    pub(super) table: &'a Table,
    pub(super) file: &'a str,
    pub(super) sheet_name: &'a str,
    pub(super) labels: &'a HashMap<RowAt, String>,
}

impl Wording<'_> {
    /// The findings, in the order of rows.
    pub(super) fn findings(&self, mut issues: Vec<Issue>) -> Vec<Finding> {
        issues.sort_by_key(|issue| issue.row().map_or((true, None), |row| (false, Some(row))));
        issues
            .into_iter()
            .map(|issue| self.finding(issue))
            .collect()
    }

    fn finding(&self, issue: Issue) -> Finding {
        match issue {
            Issue::Contradiction {
                row,
                register,
                record,
                field,
                mine,
                other,
                place,
                mine_counts,
            } => {
                let label = self.label(row);
                let field = &self.registers[register].fields[field];
                let values = [mine, other];
                let [mine, other] = values.each_ref().map(|v| self.shown(&field.kind, v));
                // What has no cell was said by a person: an earlier decision, or an entry by hand.
                let there = place
                    .as_ref()
                    .map_or_else(|| word("word.by_hand", &[]), |cell| self.elsewhere(cell));
                let params = [
                    ("label", label.as_str()),
                    ("title", field.title.as_str()),
                    ("mine", mine.as_str()),
                    ("other", other.as_str()),
                    ("place", there.as_str()),
                    (
                        "counts",
                        if mine_counts {
                            mine.as_str()
                        } else {
                            other.as_str()
                        },
                    ),
                ];
                let cell = self.field_cell(row, register, &field.name);
                let mut finding = self.about(
                    "I106",
                    FindingClass::Contradictory,
                    &params,
                    register,
                    Some(record),
                );
                finding.offers = offers([cell.clone(), there.clone()], values);
                finding.field = Some(field.name.clone());
                finding.cells = vec![cell.clone()];
                finding.cells.extend(place.map(|_| there));
                finding.cell = Some(cell);
                finding
            }
            Issue::Duplicate { row, first, record } => {
                let line = self.line(first);
                let register = self.main();
                let params = [("row", line.as_str())];
                let mut finding = self.about(
                    "I107",
                    FindingClass::Duplicate,
                    &params,
                    register,
                    Some(record),
                );
                finding.cell = Some(self.row_cell(row));
                finding.cells = vec![self.row_cell(row), self.row_cell(first)];
                finding
            }
            Issue::Differs {
                row,
                first,
                register,
                record,
                field,
                mine,
                other,
            } => {
                let line = self.line(first);
                let field = &self.registers[register].fields[field];
                let values = [mine, other];
                let [mine, other] = values.each_ref().map(|v| self.shown(&field.kind, v));
                let params = [
                    ("row", line.as_str()),
                    ("title", field.title.as_str()),
                    ("mine", mine.as_str()),
                    ("other", other.as_str()),
                ];
                let mut finding = self.about(
                    "I108",
                    FindingClass::Contradictory,
                    &params,
                    register,
                    Some(record),
                );
                finding.cell = Some(self.field_cell(row, register, &field.name));
                let cells = [row, first].map(|row| self.field_cell(row, register, &field.name));
                finding.cells = cells.clone().into();
                finding.offers = offers(cells, values);
                finding.field = Some(field.name.clone());
                finding
            }
            Issue::Elsewhere {
                row,
                first,
                register,
                record,
            } => {
                let line = self.line(first);
                let place = |row| self.place_cell(row);
                let ((cell, mine), (there, other)) = (place(row), place(first));
                let params = [
                    ("row", line.as_str()),
                    ("mine", mine.as_str()),
                    ("other", other.as_str()),
                ];
                let class = FindingClass::Duplicate;
                let mut finding = self.about("I120", class, &params, register, Some(record));
                finding.cell = Some(cell.clone());
                finding.cells = vec![cell, there];
                finding
            }
            Issue::Ambiguous {
                row,
                register,
                name,
                candidates,
            } => {
                let count = candidates.len().to_string();
                let list: Vec<String> = candidates
                    .iter()
                    .map(|record| self.candidate(register, *record))
                    .collect();
                let params = [
                    ("name", &*name.to_string()),
                    ("count", count.as_str()),
                    ("list", &list.join(&word("word.semicolon", &[]))),
                ];
                let mut finding =
                    self.about("I109", FindingClass::Rejected, &params, register, None);
                // The name goes first, without a place: by it the row is known again.
                let whom = candidates.iter().map(|record| Offer {
                    place: record.to_string(),
                    value: Value::Int(*record),
                });
                let first = Offer {
                    place: String::new(),
                    value: name,
                };
                finding.offers = std::iter::once(first).chain(whom).collect();
                finding.cell = Some(self.row_cell(row));
                finding.cells = vec![self.row_cell(row)];
                finding
            }
            Issue::Unlinked {
                row,
                register,
                field,
                sought,
                candidates,
            } => {
                let declared = &self.registers[register];
                let field = &declared.fields[field];
                let text = self.shown(&field.kind, &sought);
                let near = self.nearest(declared, field, &text);
                let count = candidates.len().to_string();
                let list: Vec<String> = candidates
                    .iter()
                    .map(|record| self.candidate(register, *record))
                    .collect();
                let params = [
                    ("value", text.as_str()),
                    ("title", field.title.as_str()),
                    ("register", declared.title.as_str()),
                    ("count", count.as_str()),
                    ("list", &list.join(&word("word.semicolon", &[]))),
                    ("near", near.as_deref().unwrap_or_default()),
                ];
                let (code, class) = match (candidates.is_empty(), &near) {
                    (true, Some(_)) => ("I135", FindingClass::Rejected),
                    (true, None) => ("I136", FindingClass::Rejected),
                    (false, _) => ("I137", FindingClass::Notice),
                };
                let mut finding = self.about(code, class, &params, register, None);
                let cell = self.linking_cell(row, &declared.name, &field.name);
                finding.cells = vec![cell.clone()];
                finding.cell = Some(cell);
                finding
            }
            Issue::Namesake {
                row,
                register,
                record,
                name,
                other,
            } => {
                let name = name.to_string();
                let mut finding = self.about(
                    "I110",
                    FindingClass::Notice,
                    &[("name", &name)],
                    register,
                    Some(record),
                );
                finding.cell = Some(self.row_cell(row));
                finding.cells = vec![self.row_cell(row)];
                let cell = self.reader.first_cell(
                    &self.registers[register].name,
                    other,
                    vocabulary::Date::LAST,
                    None,
                );
                finding
                    .cells
                    .extend(cell.ok().flatten().map(|cell| self.elsewhere(&cell)));
                finding
            }
            Issue::NoKey { row, register } => {
                let register_decl = &self.registers[register];
                let titles: Vec<&str> = register_decl
                    .keys
                    .iter()
                    .flatten()
                    .filter_map(|part| match part {
                        pack::declare::KeyPart::Field(name) => {
                            register_decl.field(name).map(|field| field.title.as_str())
                        }
                        _ => None,
                    })
                    .collect();
                let keys = titles.join(&word("word.comma", &[]));
                let mut finding = self.about(
                    "I119",
                    FindingClass::Rejected,
                    &[("keys", &keys)],
                    register,
                    None,
                );
                finding.cell = Some(self.row_cell(row));
                finding.cells = vec![self.row_cell(row)];
                finding
            }
            Issue::Missing {
                register,
                records,
                from,
            } => {
                let (count, date) = (records.len().to_string(), from.to_string());
                let labels = self.record_labels(register, &records);
                let params = [
                    ("count", count.as_str()),
                    ("labels", labels.as_str()),
                    ("date", date.as_str()),
                ];
                self.about("I111", FindingClass::Notice, &params, register, None)
            }
            Issue::Undated => self.about("I112", FindingClass::Notice, &[], self.main(), None),
        }
    }

    fn about(
        &self,
        code: &str,
        class: FindingClass,
        params: &[(&str, &str)],
        register: usize,
        record: Option<RecordId>,
    ) -> Finding {
        let mut finding = say(code, class, params);
        if !self.table.features.is_empty() {
            of_features(&mut finding, params);
        }
        finding.file = Some(self.file.to_owned());
        finding.sheet = Some(self.sheet_name.to_owned());
        finding.register = Some(self.registers[register].name.clone());
        finding.owner.clone_from(&self.registers[register].owner);
        finding.record = record;
        finding
    }

    /// What people call another row of the table: its number, or the feature.
    fn line(&self, row: RowAt) -> String {
        let feature = self.table.feature(row.number);
        feature.map_or_else(|| row.number.to_string(), str::to_owned)
    }

    /// A record that a row may mean: its number, what is known of it beside its name, and where it belongs.
    fn candidate(&self, register: usize, record: RecordId) -> String {
        let declared = &self.registers[register];
        let slices = self.reader.slices(&declared.name, record, None);
        let slice = slices.ok().and_then(|mut slices| slices.pop());
        let mut parts: Vec<String> = Vec::new();
        if let Some(slice) = slice {
            let identity = declared.identity.as_ref();
            let fields = declared.fields.iter().zip(&slice.values);
            let known = fields.filter(|(field, value)| {
                let compared =
                    identity.is_some_and(|i| i.agree.iter().flatten().any(|f| *f == field.name));
                compared && !field.secret && !value.is_null()
            });
            parts.extend(known.map(|(field, value)| self.shown(&field.kind, value)));
            let places = self.reader.divisions().unwrap_or_default();
            let place = places.into_iter().find(|place| place.id == slice.division);
            parts.extend(place.map(|place| place.name));
        }
        let params = [
            ("record", &*record.to_string()),
            ("known", &parts.join(" ")),
        ];
        word("word.candidate", &params)
    }

    fn main(&self) -> usize {
        self.registers
            .iter()
            .position(|register| register.name == self.sheet.main())
            .unwrap_or(0)
    }

    fn label(&self, row: RowAt) -> String {
        self.labels.get(&row).cloned().unwrap_or_default()
    }

    fn shown(&self, kind: &FieldType, value: &Value) -> String {
        shown(self.pack, kind, value)
    }

    /// A cell of another sheet or file, as `file!sheet!D41`; of this sheet, the bare cell.
    fn elsewhere(&self, cell: &ledger::Cell) -> String {
        if cell.file == self.file && cell.sheet == self.sheet_name {
            cell.cell.clone()
        } else {
            format!("{}!{}!{}", cell.file, cell.sheet, cell.cell)
        }
    }

    fn field_cell(&self, row: RowAt, register: usize, field: &str) -> String {
        let register = &self.registers[register].name;
        let column = self.sheet.columns.iter().position(|column| {
            column
                .field
                .as_ref()
                .is_some_and(|(r, f)| r == register && f == field)
        });
        let read = self.table.rows.numbered(row.number, row.part);
        match (column, read) {
            (Some(column), Some(read)) if self.table.mapping.iter().any(|m| m.column == column) => {
                read.values[column].cell.to_string()
            }
            _ => self.row_cell(row),
        }
    }

    /// The cell by which a record was sought that the row does not make.
    fn linking_cell(&self, row: RowAt, register: &str, field: &str) -> String {
        let links = self.sheet.rows.iter().filter(|emit| emit.link.is_some());
        let mut sets = links
            .filter(|emit| emit.register == register)
            .flat_map(|emit| &emit.set)
            .filter(|(name, _)| name == field);
        let column = sets.find_map(|(_, typed)| match &typed.expr {
            Expr::Name(path) => path.first(),
            _ => None,
        });
        let column = self
            .sheet
            .columns
            .iter()
            .position(|declared| Some(&declared.name) == column);
        match (column, self.table.rows.numbered(row.number, row.part)) {
            (Some(column), Some(read)) => read.values[column].cell.to_string(),
            _ => self.row_cell(row),
        }
    }

    /// The value of a register's field that is nearest to what was sought, if one is near.
    fn nearest(&self, register: &RegisterDecl, field: &Field, sought: &str) -> Option<String> {
        if field.secret || field.kind.is_integer() {
            return None;
        }
        let all = self.reader.texts(&register.name, &field.name).ok()?;
        let far = |known: &str| strsim::damerau_levenshtein(known, sought);
        let near = all.into_iter().map(|known| (far(&known), known)).min();
        let near = near.filter(|(far, _)| far * 2 <= sought.chars().count());
        near.map(|(_, known)| known)
    }

    /// The cell that places a row, and what it says.
    fn place_cell(&self, row: RowAt) -> (String, String) {
        let place = self.sheet.place.as_deref();
        let column = self
            .sheet
            .columns
            .iter()
            .position(|column| Some(column.name.as_str()) == place);
        match (column, self.table.rows.numbered(row.number, row.part)) {
            (Some(column), Some(read)) => {
                let value = &read.values[column];
                (value.cell.to_string(), value.value.to_string())
            }
            _ => (self.row_cell(row), String::new()),
        }
    }

    fn row_cell(&self, row: RowAt) -> String {
        let own = self
            .table
            .mapping
            .iter()
            .filter(|m| !self.sheet.columns[m.column].fill_down);
        format!(
            "{}{}",
            column_letters(own.map(|m| m.sheet_column).min().unwrap_or(0)),
            row.number
        )
    }

    /// What people call some records: by the person they refer to, else by their own text.
    fn record_labels(&self, register: usize, records: &[RecordId]) -> String {
        let name = &self.registers[register].name;
        let mut labels: Vec<String> = Vec::new();
        for record in records.iter().take(NAMES_MAX) {
            let slices = self.reader.slices(name, *record, None).unwrap_or_default();
            let label = slices
                .last()
                .and_then(|slice| label_of(self.reader, register, &slice.values, None));
            labels.push(label.unwrap_or_else(|| record.to_string()));
        }
        let mut text = labels.join(&word("word.comma", &[]));
        if records.len() > NAMES_MAX {
            text.push_str(&word("word.others", &[]));
        }
        text
    }
}
