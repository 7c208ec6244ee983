//! How large a shape is, in whole numbers from beginning to end, so that every machine gives the same digits.
//!
//! The ground is the ellipsoid of CGCS2000, whose difference from that of WGS 84 is below a tenth of a millimetre. An
//! area is that of the ring in the cylindrical equal-area plane, whose sides are straight there: the official area of
//! trapezoids on the ellipsoid within a millionth of a square metre a parcel. A length is the sum of its steps, each
//! measured on the ellipsoid at the latitude of its middle: within a millimetre for steps up to a kilometre.

use super::{DEGREE, Shape, ShapeKind, Spot};

/// One, of a fraction.
const ONE: i128 = 1_000_000_000_000_000_000;
/// A semi-circle.
const PI: i128 = 3_141_592_653_589_793_238;
/// Half the long axis of the ellipsoid, in metres.
const AXIS: i128 = 6_378_137;
/// The square of its first eccentricity: 2f - f², 1/f = 298.257222101.
const E2: i128 = 6_694_380_022_900_788;
/// Micrometres of a metre.
const MICRO: i128 = 1_000_000;

impl Shape {
    /// The area in 1/15 square metre, which is 1/10,000 亩: rounded once, half up. None of a line or a point.
    pub fn area(&self) -> Option<i64> {
        if self.kind != ShapeKind::Area {
            return None;
        }
        let rings = self.parts.iter().flatten();
        // Holes run the other way and are taken off.
        let sum: i128 = rings.map(|ring| swept(ring)).sum();
        // Ten digits are cut off first: they stand for less than a ten-thousandth of a unit.
        let cut = 10_000_000_000;
        let scale = i128::from(DEGREE) * ONE / cut;
        // a²/4 square metres for a radian and 1, 15 units a square metre: 15 a² pi / (4 * 180), with four decimals.
        let unit = rounded(AXIS * AXIS * PI, ONE * 48 / 10_000);
        let area = rounded(sum, cut).checked_mul(unit)?;
        i64::try_from(rounded(area, scale * 10_000)).ok()
    }

    /// The length in millimetres: of a line, all its paths together. None of an area or a point.
    pub fn length(&self) -> Option<i64> {
        if self.kind != ShapeKind::Line {
            return None;
        }
        let paths = self.parts.iter().flatten();
        let steps = paths.flat_map(|path| path.windows(2));
        let length: i128 = steps.map(|step| way(step[0], step[1])).sum();
        i64::try_from(rounded(length, 1_000)).ok()
    }
}

/// Twice the area of a closed path in degrees, its sense as the sign; for the sense alone.
pub(super) fn turn(ring: &[Spot]) -> i128 {
    let next = ring.iter().cycle().skip(1);
    let wide = |n: i64| i128::from(n);
    ring.iter()
        .zip(next)
        .map(|(a, b)| wide(a.lon) * wide(b.lat) - wide(b.lon) * wide(a.lat))
        .sum()
}

/// What a ring sweeps towards the equator, counter-clockwise as positive.
fn swept(ring: &[Spot]) -> i128 {
    let heights: Vec<i128> = ring.iter().map(|spot| height(spot.lat)).collect();
    let steps = ring.windows(2).zip(heights.windows(2));
    steps
        .map(|(spots, heights)| i128::from(spots[0].lon - spots[1].lon) * (heights[0] + heights[1]))
        .sum()
}

/// The height of a parallel in the equal-area plane: 2(1 - e²) Σ (k+1)/(2k+1) e^2k sin^(2k+1).
fn height(lat: i64) -> i128 {
    let sine = sine(lat);
    let square = product(product(sine, sine), E2);
    let (mut power, mut sum) = (sine, 0);
    for k in 0.. {
        let term = rounded(power * (k + 1), 2 * k + 1);
        if term == 0 {
            break;
        }
        sum += term;
        power = product(power, square);
    }
    2 * product(ONE - E2, sum)
}

/// A step on the ellipsoid, in micrometres.
fn way(from: Spot, to: Spot) -> i128 {
    let sine = sine(from.lat + (to.lat - from.lat) / 2);
    let cosine = root(ONE * ONE - sine * sine);
    let flat = ONE - product(E2, product(sine, sine));
    // Across the meridian, then along it: a / w and a (1 - e²) / w³.
    let across = AXIS * MICRO * ONE / root(flat * ONE);
    let along = across * (ONE - E2) / flat;
    let east = product(product(across, cosine), radians(to.lon - from.lon));
    let north = product(along, radians(to.lat - from.lat));
    root(east * east + north * north)
}

fn radians(units: i64) -> i128 {
    rounded(i128::from(units) * PI, i128::from(180 * DEGREE))
}

/// The sine of an angle up to a right one, by its series.
fn sine(units: i64) -> i128 {
    let angle = radians(units);
    let square = product(angle, angle);
    let (mut term, mut sum) = (angle, angle);
    for n in 1.. {
        term = -rounded(product(term, square), 2 * n * (2 * n + 1));
        if term == 0 {
            break;
        }
        sum += term;
    }
    sum
}

fn product(a: i128, b: i128) -> i128 {
    rounded(a * b, ONE)
}

/// A quotient, halves upwards.
fn rounded(a: i128, by: i128) -> i128 {
    (a + by / 2).div_euclid(by)
}

fn root(square: i128) -> i128 {
    square.max(0).isqrt()
}
