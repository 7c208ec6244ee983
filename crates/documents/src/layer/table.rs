//! Features become the rows of a form: their properties by the same mapping of headers as a sheet's columns, their shapes
//! for the columns that read from shapes.

use super::geometry::Fault;
use super::{Feature, Layer, LayerError};
use crate::sheet::packed::SheetBuilder;
use crate::sheet::{
    Cell, CellAt, ColumnChoices, Form, Forms, Limits, Origin, ReadValue, Reads, Rows, Sheet,
    SheetReading, Table, match_flat,
};
use serde_json::Value as Json;
use std::collections::HashMap;
use vocabulary::{
    DEGREE, Decimal, Exact, FieldType, FindingClass, Shape, ShapeFault, ShapeKind, Spot, Value,
    round_half_up,
};

/// The forms that layers of a kind may be, with their places among those given. What the shape says is no column there.
pub fn forms(all: &[Form], kind: Option<ShapeKind>) -> Vec<(usize, Form)> {
    let fitting = all
        .iter()
        .enumerate()
        .filter(|(_, form)| form.layer.is_some() && (kind.is_none() || form.layer == kind));
    fitting
        .map(|(at, form)| {
            let mut form = form.clone();
            for column in &mut form.columns {
                if column.is_of_shape(form.layer) {
                    column.headers.clear();
                    column.required = false;
                }
            }
            (at, form)
        })
        .collect()
}

/// The properties of features as a sheet: names in the order in which they first occur.
pub(super) fn sheet(features: &[Json], limits: &Limits) -> Result<Sheet, LayerError> {
    let mut columns: HashMap<&str, usize> = HashMap::new();
    let properties = |json: &'_ Json| json.get("properties").and_then(Json::as_object).cloned();
    let mut builder = SheetBuilder::new(*limits);
    let mut names: Vec<&str> = Vec::new();
    for json in features {
        let own = json.get("properties").and_then(Json::as_object);
        for name in own.into_iter().flat_map(|own| own.keys()) {
            columns.entry(name).or_insert_with(|| {
                names.push(name);
                names.len() - 1
            });
        }
    }
    for (column, name) in names.iter().enumerate() {
        builder
            .put(0, column, Cell::text(name))
            .map_err(|_| LayerError::Large)?;
    }
    for (row, json) in features.iter().enumerate() {
        for (name, value) in properties(json).iter().flatten() {
            let shown;
            let cell = match value {
                Json::Null => Cell::Empty,
                Json::Bool(yes) => Cell::Bool(*yes),
                Json::Number(number) => number.as_f64().map_or(Cell::Empty, Cell::Number),
                Json::String(text) => Cell::text(text),
                Json::Array(items)
                    if items
                        .iter()
                        .all(|item| !item.is_array() && !item.is_object()) =>
                {
                    shown = items.iter().map(plain).collect::<Vec<_>>().join(",");
                    Cell::text(&shown)
                }
                other => {
                    shown = other.to_string();
                    Cell::text(&shown)
                }
            };
            let column = columns[name.as_str()];
            builder
                .put(row + 1, column, cell)
                .map_err(|_| LayerError::Large)?;
        }
    }
    builder.finish(String::new()).map_err(|_| LayerError::Large)
}

