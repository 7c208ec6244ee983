//! Who is missing from a roster (spec: ledger, section 5): records of its scope that were there and are not named
//! end at its date; what only an older roster names ends at the date of the next one that lacks it.

use crate::draft::Draft;
use crate::error::LedgerError;
use crate::fact::{Assertion, NewFact, Op};
use crate::intake::{Issue, Roster, Table};
use crate::layout;
use foldhash::HashSet;
use vocabulary::{Date, DivisionId, RecordId, Value};

/// Ends what is missing and notes that a complete list was seen.
pub(crate) fn close(
    draft: &mut Draft<'_>,
    table: &Table,
    roster: &Roster,
    named: &HashSet<RecordId>,
) -> Result<Vec<Issue>, LedgerError> {
    if table.as_of == Date::BEGINNING {
        return Ok(vec![Issue::Undated]);
    }
    let mut issues = Vec::new();
    let missing = missing(draft, table, roster, named)?;
    for (record, division) in &missing {
        end(
            draft,
            table,
            roster.register,
            *record,
            *division,
            table.as_of,
        )?;
    }
    if !missing.is_empty() {
        issues.push(Issue::Missing {
            register: roster.register,
            records: missing.iter().map(|(record, _)| *record).collect(),
            from: table.as_of,
        });
    }
    issues.extend(past(draft, table, roster, named)?);
    let name = draft.reader().registers()[roster.register].name.clone();
    let mut scope = roster.divisions.clone();
    scope.sort_unstable();
    if !seen(draft, &name)?.contains(&(table.as_of, scope.clone())) {
        draft.roster(roster.register, &scope, table.as_of)?;
    }
    Ok(issues)
}

/// Records of the scope that exist at the roster's date by older witness alone and are not named.
fn missing(
    draft: &mut Draft<'_>,
    table: &Table,
    roster: &Roster,
    named: &HashSet<RecordId>,
) -> Result<Vec<(RecordId, DivisionId)>, LedgerError> {
    let name = draft.reader().registers()[roster.register].name.clone();
    let place = |n| draft.reader().dialect().placeholder(n);
    let sql = format!(
        "SELECT DISTINCT record, division FROM {} WHERE book = {} AND vfrom <= {} AND vto > {} ORDER BY record",
        layout::current(&name),
        place(1),
        place(2),
        place(3)
    );
    let day = Value::Int(table.as_of.int().into());
    let mut there = Vec::new();
    draft.reader().query(
        &sql,
        &[Value::Int(draft.reader().book().id), day.clone(), day],
        &mut |row| {
            if let (Some(record), Some(division)) = (row[0].as_int(), row[1].as_int()) {
                there.push((record, division));
            }
        },
    )?;
    let mut missing = Vec::new();
    for (record, division) in there {
        let in_scope = roster.divisions.is_empty() || roster.divisions.contains(&division);
        if in_scope && !named.contains(&record) {
            let newest = draft
                .reader()
                .assertions(&name, record)?
                .iter()
                .filter_map(witness)
                .max();
            if newest.is_some_and(|newest| newest < table.as_of) {
                missing.push((record, division));
            }
        }
    }
    Ok(missing)
}

/// The rosters of a register seen so far: date and scope.
fn seen(draft: &Draft<'_>, register: &str) -> Result<Vec<(Date, Vec<DivisionId>)>, LedgerError> {
    let place = |n| draft.reader().dialect().placeholder(n);
    let sql = format!(
        "SELECT DISTINCT as_of, scope FROM roster WHERE book = {} AND register = {}",
        place(1),
        place(2)
    );
    let params = [Value::Int(draft.reader().book().id), Value::from(register)];
    let mut found = Vec::new();
    draft.reader().query(&sql, &params, &mut |row| {
        let as_of = row[0]
            .as_int()
            .and_then(|day| i32::try_from(day).ok())
            .map(Date::from_int);
        let scope = row[1]
            .as_text()
            .unwrap_or_default()
            .trim_matches(['[', ']']);
        let mut scope: Vec<DivisionId> =
            scope.split(',').filter_map(|id| id.parse().ok()).collect();
        scope.sort_unstable();
        found.extend(as_of.map(|as_of| (as_of, scope)));
    })?;
    Ok(found)
}

/// Records that this roster names but a newer one, seen before, lacks.
fn past(
    draft: &mut Draft<'_>,
    table: &Table,
    roster: &Roster,
    named: &HashSet<RecordId>,
) -> Result<Vec<Issue>, LedgerError> {
    let name = draft.reader().registers()[roster.register].name.clone();
    let mut newer = seen(draft, &name)?;
    newer.retain(|(as_of, _)| *as_of > table.as_of);
    newer.sort();
    if newer.is_empty() {
        return Ok(Vec::new());
    }
    let mut ended: Vec<(Date, RecordId)> = Vec::new();
    let mut records: Vec<RecordId> = named.iter().copied().collect();
    records.sort_unstable();
    for record in records {
        let assertions = draft.reader().assertions(&name, record)?;
        let division = assertions
            .iter()
            .map(|a| a.division)
            .find(|d| *d != 0)
            .unwrap_or(0);
        let newest = assertions
            .iter()
            .filter_map(witness)
            .max()
            .unwrap_or(table.as_of)
            .max(table.as_of);
        let next = newer.iter().find(|(as_of, scope)| {
            *as_of > newest && (scope.is_empty() || scope.contains(&division))
        });
        let is_ended = assertions
            .iter()
            .any(|a| a.op == Op::End && !a.withdrawn && a.from > newest);
        if let (Some((as_of, _)), false) = (next, is_ended) {
            end(draft, table, roster.register, record, division, *as_of)?;
            ended.push((*as_of, record));
        }
    }
    ended.sort_unstable();
    let mut issues: Vec<Issue> = Vec::new();
    for (from, record) in ended {
        match issues.last_mut() {
            Some(Issue::Missing {
                records,
                from: same,
                ..
            }) if *same == from => records.push(record),
            _ => issues.push(Issue::Missing {
                register: roster.register,
                records: vec![record],
                from,
            }),
        }
    }
    Ok(issues)
}

fn end(
    draft: &mut Draft<'_>,
    table: &Table,
    register: usize,
    record: RecordId,
    division: DivisionId,
    from: Date,
) -> Result<(), LedgerError> {
    let mut fact = NewFact::new(register, record, division);
    fact.from = from;
    fact.as_of = from;
    fact.rank = table.rank;
    fact.source = Some((table.source, 0));
    draft.end(fact)?;
    Ok(())
}

fn witness(assertion: &Assertion) -> Option<Date> {
    let speaks = assertion.op == Op::Assert && !assertion.withdrawn;
    speaks.then(|| assertion.from.max(assertion.as_of))
}
