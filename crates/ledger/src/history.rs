//! The past of a record, and of the book: who said what from which cell, and what it changed.

use crate::body;
use crate::derive::replay;
use crate::error::LedgerError;
use crate::fact::{Assertion, Cell, Event, Op, Said, Slice, Transaction};
use crate::hash::thirty_two;
use crate::ledger::head_of;
use crate::reader::Reader;
use crate::register::Plan;
use crate::source;
use crate::store::Datum;
use crate::withdrawal::Withdrawals;
use std::cmp::Reverse;
use std::ops::RangeInclusive;
use vocabulary::{Date, Moment, RecordId};

impl Reader {
    /// The last transaction's number and hash.
    pub fn head(&self) -> Result<(i64, [u8; 32]), LedgerError> {
        let head = head_of(&*self.store, self.book().id)?;
        Ok((head.seq, head.hash))
    }

    /// The last transaction at or before a moment; 0 before the first.
    pub fn tx_at(&self, known: Moment) -> Result<i64, LedgerError> {
        let sql = format!(
            "SELECT seq FROM tx WHERE book = {} AND at <= {} ORDER BY at DESC LIMIT 1",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut found = 0;
        self.store.query(
            &sql,
            &[Datum::Int(self.book().id), Datum::Int(known.0)],
            &mut |row| {
                found = row[0].int();
                Ok(())
            },
        )?;
        Ok(found)
    }

    /// Transactions by number, in order.
    pub fn transactions(
        &self,
        range: RangeInclusive<i64>,
    ) -> Result<Vec<Transaction>, LedgerError> {
        let sql = format!(
            "SELECT seq, at, actor, deed, client_id, header, hash FROM tx \
             WHERE book = {} AND seq BETWEEN {} AND {} ORDER BY seq",
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3)
        );
        let params = [
            Datum::Int(self.book().id),
            Datum::Int(*range.start()),
            Datum::Int(*range.end()),
        ];
        let mut found = Vec::new();
        self.store.query(&sql, &params, &mut |row| {
            let header = body::parse(row[5].text())?;
            let sources = header["sources"].as_array().into_iter().flatten();
            found.push(Transaction {
                seq: row[0].int(),
                at: Moment(row[1].int()),
                actor: row[2].text().to_owned(),
                deed: row[3].text().to_owned(),
                client_id: row[4].text().to_owned(),
                why: header["why"].as_str().map(str::to_owned),
                sources: sources.map(source::from_json).collect(),
                facts: header["facts"]
                    .as_u64()
                    .and_then(|n| u32::try_from(n).ok())
                    .unwrap_or(0),
                hash: thirty_two(row[6].bytes()).unwrap_or_default(),
            });
            Ok(())
        })?;
        Ok(found)
    }

    /// The cell from which a field's value at a day was read: that of the assertion whose value counts.
    pub fn field_cell(
        &self,
        register: &str,
        record: RecordId,
        field: &str,
        at: Date,
        known: Option<Moment>,
    ) -> Result<Option<Cell>, LedgerError> {
        let plan = self.state.registers.need(register)?;
        let index = plan.need(field)?;
        let Some(slice) = self.slice_at(register, record, at, known)? else {
            return Ok(None);
        };
        let keyed = plan.rules[index].secret;
        let counts = |fact: &Assertion| {
            let said = fact
                .set
                .iter()
                .find(|(i, _)| *i == index)
                .map(|(_, said)| said);
            match said {
                Some(Said::Value(value)) if keyed => self.keyed(value) == slice.values[index],
                Some(Said::Value(value)) => *value == slice.values[index],
                Some(Said::Erased) => slice.values[index].is_null(),
                None => false,
            }
        };
        let constant = plan.rules[index].constant;
        let facts = self.live(plan, record, known)?;
        let speaking = facts.iter().filter(|fact| {
            fact.op != Op::End && (constant || (fact.from <= at && at < fact.to)) && counts(fact)
        });
        // A decision has no cell: the source it sided with is named.
        let order = |fact: &&Assertion| {
            let witness = fact.from.max(fact.as_of);
            let latest = (Reverse(fact.tx), Reverse(fact.ord));
            if constant {
                (
                    fact.row.is_none(),
                    fact.rank_of(index),
                    Reverse(witness),
                    0,
                    latest,
                )
            } else {
                (
                    fact.row.is_none(),
                    0,
                    Reverse(witness),
                    fact.rank_of(index),
                    latest,
                )
            }
        };
        let Some(fact) = speaking.min_by_key(order) else {
            return Ok(None);
        };
        self.cell(plan, fact, Some(index))
    }

