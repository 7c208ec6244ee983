//! The audit: who read and wrote what, in the same transaction as the deed. A line is a fact (`op: audit`), so the chain
//! closes over it and nothing takes it back; the table `audit` is derived from those facts so that it can be searched.
//! Refuses to know what a deed means and who may read this.

use crate::body;
use crate::draft::Draft;
use crate::error::LedgerError;
use crate::reader::Reader;
use crate::seal::{decimal, quote};
use crate::store::Datum;
use std::fmt::Write;
use vocabulary::{DivisionId, Moment, RecordId, Value};

/// What a line's body begins with.
pub(crate) const OP: &str = "{\"op\":\"audit\"";

/// The columns of the table after book, tx and ord.
const COLUMNS: &str =
    "deed, actor, account, role, register, record, division, field, outcome, why, address";

/// Lines that one search answers at most.
pub const AUDIT_LINES_MAX: usize = 10_000;

/// What became of what somebody asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    #[default]
    Done,
    /// It was not allowed.
    Refused,
    /// It was allowed and did not come about: a wrong password, an input that cannot be used.
    Failed,
}

impl Outcome {
    /// As it is kept.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
        }
    }

    /// Read back; whatever is not one of the words is nothing.
    pub fn parse(word: &str) -> Option<Outcome> {
        [Outcome::Done, Outcome::Refused, Outcome::Failed]
            .into_iter()
            .find(|outcome| outcome.word() == word)
    }
}

/// A line of the audit. Nothing personal of those whom records are about stands in it: records are named by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditLine {
    /// What was done, as `correct`.
    pub deed: String,
    /// Who did it.
    pub actor: String,
    /// Why, in the actor's words.
    pub why: Option<String>,
    /// The account, when he had signed in.
    pub account: Option<RecordId>,
    /// The role he acted in.
    pub role: Option<String>,
    /// The register, when it was one.
    pub register: Option<String>,
    /// The record, when it was one.
    pub record: Option<RecordId>,
    /// Where.
    pub division: Option<DivisionId>,
    /// The fields opened, with commas.
    pub field: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// From where, as an address of the network.
    pub address: Option<String>,
}

/// A line read back, with what its transaction says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// The transaction.
    pub tx: i64,
    /// The fact in it.
    pub ord: u32,
    /// When.
    pub at: Moment,
    /// The client's id of the request.
    pub client_id: String,
    /// The line.
    pub line: AuditLine,
}

/// What is looked for; what is left out is not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditAsk {
    /// Not before.
    pub from: Option<Moment>,
    /// Before.
    pub until: Option<Moment>,
    /// Who.
    pub actor: Option<String>,
    /// The account.
    pub account: Option<RecordId>,
    /// What was done.
    pub deed: Option<String>,
    /// The register.
    pub register: Option<String>,
    /// The record.
    pub record: Option<RecordId>,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// From where.
    pub address: Option<String>,
    /// Older than this line: the next page of a search.
    pub before: Option<(i64, u32)>,
}

/// What a deed spoke of, as far as one word names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Told {
    /// Of nothing yet.
    #[default]
    Nothing,
    /// Of one record.
    One(usize, RecordId, DivisionId),
    /// Of several records of one register.
    Register(usize),
    /// Of several registers.
    Many,
}

impl Told {
    /// Takes another fact in.
    pub(crate) fn of(self, register: usize, record: RecordId, division: DivisionId) -> Told {
        match self {
            Told::Nothing => Told::One(register, record, division),
            Told::One(same, one, place) if same == register && one == record => {
                let place = if place == 0 { division } else { place };
                Told::One(same, one, place)
            }
            Told::One(same, ..) | Told::Register(same) if same == register => Told::Register(same),
            _ => Told::Many,
        }
    }
}

