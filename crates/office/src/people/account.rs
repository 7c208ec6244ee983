//! Accounts and the roles they have been granted, as the book has them. Nothing is decided here.

use ledger::{Draft, LedgerError, NewFact, Reader, Said, Slice, layout};
use vocabulary::{Date, DivisionId, Moment, RecordId, Value};

/// Whether an account may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// It may.
    Active,
    /// Somebody has locked it.
    Locked,
}

impl AccountState {
    /// As it is kept.
    pub fn word(self) -> &'static str {
        match self {
            AccountState::Active => "active",
            AccountState::Locked => "locked",
        }
    }
}

/// An account: somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its record.
    pub record: RecordId,
    /// The name it signs in with, of its own in the book.
    pub name: String,
    /// What the person is called; empty when erased.
    pub display: String,
    /// Whether it may sign in.
    pub state: AccountState,
    /// The password must be changed before anything else.
    pub must_change: bool,
    /// When the password was chosen; `None` when there is none yet.
    pub changed: Option<Moment>,
    /// Until when a one-time link is open.
    pub link_until: Option<Moment>,
}

/// A role that an account has been granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its record.
    pub record: RecordId,
    /// The account.
    pub account: RecordId,
    /// The role.
    pub role: String,
    /// Where, with everything below it.
    pub division: DivisionId,
    /// From this day.
    pub from: Date,
    /// Up to this day, which is the first without it; [`Date::FOREVER`] is open.
    pub to: Date,
    /// Who granted it.
    pub by: String,
}

impl Grant {
    /// Whether it holds at a day.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day < self.to
    }
}

/// How a sign-in name is looked up: without blanks around it, in small letters.
pub(crate) fn plain_name(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The account of this name.
pub(crate) fn named(reader: &Reader, name: &str) -> Result<Option<Account>, LedgerError> {
    let found = reader.find(layout::ACCOUNTS, "name", &Value::text(plain_name(name)))?;
    found
        .first()
        .map_or(Ok(None), |record| numbered(reader, *record))
}

/// The account whose one-time link this is the hash of.
pub(crate) fn linked(reader: &Reader, hash: &str) -> Result<Option<Account>, LedgerError> {
    let found = reader.find(layout::ACCOUNTS, "link", &Value::text(hash))?;
    found
        .first()
        .map_or(Ok(None), |record| numbered(reader, *record))
}

/// The account of this number.
pub(crate) fn numbered(reader: &Reader, record: RecordId) -> Result<Option<Account>, LedgerError> {
    let slice = reader.slices(layout::ACCOUNTS, record, None)?.pop();
    slice.map_or(Ok(None), |slice| account(reader, record, &slice).map(Some))
}

/// All accounts, in order of their numbers.
pub(crate) fn all(reader: &Reader) -> Result<Vec<Account>, LedgerError> {
    reader
        .all(layout::ACCOUNTS)?
        .map(|(record, slice)| account(reader, record, &slice))
        .collect()
}

fn account(reader: &Reader, record: RecordId, slice: &Slice) -> Result<Account, LedgerError> {
    let at = |field: &str| field_of(reader, layout::ACCOUNTS, field);
    let text = |field: &str| -> Result<String, LedgerError> {
        let value = slice.values[at(field)?].as_text();
        Ok(value.unwrap_or_default().to_owned())
    };
    let int =
        |field: &str| -> Result<Option<i64>, LedgerError> { Ok(slice.values[at(field)?].as_int()) };
    let state = text("state")?;
    Ok(Account {
        record,
        name: text("name")?,
        display: text("display")?,
        state: if state == AccountState::Active.word() {
            AccountState::Active
        } else {
            AccountState::Locked
        },
        must_change: int("must_change")? == Some(1),
        changed: int("changed")?.map(Moment),
        link_until: int("link_until")?.map(Moment),
    })
}

/// The position of a field of one of the ledger's own registers.
pub(crate) fn field_of(reader: &Reader, register: &str, field: &str) -> Result<usize, LedgerError> {
    let decl = &reader.registers()[reader.register_index(register)?];
    let at = decl.fields.iter().position(|one| one.name == field);
    at.ok_or_else(|| LedgerError::NoField {
        register: register.to_owned(),
        field: field.to_owned(),
    })
}

/// A field of an account that lies sealed; no table shows it.
pub(crate) fn sealed(
    reader: &Reader,
    account: RecordId,
    field: &str,
) -> Result<Option<String>, LedgerError> {
    let at = field_of(reader, layout::ACCOUNTS, field)?;
    let facts = reader.assertions(layout::ACCOUNTS, account)?;
    let said = facts
        .iter()
        .rev()
        .filter(|fact| !fact.withdrawn)
        .flat_map(|fact| &fact.set)
        .find(|(field, _)| *field == at);
    match said {
        Some((_, Said::Value(Value::Text(text)))) => Ok(Some(text.clone())),
        _ => Ok(None),
    }
}

/// Says something of an account; what was said of the same fields before is followed.
pub(crate) fn say_of(
    draft: &mut Draft<'_>,
    account: RecordId,
    set: &[(&str, Value)],
) -> Result<(), LedgerError> {
    let reader = draft.reader();
    let mut fact = NewFact::new(
        reader.register_index(layout::ACCOUNTS)?,
        account,
        reader.book().id,
    );
    for (field, value) in set {
        let at = field_of(reader, layout::ACCOUNTS, field)?;
        fact.values.push((at, value.clone()));
    }
    draft.assert(fact)?;
    draft.flush()
}

/// Everything an account was ever granted and not before its beginning taken away, in order of writing.
pub(crate) fn grants(reader: &Reader, account: RecordId) -> Result<Vec<Grant>, LedgerError> {
    let found = reader.find(layout::ACCOUNT_ROLES, "account", &Value::Int(account))?;
    let mut grants = Vec::new();
    for record in found {
        for slice in reader.slices(layout::ACCOUNT_ROLES, record, None)? {
            grants.push(grant(reader, record, &slice)?);
        }
    }
    Ok(grants)
}

/// Whether anybody was ever granted anything.
pub(crate) fn anybody(reader: &Reader) -> Result<bool, LedgerError> {
    let mut any = false;
    reader.each(layout::ACCOUNT_ROLES, &mut |_, _| any = true)?;
    Ok(any)
}

fn grant(reader: &Reader, record: RecordId, slice: &Slice) -> Result<Grant, LedgerError> {
    let at = |field: &str| field_of(reader, layout::ACCOUNT_ROLES, field);
    let text = |field: &str| -> Result<String, LedgerError> {
        let value = slice.values[at(field)?].as_text();
        Ok(value.unwrap_or_default().to_owned())
    };
    Ok(Grant {
        record,
        account: slice.values[at("account")?].as_int().unwrap_or(0),
        role: text("role")?,
        division: slice.division,
        from: slice.from,
        to: slice.to,
        by: text("by")?,
    })
}
