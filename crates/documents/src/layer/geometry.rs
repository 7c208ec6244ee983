//! Coordinates become a shape, or the reason why not. Nothing is mended: an open ring stays open.

use serde_json::Value as Json;
use vocabulary::{DEGREE, Shape, ShapeFault, ShapeKind, Spot};

/// What a feature's geometry is.
pub(super) enum Read {
    Shape(Shape),
    Fault(Fault),
}

/// Why a feature has no shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fault {
    /// None is given, or one without coordinates.
    Absent,
    /// Coordinates that are no numbers, or not nested as their type asks.
    Malformed,
    /// A type that is none of point, line and area.
    Type(String),
    /// No shape of the kind that its type says.
    Shape(ShapeKind, ShapeFault),
    /// Latitude stands before longitude.
    Swapped,
    /// A coordinate outside the country, as written.
    Outside(f64, f64),
}

impl Fault {
    /// The coordinate, when it is no degree at all.
    pub(super) fn projected(&self) -> Option<String> {
        match self {
            Fault::Outside(x, y) if x.abs() > 180.0 || y.abs() > 180.0 => Some(format!("{x}, {y}")),
            _ => None,
        }
    }
}

/// The country's bounds in degrees, both ends inside.
const EAST: std::ops::RangeInclusive<f64> = 73.0..=136.0;
const NORTH: std::ops::RangeInclusive<f64> = 3.0..=54.0;

/// Reads a geometry; says whether it has heights.
pub(super) fn read(json: &Json, heights: &mut bool) -> Read {
    let mut reader = Reader {
        heights,
        inside: 0,
        swapped: 0,
        outside: None,
    };
    let shape = reader.shape(json);
    let wrong = reader.outside.map(|(x, y)| Fault::Outside(x, y));
    let swapped = (reader.swapped > 0 && reader.inside == 0).then_some(Fault::Swapped);
    match (shape, wrong.map(|outside| swapped.unwrap_or(outside))) {
        (_, Some(fault)) | (Err(fault), None) => Read::Fault(fault),
        (Ok(shape), None) => Read::Shape(shape),
    }
}

struct Reader<'a> {
    heights: &'a mut bool,
    /// Positions inside the country, and those that would be the other way round.
    inside: usize,
    swapped: usize,
    /// The first that is not inside.
    outside: Option<(f64, f64)>,
}

impl Reader<'_> {
    fn shape(&mut self, json: &Json) -> Result<Shape, Fault> {
        if json.is_null() {
            return Err(Fault::Absent);
        }
        let kind = json.get("type").and_then(Json::as_str).unwrap_or_default();
        let coordinates = json.get("coordinates").unwrap_or(&Json::Null);
        let empty = coordinates.as_array().is_none_or(Vec::is_empty);
        let known = matches!(
            kind,
            "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon"
        );
        if known && empty {
            return Err(if coordinates.is_null() || coordinates.is_array() {
                Fault::Absent
            } else {
                Fault::Malformed
            });
        }
        let line = |fault| Fault::Shape(ShapeKind::Line, fault);
        let area = |fault| Fault::Shape(ShapeKind::Area, fault);
        match kind {
            "Point" => Ok(Shape::point(self.spot(coordinates)?)),
            // One place is a point, however it is wrapped; several are no one place.
            "MultiPoint" => match self.path(coordinates)?[..] {
                [spot] => Ok(Shape::point(spot)),
                _ => Err(Fault::Type(kind.to_owned())),
            },
            "LineString" => Shape::lines(vec![self.path(coordinates)?]).map_err(line),
            "MultiLineString" => Shape::lines(self.paths(coordinates)?).map_err(line),
            "Polygon" => Shape::areas(vec![self.paths(coordinates)?]).map_err(area),
            "MultiPolygon" => {
                let polygons = list(coordinates)?.iter().map(|part| self.paths(part));
                let polygons: Vec<_> = polygons.collect::<Result<_, _>>()?;
                Shape::areas(polygons).map_err(area)
            }
            _ => Err(Fault::Type(kind.chars().take(40).collect())),
        }
    }

    fn paths(&mut self, json: &Json) -> Result<Vec<Vec<Spot>>, Fault> {
        list(json)?.iter().map(|path| self.path(path)).collect()
    }

    fn path(&mut self, json: &Json) -> Result<Vec<Spot>, Fault> {
        list(json)?.iter().map(|spot| self.spot(spot)).collect()
    }

    fn spot(&mut self, json: &Json) -> Result<Spot, Fault> {
        let numbers = list(json)?;
        let number = |at: usize| numbers.get(at).and_then(Json::as_f64);
        let (Some(lon), Some(lat)) = (number(0), number(1)) else {
            return Err(Fault::Malformed);
        };
        *self.heights |= numbers.len() > 2;
        if EAST.contains(&lon) && NORTH.contains(&lat) {
            self.inside += 1;
        } else {
            self.swapped += usize::from(EAST.contains(&lat) && NORTH.contains(&lon));
            self.outside.get_or_insert((lon, lat));
        }
        Ok(Spot {
            lon: units(lon),
            lat: units(lat),
        })
    }
}

fn list(json: &Json) -> Result<&Vec<Json>, Fault> {
    json.as_array().ok_or(Fault::Malformed)
}

/// Billionths of a degree: exact for every number of up to nine decimals, since twelve digits are well within the
/// fifteen that the format's numbers keep. From here on no float is met.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is no degree is out of the country and goes no further"
)]
fn units(degrees: f64) -> i64 {
    (degrees.clamp(-360.0, 360.0) * DEGREE as f64).round() as i64
}