impl AuditLine {
    /// As it stands in the chain: canonical, absent when empty.
    pub(crate) fn body(&self) -> String {
        let mut body = String::from(OP);
        let text = |key: &str, text: &str, body: &mut String| {
            let _ = write!(body, ",\"{key}\":");
            quote(text, body);
        };
        text("deed", &self.deed, &mut body);
        text("actor", &self.actor, &mut body);
        if let Some(why) = self.why.as_deref().filter(|why| !why.is_empty()) {
            text("line", why, &mut body);
        }
        if let Some(account) = self.account {
            body.push_str(",\"account\":");
            decimal(account, &mut body);
        }
        if let Some(role) = &self.role {
            text("role", role, &mut body);
        }
        let mut on = String::new();
        if let Some(register) = &self.register {
            text("register", register, &mut on);
        }
        for (key, number) in [("record", self.record), ("division", self.division)] {
            if let Some(number) = number {
                let _ = write!(on, ",\"{key}\":{number}");
            }
        }
        if let Some(field) = &self.field {
            text("field", field, &mut on);
        }
        if !on.is_empty() {
            let _ = write!(body, ",\"on\":{{{}}}", &on[1..]);
        }
        if self.outcome != Outcome::Done {
            text("outcome", self.outcome.word(), &mut body);
        }
        if let Some(address) = &self.address {
            text("address", address, &mut body);
        }
        body.push('}');
        body
    }

    /// Out of the chain.
    fn read(body: &str) -> Result<AuditLine, LedgerError> {
        let json = body::parse(body)?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let on = &json["on"];
        let outcome = json["outcome"].as_str().and_then(Outcome::parse);
        Ok(AuditLine {
            deed: text(&json["deed"]).unwrap_or_default(),
            actor: text(&json["actor"]).unwrap_or_default(),
            why: text(&json["line"]),
            account: json["account"].as_i64(),
            role: text(&json["role"]),
            register: text(&on["register"]),
            record: on["record"].as_i64(),
            division: on["division"].as_i64(),
            field: text(&on["field"]),
            outcome: outcome.unwrap_or_default(),
            address: text(&json["address"]),
        })
    }

    fn row(&self) -> [Value; 11] {
        let text = |text: &Option<String>| {
            let some = text.as_ref().filter(|text| !text.is_empty());
            some.map_or(Value::Null, |text| Value::text(text.clone()))
        };
        let int = |int: Option<i64>| int.map_or(Value::Null, Value::Int);
        [
            Value::text(self.deed.clone()),
            Value::text(self.actor.clone()),
            int(self.account),
            text(&self.role),
            text(&self.register),
            int(self.record),
            int(self.division),
            text(&self.field),
            Value::text(self.outcome.word()),
            text(&self.why),
            text(&self.address),
        ]
    }

    fn of_row(row: &[Datum<'_>]) -> AuditLine {
        let text = |n: usize| row[n].value().as_text().map(str::to_owned);
        let int = |n: usize| row[n].value().as_int();
        AuditLine {
            deed: text(0).unwrap_or_default(),
            actor: text(1).unwrap_or_default(),
            account: int(2),
            role: text(3),
            register: text(4),
            record: int(5),
            division: int(6),
            field: text(7),
            outcome: row[8]
                .value()
                .as_text()
                .and_then(Outcome::parse)
                .unwrap_or_default(),
            why: text(9),
            address: text(10),
        }
    }
}

impl Draft<'_> {
    /// A line beside the deed's own, which is written without asking: something that was read, or refused, before this
    /// transaction.
    pub fn audit(&mut self, line: &AuditLine) -> Result<u32, LedgerError> {
        let ord = self.push(crate::flush::Pending::Other {
            register: None,
            record: None,
            body: line.body(),
        });
        insert(&self.ledger.reader, self.seq, ord, line)?;
        Ok(ord)
    }

    /// The deed's own line, to be told more than its facts say: what became of it, which record it was about.
    pub fn own_line(&mut self) -> &mut AuditLine {
        &mut self.own
    }

