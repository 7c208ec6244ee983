//! What somebody may see, made once from the pack and who asks. From it come both the decision for one row in hand and
//! the limits that figures and lists put into their statements. Refuses to know what a deed does with what it sees.

use crate::actor::Actor;
use crate::words::word;
use ::pack::CheckedPack;
use ::pack::declare::{Field, RegisterDecl};
use ::pack::expr::Expr;
use ledger::{Drawn, LedgerError, Reader, Slice, layout};
use std::collections::BTreeSet;
use vocabulary::{DivisionId, FieldType, RecordId, Value};

/// The book's own registers that every role sees that sees all: the others name people who use the book.
const OWN: [&str; 3] = [layout::DIVISIONS, layout::FINDINGS, layout::COLUMN_CHOICES];

/// What somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sight {
    /// `None`: all.
    registers: Option<BTreeSet<String>>,
    /// Each with what lies below it; empty: the whole book.
    divisions: Vec<DivisionId>,
    /// Personal fields are open.
    personal: bool,
    /// Fields that the role does not see at all, by register.
    hidden: BTreeSet<(String, String)>,
}

impl Sight {
    /// Of an actor under a pack. A role that the pack does not declare sees nothing.
    pub(crate) fn of(pack: &CheckedPack, actor: &Actor) -> Sight {
        let divisions = actor.scope.clone();
        let Some(role) = &actor.role else {
            return Sight {
                registers: None,
                divisions,
                personal: true,
                hidden: BTreeSet::new(),
            };
        };
        let declared = pack.roles.iter().find(|declared| declared.name == *role);
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut hidden = BTreeSet::new();
        if let Some(role) = declared {
            for register in pack.registers.iter().filter(|one| role.sees(one)) {
                seen.insert(register.name.clone());
                let fields = register.fields.iter().map(|field| &field.name);
                let fields = fields.filter(|field| !role.shows(&register.name, field));
                hidden.extend(fields.map(|field| (register.name.clone(), field.clone())));
            }
            // The ledger's own: with all others, or by name.
            let own = role.registers.iter().filter(|name| *name != "*");
            seen.extend(own.cloned());
            if role.registers.iter().any(|name| name == "*") {
                seen.extend(OWN.map(str::to_owned));
            }
        }
        if !seen.is_empty() {
            // Places are what every other register speaks of.
            seen.insert(layout::DIVISIONS.to_owned());
        }
        Sight {
            registers: Some(seen),
            divisions,
            personal: declared.is_some_and(|role| role.personal),
            hidden,
        }
    }

    /// Whether every register is seen, without looking further.
    pub(crate) fn sees_all_registers(&self) -> bool {
        self.registers.is_none()
    }

    /// Whether every register of the pack is seen, in the whole book.
    pub(crate) fn sees_whole(&self, pack: &CheckedPack) -> bool {
        let mut registers = pack.registers.iter();
        self.divisions.is_empty() && registers.all(|register| self.sees_register(&register.name))
    }

    /// Whether a register is seen.
    pub(crate) fn sees_register(&self, name: &str) -> bool {
        self.registers
            .as_ref()
            .is_none_or(|seen| seen.contains(name))
    }

    /// The divisions that are seen, each with what lies below it; empty: all.
    pub(crate) fn divisions(&self) -> &[DivisionId] {
        &self.divisions
    }

    /// Whether the whole book is seen.
    pub(crate) fn sees_all_divisions(&self) -> bool {
        self.divisions.is_empty()
    }

    /// Whether a division is seen, in the tree of today or in another.
    pub(crate) fn sees_division(
        &self,
        reader: &Reader,
        drawn: Option<&Drawn>,
        division: DivisionId,
    ) -> Result<bool, LedgerError> {
        for above in &self.divisions {
            let inside = match drawn {
                Some(drawn) => drawn.lies_in(division, *above),
                None => reader.lies_in(division, *above)?,
            };
            if inside {
                return Ok(true);
            }
        }
        Ok(self.divisions.is_empty())
    }

    /// Whether a record is seen as it is by present knowledge: its register, and every place where it is or was last.
    pub(crate) fn sees_record(
        &self,
        reader: &Reader,
        register: &str,
        record: RecordId,
    ) -> Result<bool, LedgerError> {
        if !self.sees_register(register) {
            return Ok(false);
        }
        if self.sees_all_divisions() {
            return Ok(true);
        }
        self.sees_last(reader, &reader.slices(register, record, None)?)
    }

