//! The text of a shape: well-known text (ISO 19125), longitude first, decimals without trailing noughts. Read back it
//! is the same shape; a text that is not in the one form is brought to it.

use super::{DEGREE, Shape, ShapeKind, Spot};
use std::fmt::{self, Write};

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &self.parts[..]) {
            (ShapeKind::Point, _) => {
                f.write_str("POINT ")?;
                path(f, &self.parts[0][0])
            }
            (ShapeKind::Line, [one]) => {
                f.write_str("LINESTRING ")?;
                path(f, &one[0])
            }
            (ShapeKind::Line, several) => {
                f.write_str("MULTILINESTRING ")?;
                list(f, several, |f, part| path(f, &part[0]))
            }
            (ShapeKind::Area, [one]) => {
                f.write_str("POLYGON ")?;
                list(f, one, |f, ring| path(f, ring))
            }
            (ShapeKind::Area, several) => {
                f.write_str("MULTIPOLYGON ")?;
                list(f, several, |f, part| list(f, part, |f, ring| path(f, ring)))
            }
        }
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_char('(')?;
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            f.write_str(", ")?;
        }
        write(f, item)?;
    }
    f.write_char(')')
}

fn path(f: &mut fmt::Formatter<'_>, spots: &[Spot]) -> fmt::Result {
    list(f, spots, |f, spot| {
        degrees(f, spot.lon)?;
        f.write_char(' ')?;
        degrees(f, spot.lat)
    })
}

fn degrees(f: &mut fmt::Formatter<'_>, units: i64) -> fmt::Result {
    let (sign, units) = (units < 0, units.unsigned_abs());
    let degree = DEGREE.unsigned_abs();
    if sign {
        f.write_char('-')?;
    }
    write!(f, "{}", units / degree)?;
    let rest = units % degree;
    if rest != 0 {
        let digits = format!("{rest:09}");
        write!(f, ".{}", digits.trim_end_matches('0'))?;
    }
    Ok(())
}

impl Shape {
    /// Reads well-known text; `None` when it is none, or no shape.
    pub fn parse(text: &str) -> Option<Shape> {
        let text = text.trim();
        let at = text.find('(')?;
        let (name, rest) = (text[..at].trim().to_ascii_uppercase(), &text[at..]);
        let nested = Nested::read(rest)?;
        match name.as_str() {
            "POINT" => match nested.path()?[..] {
                [spot] => Some(Shape::point(spot)),
                _ => None,
            },
            "LINESTRING" => Shape::lines(vec![nested.path()?]).ok(),
            "MULTILINESTRING" => Shape::lines(nested.paths()?).ok(),
            "POLYGON" => Shape::areas(vec![nested.paths()?]).ok(),
            "MULTIPOLYGON" => {
                let parts = nested.list()?.iter().map(Nested::paths);
                Shape::areas(parts.collect::<Option<_>>()?).ok()
            }
            _ => None,
        }
    }
}

/// Brackets within brackets, positions inside.
enum Nested {
    Path(Vec<Spot>),
    List(Vec<Nested>),
}

impl Nested {
    fn read(text: &str) -> Option<Nested> {
        let mut rest = text;
        let nested = Nested::one(&mut rest, 0)?;
        rest.trim().is_empty().then_some(nested)
    }

    fn one(rest: &mut &str, depth: usize) -> Option<Nested> {
        *rest = rest.trim_start().strip_prefix('(')?.trim_start();
        if !rest.starts_with('(') {
            let end = rest.find(')')?;
            let spots = rest[..end].split(',').map(spot).collect::<Option<_>>()?;
            *rest = &rest[end + 1..];
            return Some(Nested::Path(spots));
        }
        if depth == 2 {
            return None;
        }
        let mut items = Vec::new();
        loop {
            items.push(Nested::one(rest, depth + 1)?);
            *rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix(')') {
                *rest = after;
                return Some(Nested::List(items));
            }
            *rest = rest.strip_prefix(',')?;
        }
    }

    fn path(&self) -> Option<Vec<Spot>> {
        match self {
            Nested::Path(path) => Some(path.clone()),
            Nested::List(_) => None,
        }
    }

    fn list(&self) -> Option<&[Nested]> {
        match self {
            Nested::List(items) => Some(items),
            Nested::Path(_) => None,
        }
    }

    fn paths(&self) -> Option<Vec<Vec<Spot>>> {
        self.list()?.iter().map(Nested::path).collect()
    }
}

fn spot(text: &str) -> Option<Spot> {
    let mut numbers = text.split_ascii_whitespace();
    let spot = Spot {
        lon: units(numbers.next()?)?,
        lat: units(numbers.next()?)?,
    };
    numbers.next().is_none().then_some(spot)
}

/// Degrees as units; digits beyond the ninth decimal are rounded half away from nought.
fn units(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() > 3 || !plain(whole) || !plain(decimals) {
        return None;
    }
    let kept: String = decimals
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let next = decimals
        .as_bytes()
        .get(9)
        .is_some_and(|digit| *digit >= b'5');
    let units = whole.parse::<i64>().ok()? * DEGREE + kept.parse::<i64>().ok()? + i64::from(next);
    Some(sign * units)
}
