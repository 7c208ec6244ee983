//! What a book says, without the numbers by which it says it: records by their values, references by what they
//! refer to, slices by their days. Two books that heard the same say the same, whatever the order.

use crate::desk::Desk;
use ledger::Reader;
use std::collections::BTreeMap;
use vocabulary::{FieldType, RecordId, Value};

/// Every register but the findings, line by line.
pub(crate) fn content(desk: &Desk) -> Vec<String> {
    let reader = desk.reader();
    let mut lines = Vec::new();
    for position in 0..reader.registers().len() {
        let register = reader.registers()[position].clone();
        if register.name == ledger::layout::FINDINGS {
            continue;
        }
        let mut records: BTreeMap<RecordId, Vec<String>> = BTreeMap::new();
        for (record, slice) in reader.all(&register.name).expect("read") {
            let values = shown(&reader, position, &slice.values, 0);
            let line = format!("{} {}..{} {values}", slice.division, slice.from, slice.to);
            records.entry(record).or_default().push(line);
        }
        let of_register = records.into_values().map(|slices| slices.join(" | "));
        lines.extend(of_register.map(|line| format!("{}: {line}", register.name)));
    }
    lines.extend(covered(&reader));
    lines.sort();
    lines
}

/// Which registers were covered, where and when.
fn covered(reader: &Reader) -> Vec<String> {
    let sql = format!(
        "SELECT DISTINCT register, division, as_of FROM {}",
        ledger::layout::COVERAGE
    );
    let mut found = Vec::new();
    let mut row = |row: &[Value]| found.push(format!("covered: {} {} {}", row[0], row[1], row[2]));
    reader.query(&sql, &[], &mut row).expect("read");
    found
}

fn shown(reader: &Reader, register: usize, values: &[Value], depth: usize) -> String {
    let fields = &reader.registers()[register].fields;
    let parts = fields
        .iter()
        .zip(values)
        .map(|(field, value)| match (&field.kind, value) {
            (_, Value::Null) => "-".to_owned(),
            // Each book has its own key: what is secret is there or not.
            _ if field.secret => "*".to_owned(),
            (FieldType::Reference(to), Value::Int(record)) if depth < 3 => {
                let at = reader.register_index(to).expect("a register");
                let slices = reader.slices(to, *record, None).expect("read");
                let last = slices
                    .last()
                    .map(|slice| shown(reader, at, &slice.values, depth + 1));
                format!("({})", last.unwrap_or_default())
            }
            (_, value) => value.to_string(),
        });
    parts.collect::<Vec<_>>().join(",")
}

/// Which fields of whom are at odds, whichever source came first: of three, two of which agree, either may be named.
pub(crate) fn at_odds(desk: &Desk) -> Vec<String> {
    let reader = desk.reader();
    let at = reader
        .register_index(ledger::layout::FINDINGS)
        .expect("there");
    let declared = reader.registers()[at].clone();
    let mut found = Vec::new();
    for (_, slice) in reader.all(ledger::layout::FINDINGS).expect("read") {
        let value = |name: &str| &slice.values[declared.field_index(name).expect("there")];
        let text = |name: &str| value(name).as_text().unwrap_or_default();
        if text("state") != "open" || text("class") != "contradictory" {
            continue;
        }
        let about = reader
            .register_index(text("about_register"))
            .expect("a register");
        let record = value("about_record").as_int().expect("a record");
        let slices = reader
            .slices(text("about_register"), record, None)
            .expect("read");
        let whom = slices
            .last()
            .map(|slice| shown(&reader, about, &slice.values, 0));
        found.push(format!(
            "{} {}",
            text("about_field"),
            whom.unwrap_or_default()
        ));
    }
    found.sort();
    found
}
