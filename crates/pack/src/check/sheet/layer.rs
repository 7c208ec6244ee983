//! Sheets that are also map layers: a feature is a row, and its shape says what no cell does.

use crate::check::rule;
use crate::declare::{Column, Reads};
use crate::read::Table;
use vocabulary::{FieldType, ShapeKind};

/// What shapes the sheet's layers have; and that exactly the columns of such a sheet read from shapes.
pub(super) fn layer(table: &Table<'_>, columns: &[Column]) -> Option<ShapeKind> {
    let sink = table.sink;
    let text = table.text("layer");
    let layer = text.and_then(|text| {
        let kind = ShapeKind::from_word(text.text);
        if kind.is_none() {
            let said = format!("`layer` does not know `{}`", text.text);
            let there = ShapeKind::ALL.map(ShapeKind::word);
            sink.unknown(rule::CHOICE, text.at, said, text.text, there);
        }
        kind
    });
    let at_columns = table.key("columns").map_or(table.at, |key| key.at);
    for column in columns {
        let said = match (column.reads, &column.kind, layer) {
            (Some(Reads::Geometry), FieldType::Shape(kind), Some(layer)) if *kind != layer => {
                format!(
                    "the shape `{}` is of kind {kind}, the layer of kind {layer}",
                    column.name
                )
            }
            (Some(Reads::Area), _, Some(ShapeKind::Point | ShapeKind::Line)) => {
                format!("only a layer of areas has the area `{}`", column.name)
            }
            (Some(Reads::Length), _, Some(ShapeKind::Point | ShapeKind::Area)) => {
                format!("only a layer of lines has the length `{}`", column.name)
            }
            (Some(reads), _, None) if reads.is_of_shape() && text.is_none() => {
                format!(
                    "the column `{}` reads from a shape, the sheet is no layer",
                    column.name
                )
            }
            (None, FieldType::Shape(_), _) => {
                format!("no cell holds the shape `{}`", column.name)
            }
            _ => continue,
        };
        let next = match (column.reads, layer) {
            (None, _) => "write reads = \"geometry\"",
            (_, None) => "write layer = \"area\", \"line\" or \"point\" on the sheet",
            _ => "let the layer and what is read of it agree",
        };
        sink.report(rule::LAYER, at_columns, said, next.into());
    }
    let is_read = |column: &Column| match column.reads {
        Some(Reads::Longitude | Reads::Latitude) => layer == Some(ShapeKind::Point),
        Some(reads) => reads.is_of_shape(),
        None => false,
    };
    if let Some(text) = text.filter(|_| layer.is_some() && !columns.iter().any(is_read)) {
        let said = "this layer's shapes are read by no column".to_owned();
        let next = "give a column reads = \"geometry\", or leave `layer` out";
        sink.report(rule::LAYER, text.at, said, next.into());
    }
    if let (Some(_), Some(column)) = (layer, columns.iter().find(|c| c.across.is_some())) {
        let said = format!("a layer is no wide table, `{}` lies across", column.name);
        sink.report(
            rule::LAYER,
            at_columns,
            said,
            "leave `across` or `layer` out".into(),
        );
    }
    layer
}
