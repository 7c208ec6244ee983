//! What a finding about a cell is about: the field that the cell is read into, and the record that its row wrote.

use documents::sheet::{Table, column_letters};
use ledger::intake::RowAt;
use ledger::{LedgerError, Reader};
use pack::declare::{RegisterDecl, SheetDecl};
use pack::expr::Expr;
use vocabulary::{FieldType, Finding, FindingClass, RecordId, Value};

/// One table whose rows are written.
pub(super) struct About<'a> {
    pub(super) registers: &'a [RegisterDecl],
    pub(super) reader: &'a Reader,
    pub(super) sheet: &'a SheetDecl,
    pub(super) table: &'a Table,
    /// The register whose records its rows are.
    pub(super) main: usize,
    /// The record of it that each row wrote, in the order of rows.
    pub(super) records: &'a [(RowAt, RecordId)],
}

impl About<'_> {
    /// Sets what the finding does not say yet: field, register, record. What is not certain stays open.
    pub(super) fn complete(&self, finding: &mut Finding) -> Result<(), LedgerError> {
        let Some((letters, row)) = finding.cell.as_deref().and_then(split) else {
            return Ok(());
        };
        if finding.field.is_none()
            && finding.class == FindingClass::Rejected
            && let Some((register, field)) = self.field_of(letters)
        {
            finding.register = Some(register);
            finding.field = Some(field);
        }
        if finding.record.is_some() {
            return Ok(());
        }
        let Some(record) = self.record_at(row, finding.cell.as_deref()) else {
            // The row did not enter: there is no record to enter anything by hand into.
            finding.field = None;
            return Ok(());
        };
        let main = &self.registers[self.main];
        finding.record = match finding
            .register
            .as_deref()
            .filter(|name| *name != main.name)
        {
            None => Some(record),
            Some(register) => self.referred(register, record)?,
        };
        Ok(())
    }

    /// The record that a row of the sheet wrote; of several, the only one that has the cell.
    fn record_at(&self, row: u32, cell: Option<&str>) -> Option<RecordId> {
        let first = self.records.partition_point(|(at, _)| at.number < row);
        let own = self.records[first..].iter();
        let own = own.take_while(|(at, _)| at.number == row);
        if self.table.rows.numbered(row, 1).is_none() {
            return own.map(|(_, record)| *record).next();
        }
        let mut having = own.filter(|(at, _)| {
            let read = self.table.rows.numbered(row, at.part);
            let cells = read.iter().flat_map(|read| &read.values);
            cells
                .map(|value| value.cell.to_string())
                .any(|own| Some(own.as_str()) == cell)
        });
        match (having.next(), having.next()) {
            (Some((_, record)), None) => Some(*record),
            _ => None,
        }
    }

    /// The field that a sheet column is read into, when it is one and the same everywhere.
    fn field_of(&self, letters: &str) -> Option<(String, String)> {
        let of_cell = |at: &usize| column_letters(*at) == letters;
        let mut mapped = self
            .table
            .mapping
            .iter()
            .filter(|m| of_cell(&m.sheet_column));
        let (one, None) = (mapped.next()?, mapped.next()) else {
            return None;
        };
        let column = &self.sheet.columns[one.column];
        let mut fields: Vec<(String, String)> = Vec::new();
        for emit in &self.sheet.rows {
            for (field, typed) in &emit.set {
                let plain =
                    matches!(&typed.expr, Expr::Name(path) if path[..] == [column.name.clone()]);
                let written = (emit.register.clone(), field.clone());
                if plain && !fields.contains(&written) {
                    fields.push(written);
                }
            }
        }
        match &mut fields[..] {
            [one] => Some(std::mem::take(one)),
            _ => None,
        }
    }

    /// The record of another register that a row's record refers to, when only one field may mean it.
    fn referred(&self, register: &str, record: RecordId) -> Result<Option<RecordId>, LedgerError> {
        let main = &self.registers[self.main];
        let wanted = FieldType::Reference(register.to_owned());
        let mut fields = main
            .fields
            .iter()
            .enumerate()
            .filter(|(_, f)| f.kind == wanted);
        let (Some((at, _)), None) = (fields.next(), fields.next()) else {
            return Ok(None);
        };
        let slice = self.reader.slices(&main.name, record, None)?.pop();
        Ok(slice.and_then(|slice| match slice.values.get(at) {
            Some(Value::Int(record)) => Some(*record),
            _ => None,
        }))
    }
}

/// Letters and row of a cell as `D41`.
fn split(cell: &str) -> Option<(&str, u32)> {
    let (letters, row) = cell.split_at(cell.find(|c: char| c.is_ascii_digit())?);
    Some((letters, row.parse().ok()?))
}
