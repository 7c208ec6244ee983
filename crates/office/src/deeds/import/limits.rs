//! What of a table lies within the sight of who imports it: its registers, and the places of its rows. The rest is
//! refused row by row, so that nobody writes where they may not look.

use crate::policy::Sight;
use crate::words::say;
use ledger::intake::{Roster, Row};
use ledger::{LedgerError, Reader};
use pack::CheckedPack;
use pack::declare::SheetDecl;
use std::collections::{BTreeSet, HashMap};
use vocabulary::{DivisionId, Finding, FindingClass};

/// Why a sheet is not for the asker at all: a register that is not seen, or a list of places for the whole book.
pub(super) fn refused(sight: &Sight, pack: &CheckedPack, sheet: &SheetDecl) -> Option<Finding> {
    let hidden = sheet
        .rows
        .iter()
        .find(|emit| !sight.sees_register(&emit.register));
    if let Some(emit) = hidden {
        let register = pack.register(&emit.register);
        let title = register.map_or(&emit.register, |register| &register.title);
        let params = [("form", sheet.title.as_str()), ("register", title)];
        return Some(say("I138", FindingClass::Rejected, &params));
    }
    let makes = sheet.makes.is_some() && !sight.sees_all_divisions();
    makes.then(|| say("I139", FindingClass::Rejected, &[]))
}

/// The division of rows that name none: where the asker acts, if that is one place.
pub(super) fn home(sight: &Sight, book: DivisionId) -> DivisionId {
    match sight.divisions() {
        [only] => *only,
        _ => book,
    }
}

/// Leaves the rows that lie within sight; a finding for each of the others.
pub(super) fn within(
    reader: &Reader,
    sight: &Sight,
    rows: &mut Vec<Row>,
    divisions: &mut BTreeSet<DivisionId>,
) -> Result<Vec<Finding>, LedgerError> {
    if sight.sees_all_divisions() {
        return Ok(Vec::new());
    }
    let mut seen: HashMap<DivisionId, bool> = HashMap::new();
    let written = rows.iter().flat_map(|row| &row.mentions);
    let named = written.map(|mention| mention.division);
    for division in named.chain(divisions.iter().copied()) {
        if let std::collections::hash_map::Entry::Vacant(entry) = seen.entry(division) {
            entry.insert(sight.sees_division(reader, None, division)?);
        }
    }
    let is_seen = |division: DivisionId| seen.get(&division) == Some(&true);
    divisions.retain(|division| is_seen(*division));
    let names: HashMap<DivisionId, String> = reader
        .divisions()?
        .into_iter()
        .map(|d| (d.id, d.name))
        .collect();
    let mut findings = Vec::new();
    rows.retain(|row| {
        let written = row.mentions.iter().filter(|mention| mention.link.is_none());
        let outside = written
            .map(|mention| mention.division)
            .find(|division| !is_seen(*division));
        if let Some(outside) = outside {
            let place = names.get(&outside).cloned();
            let place = place.unwrap_or_else(|| outside.to_string());
            let mut finding = say("I140", FindingClass::Rejected, &[("place", &place)]);
            finding.cell = Some(format!("A{}", row.at.number));
            findings.push(finding);
        }
        outside.is_none()
    });
    Ok(findings)
}

/// A roster is complete for what its importer may see, and ends nobody beyond that.
pub(super) fn roster(
    reader: &Reader,
    sight: &Sight,
    roster: Option<Roster>,
) -> Result<Option<Roster>, LedgerError> {
    if sight.sees_all_divisions() {
        return Ok(roster);
    }
    let Some(mut roster) = roster else {
        return Ok(None);
    };
    if roster.divisions.is_empty() {
        roster.divisions = reader.divisions()?.iter().map(|d| d.id).collect();
    }
    let mut seen = Vec::with_capacity(roster.divisions.len());
    for division in roster.divisions {
        if sight.sees_division(reader, None, division)? {
            seen.push(division);
        }
    }
    roster.divisions = seen;
    // Complete for no place: it ends nobody.
    Ok(Some(roster).filter(|roster| !roster.divisions.is_empty()))
}
