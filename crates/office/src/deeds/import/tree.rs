//! Places out of workbooks: those that a list of places makes, and those proposed where no list is known. Refuses to
//! know how a table is read.

use crate::places::{Place, Places, squeeze};
use crate::words::say;
use documents::sheet::{CellAt, Table};
use ledger::{Draft, LedgerError, NewFact, layout};
use pack::CheckedPack;
use pack::declare::{Makes, SheetDecl};
use std::collections::BTreeMap;
use vocabulary::{Date, DivisionId, Finding, FindingClass, Value};

/// Places under one other are numbered with three digits after its own.
const UNDER: i64 = 1_000;

/// A place as a source says it is.
struct New<'a> {
    id: DivisionId,
    name: &'a str,
    level: &'a str,
    parent: DivisionId,
    /// Other names, one a line.
    also: Option<String>,
}

impl New<'_> {
    /// Tells the ledger, unless it knows.
    fn tell(
        &self,
        draft: &mut Draft<'_>,
        source: Option<(u16, Date, CellAt)>,
    ) -> Result<(), LedgerError> {
        let register = draft.reader().register_index(layout::DIVISIONS)?;
        let declared = draft.reader().registers()[register].clone();
        let at = |name: &str| {
            declared
                .field_index(name)
                .expect("the ledger's own register has it")
        };
        let mut values = vec![
            (at("name"), Value::from(self.name)),
            (at("level"), Value::from(self.level)),
            (at("parent"), Value::Int(self.parent)),
        ];
        if let Some(also) = &self.also {
            values.push((at("aliases"), Value::from(also.as_str())));
        }
        let slice = draft
            .reader()
            .slice_at(layout::DIVISIONS, self.id, Date::LAST, None)?;
        let known = |(at, value): &(usize, Value)| {
            let slice = slice.as_ref();
            slice.is_some_and(|slice| slice.values.get(*at) == Some(value))
        };
        if values.iter().all(known) {
            return Ok(());
        }
        let mut fact = NewFact::new(register, self.id, self.id);
        fact.values = values;
        if let Some((source, as_of, cell)) = source {
            fact.as_of = as_of;
            fact.source = Some((source, cell.row));
        }
        draft.assert(fact)?;
        Ok(())
    }
}

/// Makes the places that the rows of a list name; says which rows cannot be places.
pub(super) fn make(
    draft: &mut Draft<'_>,
    pack: &CheckedPack,
    makes: &Makes,
    table: &Table,
    places: &mut Places,
    (source, as_of): (u16, Date),
) -> Result<Vec<Finding>, LedgerError> {
    let book = draft.reader().book().id;
    let depth = |name: &str| pack.levels.iter().position(|level| level.name == name);
    let above_level = depth(&makes.level)
        .and_then(|depth| depth.checked_sub(1))
        .map_or(String::new(), |depth| pack.levels[depth].name.clone());
    let mut parents: BTreeMap<DivisionId, Option<DivisionId>> = draft
        .reader()
        .divisions()?
        .into_iter()
        .map(|division| (division.id, division.parent))
        .collect();
    let mut findings = Vec::new();
    for row in table.rows.iter() {
        let read = |column: usize| &row.values[column];
        let text = |column: Option<usize>| Some(squeeze(read(column?).value.as_text()?));
        let Some(name) = text(Some(makes.name)) else {
            continue;
        };
        let cell = read(makes.name).cell;
        let parent = match text(makes.above) {
            None => book,
            Some(above) => match places.find(&above) {
                Ok(id) => id,
                Err(_) => {
                    let Some(id) = number_under(book, &parents) else {
                        continue;
                    };
                    let place = New {
                        id,
                        name: &above,
                        level: &above_level,
                        parent: book,
                        also: None,
                    };
                    let cell = makes.above.map_or(cell, |column| read(column).cell);
                    place.tell(draft, Some((source, as_of, cell)))?;
                    parents.insert(id, Some(book));
                    places.add(&Place {
                        id,
                        name: above,
                        level: above_level.clone(),
                    });
                    id
                }
            },
        };
        let coded = text(makes.code).and_then(|text| super::layer::code(&text));
        let known = places.find(&name).ok().filter(|id| *id != book);
        if let Some(other) = known.and_then(|id| parents.get(&id).copied().flatten())
            && makes.above.is_some()
            && other != parent
            && other != book
        {
            let (this, there) = (places.name(parent), places.name(other));
            let params = [
                ("name", name.as_str()),
                ("this", this.unwrap_or_default()),
                ("other", there.unwrap_or_default()),
            ];
            let mut finding = say("I125", FindingClass::Rejected, &params);
            finding.cell = Some(cell.to_string());
            finding.cells = vec![cell.to_string()];
            findings.push(finding);
            continue;
        }
        let Some(id) = known.or(coded).or_else(|| number_under(parent, &parents)) else {
            continue;
        };
        let also = text(makes.also).map(|also| {
            let between = crate::words::word("word.between", &[]);
            let names = also.split(|c: char| c == '\n' || between.contains(c));
            let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
            names.join("\n")
        });
        for other in also.iter().flat_map(|also| also.lines()) {
            places.also(other, id);
        }
        let place = New {
            id,
            name: &name,
            level: &makes.level,
            parent,
            also,
        };
        place.tell(draft, Some((source, as_of, cell)))?;
        parents.insert(id, Some(parent));
        let above = places.name(parent).filter(|_| parent != book);
        if let Some(above) = above.map(str::to_owned) {
            places.under(&name, &above, id);
        }
        places.add(&Place {
            id,
            name,
            level: makes.level.clone(),
        });
    }
    draft.flush()?;
    Ok(findings)
}

