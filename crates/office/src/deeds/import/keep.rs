//! Findings of an import, kept in the book until they are settled. What is still there is not written twice; what
//! the corrected file no longer shows is closed; what a person settled stays settled.

use crate::words::word;
use ledger::intake::Chosen;
use ledger::{Draft, LedgerError, NewFact, Reader, Said, layout};
use pack::declare::RegisterDecl;
use std::collections::{HashMap, HashSet};
use vocabulary::{Finding, FindingClass, Moment, Offer, RecordId, Value};

/// Classes that stay open; a notice is said once and not kept.
pub(crate) const KEPT: [FindingClass; 4] = [
    FindingClass::Rejected,
    FindingClass::Contradictory,
    FindingClass::Duplicate,
    FindingClass::Total,
];

/// The code of a row that may mean several records.
pub(crate) const AMBIGUOUS: &str = "I109";

/// Whom such a row means, when it is somebody who is not in the book yet.
pub(crate) const NEW: &str = "new";

/// A finding is the same as before when it has the same code, cell, cells and record.
type Key = (String, String, String, String);

/// What it is about, wherever in the file it stands now: code, register, record and field.
type Matter = (String, String, RecordId, String);

/// A finding as it lies in the book.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Its number.
    pub(crate) record: RecordId,
    /// `open`, `gone` or `settled`.
    pub(crate) state: String,
    /// What was chosen, if it is settled.
    pub(crate) decision: String,
    /// The finding; what may be chosen only when it was asked for.
    pub(crate) finding: Finding,
}

impl Kept {
    fn key(&self) -> Key {
        key(&self.finding)
    }
}

fn key(finding: &Finding) -> Key {
    (
        finding.code.clone(),
        finding.cell.clone().unwrap_or_default(),
        finding.cells.join("\n"),
        finding.record.unwrap_or(0).to_string(),
    )
}

/// What a finding is about, when that is one field of one record.
fn matter(finding: &Finding) -> Option<Matter> {
    Some((
        finding.code.clone(),
        finding.register.clone()?,
        finding.record?,
        finding.field.clone()?,
    ))
}

fn declared(reader: &Reader) -> Result<(usize, RegisterDecl), LedgerError> {
    let register = reader.register_index(layout::FINDINGS)?;
    Ok((register, reader.registers()[register].clone()))
}

fn position(declared: &RegisterDecl, name: &str) -> usize {
    declared
        .field_index(name)
        .expect("the ledger's own register has it")
}

/// A slice of the register of findings as a finding.
fn read(declared: &RegisterDecl, record: RecordId, values: &[Value]) -> Option<Kept> {
    let text = |name: &str| {
        values[position(declared, name)]
            .as_text()
            .map(str::to_owned)
    };
    let class = FindingClass::from_word(&text("class")?)?;
    // A finding without a sentence lost it to an erasure: its place stays.
    let erased = || {
        format!(
            "{}\n{}",
            word("finding.erased", &[]),
            word("finding.erased_next", &[])
        )
    };
    let sentence = text("args").unwrap_or_else(erased);
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
    finding.record = values[position(declared, "about_record")].as_int();
    finding.field = text("about_field");
    finding.owner = text("owner");
    finding.id = Some(record);
    Some(Kept {
        record,
        state: text("state").unwrap_or_default(),
        decision: text("decision").unwrap_or_default(),
        finding,
    })
}

/// The findings of one sheet in whatever state.
fn of_sheet(reader: &Reader, file: &str, sheet: &str) -> Result<Vec<Kept>, LedgerError> {
    let (_, declared) = declared(reader)?;
    let mut found = Vec::new();
    for record in reader.find(layout::FINDINGS, "file", &Value::from(file))? {
        let slice = reader.slices(layout::FINDINGS, record, None)?.pop();
        let kept = slice.and_then(|slice| read(&declared, record, &slice.values));
        found.extend(kept.filter(|k| k.finding.sheet.as_deref().unwrap_or_default() == sheet));
    }
    Ok(found)
}

/// One finding with what may be chosen; `None` when there is none of this number.
pub(crate) fn one(reader: &Reader, record: RecordId) -> Result<Option<Kept>, LedgerError> {
    let (_, declared) = declared(reader)?;
    let Some(slice) = reader.slices(layout::FINDINGS, record, None)?.pop() else {
        return Ok(None);
    };
    let Some(mut kept) = read(&declared, record, &slice.values) else {
        return Ok(None);
    };
    kept.finding.offers = offers(reader, &declared, record)?;
    Ok(Some(kept))
}

