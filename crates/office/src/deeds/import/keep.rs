//! Findings of an import, kept in the book until they are settled. What is still there is not written twice; what
//! the corrected file no longer shows is closed.

use ledger::{Draft, LedgerError, NewFact, layout};
use std::collections::{HashMap, HashSet};
use vocabulary::{Finding, FindingClass, RecordId, Value};

/// Classes that stay open; a notice is said once and not kept.
pub(crate) const KEPT: [FindingClass; 4] = [
    FindingClass::Rejected,
    FindingClass::Contradictory,
    FindingClass::Duplicate,
    FindingClass::Total,
];

type Key = (String, String, String, String, String);

/// Keeps the findings of one sheet, those of all its tables.
pub(super) fn keep(
    draft: &mut Draft<'_>,
    file: &str,
    sheet: &str,
    findings: &[Finding],
) -> Result<(), LedgerError> {
    let register = draft.reader().register_index(layout::FINDINGS)?;
    let fields = draft.reader().registers()[register].clone();
    let at = |name: &str| {
        fields
            .field_index(name)
            .expect("the ledger's own register has it")
    };
    let (code, sheet_at, cell) = (at("code"), at("sheet"), at("cell"));
    let (cells, state, about) = (at("cells"), at("state"), at("about_record"));

    let mut open: HashMap<Key, RecordId> = HashMap::new();
    let mut gone: HashMap<Key, RecordId> = HashMap::new();
    let mut settled: HashSet<Key> = HashSet::new();
    for record in draft
        .reader()
        .find(layout::FINDINGS, "file", &Value::from(file))?
    {
        let Some(slice) = draft.reader().slices(layout::FINDINGS, record, None)?.pop() else {
            continue;
        };
        let text = |i: usize| slice.values[i].as_text().unwrap_or_default().to_owned();
        let whom = slice.values[about].as_int().unwrap_or(0).to_string();
        let key = (text(code), text(sheet_at), text(cell), text(cells), whom);
        if text(sheet_at) != sheet {
            continue;
        }
        match slice.values[state].as_text() {
            Some("open") => drop(open.insert(key, record)),
            Some("gone") => drop(gone.insert(key, record)),
            _ => drop(settled.insert(key)),
        }
    }
    for finding in findings
        .iter()
        .filter(|finding| KEPT.contains(&finding.class))
    {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        let whom = finding.record.unwrap_or(0).to_string();
        let key = (
            finding.code.clone(),
            sheet.to_owned(),
            text(&finding.cell),
            finding.cells.join("\n"),
            whom,
        );
        if open.remove(&key).is_some() || settled.contains(&key) {
            continue;
        }
        // What a person decided stays decided; what had only vanished from the file is back.
        if let Some(record) = gone.remove(&key) {
            turn(draft, register, record, state, "open")?;
            continue;
        }
        let record = draft.new_record();
        let mut fact = NewFact::new(register, record, draft.reader().book().id);
        // What is wrong on the first line, what to do on the next: both may name people and are sealed as one.
        let sentence = format!("{}\n{}", finding.said.replace('\n', " "), finding.next);
        let values = [
            ("code", Value::text(&finding.code)),
            ("class", Value::from(finding.class.word())),
            ("file", Value::text(file)),
            ("sheet", Value::text(sheet)),
            ("cell", Value::text(text(&finding.cell))),
            ("cells", Value::text(finding.cells.join("\n"))),
            ("about_register", Value::text(text(&finding.register))),
            (
                "about_record",
                finding.record.map_or(Value::Null, Value::Int),
            ),
            ("args", Value::Text(sentence)),
            ("owner", Value::text(text(&finding.owner))),
            ("state", Value::from("open")),
        ];
        fact.values = values
            .into_iter()
            .map(|(name, value)| (at(name), value))
            .filter(|(_, v)| !v.is_null())
            .collect();
        draft.assert(fact)?;
    }
    let mut mended: Vec<RecordId> = open.into_values().collect();
    mended.sort_unstable();
    for record in mended {
        turn(draft, register, record, state, "gone")?;
    }
    Ok(())
}

/// What a later reading of the same sheet shows outranks what an earlier one showed.
fn turn(
    draft: &mut Draft<'_>,
    register: usize,
    record: RecordId,
    state: usize,
    word: &str,
) -> Result<(), LedgerError> {
    let mut fact = NewFact::new(register, record, 0);
    fact.values = vec![(state, Value::from(word))];
    draft.decide(fact)?;
    Ok(())
}

/// The findings of imports that are still open.
pub(crate) fn open(reader: &ledger::Reader) -> Result<Vec<Finding>, LedgerError> {
    let register = reader.register_index(layout::FINDINGS)?;
    let declared = reader.registers()[register].clone();
    let at = |name: &str| {
        declared
            .field_index(name)
            .expect("the ledger's own register has it")
    };
    let mut findings = Vec::new();
    for (_, slice) in reader.all(layout::FINDINGS)? {
        let text = |name: &str| slice.values[at(name)].as_text().map(str::to_owned);
        let class = text("class").as_deref().and_then(FindingClass::from_word);
        let (Some(class), Some("open")) = (class, text("state").as_deref()) else {
            continue;
        };
        let sentence = text("args").unwrap_or_default();
        let (said, next) = sentence.split_once('\n').unwrap_or((&sentence, ""));
        let mut finding = Finding::new(
            &text("code").unwrap_or_default(),
            class,
            said.to_owned(),
            next.to_owned(),
        );
        finding.file = text("file");
        finding.sheet = text("sheet");
        finding.cell = text("cell");
        finding.cells = text("cells")
            .map(|c| c.split('\n').map(str::to_owned).collect())
            .unwrap_or_default();
        finding.register = text("about_register");
        finding.record = slice.values[at("about_record")].as_int();
        finding.owner = text("owner");
        findings.push(finding);
    }
    // In the order in which a clerk goes through the file: row by row, not D10 before D9.
    findings.sort_by_cached_key(|finding| {
        let cell = finding.cell.clone().unwrap_or_default();
        let (column, row) = cell.split_at(cell.find(|c: char| c.is_ascii_digit()).unwrap_or(0));
        let row: u64 = row.parse().unwrap_or(0);
        (
            finding.file.clone(),
            finding.sheet.clone(),
            row,
            column.to_owned(),
        )
    });
    Ok(findings)
}
