//! What only layers need on their way into registers: shapes far from every place of the book are refused, since their
//! coordinates are another town's or in another reference; and findings name the feature, where a sheet's name a cell.

use crate::words::say;
use documents::layer::Feature;
use documents::sheet::{Table, column_letters};
use ledger::{LedgerError, Reader, layout};
use pack::declare::{self, SheetDecl};
use vocabulary::{DEGREE, Finding, FindingClass, Shape, ShapeKind, Spot};

/// No part of a town lies further from the nearest centre of its places: some thirty kilometres, in shares of a degree.
const FAR: i64 = DEGREE * 3 / 10;
/// A centre's unit is so much coarser than a shape's.
const FINER: i64 = 1_000;
/// A degree of latitude.
const KILOMETRES: i64 = 111;

/// The centres of the book's places, as far as they are known.
pub(super) fn centres(reader: &Reader) -> Result<Vec<Spot>, LedgerError> {
    let register = reader.register_index(layout::DIVISIONS)?;
    let at = |name: &str| {
        reader.registers()[register]
            .field_index(name)
            .expect("the ledger's own register has it")
    };
    let (lon, lat) = (at("centre_lon"), at("centre_lat"));
    let all = reader.all(layout::DIVISIONS)?;
    let spots = all.filter_map(|(_, slice)| {
        let part = |at: usize| slice.values[at].as_int().map(|part| part * FINER);
        Some(Spot {
            lon: part(lon)?,
            lat: part(lat)?,
        })
    });
    Ok(spots.collect())
}

/// What became of a layer's table.
pub(super) enum Ground {
    /// All of it lies where the book's places are, or nobody knows where they are.
    Near,
    /// Some shapes do not: the table without them, and a finding for each.
    Some(Box<Table>, Vec<Finding>),
    /// None does.
    None(Box<Finding>),
}

/// Refuses the shapes that lie far from every centre.
pub(super) fn stand(
    table: &Table,
    sheet: &SheetDecl,
    features: &[Feature],
    centres: &[Spot],
) -> Ground {
    let shapes = || features.iter().filter_map(|feature| feature.shape.as_ref());
    let away = |feature: &Feature| {
        let distance = distance(feature.shape.as_ref()?, centres)?;
        (distance > FAR).then_some(distance)
    };
    let first = features.iter().find_map(away);
    let Some(first) = first else {
        return Ground::Near;
    };
    let count = shapes().count();
    let far: Vec<(u32, i64)> = (table.body_first..)
        .zip(features)
        .filter_map(|(row, feature)| Some((row, away(feature)?)))
        .collect();
    if far.len() == count {
        let distance = kilometres(first);
        let params = [("distance", distance.as_str())];
        return Ground::None(Box::new(say("I131", FindingClass::Rejected, &params)));
    }
    let columns: Vec<usize> = (0..sheet.columns.len())
        .filter(|at| match sheet.columns[*at].reads {
            Some(declare::Reads::Longitude | declare::Reads::Latitude) => {
                sheet.layer == Some(ShapeKind::Point)
            }
            Some(reads) => reads.is_of_shape(),
            None => false,
        })
        .collect();
    let is_far = |row: u32| far.iter().any(|(number, _)| *number == row);
    let findings = far.iter().map(|(row, distance)| {
        let distance = kilometres(*distance);
        let params = [("distance", distance.as_str())];
        let mut finding = say("I130", FindingClass::Rejected, &params);
        let cell = format!("{}{row}", column_letters(0));
        finding.cells = vec![cell.clone()];
        finding.cell = Some(cell);
        finding
    });
    let findings = findings.collect();
    let rows = table.rows.refused(&columns, is_far);
    let table = Table {
        rows,
        ..table.clone()
    };
    Ground::Some(Box::new(table), findings)
}

/// How far the nearest centre lies from the box around a shape: the greater of both directions, in a shape's units.
fn distance(shape: &Shape, centres: &[Spot]) -> Option<i64> {
    let (low, high) = shape.corners();
    let beyond = |at: i64, low: i64, high: i64| (low - at).max(at - high).max(0);
    let away = |centre: &Spot| {
        beyond(centre.lon, low.lon, high.lon).max(beyond(centre.lat, low.lat, high.lat))
    };
    centres.iter().map(away).min()
}

fn kilometres(distance: i64) -> String {
    (distance / (DEGREE / KILOMETRES)).to_string()
}

/// What a cell of a layer's table is called: of the header, the property; of a row, the feature.
pub(super) fn called(table: &Table, cell: &str) -> Option<String> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = cell.split_at(digits);
    let row: u32 = row.parse().ok()?;
    if row > table.header_last {
        return table.feature(row).map(str::to_owned);
    }
    let of = |column: usize| column_letters(column) == letters;
    let mapped = table.mapping.iter().find(|mapped| of(mapped.sheet_column));
    let unmapped = table.unmapped.iter().find(|own| of(own.sheet_column));
    mapped
        .map(|mapped| mapped.header.clone())
        .or_else(|| unmapped.map(|own| own.header.clone()))
}

/// Lets a finding about a layer's table name features in place of cells.
pub(super) fn name(table: &Table, finding: &mut Finding) {
    if table.features.is_empty() {
        return;
    }
    let rename = |cell: &mut String| {
        if let Some(called) = called(table, cell).filter(|_| !cell.contains('!')) {
            *cell = called;
        }
    };
    finding.cell.iter_mut().for_each(rename);
    finding.cells.iter_mut().for_each(rename);
    finding.cells.dedup();
    for offer in &mut finding.offers {
        rename(&mut offer.place);
    }
}
