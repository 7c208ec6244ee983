//! From facts to rows: the slices of a touched record, what they replace, and the same replayed from the
//! beginning, which is how a book is rebuilt and verified.

use crate::error::LedgerError;
use crate::fact::{Assertion, Op, Slice};
use crate::fold::{Folded, fold};
use crate::reader::Reader;
use crate::register::Plan;
use crate::seal::Master;
use crate::search::table;
use crate::store::Datum;
use crate::withdrawal::Withdrawals;
use std::collections::BTreeMap;
use vocabulary::{Date, RecordId};

/// A fact of the transaction at hand that touches a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Touch {
    pub(crate) ord: u32,
    /// The days it speaks for, if it asserts.
    pub(crate) span: Option<(Date, Date)>,
}

impl Touch {
    /// How a fact touches its record.
    pub(crate) fn of(ord: u32, op: Op, from: Date, to: Date) -> Touch {
        Touch {
            ord,
            span: (op != Op::End).then_some((from, to)),
        }
    }
}

/// Rows of a record and those they replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) current: Vec<Slice>,
    pub(crate) history: Vec<(Slice, i64)>,
}

impl Rows {
    /// What transaction `tx` makes of a record: unchanged slices stay as they were written, others follow.
    pub(crate) fn step(
        &mut self,
        tx: i64,
        touches: &[Touch],
        folded: Vec<Folded>,
        plan: &Plan,
        master: &Master,
    ) {
        let mut old = std::mem::take(&mut self.current);
        for span in folded {
            let slice = slice(span, tx, touches, plan, master);
            let same = old.iter().position(|o| {
                o.from == slice.from
                    && o.to == slice.to
                    && o.division == slice.division
                    && o.values == slice.values
            });
            self.current.push(match same {
                Some(position) => old.swap_remove(position),
                None => slice,
            });
        }
        self.history
            .extend(old.into_iter().map(|slice| (slice, tx)));
    }
}

/// A folded span as it stands in the table.
fn slice(span: Folded, tx: i64, touches: &[Touch], plan: &Plan, master: &Master) -> Slice {
    let overlaps = |touch: &&Touch| {
        touch
            .span
            .is_some_and(|(from, to)| from < span.to && span.from < to)
    };
    let ord = touches
        .iter()
        .find(overlaps)
        .or(touches.first())
        .map_or(0, |touch| touch.ord);
    let mut values = span.values;
    for (value, rule) in values.iter_mut().zip(&plan.rules) {
        if rule.secret {
            *value = master
                .keyed(value)
                .map_or(vocabulary::Value::Null, vocabulary::Value::Text);
        }
    }
    Slice {
        from: span.from,
        to: span.to,
        division: span.division,
        values,
        tx,
        ord,
    }
}

/// Everything that ever stood in the tables about a record, from all its facts.
pub(crate) fn replay(
    facts: &[Assertion],
    withdrawals: &Withdrawals,
    plan: &Plan,
    master: &Master,
    until: i64,
) -> Rows {
    // Most records were told once and never taken back.
    if let [only] = facts
        && only.tx <= until
        && !withdrawals.reach(only.tx)
    {
        let mut rows = Rows::default();
        let touch = Touch::of(only.ord, only.op, only.from, only.to);
        let folded = fold(&plan.rules, &[only]);
        rows.step(only.tx, &[touch], folded, plan, master);
        return rows;
    }
    let mut moments: BTreeMap<i64, Vec<Touch>> = BTreeMap::new();
    for fact in facts {
        let touch = Touch::of(fact.ord, fact.op, fact.from, fact.to);
        moments.entry(fact.tx).or_default().push(touch);
        if !withdrawals.is_empty() {
            for (by_tx, by_ord) in withdrawals.touching(fact.tx, fact.ord) {
                let touch = Touch {
                    ord: by_ord,
                    span: None,
                };
                let touches = moments.entry(by_tx).or_default();
                if !touches.contains(&touch) {
                    touches.push(touch);
                }
            }
        }
    }
    let mut rows = Rows::default();
    for (tx, mut touches) in moments {
        if tx > until {
            break;
        }
        touches.sort_by_key(|touch| touch.ord);
        let withdrawn = if withdrawals.is_empty() {
            None
        } else {
            Some(withdrawals.at(tx))
        };
        let live: Vec<&Assertion> = facts
            .iter()
            .filter(|f| f.tx <= tx && !withdrawn.as_ref().is_some_and(|w| w.has(f.tx, f.ord)))
            .collect();
        rows.step(tx, &touches, fold(&plan.rules, &live), plan, master);
    }
    rows
}