/// What may be chosen lies sealed: it is read from the facts, not from the table.
fn offers(
    reader: &Reader,
    declared: &RegisterDecl,
    record: RecordId,
) -> Result<Vec<Offer>, LedgerError> {
    let at = position(declared, "offers");
    let facts = reader.assertions(layout::FINDINGS, record)?;
    let said = facts
        .iter()
        .rev()
        .filter(|fact| !fact.withdrawn)
        .flat_map(|fact| &fact.set)
        .find(|(field, _)| *field == at);
    let Some((_, Said::Value(Value::Text(text)))) = said else {
        return Ok(Vec::new());
    };
    Ok(text.lines().filter_map(offer).collect())
}

/// An offer as a line: place, tab, the kind of its value, the value.
fn line(offer: &Offer) -> String {
    let plain = |text: &str| text.replace(['\n', '\t'], " ");
    let value = match &offer.value {
        Value::Null => "n".to_owned(),
        Value::Int(int) => format!("i{int}"),
        Value::Text(text) => format!("t{}", plain(text)),
    };
    format!("{}\t{value}", plain(&offer.place))
}

fn offer(line: &str) -> Option<Offer> {
    let (place, value) = line.split_once('\t')?;
    let value = match value.split_at_checked(1)? {
        ("i", int) => Value::Int(int.parse().ok()?),
        ("t", text) => Value::from(text),
        _ => Value::Null,
    };
    Some(Offer {
        place: place.to_owned(),
        value,
    })
}

/// Keeps the findings of one sheet, those of all its tables. Each comes back with its number, or as `None` when a
/// person has settled it.
pub(super) fn keep(
    draft: &mut Draft<'_>,
    file: &str,
    sheet: &str,
    findings: Vec<Finding>,
) -> Result<Vec<Option<Finding>>, LedgerError> {
    let (register, declared) = declared(draft.reader())?;
    let state = position(&declared, "state");
    let mut open: HashMap<Key, RecordId> = HashMap::new();
    let mut gone: HashMap<Key, RecordId> = HashMap::new();
    let mut settled: HashSet<Key> = HashSet::new();
    let mut matters: HashSet<Matter> = HashSet::new();
    for kept in of_sheet(draft.reader(), file, sheet)? {
        match kept.state.as_str() {
            "open" => drop(open.insert(kept.key(), kept.record)),
            "gone" => drop(gone.insert(kept.key(), kept.record)),
            _ => {
                settled.insert(kept.key());
                matters.extend(matter(&kept.finding));
            }
        }
    }
    let mut out = Vec::with_capacity(findings.len());
    for mut finding in findings {
        if !KEPT.contains(&finding.class) {
            out.push(Some(finding));
            continue;
        }
        let key = key(&finding);
        let is_settled =
            settled.contains(&key) || matter(&finding).is_some_and(|m| matters.contains(&m));
        if is_settled {
            // What a person decided stays decided, in whatever row it stands now.
            out.push(None);
            continue;
        }
        if let Some(record) = open.remove(&key) {
            finding.id = Some(record);
        } else if let Some(record) = gone.remove(&key) {
            // What had only vanished from the file is back.
            turn(draft, register, record, vec![(state, "open".into())])?;
            finding.id = Some(record);
        } else {
            finding.id = Some(write(draft, register, &declared, (file, sheet), &finding)?);
        }
        out.push(Some(finding));
    }
    let mut mended: Vec<RecordId> = open.into_values().collect();
    mended.sort_unstable();
    for record in mended {
        turn(draft, register, record, vec![(state, "gone".into())])?;
    }
    Ok(out)
}

/// Keeps one finding that comes from no sheet.
pub(crate) fn keep_one(draft: &mut Draft<'_>, finding: &Finding) -> Result<RecordId, LedgerError> {
    let (register, declared) = declared(draft.reader())?;
    write(draft, register, &declared, ("", ""), finding)
}

fn write(
    draft: &mut Draft<'_>,
    register: usize,
    declared: &RegisterDecl,
    (file, sheet): (&str, &str),
    finding: &Finding,
) -> Result<RecordId, LedgerError> {
    let text = |part: &Option<String>| Value::text(part.clone().unwrap_or_default());
    let record = draft.new_record();
    let mut fact = NewFact::new(register, record, draft.reader().book().id);
    // What is wrong on the first line, what to do on the next: both may name people and are sealed as one.
    let sentence = format!("{}\n{}", finding.said.replace('\n', " "), finding.next);
    let offers: Vec<String> = finding.offers.iter().map(line).collect();
    let values = [
        ("code", Value::text(&finding.code)),
        ("class", Value::from(finding.class.word())),
        ("file", Value::text(file)),
        ("sheet", Value::text(sheet)),
        ("cell", text(&finding.cell)),
        ("cells", Value::text(finding.cells.join("\n"))),
        ("about_register", text(&finding.register)),
        (
            "about_record",
            finding.record.map_or(Value::Null, Value::Int),
        ),
        ("about_field", text(&finding.field)),
        ("args", Value::Text(sentence)),
        ("offers", Value::text(offers.join("\n"))),
        ("owner", text(&finding.owner)),
        ("state", Value::from("open")),
    ];
    fact.values = values
        .into_iter()
        .map(|(name, value)| (position(declared, name), value))
        .filter(|(_, v)| !v.is_null())
        .collect();
    draft.assert(fact)?;
    Ok(record)
}

