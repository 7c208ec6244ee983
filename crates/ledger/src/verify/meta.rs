//! What the book keeps of itself outside the chain, held against the chain: which number the next record has, which
//! version of the pack is in force, what the book is hashed with and called.

use super::Verified;
use crate::body;
use crate::error::LedgerError;
use crate::flush::FIRST_DIVISION;
use crate::layout;
use crate::ledger::meta_of;
use crate::reader::Reader;
use crate::store::Datum;
use vocabulary::RecordId;

impl Reader {
    pub(super) fn verify_meta(&self, out: &mut Verified) -> Result<(), LedgerError> {
        let meta = meta_of(&*self.store)?.1;
        let get = |key: &str| meta.get(key).cloned().unwrap_or_default();
        let most = self.last_record()?;
        let next: Option<RecordId> = get("next_record").parse().ok();
        if !next.is_some_and(|next| next > most && next < FIRST_DIVISION) {
            let wanted = format!("a number above {most}");
            out.differ("meta", "next_record".to_owned(), get("next_record"), wanted);
        }
        let (alg, name) = self.begun_as()?;
        for (key, wanted) in [("pack", self.last_pack()?), ("alg", alg), ("name", name)] {
            if get(key) != wanted {
                out.differ("meta", key.to_owned(), get(key), wanted);
            }
        }
        Ok(())
    }

    /// The greatest number that a record of the counter has.
    fn last_record(&self) -> Result<RecordId, LedgerError> {
        let sql = format!(
            "SELECT MAX(record) FROM fact WHERE book = {} AND record < {}",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut most = 0;
        let params = [Datum::Int(self.book().id), Datum::Int(FIRST_DIVISION)];
        self.store.query(&sql, &params, &mut |row| {
            most = row[0].int();
            Ok(())
        })?;
        Ok(most)
    }

    /// Where the last version of the pack stands, `seq:ord`, by the facts themselves.
    fn last_pack(&self) -> Result<String, LedgerError> {
        let sql = format!(
            "SELECT tx, ord, substr(body, 1, 12) FROM fact WHERE book = {} AND record IS NULL AND register IS NULL",
            self.placeholder(1)
        );
        let mut last = (0, 0);
        let book = Datum::Int(self.book().id);
        self.store.query(&sql, &[book], &mut |row| {
            if row[2].text() == "{\"op\":\"pack\"" {
                last = last.max((row[0].int(), row[1].int()));
            }
            Ok(())
        })?;
        Ok(format!("{}:{}", last.0, last.1))
    }

    /// The hash of the first transaction, and the name it gave to the book's own division.
    fn begun_as(&self) -> Result<(String, String), LedgerError> {
        let book = Datum::Int(self.book().id);
        let (mut alg, mut name) = (String::new(), String::new());
        let sql = format!(
            "SELECT alg FROM tx WHERE book = {} AND seq = 1",
            self.placeholder(1)
        );
        self.store.query(&sql, &[book], &mut |row| {
            row[0].text().clone_into(&mut alg);
            Ok(())
        })?;
        let sql = format!(
            "SELECT body FROM fact WHERE book = {} AND tx = 1 AND record = {} AND register = {}",
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3)
        );
        let params = [book, book, Datum::Text(layout::DIVISIONS)];
        self.store.query(&sql, &params, &mut |row| {
            let json = body::parse(row[0].text())?;
            name = json["set"]["name"].as_str().unwrap_or_default().to_owned();
            Ok(())
        })?;
        Ok((alg, name))
    }
}
