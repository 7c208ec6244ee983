//! What people call a record: by the person it refers to, else by its own text.

use ledger::{LedgerError, Reader};
use vocabulary::{FieldType, RecordId, Value};

/// What people call a record with these values. `before`: whom it refers to may have vanished with the transaction at
/// hand; he is called what he was called before it.
pub(crate) fn label_of(
    reader: &Reader,
    register: usize,
    values: &[Value],
    before: Option<i64>,
) -> Option<String> {
    let registers = reader.registers();
    for (field, value) in registers[register].fields.iter().zip(values) {
        if let (FieldType::Reference(to), Value::Int(record)) = (&field.kind, value) {
            let at = registers.iter().position(|r| r.name == *to)?;
            let slices = match before {
                Some(tx) => reader.effect(to, *record, tx).ok()?.before,
                None => reader.slices(to, *record, None).ok()?,
            };
            return label_of(reader, at, &slices.last()?.values, before);
        }
        if let (FieldType::Text, Value::Text(text)) = (&field.kind, value) {
            return Some(text.clone());
        }
    }
    None
}

/// What people call a record as it is now; its number when nothing names it.
pub(crate) fn label(
    reader: &Reader,
    register: usize,
    record: RecordId,
) -> Result<String, LedgerError> {
    let name = reader.registers()[register].name.clone();
    let slice = reader.slices(&name, record, None)?.pop();
    let label = slice.and_then(|slice| label_of(reader, register, &slice.values, None));
    Ok(label.unwrap_or_else(|| record.to_string()))
}