/// What a later reading of the same sheet shows outranks what an earlier one showed.
fn turn(
    draft: &mut Draft<'_>,
    register: usize,
    record: RecordId,
    values: Vec<(usize, Value)>,
) -> Result<(), LedgerError> {
    let mut fact = NewFact::new(register, record, 0);
    fact.values = values;
    draft.decide(fact)?;
    Ok(())
}

/// Closes a finding: by a person, with what was chosen and why; or because what it was about is no longer there.
pub(crate) fn close(
    draft: &mut Draft<'_>,
    record: RecordId,
    state: &str,
    decision: &str,
    why: &str,
) -> Result<(), LedgerError> {
    let (register, declared) = declared(draft.reader())?;
    let values = [("state", state), ("decision", decision), ("why", why)];
    let values = values
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| (position(&declared, name), Value::from(text)));
    turn(draft, register, record, values.collect())
}

/// What people have said of this sheet's rows that may mean several.
pub(super) fn chosen(reader: &Reader, file: &str, sheet: &str) -> Result<Vec<Chosen>, LedgerError> {
    let (_, declared) = declared(reader)?;
    let mut found = Vec::new();
    for kept in of_sheet(reader, file, sheet)? {
        if kept.finding.code != AMBIGUOUS || kept.state != "settled" {
            continue;
        }
        let record = kept.decision.parse().ok();
        if record.is_none() && kept.decision != NEW {
            continue;
        }
        let cell = kept.finding.cell.unwrap_or_default();
        let row = cell.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let first = offers(reader, &declared, kept.record)?.into_iter().next();
        found.extend(first.map(|first| Chosen {
            finding: kept.record,
            name: first.value,
            row: row.parse().unwrap_or(0),
            record,
        }));
    }
    Ok(found)
}

/// Remembers whom a row meant that was to be somebody new, so that the next import finds the same.
pub(super) fn followed(
    draft: &mut Draft<'_>,
    followed: &[(RecordId, RecordId)],
) -> Result<(), LedgerError> {
    for (finding, record) in followed {
        let is_new = one(draft.reader(), *finding)?.is_some_and(|kept| kept.decision == NEW);
        if is_new {
            close(draft, *finding, "settled", &record.to_string(), "")?;
        }
    }
    Ok(())
}

/// Closes open contradictions of which one side was taken back: only one source is left, and nothing is at odds.
/// Answers how many.
pub(crate) fn recheck(
    draft: &mut Draft<'_>,
    taken_back: &HashSet<(String, String)>,
) -> Result<usize, LedgerError> {
    let (_, declared) = declared(draft.reader())?;
    let mut closed = 0;
    let open: Vec<(RecordId, Kept)> = draft
        .reader()
        .all(layout::FINDINGS)?
        .filter_map(|(record, slice)| Some((record, read(&declared, record, &slice.values)?)))
        .filter(|(_, kept)| kept.state == "open")
        .collect();
    for (record, kept) in open {
        let finding = &kept.finding;
        let other = finding.cells.get(1).and_then(|place| {
            let (file, rest) = place.split_once('!')?;
            let (sheet, _) = rest.rsplit_once('!')?;
            Some((file.to_owned(), sheet.to_owned()))
        });
        let (Some(other), Some(register), Some(about), Some(field)) =
            (other, &finding.register, finding.record, &finding.field)
        else {
            continue;
        };
        if finding.class != FindingClass::Contradictory || !taken_back.contains(&other) {
            continue;
        }
        let reader = draft.reader();
        let at = reader.registers()[reader.register_index(register)?].field_index(field);
        let still = reader.assertions(register, about)?.iter().any(|fact| {
            !fact.withdrawn
                && *fact.source == other
                && fact.set.iter().any(|(field, _)| Some(*field) == at)
        });
        if !still {
            close(draft, record, "gone", "", "")?;
            closed += 1;
        }
    }
    draft.flush()?;
    Ok(closed)
}

/// The findings of imports that are still open, or that were by what was known at a moment.
pub(crate) fn open(reader: &Reader, known: Option<Moment>) -> Result<Vec<Finding>, LedgerError> {
    let (_, declared) = declared(reader)?;
    let mut findings = Vec::new();
    for (record, slice) in reader.all_at(layout::FINDINGS, known)? {
        let kept = read(&declared, record, &slice.values);
        findings.extend(
            kept.filter(|kept| kept.state == "open")
                .map(|kept| kept.finding),
        );
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
