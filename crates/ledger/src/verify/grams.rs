//! The table by which records are found, against what their rows say. It lies in the order of its pieces, not of
//! records, so sums are compared; only when they differ is it gone through to name the rows.

use super::{NAMED_MAX, Verified};
use crate::error::LedgerError;
use crate::layout;
use crate::reader::Reader;
use crate::search::table::{Sum, of};
use crate::store::Datum;
use vocabulary::{DivisionId, RecordId};

impl Reader {
    /// Compares what records must be found by with what stands in the table.
    pub(super) fn verify_grams(
        &self,
        wanted: Sum,
        kept: Sum,
        out: &mut Verified,
    ) -> Result<(), LedgerError> {
        out.rows.insert(layout::GRAMS.to_owned(), wanted.rows);
        if wanted == kept {
            return Ok(());
        }
        out.differ(
            layout::GRAMS,
            String::new(),
            format!("{} rows", kept.rows),
            format!("{} other rows", wanted.rows),
        );
        let mut left = NAMED_MAX;
        self.name_missing(&mut left, out)?;
        self.name_unwanted(&mut left, out)
    }

    fn name_missing(&self, left: &mut usize, out: &mut Verified) -> Result<(), LedgerError> {
        let p = |n| self.placeholder(n);
        let sql = format!(
            "SELECT 1 FROM {} WHERE book = {} AND gram = {} AND division = {} AND register = {} AND record = {}",
            layout::GRAMS,
            p(1),
            p(2),
            p(3),
            p(4),
            p(5)
        );
        for plan in self.state.registers.plans.iter().filter(|p| p.is_sought()) {
            let name = &plan.decl.name;
            for (record, slice) in self.all(name)? {
                if *left == 0 {
                    return Ok(());
                }
                for (gram, division) in of(plan, std::slice::from_ref(&slice)) {
                    let params = [
                        Datum::Int(self.book().id),
                        Datum::Text(gram.text()),
                        Datum::Int(division),
                        Datum::Text(name),
                        Datum::Int(record),
                    ];
                    let mut there = false;
                    self.store.query(&sql, &params, &mut |_| {
                        there = true;
                        Ok(())
                    })?;
                    if !there && *left > 0 {
                        *left -= 1;
                        let row = shown(gram.text(), division, name);
                        out.differ(layout::GRAMS, record.to_string(), "no such row".into(), row);
                    }
                }
            }
        }
        Ok(())
    }

    fn name_unwanted(&self, left: &mut usize, out: &mut Verified) -> Result<(), LedgerError> {
        let sql = format!(
            "SELECT gram, division, register, record FROM {} WHERE book = {}",
            layout::GRAMS,
            self.placeholder(1)
        );
        let book = [Datum::Int(self.book().id)];
        self.store.query(&sql, &book, &mut |row| {
            let (text, division) = (row[0].text(), row[1].int());
            let (register, record): (&str, RecordId) = (row[2].text(), row[3].int());
            if *left == 0 {
                return Ok(());
            }
            let plan = self.state.registers.index(register);
            let wanted = match plan.map(|at| &self.state.registers.plans[at]) {
                Some(plan) if plan.decl.name == register => {
                    let grams = of(plan, &self.current(plan, record)?);
                    grams
                        .iter()
                        .any(|(gram, at)| gram.text() == text && *at == division)
                }
                _ => false,
            };
            if !wanted {
                *left -= 1;
                let row = shown(text, division, register);
                out.differ(layout::GRAMS, record.to_string(), row, "no such row".into());
            }
            Ok(())
        })
    }
}

/// A row for a person to read: its text names somebody and stays out.
fn shown(gram: &str, division: DivisionId, register: &str) -> String {
    let kind = gram.chars().next().unwrap_or(' ');
    format!("{register} {division} {kind}…")
}