    /// The first cell of the row on which a record's slice at a day mainly rests.
    pub fn first_cell(
        &self,
        register: &str,
        record: RecordId,
        at: Date,
        known: Option<Moment>,
    ) -> Result<Option<Cell>, LedgerError> {
        let plan = self.state.registers.need(register)?;
        let facts = self.live(plan, record, known)?;
        let speaking = facts.iter().filter(|fact| {
            fact.op == Op::Assert && fact.row.is_some() && fact.from <= at && at < fact.to
        });
        let order = |fact: &&Assertion| {
            (
                Reverse(fact.from.max(fact.as_of)),
                fact.rank,
                Reverse(fact.tx),
                Reverse(fact.ord),
            )
        };
        let Some(fact) = speaking.min_by_key(order) else {
            return Ok(None);
        };
        self.cell(plan, fact, None)
    }

    /// The assertions that were live as the ledger stood then.
    fn live(
        &self,
        plan: &Plan,
        record: RecordId,
        known: Option<Moment>,
    ) -> Result<Vec<Assertion>, LedgerError> {
        let tx = known.map_or(Ok(i64::MAX), |known| self.tx_at(known))?;
        let withdrawn = Withdrawals::load(&*self.store, self.book().id)?.at(tx);
        let mut facts = self.load(plan, record)?;
        facts.retain(|fact| fact.tx <= tx && !withdrawn.has(fact.tx, fact.ord));
        Ok(facts)
    }

    /// The cell of a fact: of one field, else (or when the field has none) the first of its row.
    pub fn cell_of(
        &self,
        register: &str,
        fact: &Assertion,
        field: Option<usize>,
    ) -> Result<Option<Cell>, LedgerError> {
        self.cell(self.state.registers.need(register)?, fact, field)
    }

    fn cell(
        &self,
        plan: &Plan,
        fact: &Assertion,
        field: Option<usize>,
    ) -> Result<Option<Cell>, LedgerError> {
        let Some((position, row)) = fact.row else {
            return Ok(None);
        };
        let sources = self.sources(fact.tx)?;
        let source = sources.get(usize::from(position)).map(|(source, _)| source);
        let of_field = field.and_then(|index| {
            let decl = plan.decl.fields.get(index)?;
            let names = std::iter::once(&decl.name).chain(&decl.was);
            names
                .filter_map(|name| {
                    source::cell_of(source, &plan.decl.name, (index, name), row, &fact.cells)
                })
                .next()
        });
        let cell = of_field.or_else(|| source::first_cell_of(source, row, &fact.cells));
        Ok(cell.map(|cell| Cell {
            file: source.map(|s| s.file.clone()).unwrap_or_default(),
            sheet: source.map(|s| s.sheet.clone()).unwrap_or_default(),
            cell,
            tx: fact.tx,
        }))
    }

    /// Every assertion about a record with both its times, who and what made it, its cell, and the slices that
    /// were believed after its transaction and not before. In order of writing.
    pub fn history(&self, register: &str, record: RecordId) -> Result<Vec<Event>, LedgerError> {
        let plan = self.state.registers.need(register)?;
        let withdrawals = Withdrawals::load(&*self.store, self.book().id)?;
        let facts = self.assertions(register, record)?;
        let mut events = Vec::with_capacity(facts.len());
        for fact in &facts {
            let at = |tx| replay(&facts, &withdrawals, plan, &self.state.master, tx).current;
            let before = at(fact.tx - 1);
            let changed: Vec<Slice> = at(fact.tx)
                .into_iter()
                .filter(|slice| !before.contains(slice))
                .collect();
            let written = self.transactions(fact.tx..=fact.tx)?;
            let Some(tx) = written.into_iter().next() else {
                continue;
            };
            events.push(Event {
                cell: self.cell(plan, fact, None)?,
                assertion: fact.clone(),
                at: tx.at,
                actor: tx.actor,
                deed: tx.deed,
                why: tx.why,
                changed,
            });
        }
        Ok(events)
    }
}
