//! Shapes on the ground: a point, a line or an area in longitude and latitude, as whole billionths of a degree (a tenth
//! of a millimetre). One shape has one text: the same ground drawn from another corner or in the other sense is equal.
//! Refuses to know files, colours and what lies there.

mod faults; // what keeps rings from being an area
mod measure; // square metres and metres, without a float
mod text; // the well-known text that is stored

use std::fmt;

/// What a shape is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ShapeKind {
    /// One place.
    Point,
    /// A line, or several.
    Line,
    /// A polygon, or several, with or without holes.
    Area,
}

impl ShapeKind {
    /// All of them, in order.
    pub const ALL: [ShapeKind; 3] = [ShapeKind::Point, ShapeKind::Line, ShapeKind::Area];

    /// Its word, as packs write it.
    pub fn word(self) -> &'static str {
        match self {
            ShapeKind::Point => "point",
            ShapeKind::Line => "line",
            ShapeKind::Area => "area",
        }
    }

    /// The kind of this word.
    pub fn from_word(word: &str) -> Option<ShapeKind> {
        ShapeKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A position, in billionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// East of Greenwich.
    pub lon: i64,
    /// North of the equator.
    pub lat: i64,
}

/// How many units one degree has.
pub const DEGREE: i64 = 1_000_000_000;

/// More positions than this are no shape of a town: a control line of a whole county has half as many.
const SPOTS_MAX: usize = 200_000;

/// A shape in its one form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape {
    kind: ShapeKind,
    /// Parts, each of paths: of an area the outer ring and its holes, of a line or point one path.
    parts: Vec<Vec<Vec<Spot>>>,
}

/// Why positions are no shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeFault {
    /// No position at all.
    Empty,
    /// A ring does not end where it begins.
    Open(Spot),
    /// A ring of less than three corners, or a line of one place.
    Few,
    /// A ring crosses or touches itself, or crosses another, near this position.
    Crosses(Spot),
    /// A hole that is not inside its outer ring.
    Hole(Spot),
    /// Two parts lie over each other.
    Overlap(Spot),
    /// More positions than are kept.
    Large,
}

impl Shape {
    /// One place.
    pub fn point(spot: Spot) -> Shape {
        Shape {
            kind: ShapeKind::Point,
            parts: vec![vec![vec![spot]]],
        }
    }

    /// Lines, each in the sense in which it was drawn.
    pub fn lines(paths: Vec<Vec<Spot>>) -> Result<Shape, ShapeFault> {
        within(paths.iter().map(Vec::len))?;
        let mut parts = Vec::with_capacity(paths.len());
        for mut path in paths {
            path.dedup();
            if path.len() < 2 {
                return Err(ShapeFault::Few);
            }
            parts.push(vec![path]);
        }
        parts.sort();
        Ok(Shape {
            kind: ShapeKind::Line,
            parts,
        })
    }

    /// Polygons, each an outer ring followed by its holes; every ring ends where it begins.
    pub fn areas(polygons: Vec<Vec<Vec<Spot>>>) -> Result<Shape, ShapeFault> {
        within(polygons.iter().flatten().map(Vec::len))?;
        let mut parts = Vec::with_capacity(polygons.len());
        for polygon in polygons {
            if polygon.is_empty() {
                return Err(ShapeFault::Empty);
            }
            let mut rings = Vec::with_capacity(polygon.len());
            for (at, ring) in polygon.into_iter().enumerate() {
                rings.push(in_form(ring, at == 0)?);
            }
            rings[1..].sort();
            parts.push(rings);
        }
        parts.sort();
        faults::check(&parts)?;
        Ok(Shape {
            kind: ShapeKind::Area,
            parts,
        })
    }

    /// What it is made of.
    pub fn kind(&self) -> ShapeKind {
        self.kind
    }

    /// Its parts, each of paths: of an area the outer ring (counter-clockwise, closed) and its holes (clockwise), of a
    /// line or a point one path.
    pub fn parts(&self) -> &[Vec<Vec<Spot>>] {
        &self.parts
    }

    /// Every position, in order.
    pub fn spots(&self) -> impl Iterator<Item = Spot> + '_ {
        self.parts.iter().flatten().flatten().copied()
    }

    /// Its south-western and north-eastern corners.
    pub fn corners(&self) -> (Spot, Spot) {
        let first = self.parts[0][0][0];
        self.spots().fold((first, first), |(low, high), spot| {
            let least = |a: Spot, b: Spot| Spot {
                lon: a.lon.min(b.lon),
                lat: a.lat.min(b.lat),
            };
            let most = Spot {
                lon: high.lon.max(spot.lon),
                lat: high.lat.max(spot.lat),
            };
            (least(low, spot), most)
        })
    }

    /// The middle of its corners.
    pub fn middle(&self) -> Spot {
        let (low, high) = self.corners();
        Spot {
            lon: low.lon + (high.lon - low.lon) / 2,
            lat: low.lat + (high.lat - low.lat) / 2,
        }
    }
}

fn within(lengths: impl Iterator<Item = usize> + Clone) -> Result<(), ShapeFault> {
    match lengths.clone().sum::<usize>() {
        0 => Err(ShapeFault::Empty),
        n if n > SPOTS_MAX => Err(ShapeFault::Large),
        _ if lengths.clone().any(|length| length == 0) => Err(ShapeFault::Empty),
        _ => Ok(()),
    }
}

/// A ring in its one form: no position twice in a row, begun at its least, the outer one counter-clockwise.
fn in_form(mut ring: Vec<Spot>, outer: bool) -> Result<Vec<Spot>, ShapeFault> {
    let (first, last) = (ring[0], ring[ring.len() - 1]);
    if ring.len() > 1 && first != last {
        return Err(ShapeFault::Open(last));
    }
    ring.dedup();
    if ring.len() < 4 {
        return Err(ShapeFault::Few);
    }
    ring.pop();
    if (measure::turn(&ring) > 0) != outer {
        ring.reverse();
    }
    let least = (0..ring.len())
        .min_by_key(|at| ring[*at])
        .expect("a ring has corners");
    ring.rotate_left(least);
    ring.push(ring[0]);
    Ok(ring)
}

impl fmt::Display for ShapeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests;
