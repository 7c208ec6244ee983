//! A layer of places into the division register.

use crate::places::{Place, Places};
use crate::words::say;
use documents::layer::{Feature, Layer};
use ledger::{Draft, LedgerError, NewFact, Source, WHOLE_ROW};
use pack::CheckedPack;
use pack::declare::DivisionLevel;
use vocabulary::{Date, DivisionId, Finding, FindingClass, Value};

/// A shape's unit is so much finer than a centre's.
const THOUSANDTHS: i64 = 1_000;

/// What became of a layer.
#[derive(Debug, Default)]
pub(super) struct LayerOutcome {
    pub(super) rows: u32,
    pub(super) new: u32,
    pub(super) changed: u32,
    pub(super) unchanged: u32,
    pub(super) findings: Vec<Finding>,
    /// No feature is a place of this pack's levels.
    pub(super) set_aside: bool,
}

/// The level that a feature's word for its kind means.
fn level_of<'p>(pack: &'p CheckedPack, feature: &Feature) -> Option<&'p DivisionLevel> {
    let kind = feature.kind.as_deref()?;
    pack.levels
        .iter()
        .find(|level| level.kinds.iter().any(|k| k == kind))
}

/// Whether a layer has places of the pack's levels.
pub(super) fn has_places(pack: &CheckedPack, layer: &Layer) -> bool {
    let is_place = |feature: &Feature| level_of(pack, feature).is_some();
    layer.features.iter().any(is_place)
}

/// Takes the features that are divisions below the book's own.
pub(super) fn take(
    draft: &mut Draft<'_>,
    pack: &CheckedPack,
    layer: &Layer,
    source: Source,
    places: &mut Places,
) -> Result<LayerOutcome, LedgerError> {
    let file = source.file.clone();
    let mut out = LayerOutcome::default();
    if !has_places(pack, layer) {
        let kind = layer
            .features
            .iter()
            .find_map(|f| f.kind.clone())
            .unwrap_or_default();
        let code = if kind.is_empty() { "I121" } else { "I114" };
        let mut finding = say(code, FindingClass::Notice, &[("kind", &kind)]);
        finding.file = Some(file);
        out.findings.push(finding);
        out.set_aside = true;
        return Ok(out);
    }
    let known = draft.reader().divisions()?;
    let register = draft.reader().register_index(ledger::layout::DIVISIONS)?;
    let field = |name: &str| {
        draft.reader().registers()[register]
            .field_index(name)
            .expect("the ledger's own register has it")
    };
    let (name_at, level_at, kind_at) = (field("name"), field("level"), field("kind"));
    let (parent_at, lon_at, lat_at) = (field("parent"), field("centre_lon"), field("centre_lat"));
    let book = draft.reader().book().id;
    let as_of = source.as_of;
    let position = draft.add_source(source);
    for feature in &layer.features {
        out.rows += 1;
        let (Some(name), Some(level)) = (&feature.name, level_of(pack, feature)) else {
            out.findings.push(about(
                say("I116", FindingClass::Rejected, &[]),
                &file,
                feature,
            ));
            continue;
        };
        let Some(id) = feature.code.as_deref().and_then(code) else {
            let written = feature.code.clone().unwrap_or_default();
            let finding = say(
                "I117",
                FindingClass::Rejected,
                &[("line", &feature.identifier), ("code", &written)],
            );
            out.findings.push(about(finding, &file, feature));
            continue;
        };
        // A place first proposed from workbooks keeps its number: records belong to it already.
        let id = places
            .find(name)
            .ok()
            .filter(|known| *known != book && id != book)
            .unwrap_or(id);
        let mut values = vec![
            (name_at, Value::from(name.as_str())),
            (level_at, Value::from(level.name.as_str())),
        ];
        values.push((
            kind_at,
            Value::text(feature.kind.clone().unwrap_or_default()),
        ));
        if id != book {
            values.push((parent_at, Value::Int(book)));
        }
        if let Some((lon, lat)) = centre_of(feature) {
            values.extend([(lon_at, Value::Int(lon)), (lat_at, Value::Int(lat))]);
        }
        values.retain(|(_, value)| !value.is_null());
        let there = known.iter().any(|division| division.id == id);
        let slice = if there {
            draft
                .reader()
                .slice_at(ledger::layout::DIVISIONS, id, Date::LAST, None)?
        } else {
            None
        };
        let same = slice.as_ref().is_some_and(|slice| {
            values
                .iter()
                .all(|(at, value)| slice.values.get(*at) == Some(value))
        });
        if same {
            out.unchanged += 1;
            continue;
        }
        if slice.is_some() {
            out.changed += 1
        } else {
            out.new += 1
        }
        let mut fact = NewFact::new(register, id, id);
        fact.as_of = as_of;
        fact.values = values;
        fact.source = Some((position, 0));
        fact.cells = vec![(WHOLE_ROW, feature.identifier.clone())];
        draft.assert(fact)?;
        places.add(&Place {
            id,
            name: name.clone(),
            level: level.name.clone(),
        });
    }
    draft.flush()?;
    Ok(out)
}

/// A place's named centre, else the middle of its outline: in millionths of a degree.
fn centre_of(feature: &Feature) -> Option<(i64, i64)> {
    let middle = || {
        let middle = feature.shape.as_ref()?.middle();
        Some((middle.lon / THOUSANDTHS, middle.lat / THOUSANDTHS))
    };
    feature.centre.or_else(middle)
}

fn about(mut finding: Finding, file: &str, feature: &Feature) -> Finding {
    finding.file = Some(file.to_owned());
    finding.cell = Some(feature.identifier.clone());
    finding.cells = vec![feature.identifier.clone()];
    finding.register = Some(ledger::layout::DIVISIONS.to_owned());
    finding
}

/// A 12-digit code of GB/T 10114, or 9 digits of a town padded.
pub(super) fn code(text: &str) -> Option<DivisionId> {
    let digits = text.trim();
    let whole = digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit());
    whole.then(|| digits.parse().ok()).flatten()
}
