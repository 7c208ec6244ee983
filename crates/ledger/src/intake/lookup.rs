//! Finds records for many rows at once: by name, by sure value, by key. A small table asks row by row; a large one
//! reads the register once, because 48,000 questions cost more than one long answer.

use crate::draft::Draft;
use crate::error::LedgerError;
use crate::intake::identity::{Candidate, Term};
use crate::layout;
use foldhash::{HashMap, HashSet};
use pack::declare::{KeyPart, RegisterDecl};
use std::collections::hash_map::Entry;
use vocabulary::{DivisionId, FieldType, RecordId, Value};

/// From how many rows on a register is read as a whole.
pub(crate) const READ_WHOLE_FROM: usize = 2_000;

/// A subject as the ledger knows it.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) record: RecordId,
    pub(crate) has_sure: bool,
    fields: Vec<(usize, Value)>,
    division: DivisionId,
}

/// The subjects of a register, by name and by sure value.
#[derive(Debug, Default)]
pub(crate) struct Subjects {
    pub(crate) by_name: HashMap<String, Vec<Subject>>,
    /// By keyed hash.
    pub(crate) by_sure: HashMap<String, RecordId>,
}

/// What identifies the subjects of a register, by field position.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) register: usize,
    pub(crate) sure: Option<usize>,
    pub(crate) name: usize,
    pub(crate) agree: Vec<Vec<Term>>,
    pub(crate) fields: Vec<usize>,
}

impl Identity {
    /// The identity that a register declares, resolved; `None` when it declares none.
    pub(crate) fn of(position: usize, register: &RegisterDecl) -> Option<Identity> {
        let declared = register.identity.as_ref()?;
        let mut fields = Vec::new();
        let mut term = |name: &String| match name.as_str() {
            "@place" => Term::Place,
            "@unit" => Term::Unit,
            field => {
                let at = register
                    .field_index(field)
                    .expect("the pack check resolved identity terms");
                fields.push(at);
                if register.fields[at].kind == FieldType::Date {
                    Term::Month(at)
                } else {
                    Term::Field(at)
                }
            }
        };
        let agree = declared
            .agree
            .iter()
            .map(|terms| terms.iter().map(&mut term).collect())
            .collect();
        Some(Identity {
            register: position,
            sure: declared
                .sure
                .as_ref()
                .and_then(|name| register.field_index(name)),
            name: register.field_index(&declared.name)?,
            agree,
            fields,
        })
    }
}

/// Reads the subjects that rows with these names and sure values (as keyed hashes) may mean; all, for many rows.
pub(crate) fn subjects(
    draft: &mut Draft<'_>,
    identity: &Identity,
    names: &HashSet<&str>,
    sures: &HashSet<&str>,
    rows: usize,
) -> Result<Subjects, LedgerError> {
    let register = draft.reader().registers()[identity.register].clone();
    let table = layout::current(&register.name);
    let column = |at: usize| {
        let field = &register.fields[at];
        if field.secret {
            layout::secret_column(&field.name)
        } else {
            layout::column(&field.name)
        }
    };
    let mut columns = format!("record, division, vfrom, {}", column(identity.name));
    columns.push_str(
        &identity
            .sure
            .map_or_else(|| ", NULL".to_owned(), |at| format!(", {}", column(at))),
    );
    for field in &identity.fields {
        columns.push_str(", ");
        columns.push_str(&column(*field));
    }
    let book = Value::Int(draft.reader().book().id);
    // Of a record's slices the latest speaks. They are compared here and not sorted by the store: asked for in the
    // order of its primary key, it would walk the whole register for each name.
    let mut found: HashMap<RecordId, (i64, String, Option<String>, Subject)> = HashMap::default();
    let mut keep = |row: &[Value]| {
        let (Some(record), Some(from), Some(name)) =
            (row[0].as_int(), row[2].as_int(), row[3].as_text())
        else {
            return;
        };
        if found
            .get(&record)
            .is_some_and(|(latest, _, _, _)| *latest > from)
        {
            return;
        }
        let sure = row[4].as_text().map(str::to_owned);
        let fields = identity
            .fields
            .iter()
            .copied()
            .zip(row[5..].iter().cloned())
            .collect();
        let subject = Subject {
            record,
            has_sure: sure.is_some(),
            fields,
            division: row[1].as_int().unwrap_or(0),
        };
        found.insert(record, (from, name.to_owned(), sure, subject));
    };
    let (one, two) = (
        draft.reader().dialect().placeholder(1),
        draft.reader().dialect().placeholder(2),
    );
    if rows >= READ_WHOLE_FROM || names.len() + sures.len() >= READ_WHOLE_FROM {
        let sql = format!("SELECT {columns} FROM {table} WHERE book = {one}");
        draft.reader().query(&sql, &[book], &mut keep)?;
    } else {
        let asked = [(column(identity.name), names)];
        let sure = identity.sure.map(|at| (column(at), sures));
        for (by, values) in asked.into_iter().chain(sure) {
            let sql = format!("SELECT {columns} FROM {table} WHERE book = {one} AND {by} = {two}");
            let mut values: Vec<&str> = values.iter().copied().collect();
            values.sort_unstable();
            for value in values {
                draft
                    .reader()
                    .query(&sql, &[book.clone(), Value::from(value)], &mut keep)?;
            }
        }
    }
    let mut subjects = Subjects::default();
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|(_, _, _, subject)| subject.record);
    for (_, name, sure, subject) in found {
        if let Some(sure) = sure {
            subjects.by_sure.insert(sure, subject.record);
        }
        subjects.by_name.entry(name).or_default().push(subject);
    }
    Ok(subjects)
}