    /// Writes the deed's own line: what the deed says of itself, else what its facts speak of.
    pub(crate) fn close_audit(&mut self) -> Result<(), LedgerError> {
        let mut line = std::mem::take(&mut self.own);
        let deed = &self.deed;
        line.deed.clone_from(&deed.name);
        line.actor.clone_from(&deed.actor);
        line.why = line.why.or_else(|| deed.why.clone());
        line.account = deed.by.account.or(line.account);
        line.role = deed.by.role.clone().or(line.role);
        line.address = deed.by.address.clone().or(line.address);
        if line.register.is_none() && line.record.is_none() {
            let (register, record, division) = match self.told {
                Told::Nothing | Told::Many => (None, None, 0),
                Told::One(register, record, division) => (Some(register), Some(record), division),
                Told::Register(register) => (Some(register), None, 0),
            };
            let decls = self.ledger.reader.registers();
            line.register = register.and_then(|at| Some(decls.get(at)?.name.clone()));
            line.record = record;
            line.division = line.division.or((division != 0).then_some(division));
        }
        self.audit(&line)?;
        Ok(())
    }
}

impl Reader {
    /// The lines that fit, newest first, as many as asked and [`AUDIT_LINES_MAX`] at most.
    pub fn audit(&self, ask: &AuditAsk, limit: usize) -> Result<Vec<Audited>, LedgerError> {
        let limit = limit.min(AUDIT_LINES_MAX);
        let mut found = Vec::new();
        self.lines_of(ask, &format!("DESC LIMIT {limit}"), &mut |line| {
            found.push(line);
        })?;
        Ok(found)
    }

    /// Hands every line that fits to `each`, oldest first; as many as there are.
    pub fn audit_each(
        &self,
        ask: &AuditAsk,
        each: &mut dyn FnMut(Audited),
    ) -> Result<(), LedgerError> {
        self.lines_of(ask, "ASC", each)
    }

    fn lines_of(
        &self,
        ask: &AuditAsk,
        order: &str,
        each: &mut dyn FnMut(Audited),
    ) -> Result<(), LedgerError> {
        let mut sql = String::from("SELECT a.tx, a.ord, t.at, t.client_id");
        for column in COLUMNS.split(", ") {
            let _ = write!(sql, ", a.{column}");
        }
        let _ = write!(
            sql,
            " FROM audit a JOIN tx t ON t.book = a.book AND t.seq = a.tx WHERE a.book = {}",
            self.placeholder(1)
        );
        let mut params = vec![Value::Int(self.book().id)];
        let mut narrow = |condition: &str, value: Value| {
            params.push(value);
            let _ = write!(sql, " AND {condition} {}", self.placeholder(params.len()));
        };
        // Record time rises with the number: the table is in order of both, and its key is the way in.
        if let Some(from) = ask.from {
            narrow("a.tx >=", Value::Int(self.first_tx_at(from)?));
        }
        if let Some(until) = ask.until {
            narrow("a.tx <", Value::Int(self.first_tx_at(until)?));
        }
        let texts = [
            ("a.actor =", &ask.actor),
            ("a.deed =", &ask.deed),
            ("a.register =", &ask.register),
            ("a.address =", &ask.address),
        ];
        for (condition, text) in texts {
            if let Some(text) = text {
                narrow(condition, Value::text(text.clone()));
            }
        }
        for (condition, number) in [("a.account =", ask.account), ("a.record =", ask.record)] {
            if let Some(number) = number {
                narrow(condition, Value::Int(number));
            }
        }
        if let Some(outcome) = ask.outcome {
            narrow("a.outcome =", Value::text(outcome.word()));
        }
        if let Some((tx, ord)) = ask.before {
            narrow("(a.tx, a.ord) < (", Value::Int(tx));
            params.push(Value::Int(ord.into()));
            let _ = write!(sql, ", {})", self.placeholder(params.len()));
        }
        let (by, limit) = order.split_once(' ').unwrap_or((order, ""));
        let _ = write!(sql, " ORDER BY a.tx {by}, a.ord {by} {limit}");
        let params: Vec<Datum<'_>> = params.iter().map(Datum::of).collect();
        self.store.query(&sql, &params, &mut |row| {
            each(Audited {
                tx: row[0].int(),
                ord: u32::try_from(row[1].int()).unwrap_or(0),
                at: Moment(row[2].int()),
                client_id: row[3].text().to_owned(),
                line: AuditLine::of_row(&row[4..]),
            });
            Ok(())
        })
    }

