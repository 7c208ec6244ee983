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
    wrote: bool,
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
    // A table that says something new is a witness by itself: taking back another must not make it unseen.
    let own = wrote.then(|| draft.seq());
    if !seen(draft, &name, own)?.contains(&(table.as_of, scope.clone())) {
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

/// The rosters of a register seen so far, or by one transaction: date and scope.
fn seen(
    draft: &Draft<'_>,
    register: &str,
    tx: Option<i64>,
) -> Result<Vec<(Date, Vec<DivisionId>)>, LedgerError> {
    let place = |n| draft.reader().dialect().placeholder(n);
    let only = tx.map_or_else(String::new, |tx| format!(" AND tx = {tx}"));
    let sql = format!(
        "SELECT DISTINCT as_of, scope FROM roster WHERE book = {} AND register = {}{only}",
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
    let mut newer = seen(draft, &name, None)?;
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

/// What a taken back roster leaves behind: ends that other files wrote at its date, because it had been seen, are
/// taken back too; and whom it had ended is ended by the next roster that lacks him, which found him ended already.
pub fn after_withdrawal(draft: &mut Draft<'_>, tx: i64) -> Result<(), LedgerError> {
    draft.flush()?;
    let (rosters, mut ended) = left_behind(draft, tx)?;
    for (register, as_of, scope) in &rosters {
        // Another source that says the same of the same day still holds.
        if seen(draft, register, None)?.contains(&(*as_of, scope.clone())) {
            continue;
        }
        for record in ended_records(draft, register)? {
            let reader = draft.reader();
            let assertions = reader.assertions(register, record)?;
            let caused = |a: &&Assertion| {
                a.op == Op::End
                    && !a.withdrawn
                    && a.from == *as_of
                    && (scope.is_empty() || scope.contains(&a.division))
            };
            for end in assertions.iter().filter(caused) {
                draft.withdraw(end.tx, Some(end.ord))?;
                ended.insert((register.clone(), record));
            }
        }
    }
    draft.flush()?;
    let mut ended: Vec<(String, RecordId)> = ended.into_iter().collect();
    ended.sort();
    for (register, record) in ended {
        close_again(draft, &register, record)?;
    }
    draft.flush()
}

/// Records by register.
type Ended = HashSet<(String, RecordId)>;

/// A list that was seen: register, date, scope.
type Noted = (String, Date, Vec<DivisionId>);

/// The rosters that a transaction noted, and the records that it ended.
fn left_behind(draft: &Draft<'_>, tx: i64) -> Result<(Vec<Noted>, Ended), LedgerError> {
    let reader = draft.reader();
    let sql = format!(
        "SELECT register, record, body FROM fact WHERE book = {} AND tx = {} AND register IS NOT NULL",
        reader.dialect().placeholder(1),
        reader.dialect().placeholder(2)
    );
    let (mut rosters, mut ended) = (Vec::new(), Ended::default());
    let params = [Value::Int(reader.book().id), Value::Int(tx)];
    reader.query(&sql, &params, &mut |row| {
        let (Some(register), Some(body)) = (row[0].as_text(), row[2].as_text()) else {
            return;
        };
        if body.starts_with("{\"op\":\"end\"") {
            ended.extend(row[1].as_int().map(|record| (register.to_owned(), record)));
        } else if body.starts_with("{\"op\":\"roster\"")
            && let Ok(json) = crate::body::parse(body)
        {
            let as_of = json["as_of"]
                .as_i64()
                .and_then(|day| i32::try_from(day).ok());
            let scope = json["scope"].as_array().into_iter().flatten();
            let mut scope: Vec<DivisionId> = scope.filter_map(|id| id.as_i64()).collect();
            scope.sort_unstable();
            let day = as_of.map_or(Date::BEGINNING, Date::from_int);
            rosters.push((register.to_owned(), day, scope));
        }
    })?;
    Ok((rosters, ended))
}

/// Records of a register that something has ended.
fn ended_records(draft: &Draft<'_>, register: &str) -> Result<Vec<RecordId>, LedgerError> {
    let reader = draft.reader();
    let sql = format!(
        "SELECT DISTINCT record FROM fact WHERE book = {} AND register = {} AND body LIKE '{{\"op\":\"end\"%' \
         ORDER BY record",
        reader.dialect().placeholder(1),
        reader.dialect().placeholder(2)
    );
    let mut found = Vec::new();
    let params = [Value::Int(reader.book().id), Value::from(register)];
    reader.query(&sql, &params, &mut |row| found.extend(row[0].as_int()))?;
    Ok(found)
}

/// Ends a record at the date of the next roster that lacks it, unless something else has.
fn close_again(draft: &mut Draft<'_>, register: &str, record: RecordId) -> Result<(), LedgerError> {
    let assertions = draft.reader().assertions(register, record)?;
    let live = || assertions.iter().filter(|a| !a.withdrawn);
    let Some(newest) = live().filter_map(witness).max() else {
        return Ok(());
    };
    if live().any(|a| a.op == Op::End && a.from > newest) {
        return Ok(());
    }
    let division = live()
        .map(|a| a.division)
        .find(|division| *division != 0)
        .unwrap_or(0);
    let mut newer = seen(draft, register, None)?;
    newer.retain(|(as_of, scope)| {
        *as_of > newest && (scope.is_empty() || scope.contains(&division))
    });
    newer.sort();
    if let Some((as_of, _)) = newer.first() {
        let register = draft.reader().register_index(register)?;
        let mut fact = NewFact::new(register, record, division);
        (fact.from, fact.as_of) = (*as_of, *as_of);
        draft.end(fact)?;
    }
    Ok(())
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
    fact.source = table.source.map(|source| (source, 0));
    draft.end(fact)?;
    Ok(())
}

fn witness(assertion: &Assertion) -> Option<Date> {
    let speaks = assertion.op == Op::Assert && !assertion.withdrawn;
    speaks.then(|| assertion.from.max(assertion.as_of))
}