/// A subject as a candidate: with the places and units of the records that refer to it.
pub(crate) fn candidate(
    draft: &mut Draft<'_>,
    identity: &Identity,
    subject: &Subject,
) -> Result<Candidate, LedgerError> {
    let mut units: Vec<(usize, DivisionId)> = Vec::new();
    for (position, sql) in referring(draft, identity.register) {
        let params = [
            Value::Int(draft.reader().book().id),
            Value::Int(subject.record),
        ];
        draft.reader().query(&sql, &params, &mut |row| {
            if let Some(division) = row[0].as_int() {
                units.push((position, division));
            }
        })?;
    }
    let mut places: Vec<DivisionId> = units.iter().map(|(_, division)| *division).collect();
    places.push(subject.division);
    Ok(Candidate {
        record: subject.record,
        has_sure: subject.has_sure,
        fields: subject.fields.clone(),
        places,
        units,
        of_this_table: false,
    })
}

/// Questions for the divisions of the records that refer to a subject, by register.
fn referring(draft: &Draft<'_>, subject: usize) -> Vec<(usize, String)> {
    let registers = draft.reader().registers();
    let wanted = FieldType::Reference(registers[subject].name.clone());
    let (one, two) = (
        draft.reader().dialect().placeholder(1),
        draft.reader().dialect().placeholder(2),
    );
    let mut questions = Vec::new();
    for (position, register) in registers.iter().enumerate() {
        for field in register.fields.iter().filter(|field| field.kind == wanted) {
            let (table, column) = (layout::current(&register.name), layout::column(&field.name));
            questions.push((
                position,
                format!(
                    "SELECT DISTINCT division FROM {table} WHERE book = {one} AND {column} = {two}"
                ),
            ));
        }
    }
    questions
}

/// Records by the values of a key.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    /// Whole registers read so far: (register, key) to values to records in order.
    whole: HashMap<(usize, usize), HashMap<Vec<Value>, Vec<RecordId>>>,
    /// Records made by the table itself, likewise.
    made: HashMap<(usize, usize), HashMap<Vec<Value>, Vec<RecordId>>>,
}

impl Keys {
    /// The records of these key values, oldest first; those the table made come after those it found.
    pub(crate) fn find(
        &mut self,
        draft: &mut Draft<'_>,
        register: usize,
        key: usize,
        values: &[Value],
        rows: usize,
    ) -> Result<Vec<RecordId>, LedgerError> {
        let mut found = if rows >= READ_WHOLE_FROM {
            if let Entry::Vacant(place) = self.whole.entry((register, key)) {
                place.insert(read_keys(draft, register, key, None)?);
            }
            self.whole[&(register, key)]
                .get(values)
                .cloned()
                .unwrap_or_default()
        } else {
            read_keys(draft, register, key, Some(values))?
                .remove(values)
                .unwrap_or_default()
        };
        if let Some(made) = self
            .made
            .get(&(register, key))
            .and_then(|made| made.get(values))
        {
            found.extend(
                made.iter()
                    .filter(|record| !found.contains(record))
                    .copied()
                    .collect::<Vec<_>>(),
            );
        }
        Ok(found)
    }

    /// Remembers a record that the table makes.
    pub(crate) fn made(
        &mut self,
        register: usize,
        key: usize,
        values: Vec<Value>,
        record: RecordId,
    ) {
        self.made
            .entry((register, key))
            .or_default()
            .entry(values)
            .or_default()
            .push(record);
    }
}

fn read_keys(
    draft: &mut Draft<'_>,
    register: usize,
    key: usize,
    only: Option<&[Value]>,
) -> Result<HashMap<Vec<Value>, Vec<RecordId>>, LedgerError> {
    let declared = draft.reader().registers()[register].clone();
    let column = |part: &KeyPart| match part {
        KeyPart::Field(name) => {
            let secret = declared.field(name).is_some_and(|field| field.secret);
            Some(if secret {
                layout::secret_column(name)
            } else {
                layout::column(name)
            })
        }
        KeyPart::Division => Some(layout::DIVISION.to_owned()),
        KeyPart::Ordinal => None,
    };
    let columns: Vec<String> = declared.keys[key].iter().filter_map(column).collect();
    // A record that an earlier key identifies is none of this key: an empty seat is not a filled one of that post.
    let earlier: Vec<String> = declared.keys[..key]
        .iter()
        .flatten()
        .filter(|part| !declared.keys[key].contains(part))
        .filter_map(column)
        .filter(|column| column != layout::DIVISION)
        .collect();
    let mut sql = format!(
        "SELECT DISTINCT record, {} FROM {} WHERE book = {}",
        columns.join(", "),
        layout::current(&declared.name),
        draft.reader().dialect().placeholder(1)
    );
    for column in earlier {
        sql.push_str(&format!(" AND {column} IS NULL"));
    }
    let mut params = vec![Value::Int(draft.reader().book().id)];
    for (column, value) in columns.iter().zip(only.unwrap_or_default()) {
        params.push(value.clone());
        sql.push_str(&format!(
            " AND {column} = {}",
            draft.reader().dialect().placeholder(params.len())
        ));
    }
    let mut found: HashMap<Vec<Value>, Vec<RecordId>> = HashMap::default();
    draft.reader().query(&sql, &params, &mut |row| {
        if let Some(record) = row[0].as_int() {
            found.entry(row[1..].to_vec()).or_default().push(record);
        }
    })?;
    found
        .values_mut()
        .for_each(|records| records.sort_unstable());
    Ok(found)
}