/// The next number under a place: three digits after its own; none when they are used up.
fn number_under(
    parent: DivisionId,
    known: &BTreeMap<DivisionId, Option<DivisionId>>,
) -> Option<DivisionId> {
    let first = parent.checked_mul(UNDER)?;
    let last = first.checked_add(UNDER - 1)?;
    let used = known.range(first..=last).next_back();
    let next = used.map_or(first + 1, |(id, _)| id + 1);
    (next <= last).then_some(next)
}

/// The level below the first whose ending a name carries, the longest first; else the second.
fn level_by_ending<'a>(pack: &'a CheckedPack, name: &str) -> &'a str {
    let below = pack.levels.iter().skip(1);
    let carried = |level: &pack::declare::DivisionLevel| {
        let endings = level
            .endings
            .iter()
            .filter(|ending| name.ends_with(ending.as_str()));
        endings.map(|ending| ending.chars().count()).max()
    };
    let longest = below
        .clone()
        .filter_map(|level| Some((carried(level)?, level)))
        // Of two as long, the upper: `max_by_key` would take the lower.
        .rev()
        .max_by_key(|(length, _)| *length);
    longest
        .map(|(_, level)| level)
        .or_else(|| below.clone().next())
        .map_or("", |level| level.name.as_str())
}

/// Without any list of places, the places that a table names are proposed: they get numbers of the range that
/// GB/T 10114 leaves free (village part 900 and above) until the real codes come.
pub(super) fn propose(
    draft: &mut Draft<'_>,
    pack: &CheckedPack,
    sheet: &SheetDecl,
    table: &Table,
    places: &mut Places,
) -> Result<Option<Finding>, LedgerError> {
    let column = sheet
        .place
        .as_ref()
        .and_then(|name| sheet.columns.iter().position(|c| c.name == *name));
    let book = draft.reader().book().id;
    let (Some(column), Some(mut next)) = (column, places.next_proposed(book)) else {
        return Ok(None);
    };
    if pack.levels.len() < 2 {
        return Ok(None);
    }
    let mut proposed: Vec<(DivisionId, String, &str)> = Vec::new();
    for row in table.rows.iter() {
        if let Some(name) = row.values[column].value.as_text() {
            let name = squeeze(name);
            if places.find(&name).is_err() {
                let level = level_by_ending(pack, &name);
                places.add(&Place {
                    id: next,
                    name: name.clone(),
                    level: level.to_owned(),
                });
                proposed.push((next, name, level));
                next += 1;
            }
        }
    }
    if proposed.is_empty() {
        return Ok(None);
    }
    for (id, name, level) in &proposed {
        let place = New {
            id: *id,
            name,
            level,
            parent: book,
            also: None,
        };
        place.tell(draft, None)?;
    }
    draft.flush()?;
    let count = proposed.len().to_string();
    let comma = crate::words::word("word.comma", &[]);
    let shown: Vec<&str> = proposed
        .iter()
        .take(6)
        .map(|(_, name, _)| name.as_str())
        .collect();
    let params = [("count", count.as_str()), ("names", &shown.join(&comma))];
    Ok(Some(say("I113", FindingClass::Notice, &params)))
}
