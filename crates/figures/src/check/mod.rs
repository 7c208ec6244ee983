//! Checks: rules over records, over figures, and between two ways to the same numbers. Yields breaches as data;
//! refuses to word them.

mod figures; // rules between figures
mod groups; // rules over records that belong together
mod odd; // what a broken rule between figures points at
mod reconcile; // two ways to the same numbers
mod records; // rules over records

use crate::ask::{Ask, FigureId, FiguresError};
use crate::run::{Board, Key, resolve};
use crate::source::Source;
use pack::CheckedPack;
use pack::declare::CheckRule;
use pack::expr::Type;
use vocabulary::{DivisionId, RecordId, Value};

/// A broken check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The check's id.
    pub check: String,
    /// What its sentence names: `label`, operands, `key`, `left`, `right`, `count`, `sum`, `day`, fields.
    pub values: Vec<(String, String)>,
    /// The entries of the list that the check names.
    pub names: Vec<String>,
    /// The records to look at.
    pub records: Vec<BreachRecord>,
}

/// A record to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachRecord {
    /// The register.
    pub register: String,
    /// The record.
    pub record: RecordId,
    /// The field whose cell is meant; `None`: the record's first cell.
    pub field: Option<String>,
}

/// Every breach of a pack's checks, in the order of declaration.
pub(crate) fn breaches(
    pack: &CheckedPack,
    source: &dyn Source,
    limits: &[DivisionId],
    ask: &Ask,
) -> Result<Vec<Breach>, FiguresError> {
    let mut board = Board::new(pack, source, limits, ask)?;
    let mut keys = Vec::new();
    for check in &pack.checks {
        let CheckRule::Figures {
            operands, names, ..
        } = &check.rule
        else {
            continue;
        };
        for operand in operands {
            let resolved = resolve(pack, None, None, operand, ask.when())?;
            keys.extend(resolved.when.map(|when| Key {
                id: resolved.id,
                when,
            }));
        }
        if let Some(names) = names {
            keys.push(Key {
                id: FigureId::parse(names, pack)?,
                when: ask.when(),
            });
        }
    }
    board.fetch(&keys)?;
    let mut found = Vec::new();
    for check in &pack.checks {
        match &check.rule {
            CheckRule::Record {
                register,
                filter,
                must,
                fields,
            } => {
                let rule = records::Rule {
                    register,
                    filter: filter.as_ref(),
                    must,
                    fields,
                };
                found.extend(rule.breaches(&board, check)?);
            }
            CheckRule::Figures {
                operands,
                must,
                names,
            } => {
                found.extend(figures::breach(
                    &board,
                    check,
                    operands,
                    must,
                    names.as_deref(),
                )?);
            }
            CheckRule::Group {
                register,
                filter,
                by,
                sum,
                along,
                must,
                fields,
            } => {
                let rule = groups::Rule {
                    register,
                    filter: filter.as_ref(),
                    by,
                    sum: sum.as_ref(),
                    along: along.as_ref(),
                    must,
                    fields,
                };
                found.extend(rule.breaches(&board, check)?);
            }
            CheckRule::Reconcile { left, right } => {
                found.extend(reconcile::breaches(&board, check, left, right)?);
            }
        }
    }
    Ok(found)
}

/// A value as people read it: the title of a code, the name of a place.
fn told(board: &Board, value: &Value, kind: &Type) -> Result<String, FiguresError> {
    Ok(match (kind, value) {
        (Type::Code(list), Value::Text(code)) => {
            let found = board
                .pack
                .code_lists
                .get(list)
                .and_then(|list| list.code(code));
            found.map_or_else(|| code.clone(), |found| found.title.clone())
        }
        (Type::Division, Value::Int(division)) => board.places.name(*division)?,
        (Type::Date, Value::Int(day)) => i32::try_from(*day).map_or_else(
            |_| day.to_string(),
            |day| vocabulary::PartialDate::from_int(day).to_string(),
        ),
        (Type::Int { scale }, Value::Int(int)) => {
            crate::run::shown(vocabulary::Exact::new((*int).into(), (*scale).into()), None)
                .to_string()
        }
        (_, value) => value.to_string(),
    })
}
