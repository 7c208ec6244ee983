//! A register as the ledger uses it: names of tables and columns, statements, and what each field needs.
//! Worked out once per pack version; knows no rows.

use crate::built_in;
use crate::error::LedgerError;
use crate::layout;
use crate::search::table::{Sought, sought};
use crate::statements::Statements;
use crate::store::Dialect;
use pack::CheckedPack;
use pack::declare::{KeyPart, RegisterDecl};
use std::collections::HashMap;
use std::fmt::Write;
use vocabulary::FieldType;

/// Whose key seals a register's personal fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The record itself.
    Own,
    /// The record that this reference field names.
    Field(usize),
    /// A finding: the subject of the record it is about.
    About(usize),
}

/// What folding needs to know of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    /// One truth for ever.
    pub(crate) constant: bool,
    /// Agreement of dates is by the days they may be.
    pub(crate) date: bool,
    /// Sealed in bodies.
    pub(crate) sealed: bool,
    /// Sealed everywhere.
    pub(crate) secret: bool,
    /// Stored as an integer.
    pub(crate) integer: bool,
}

/// A register, worked out.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) decl: RegisterDecl,
    pub(crate) rules: Vec<Rule>,
    pub(crate) columns: Vec<String>,
    pub(crate) subject: Subject,
    pub(crate) current: String,
    pub(crate) history: String,
    pub(crate) insert_current: String,
    pub(crate) insert_history: String,
    /// `record, division, vfrom, vto, tx, ord, f_…` for a SELECT.
    pub(crate) selected: String,
    /// How each field is looked for.
    pub(crate) sought: Vec<Sought>,
    names: HashMap<String, usize>,
    indexed: Vec<usize>,
}

/// Columns of a current row before its fields: book, record, division, vfrom, vto, tx, ord.
pub(crate) const FIXED: usize = 7;

impl Plan {
    fn new(decl: RegisterDecl, own: bool, dialect: Dialect) -> Plan {
        let rules: Vec<Rule> = decl
            .fields
            .iter()
            .map(|field| Rule {
                constant: field.constant,
                date: field.kind == FieldType::Date,
                sealed: field.personal || field.secret,
                secret: field.secret,
                integer: field.kind.is_integer() && !field.secret,
            })
            .collect();
        let columns: Vec<String> = decl
            .fields
            .iter()
            .map(|f| {
                if f.secret {
                    layout::secret_column(&f.name)
                } else {
                    layout::column(&f.name)
                }
            })
            .collect();
        let mut names = HashMap::new();
        for (index, field) in decl.fields.iter().enumerate() {
            for was in &field.was {
                names.insert(was.clone(), index);
            }
        }
        for (index, field) in decl.fields.iter().enumerate() {
            names.insert(field.name.clone(), index);
        }
        let subject = if decl.name == layout::FINDINGS {
            names
                .get(built_in::FINDING_ABOUT)
                .map_or(Subject::Own, |index| Subject::About(*index))
        } else {
            let field = decl.subject.as_ref().and_then(|name| names.get(name));
            field.map_or(Subject::Own, |index| Subject::Field(*index))
        };
        let (current, history) = (layout::current(&decl.name), layout::history(&decl.name));
        let mut selected = format!(
            "{}, {}, {}, {}, {}, {}",
            layout::RECORD,
            layout::DIVISION,
            layout::VALID_FROM,
            layout::VALID_TO,
            layout::TX,
            layout::ORD
        );
        for column in &columns {
            let _ = write!(selected, ", {column}");
        }
        let width = FIXED + columns.len();
        let insert_current = format!(
            "INSERT INTO {current} ({}, {selected}) VALUES ({})",
            layout::BOOK,
            dialect.placeholders(width)
        );
        let insert_history = format!(
            "INSERT INTO {history} ({}, {selected}, {}) VALUES ({})",
            layout::BOOK,
            layout::TX_TO,
            dialect.placeholders(width + 1)
        );
        let indexed = indexed(&decl);
        let sought = sought(&decl, own);
        Plan {
            decl,
            rules,
            columns,
            subject,
            current,
            history,
            insert_current,
            insert_history,
            selected,
            sought,
            names,
            indexed,
        }
    }

