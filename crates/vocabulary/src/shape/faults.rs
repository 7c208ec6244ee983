//! What keeps rings from being an area: edges that cross, rings that meet themselves, holes outside, parts over each
//! other. All in whole numbers, so that touching is told from crossing for sure.

use super::{ShapeFault, Spot};
use std::collections::HashSet;

/// An edge of a ring.
struct Edge {
    from: Spot,
    to: Spot,
    ring: usize,
    /// Its place in the ring, and the last place of that ring.
    at: usize,
    last: usize,
}

/// Whether the polygons, each an outer ring with holes in their one form, make an area.
pub(super) fn check(polygons: &[Vec<Vec<Spot>>]) -> Result<(), ShapeFault> {
    for ring in polygons.iter().flatten() {
        let mut seen = HashSet::with_capacity(ring.len());
        if let Some(twice) = ring[1..].iter().find(|spot| !seen.insert(**spot)) {
            return Err(ShapeFault::Crosses(*twice));
        }
    }
    crossings(polygons)?;
    for polygon in polygons {
        for hole in &polygon[1..] {
            let outside = hole.iter().find(|spot| side(&polygon[0], **spot) < 0);
            if let Some(spot) = outside {
                return Err(ShapeFault::Hole(*spot));
            }
        }
    }
    overlaps(polygons)
}

fn crossings(polygons: &[Vec<Vec<Spot>>]) -> Result<(), ShapeFault> {
    let mut edges: Vec<Edge> = Vec::new();
    for (ring, spots) in polygons.iter().flatten().enumerate() {
        let last = spots.len() - 2;
        edges.extend(spots.windows(2).enumerate().map(|(at, pair)| Edge {
            from: pair[0].min(pair[1]),
            to: pair[0].max(pair[1]),
            ring,
            at,
            last,
        }));
    }
    edges.sort_by_key(|edge| edge.from);
    // Edges that begin west of the one at hand and do not end before it.
    let mut open: Vec<&Edge> = Vec::new();
    for edge in &edges {
        open.retain(|other| other.to.lon >= edge.from.lon);
        if let Some(other) = open.iter().find(|other| clash(edge, other)) {
            let near = if other.from > edge.from {
                other.from
            } else {
                edge.from
            };
            return Err(ShapeFault::Crosses(near));
        }
        open.push(edge);
    }
    Ok(())
}

fn clash(a: &Edge, b: &Edge) -> bool {
    let (a_low, a_high) = (a.from.lat.min(a.to.lat), a.from.lat.max(a.to.lat));
    let (b_low, b_high) = (b.from.lat.min(b.to.lat), b.from.lat.max(b.to.lat));
    if a_high < b_low || b_high < a_low {
        return false;
    }
    let (a_from, a_to) = (sign(b, a.from), sign(b, a.to));
    let (b_from, b_to) = (sign(a, b.from), sign(a, b.to));
    let crosses = a_from * a_to < 0 && b_from * b_to < 0;
    if crosses || a.ring != b.ring {
        return crosses;
    }
    let neighbours = a.at.abs_diff(b.at) == 1 || a.at.abs_diff(b.at) == a.last.min(b.last);
    if neighbours {
        // They share a corner; one that runs back over the other encloses nothing.
        let same_line = a_from == 0 && a_to == 0;
        return same_line && a.to > b.from && b.to > a.from;
    }
    let on = |edge: &Edge, spot: Spot, side: i128| side == 0 && spans(edge, spot);
    on(b, a.from, a_from) || on(b, a.to, a_to) || on(a, b.from, b_from) || on(a, b.to, b_to)
}

fn spans(edge: &Edge, spot: Spot) -> bool {
    let lat = edge.from.lat.min(edge.to.lat)..=edge.from.lat.max(edge.to.lat);
    (edge.from.lon..=edge.to.lon).contains(&spot.lon) && lat.contains(&spot.lat)
}

/// On which side of an edge a position lies: -1, 0 on its line, 1.
fn sign(edge: &Edge, spot: Spot) -> i128 {
    cross(edge.from, edge.to, spot).signum()
}

fn cross(a: Spot, b: Spot, c: Spot) -> i128 {
    let wide = |x: i64, y: i64| i128::from(x) - i128::from(y);
    wide(b.lon, a.lon) * wide(c.lat, a.lat) - wide(b.lat, a.lat) * wide(c.lon, a.lon)
}

/// Whether a position lies inside a ring (1), on it (0) or outside (-1).
fn side(ring: &[Spot], spot: Spot) -> i32 {
    let mut inside = false;
    for pair in ring.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let turn = cross(a, b, spot);
        let lat = a.lat.min(b.lat)..=a.lat.max(b.lat);
        let lon = a.lon.min(b.lon)..=a.lon.max(b.lon);
        if turn == 0 && lat.contains(&spot.lat) && lon.contains(&spot.lon) {
            return 0;
        }
        if (a.lat > spot.lat) != (b.lat > spot.lat) && (turn > 0) == (b.lat > a.lat) {
            inside = !inside;
        }
    }
    if inside { 1 } else { -1 }
}

/// Parts whose edges do not cross lie over each other when one has a corner inside the other, or they are the same.
fn overlaps(polygons: &[Vec<Vec<Spot>>]) -> Result<(), ShapeFault> {
    let boxes: Vec<[i64; 4]> = polygons.iter().map(|polygon| bounds(&polygon[0])).collect();
    let mut order: Vec<usize> = (0..polygons.len()).collect();
    order.sort_by_key(|at| boxes[*at][0]);
    for (n, one) in order.iter().enumerate() {
        let near = order[n + 1..]
            .iter()
            .take_while(|other| boxes[**other][0] <= boxes[*one][2]);
        for other in near {
            let (a, b) = (boxes[*one], boxes[*other]);
            if a[1] > b[3] || b[1] > a[3] {
                continue;
            }
            let (one, other) = (&polygons[*one], &polygons[*other]);
            if one[0] == other[0] {
                return Err(ShapeFault::Overlap(one[0][0]));
            }
            let within = |inner: &[Vec<Spot>], outer: &[Vec<Spot>]| {
                inner[0].iter().copied().find(|spot| {
                    side(&outer[0], *spot) > 0
                        && outer[1..].iter().all(|hole| side(hole, *spot) < 0)
                })
            };
            if let Some(spot) = within(one, other).or_else(|| within(other, one)) {
                return Err(ShapeFault::Overlap(spot));
            }
        }
    }
    Ok(())
}

fn bounds(ring: &[Spot]) -> [i64; 4] {
    let fold = |of: fn(&Spot) -> i64, pick: fn(i64, i64) -> i64| {
        ring.iter()
            .map(of)
            .reduce(pick)
            .expect("a ring has corners")
    };
    [
        fold(|spot| spot.lon, i64::min),
        fold(|spot| spot.lat, i64::min),
        fold(|spot| spot.lon, i64::max),
        fold(|spot| spot.lat, i64::max),
    ]
}
