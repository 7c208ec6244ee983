//! Whether what does not open was lawfully destroyed, and whether every box still has its fact.

use super::Verified;
use crate::body::{self, Body};
use crate::error::LedgerError;
use crate::reader::Reader;
use crate::register::{Plan, Subject};
use crate::store::Datum;
use std::collections::BTreeSet;
use vocabulary::RecordId;

impl Reader {
    /// Subjects that were lawfully erased.
    pub(super) fn erasures(&self) -> Result<BTreeSet<RecordId>, LedgerError> {
        let mut found = BTreeSet::new();
        let sql = format!(
            "SELECT body FROM fact WHERE book = {} AND record IS NULL AND register IS NULL",
            self.placeholder(1)
        );
        self.store
            .query(&sql, &[Datum::Int(self.book().id)], &mut |row| {
                if row[0].text().starts_with("{\"op\":\"erase\"") {
                    found.extend(body::parse(row[0].text())?["record"].as_i64());
                }
                Ok(())
            })?;
        Ok(found)
    }

    /// Every box belongs to a fact that speaks of a record: `met` of them were opened with their facts, and only
    /// when there are others they are looked for.
    pub(super) fn verify_boxes(&self, met: u64, out: &mut Verified) -> Result<(), LedgerError> {
        let sql = format!(
            "SELECT COUNT(*) FROM sealed WHERE book = {}",
            self.placeholder(1)
        );
        let mut boxes = 0;
        let book = [Datum::Int(self.book().id)];
        self.store.query(&sql, &book, &mut |row| {
            boxes = row[0].int();
            Ok(())
        })?;
        if u64::try_from(boxes) == Ok(met) {
            return Ok(());
        }
        let sql = format!(
            "SELECT s.tx, s.ord FROM sealed s LEFT JOIN fact f ON f.book = s.book AND f.tx = s.tx AND f.ord = s.ord \
             WHERE s.book = {} AND f.record IS NULL",
            self.placeholder(1)
        );
        self.store.query(&sql, &book, &mut |row| {
            out.differ(
                "sealed",
                format!("{}:{}", row[0].int(), row[1].int()),
                "a box".to_owned(),
                "no box: no such fact".to_owned(),
            );
            Ok(())
        })
    }
}

/// Whether the subject of a fact that does not open was lawfully erased. When its box is gone too, the subject
/// is the one that the fact itself names; a fact that leaves it to an earlier one is given the benefit of any
/// erasure.
pub(super) fn erased(
    plan: Option<&Plan>,
    body: &Body,
    subject: Option<RecordId>,
    erasures: &BTreeSet<RecordId>,
) -> bool {
    let named = subject.or_else(|| {
        let plan = plan?;
        match plan.subject {
            Subject::Own => Some(body.record),
            Subject::Field(field) => {
                let name = &plan.decl.fields[field].name;
                let set = body.set.iter().find(|(set, _)| set == name);
                set.and_then(|(_, value)| value.as_ref()?.as_int())
            }
            Subject::About(_) => None,
        }
    });
    named.map_or(!erasures.is_empty(), |subject| erasures.contains(&subject))
}