    /// The field of this name, present or former.
    pub(crate) fn field(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The field of this name, or an error that says so.
    pub(crate) fn need(&self, name: &str) -> Result<usize, LedgerError> {
        self.field(name).ok_or_else(|| LedgerError::NoField {
            register: self.decl.name.clone(),
            field: name.to_owned(),
        })
    }

    /// Whether anybody looks for its records by what they say.
    pub(crate) fn is_sought(&self) -> bool {
        self.sought.iter().any(|sought| *sought != Sought::Not)
    }

    /// Everything that rows of the register depend on: equal shapes need no rebuilding.
    pub(crate) fn shape(&self) -> String {
        let mut shape = self.decl.name.clone();
        for (index, column) in self.columns.iter().enumerate() {
            let _ = write!(shape, "|{column}:{:?}", self.rules[index]);
        }
        let _ = write!(shape, "|{:?}|{:?}", self.indexed, self.sought);
        shape
    }

    /// The statements that make the register's tables and their indexes.
    pub(crate) fn create(&self, dialect: Dialect) -> String {
        format!("{}{}", self.tables(dialect), self.indexes())
    }

    /// The statements that make the register's tables alone.
    pub(crate) fn tables(&self, dialect: Dialect) -> String {
        let (int, text) = (dialect.integer(), dialect.text());
        let mut columns = format!(
            "{} {int} NOT NULL, {} {int} NOT NULL, {} {int} NOT NULL, {} {int} NOT NULL, {} {int} NOT NULL, \
             {} {int} NOT NULL, {} {int} NOT NULL",
            layout::BOOK,
            layout::RECORD,
            layout::DIVISION,
            layout::VALID_FROM,
            layout::VALID_TO,
            layout::TX,
            layout::ORD
        );
        for (column, rule) in self.columns.iter().zip(&self.rules) {
            let _ = write!(
                columns,
                ", {column} {}",
                if rule.integer { int } else { text }
            );
        }
        let (current, history, clustered) = (&self.current, &self.history, dialect.clustered());
        let key = format!(
            "{}, {}, {}",
            layout::BOOK,
            layout::RECORD,
            layout::VALID_FROM
        );
        // Half-open: an empty span says nothing.
        let span = format!("CHECK ({} < {})", layout::VALID_FROM, layout::VALID_TO);
        format!(
            "CREATE TABLE {current} ({columns}, PRIMARY KEY ({key}), {span}){clustered};\n\
             CREATE TABLE {history} ({columns}, {} {int} NOT NULL, PRIMARY KEY ({key}, {}), {span}){clustered};\n",
            layout::TX_TO,
            layout::TX
        )
    }

    /// The statements that make the indexes of its current rows: after the rows, when many are written at once.
    pub(crate) fn indexes(&self) -> String {
        let mut sql = String::new();
        for index in &self.indexed {
            let column = &self.columns[*index];
            let _ = writeln!(
                sql,
                "CREATE INDEX i_{}_{column} ON {} ({}, {column});",
                self.decl.name,
                self.current,
                layout::BOOK
            );
        }
        sql
    }

    /// The statements that remove the register's tables.
    pub(crate) fn drop(&self) -> String {
        format!("DROP TABLE {}; DROP TABLE {};", self.current, self.history)
    }
}

/// Fields looked up by value: what identifies, and every reference. An index costs each row of an import.
fn indexed(decl: &RegisterDecl) -> Vec<usize> {
    let mut wanted: Vec<&str> = Vec::new();
    if let Some(identity) = &decl.identity {
        wanted.extend(identity.sure.as_deref());
        wanted.push(&identity.name);
    }
    // Of a key the first field alone is looked up by; the others narrow what it finds.
    for key in &decl.keys {
        let first = key.iter().find_map(|part| match part {
            KeyPart::Field(name) => Some(name.as_str()),
            _ => None,
        });
        wanted.extend(first);
    }
    let fields = decl.fields.iter().enumerate();
    let chosen = fields.filter(|(_, field)| {
        matches!(field.kind, FieldType::Reference(_))
            || wanted.contains(&field.name.as_str())
            || built_in::INDEXED.contains(&(decl.name.as_str(), field.name.as_str()))
    });
    chosen.map(|(index, _)| index).collect()
}

/// All registers of a book: the pack's in order, then the ledger's own.
#[derive(Debug)]
pub(crate) struct Registers {
    pub(crate) plans: Vec<Plan>,
    pub(crate) decls: Vec<RegisterDecl>,
    by_name: HashMap<String, usize>,
    /// The position of the register of places.
    pub(crate) division: usize,
    /// The position of the register of findings.
    pub(crate) finding: usize,
    /// What every deed says to the store.
    pub(crate) statements: Statements,
}

impl Registers {
    /// Those of a book whose pack is not written yet.
    pub(crate) fn none(dialect: Dialect) -> Registers {
        Registers {
            plans: Vec::new(),
            decls: Vec::new(),
            by_name: HashMap::new(),
            division: 0,
            finding: 1,
            statements: Statements::new(dialect),
        }
    }

    /// Works out a pack's registers; a pack may not take the ledger's own names.
    pub(crate) fn new(pack: &CheckedPack, dialect: Dialect) -> Result<Registers, LedgerError> {
        let own = built_in::registers();
        for register in &pack.registers {
            if own.iter().any(|decl| decl.name == register.name) {
                return Err(LedgerError::OwnRegister(register.name.clone()));
            }
        }
        let decls: Vec<RegisterDecl> = pack.registers.iter().cloned().chain(own).collect();
        let mut by_name = HashMap::new();
        for (index, decl) in decls.iter().enumerate() {
            for was in &decl.was {
                by_name.insert(was.clone(), index);
            }
        }
        for (index, decl) in decls.iter().enumerate() {
            by_name.insert(decl.name.clone(), index);
        }
        let plans: Vec<Plan> = decls
            .iter()
            .enumerate()
            .map(|(at, decl)| Plan::new(decl.clone(), at >= pack.registers.len(), dialect))
            .collect();
        let division = pack.registers.len();
        Ok(Registers {
            plans,
            decls,
            by_name,
            division,
            finding: division + 1,
            statements: Statements::new(dialect),
        })
    }

    /// The register of this name, present or former.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The register of this name, or an error that says so.
    pub(crate) fn need(&self, name: &str) -> Result<&Plan, LedgerError> {
        let index = self
            .index(name)
            .ok_or_else(|| LedgerError::NoRegister(name.to_owned()))?;
        Ok(&self.plans[index])
    }
}