    /// Whether the last of a record's slices is seen. What is nowhere is seen by nobody with limits.
    pub(crate) fn sees_last(&self, reader: &Reader, slices: &[Slice]) -> Result<bool, LedgerError> {
        match slices.last() {
            Some(last) => self.sees_division(reader, None, last.division),
            None => Ok(self.sees_all_divisions()),
        }
    }

    /// Whether personal fields are open.
    pub(crate) fn is_open(&self) -> bool {
        self.personal
    }

    /// The same with personal fields closed: they are opened only on request.
    pub(crate) fn closed(self) -> Sight {
        Sight {
            personal: false,
            ..self
        }
    }

    /// Whether a field is not there for the role.
    pub(crate) fn hides(&self, register: &str, field: &str) -> bool {
        let is = |(r, f): &(String, String)| r == register && f == field;
        !self.hidden.is_empty() && self.hidden.iter().any(is)
    }

    /// Whether an expression over a register's records tells something that is not open.
    pub(crate) fn closes(&self, pack: &CheckedPack, register: &RegisterDecl, expr: &Expr) -> bool {
        let mut found = false;
        if self.personal && self.hidden.is_empty() {
            return found;
        }
        expr.walk(&mut |node| {
            if let Expr::Name(path) = node {
                found = found || self.is_closed(pack, register, path);
            }
        });
        found
    }

    /// Whether the field at the end of a path is not open. A path that leads nowhere is taken for one that is not.
    fn is_closed(&self, pack: &CheckedPack, register: &RegisterDecl, path: &[String]) -> bool {
        let mut register = Some(register);
        let mut closed = true;
        for step in path {
            let field = register.and_then(|register| register.field(step));
            closed = match (register, field) {
                (Some(register), Some(field)) => {
                    !self.shows(field) || self.hides(&register.name, &field.name)
                }
                _ => true,
            };
            register = match field.map(|field| &field.kind) {
                Some(FieldType::Reference(to)) => pack.register(to),
                _ => None,
            };
        }
        closed
    }

    /// Whether a field is shown as it is.
    pub(crate) fn shows(&self, field: &Field) -> bool {
        self.personal || !(field.personal || field.secret)
    }

    /// A label, or only how it begins when it tells something personal.
    pub(crate) fn label(&self, pack: &CheckedPack, register: &RegisterDecl, label: &str) -> String {
        if !self.closes(pack, register, &register.label.expr) {
            return label.to_owned();
        }
        masked(&FieldType::Text, label)
    }
}

/// As much of a value as tells two records apart and nobody who they are: how a name begins, both ends of a number.
pub(crate) fn masked(kind: &FieldType, text: &str) -> String {
    let count = text.chars().count();
    let ends = |front: usize, back: usize| {
        if count <= front + back {
            return "*".repeat(count);
        }
        let head: String = text.chars().take(front).collect();
        let tail: String = text.chars().skip(count - back).collect();
        format!("{head}{}{tail}", "*".repeat(count - front - back))
    };
    match kind {
        _ if text.is_empty() => String::new(),
        FieldType::IdNumber => ends(4, 4),
        FieldType::Phone => ends(3, 4),
        FieldType::Text => text.chars().take(1).chain("**".chars()).collect(),
        FieldType::Date => word("mask.date", &[("year", &ends_at_year(text))]),
        _ => word("mask.other", &[]),
    }
}

fn ends_at_year(text: &str) -> String {
    text.chars().take_while(char::is_ascii_digit).collect()
}

/// A value as it may be shown: as people write it, or masked. Null is shown as nothing.
pub(crate) fn as_seen(
    pack: &CheckedPack,
    sight: &Sight,
    field: &Field,
    value: &Value,
) -> (String, bool) {
    if value.is_null() {
        return (String::new(), false);
    }
    let whole = match (&field.kind, value) {
        (FieldType::IdNumber | FieldType::Phone, Value::Text(number)) => number.clone(),
        (kind, value) => crate::words::shown(pack, kind, value),
    };
    if sight.shows(field) {
        (whole, false)
    } else {
        (masked(&field.kind, &whole), true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_tells_nobody_who_it_is() {
        let check = |kind: FieldType, text: &str, expected: &str| {
            assert_eq!(masked(&kind, text), expected, "{kind:?}");
        };
        check(FieldType::Text, "张三丰", "张**");
        check(FieldType::Text, "", "");
        check(
            FieldType::IdNumber,
            "511729198507034321",
            "5117**********4321",
        );
        check(FieldType::IdNumber, "5117", "****");
        check(FieldType::Phone, "13812345678", "138****5678");
        check(FieldType::Date, "1985-07-03", "1985-**-**");
        check(FieldType::Money, "1200.5", "**");
    }
}