    /// The first transaction at or after a moment; one past the last when there is none.
    fn first_tx_at(&self, moment: Moment) -> Result<i64, LedgerError> {
        let sql = format!(
            "SELECT seq FROM tx WHERE book = {} AND at >= {} ORDER BY at LIMIT 1",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut first = i64::MAX;
        let params = [Datum::Int(self.book().id), Datum::Int(moment.0)];
        self.store.query(&sql, &params, &mut |row| {
            first = row[0].int();
            Ok(())
        })?;
        Ok(first)
    }

    /// The row of a line as it must be and as it is; `None` when they are equal.
    pub(crate) fn audit_row_differs(
        &self,
        tx: i64,
        ord: u32,
        body: &str,
    ) -> Result<Option<(String, String)>, LedgerError> {
        let wanted = shown(&AuditLine::read(body)?.row());
        let sql = format!(
            "SELECT {COLUMNS} FROM audit WHERE book = {} AND tx = {} AND ord = {}",
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3)
        );
        let mut found = None;
        let params = [
            Datum::Int(self.book().id),
            Datum::Int(tx),
            Datum::Int(ord.into()),
        ];
        self.store.query(&sql, &params, &mut |row| {
            let values: Vec<Value> = row.iter().map(|datum| datum.value()).collect();
            found = Some(shown(&values));
            Ok(())
        })?;
        let found = found.unwrap_or_else(|| "no such row".to_owned());
        Ok((found != wanted).then_some((found, wanted)))
    }

    /// How many rows the audit has.
    pub(crate) fn audit_rows(&self) -> Result<u64, LedgerError> {
        let sql = format!(
            "SELECT COUNT(*) FROM audit WHERE book = {}",
            self.placeholder(1)
        );
        let mut count = 0;
        self.store
            .query(&sql, &[Datum::Int(self.book().id)], &mut |row| {
                count = row[0].int();
                Ok(())
            })?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

/// A row derived from a body again.
pub(crate) fn derive(reader: &Reader, tx: i64, ord: u32, body: &str) -> Result<(), LedgerError> {
    insert(reader, tx, ord, &AuditLine::read(body)?)
}

fn insert(reader: &Reader, tx: i64, ord: u32, line: &AuditLine) -> Result<(), LedgerError> {
    let values = line.row();
    let mut row = vec![
        Datum::Int(reader.book().id),
        Datum::Int(tx),
        Datum::Int(ord.into()),
    ];
    row.extend(values.iter().map(Datum::of));
    reader
        .store
        .execute(&reader.state.registers.statements.audit, &row)?;
    Ok(())
}

/// The statement that writes a row.
pub(crate) fn columns() -> String {
    format!("book, tx, ord, {COLUMNS}")
}

fn shown(values: &[Value]) -> String {
    let parts: Vec<String> = values.iter().map(ToString::to_string).collect();
    parts.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let bare = AuditLine {
            deed: "init".to_owned(),
            actor: "root".to_owned(),
            ..AuditLine::default()
        };
        assert_eq!(
            bare.body(),
            r#"{"op":"audit","deed":"init","actor":"root"}"#
        );
        let full = AuditLine {
            why: Some("信访“核查”".to_owned()),
            account: Some(7),
            role: Some("clerk".to_owned()),
            register: Some("person".to_owned()),
            record: Some(12),
            division: Some(511_729_102_200),
            field: Some("id_number,phone".to_owned()),
            outcome: Outcome::Refused,
            address: Some("10.0.0.7".to_owned()),
            ..bare.clone()
        };
        for line in [bare, full] {
            assert_eq!(AuditLine::read(&line.body()).expect("read"), line);
        }
    }

    #[test]
    fn what_a_deed_spoke_of_is_named_as_nearly_as_one_word_can() {
        let one = Told::Nothing.of(2, 12, 0);
        assert_eq!(one.of(2, 12, 9), Told::One(2, 12, 9));
        assert_eq!(one.of(2, 13, 9), Told::Register(2));
        assert_eq!(one.of(3, 14, 9), Told::Many);
        assert_eq!(Told::Register(2).of(2, 14, 0), Told::Register(2));
    }
}