fn plain(item: &Json) -> String {
    match item {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Reads a layer as one of the forms, as [`crate::sheet::Forms::match_tables`] reads a sheet. `name` is what the layer is
/// called where a sheet has its name: the file's without its ending.
pub fn match_layer(
    layer: &Layer,
    forms: &[(usize, Form)],
    (name, file): (&str, &str),
    choices: &ColumnChoices,
) -> SheetReading {
    let own: Vec<Form> = forms.iter().map(|(_, form)| form.clone()).collect();
    let mut sheet = layer.sheet.clone();
    name.clone_into(&mut sheet.name);
    let mut reading = match_flat(
        &sheet,
        &Forms::new(&own),
        (file, layer.features.len()),
        choices,
    );
    for table in &mut reading.tables {
        let (at, form) = &forms[table.form];
        table.form = *at;
        Filling {
            layer,
            form,
            origin: Origin { file, sheet: name },
        }
        .fill(table, sheet.columns());
    }
    reading
}

/// The columns that read from shapes, filled.
struct Filling<'a> {
    layer: &'a Layer,
    form: &'a Form,
    origin: Origin<'a>,
}

impl Filling<'_> {
    fn fill(&self, table: &mut Table, width: usize) {
        let features = &self.layer.features;
        table.features = features.iter().map(|f| f.identifier.clone()).collect();
        let beyond = CellAt::of(0, width).column;
        let columns = self.form.columns.iter();
        let of_shape: Vec<bool> = columns.map(|c| c.is_of_shape(self.form.layer)).collect();
        let mut usual: Vec<Option<u16>> =
            of_shape.iter().map(|own| own.then_some(beyond)).collect();
        for mapped in table.mapping.iter().rev() {
            usual[mapped.column] = Some(CellAt::of(0, mapped.sheet_column).column);
        }
        let mut rows = Rows::new(usual);
        let mut read = table.rows.iter().peekable();
        for (at, feature) in features.iter().enumerate() {
            let number = CellAt::of(at + 1, 0).row;
            // A feature without properties is a row all the same.
            let Some(mut row) = read.next_if(|row| row.number == number) else {
                continue;
            };
            let cell = CellAt {
                row: number,
                column: beyond,
            };
            let fault = self.fault(at);
            for (column, value) in row.values.iter_mut().enumerate() {
                if of_shape[column] {
                    *value = ReadValue {
                        value: fault
                            .as_ref()
                            .map_or_else(|| self.value(column, feature), |_| Value::Null),
                        cell,
                        note: None,
                        rejected: fault.is_some(),
                    };
                }
            }
            if let Some(fault) = fault {
                table.findings.push(self.said(&fault, cell));
            }
            rows.push(row);
        }
        drop(read);
        table.rows = rows;
        self.notices(table);
    }

    /// What keeps a feature's shape from being read.
    fn fault(&self, at: usize) -> Option<Fault> {
        if let Some(fault) = &self.layer.faults[at] {
            return Some(fault.clone());
        }
        let shape = self.layer.features[at].shape.as_ref()?;
        let fits = self.form.layer == Some(shape.kind());
        (!fits).then(|| Fault::Type(shape.kind().word().to_owned()))
    }

    fn value(&self, column: usize, feature: &Feature) -> Value {
        let Some(shape) = &feature.shape else {
            return Value::Null;
        };
        let column = &self.form.columns[column];
        let value = match column.reads {
            Some(Reads::Geometry) => return Value::text(shape.to_string()),
            Some(Reads::Area) => shape.area(),
            Some(Reads::Length) => shape
                .length()
                .and_then(|length| in_units(length, 1_000, &column.kind)),
            Some(Reads::Longitude) => in_units(first(shape).lon, DEGREE, &column.kind),
            Some(Reads::Latitude) => in_units(first(shape).lat, DEGREE, &column.kind),
            _ => None,
        };
        value.map_or(Value::Null, Value::Int)
    }

    fn said(&self, fault: &Fault, cell: CellAt) -> vocabulary::Finding {
        let near = |spot: &Spot| Shape::point(*spot).to_string().replace("POINT ", "");
        let kind = self.form.layer.map_or("", ShapeKind::word);
        let kind = crate::sheet::WORDS.say(&format!("shape.{kind}"), &[]);
        let (code, value) = match fault {
            Fault::Absent | Fault::Shape(_, ShapeFault::Empty) => ("D310", String::new()),
            Fault::Malformed => ("D311", String::new()),
            Fault::Type(written) => ("D312", written.clone()),
            Fault::Shape(_, ShapeFault::Open(spot)) => ("D313", near(spot)),
            Fault::Shape(_, ShapeFault::Few) => ("D314", String::new()),
            Fault::Shape(_, ShapeFault::Crosses(spot)) => ("D315", near(spot)),
            Fault::Shape(_, ShapeFault::Hole(spot) | ShapeFault::Overlap(spot)) => {
                ("D316", near(spot))
            }
            Fault::Shape(_, ShapeFault::Large) => ("D319", String::new()),
            Fault::Swapped => ("D317", String::new()),
            Fault::Outside(x, y) => ("D318", format!("{x}, {y}")),
        };
        let params = [("value", value.as_str()), ("kind", kind.as_str())];
        self.origin
            .finding(code, FindingClass::Rejected, Some(cell), &params)
    }

    /// What is said once of the whole layer.
    fn notices(&self, table: &mut Table) {
        let class = FindingClass::Notice;
        if self.layer.heights > 0 {
            let count = self.layer.heights.to_string();
            let params = [("count", count.as_str())];
            table
                .findings
                .push(self.origin.finding("D306", class, None, &params));
        }
        if !self.layer.repeated.is_empty() {
            let shown: Vec<&str> = self
                .layer
                .repeated
                .iter()
                .take(6)
                .map(String::as_str)
                .collect();
            let names = shown.join(&crate::sheet::WORDS.say("list.between", &[]));
            let count = self.layer.repeated.len().to_string();
            let params = [("names", names.as_str()), ("count", count.as_str())];
            table
                .findings
                .push(self.origin.finding("D307", class, None, &params));
        }
    }
}

fn first(shape: &Shape) -> Spot {
    shape.parts()[0][0][0]
}

/// A whole number of parts of one as the stored integer of a column, rounded half up.
fn in_units(parts: i64, of_one: i64, kind: &FieldType) -> Option<i64> {
    let exact = Exact::new(
        i128::from(parts) * i128::from(kind.scale()),
        i128::from(of_one),
    );
    let Decimal { scaled, .. } = round_half_up(exact, 0);
    i64::try_from(scaled).ok()
}