/// Brings the tables up to transaction `tx` for one record. `again`: an earlier flush of the same transaction
/// has touched it; its effect is taken back first, so that a replay comes to the same rows.
pub(crate) fn apply(
    reader: &Reader,
    plan: &Plan,
    record: RecordId,
    tx: i64,
    withdrawals: &Withdrawals,
    again: bool,
) -> Result<(), LedgerError> {
    let found = reader.current(plan, record)?;
    if again {
        restore(reader, plan, record, tx)?;
    }
    let facts = reader.load(plan, record)?;
    let withdrawn = withdrawals.at(tx);
    let mut touches: Vec<Touch> = Vec::new();
    for fact in &facts {
        if fact.tx == tx {
            touches.push(Touch::of(fact.ord, fact.op, fact.from, fact.to));
        }
        for (by_tx, by_ord) in withdrawals.touching(fact.tx, fact.ord) {
            let touch = Touch {
                ord: by_ord,
                span: None,
            };
            if by_tx == tx && !touches.contains(&touch) {
                touches.push(touch);
            }
        }
    }
    touches.sort_by_key(|touch| touch.ord);
    let live: Vec<&Assertion> = facts
        .iter()
        .filter(|f| !withdrawn.has(f.tx, f.ord))
        .collect();
    let folded = fold(&plan.rules, &live);
    // What the earlier flush left behind is what the table of grams has.
    let before = if again {
        reader.current(plan, record)?
    } else {
        found.clone()
    };
    let mut rows = Rows {
        current: before,
        history: Vec::new(),
    };
    rows.step(tx, &touches, folded, plan, &reader.state.master);
    for (slice, _) in &rows.history {
        delete(reader, plan, record, slice.from)?;
    }
    insert(reader, plan, record, &rows.history)?;
    let new: Vec<&Slice> = rows.current.iter().filter(|slice| slice.tx == tx).collect();
    insert_current(reader, plan, record, &new)?;
    table::follow(reader, plan, record, &found, &rows.current)
}

/// Takes back what transaction `tx` did to a record's rows.
fn restore(reader: &Reader, plan: &Plan, record: RecordId, tx: i64) -> Result<(), LedgerError> {
    let book = Datum::Int(reader.book().id);
    let p = |n| reader.placeholder(n);
    let place = [book, Datum::Int(record), Datum::Int(tx)];
    let sql = format!(
        "DELETE FROM {} WHERE book = {} AND record = {} AND tx = {}",
        plan.current,
        p(1),
        p(2),
        p(3)
    );
    reader.store.execute(&sql, &place)?;
    let clause = format!(
        "FROM {} WHERE book = {} AND record = {} AND tx_to = {}",
        plan.history,
        p(1),
        p(2),
        p(3)
    );
    let sql = format!(
        "INSERT INTO {} (book, {}) SELECT book, {} {clause}",
        plan.current, plan.selected, plan.selected
    );
    reader.store.execute(&sql, &place)?;
    reader.store.execute(&format!("DELETE {clause}"), &place)?;
    Ok(())
}

fn delete(reader: &Reader, plan: &Plan, record: RecordId, from: Date) -> Result<(), LedgerError> {
    let p = |n| reader.placeholder(n);
    let sql = format!(
        "DELETE FROM {} WHERE book = {} AND record = {} AND vfrom = {}",
        plan.current,
        p(1),
        p(2),
        p(3)
    );
    let params = [
        Datum::Int(reader.book().id),
        Datum::Int(record),
        Datum::Int(from.int().into()),
    ];
    reader.store.execute(&sql, &params)?;
    Ok(())
}

/// Writes current rows of a record.
pub(crate) fn insert_current(
    reader: &Reader,
    plan: &Plan,
    record: RecordId,
    slices: &[&Slice],
) -> Result<(), LedgerError> {
    for slice in slices {
        let data = data(reader, record, slice);
        reader
            .store
            .insert(&plan.insert_current, data.len(), &data)?;
    }
    Ok(())
}

/// Writes superseded rows of a record.
pub(crate) fn insert(
    reader: &Reader,
    plan: &Plan,
    record: RecordId,
    slices: &[(Slice, i64)],
) -> Result<(), LedgerError> {
    for (slice, tx_to) in slices {
        let mut data = data(reader, record, slice);
        data.push(Datum::Int(*tx_to));
        reader
            .store
            .insert(&plan.insert_history, data.len(), &data)?;
    }
    Ok(())
}

fn data<'s>(reader: &Reader, record: RecordId, slice: &'s Slice) -> Vec<Datum<'s>> {
    let mut data = vec![
        Datum::Int(reader.book().id),
        Datum::Int(record),
        Datum::Int(slice.division),
        Datum::Int(slice.from.int().into()),
        Datum::Int(slice.to.int().into()),
        Datum::Int(slice.tx),
        Datum::Int(slice.ord.into()),
    ];
    data.extend(slice.values.iter().map(Datum::of));
    data
}

/// Writes a record's rows anew from all its facts, history included: after an erasure and when a pack changes
/// what a register's rows look like.
pub(crate) fn rewrite(
    reader: &Reader,
    plan: &Plan,
    record: RecordId,
    withdrawals: &Withdrawals,
    until: i64,
) -> Result<(), LedgerError> {
    let place = [Datum::Int(reader.book().id), Datum::Int(record)];
    let found = reader.current(plan, record)?;
    for table in [&plan.current, &plan.history] {
        let (book, at) = (reader.placeholder(1), reader.placeholder(2));
        let sql = format!("DELETE FROM {table} WHERE book = {book} AND record = {at}");
        reader.store.execute(&sql, &place)?;
    }
    let facts = reader.load(plan, record)?;
    let rows = replay(&facts, withdrawals, plan, &reader.state.master, until);
    insert(reader, plan, record, &rows.history)?;
    let current: Vec<&Slice> = rows.current.iter().collect();
    insert_current(reader, plan, record, &current)?;
    table::follow(reader, plan, record, &found, &rows.current)
}
