//! Shapes: one form, faults, measures held against pyproj.

use super::*;

fn spots(list: &[(i64, i64)]) -> Vec<Spot> {
    list.iter()
        .map(|(lon, lat)| Spot {
            lon: lon * DEGREE / 1000,
            lat: lat * DEGREE / 1000,
        })
        .collect()
}

fn area(rings: &[&[(i64, i64)]]) -> Result<Shape, ShapeFault> {
    Shape::areas(vec![rings.iter().map(|ring| spots(ring)).collect()])
}

const SQUARE: &[(i64, i64)] = &[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)];

#[test]
fn one_ground_has_one_text() {
    let shape = area(&[SQUARE]).expect("an area");
    assert_eq!(
        shape.to_string(),
        "POLYGON ((0 0, 0.01 0, 0.01 0.01, 0 0.01, 0 0))"
    );
    let turned = [(10, 10), (10, 0), (10, 0), (0, 0), (0, 10), (10, 10)];
    assert_eq!(
        area(&[&turned]),
        Ok(shape.clone()),
        "another corner, the other sense, a corner twice"
    );
    assert_eq!(Shape::parse(&shape.to_string()), Some(shape));
}

#[test]
fn texts_come_back() {
    for text in [
        "POINT (106.858608 31.647766)",
        "POINT (-0.000000001 -31.5)",
        "LINESTRING (106.85 31.6, 106.86 31.61)",
        "MULTILINESTRING ((1 1, 2 2), (3 3, 2 2))",
        "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((3 3, 4 3, 4 4, 3 3)))",
    ] {
        let shape = Shape::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(shape.to_string(), text);
    }
    for text in [
        "",
        "POINT",
        "POINT ()",
        "POINT (1)",
        "POINT (1 2 3)",
        "POINT (1 2) x",
        "POINT (1e2 3)",
        "POINT (1 2, 3 4)",
        "LINESTRING ((1 2, 3 4))",
        "POLYGON (1 2, 3 4)",
        "CIRCLE (1 2)",
        "((((((((1 2))))))))",
        "POLYGON ((1 2, 3 4",
    ] {
        assert_eq!(Shape::parse(text), None, "{text}");
    }
    let ninth = Shape::parse("POINT (1.0000000005 2.12345678949)").expect("a point");
    assert_eq!(ninth.to_string(), "POINT (1.000000001 2.123456789)");
}

#[test]
fn what_encloses_no_area_is_named() {
    let at = |lon, lat| spots(&[(lon, lat)])[0];
    assert_eq!(
        area(&[&[(0, 0), (10, 0), (10, 10), (0, 10)]]),
        Err(ShapeFault::Open(at(0, 10)))
    );
    assert_eq!(area(&[&[(0, 0), (10, 0), (0, 0)]]), Err(ShapeFault::Few));
    assert_eq!(
        area(&[&[(0, 0), (0, 0), (0, 0), (0, 0)]]),
        Err(ShapeFault::Few)
    );
    assert_eq!(area(&[&[]]), Err(ShapeFault::Empty));
    assert_eq!(Shape::areas(vec![]), Err(ShapeFault::Empty));
    assert_eq!(Shape::areas(vec![vec![]]), Err(ShapeFault::Empty));
    let bow = [(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)];
    assert!(
        matches!(area(&[&bow]), Err(ShapeFault::Crosses(_))),
        "a bow tie"
    );
    let eight = [(0, 0), (10, 0), (5, 5), (10, 10), (0, 10), (5, 5), (0, 0)];
    assert_eq!(
        area(&[&eight]),
        Err(ShapeFault::Crosses(at(5, 5))),
        "two loops that meet"
    );
    let spike = [
        (0, 0),
        (10, 0),
        (10, 10),
        (10, 20),
        (10, 10),
        (0, 10),
        (0, 0),
    ];
    assert!(
        matches!(area(&[&spike]), Err(ShapeFault::Crosses(_))),
        "there and back"
    );
    let back = [(0, 0), (10, 0), (5, 0), (5, 10), (0, 0)];
    assert!(
        matches!(area(&[&back]), Err(ShapeFault::Crosses(_))),
        "back on its own edge"
    );
    let touch = [(0, 0), (10, 0), (10, 10), (5, 0), (0, 10), (0, 0)];
    assert!(
        matches!(area(&[&touch]), Err(ShapeFault::Crosses(_))),
        "a corner on its own edge"
    );
    let flat = [(0, 0), (5, 0), (10, 0), (0, 0)];
    assert!(area(&[&flat]).is_err(), "all on one line");
    let inside: &[(i64, i64)] = &[(2, 2), (2, 4), (4, 4), (2, 2)];
    let outside: &[(i64, i64)] = &[(12, 2), (12, 4), (14, 4), (12, 2)];
    let across: &[(i64, i64)] = &[(8, 2), (8, 4), (14, 4), (8, 2)];
    assert!(area(&[SQUARE, inside]).is_ok());
    assert_eq!(area(&[SQUARE, outside]), Err(ShapeFault::Hole(at(12, 2))));
    assert!(matches!(
        area(&[SQUARE, across]),
        Err(ShapeFault::Crosses(_))
    ));
    let twice = Shape::areas(vec![vec![spots(SQUARE)], vec![spots(SQUARE)]]);
    assert!(matches!(twice, Err(ShapeFault::Overlap(_))));
    let nested = Shape::areas(vec![vec![spots(SQUARE)], vec![spots(inside)]]);
    assert!(matches!(nested, Err(ShapeFault::Overlap(_))));
    let beside: Vec<(i64, i64)> = SQUARE.iter().map(|(lon, lat)| (lon + 10, *lat)).collect();
    assert!(
        Shape::areas(vec![vec![spots(SQUARE)], vec![spots(&beside)]]).is_ok(),
        "a border in common"
    );
    let island = Shape::areas(vec![
        vec![
            spots(SQUARE),
            spots(&[(2, 2), (2, 8), (8, 8), (8, 2), (2, 2)]),
        ],
        vec![spots(&[(4, 4), (6, 4), (6, 6), (4, 4)])],
    ]);
    assert!(island.is_ok(), "an island in a hole");
    assert_eq!(
        Shape::lines(vec![spots(&[(1, 1), (1, 1)])]),
        Err(ShapeFault::Few)
    );
    assert_eq!(Shape::lines(vec![]), Err(ShapeFault::Empty));
    assert_eq!(
        Shape::lines(vec![vec![Spot { lon: 0, lat: 0 }; SPOTS_MAX + 1]]),
        Err(ShapeFault::Large)
    );
}

/// Known values: pyproj 3.7 on the ellipsoid of CGCS2000: areas in the plane `+proj=cea`, lengths of the geodesic.
#[test]
fn areas_and_lengths_are_those_of_the_ellipsoid() {
    let known: [(&str, i64); 4] = [
        (
            "POLYGON ((106.858608 31.647766, 106.85869 31.648147, 106.85801 31.648466, 106.85742 31.648548, 106.857151 31.648367, 106.856967 31.647766, 106.856788 31.647345, 106.857388 31.646882, 106.858006 31.647005, 106.858471 31.647271, 106.858608 31.647766))",
            349_985,
        ),
        (
            "POLYGON ((106.881951 31.664668, 106.880981 31.664015, 106.879908 31.663496, 106.878774 31.663087, 106.877661 31.662641, 106.876637 31.662039, 106.875454 31.661715, 106.874248 31.661495, 106.8731 31.661109, 106.871435 31.661299, 106.869755 31.661308, 106.868093 31.661591, 106.866406 31.661444, 106.864756 31.661743, 106.86307 31.661755, 106.861392 31.66178, 106.859715 31.661812, 106.858888 31.661637, 106.858037 31.661618, 106.857189 31.661562, 106.856374 31.661353, 106.855548 31.661189, 106.854744 31.660956, 106.8539 31.660879, 106.853076 31.660701, 106.853228 31.658055, 106.853553 31.65542, 106.852789 31.652844, 106.852559 31.650193, 106.852109 31.647586, 106.852044 31.644952, 106.852111 31.642317, 106.851787 31.639696, 106.852331 31.639356, 106.852898 31.639047, 106.853419 31.638661, 106.854078 31.638492, 106.854645 31.63818, 106.855221 31.637881, 106.855831 31.637635, 106.856463 31.637432, 106.858582 31.637946, 106.860715 31.638418, 106.862776 31.639083, 106.864836 31.639751, 106.867036 31.639463, 106.869236 31.63975, 106.871436 31.639711, 106.873634 31.639627, 106.874641 31.640695, 106.875541 31.64183, 106.876474 31.642961, 106.877734 31.643829, 106.878642 31.644955, 106.879573 31.646069, 106.880667 31.647076, 106.88151 31.648248, 106.881769 31.650292, 106.881822 31.652348, 106.881796 31.654407, 106.882093 31.656451, 106.882397 31.658505, 106.882624 31.660567, 106.882307 31.66262, 106.881951 31.664668))",
            99_419_222,
        ),
        (
            "POLYGON ((106 31, 107 31, 107 32, 106 32, 106 31))",
            158_003_140_525,
        ),
        (
            "POLYGON ((108.000000001 20.5, 108.001 20.5, 108.0005 20.501, 108.000000001 20.5))",
            86_614,
        ),
    ];
    for (text, units) in known {
        let shape = Shape::parse(text).expect("a shape");
        assert_eq!(shape.area(), Some(units), "{text}");
        assert_eq!(shape.length(), None);
    }
    let known: [(&str, i64); 3] = [
        ("LINESTRING (106.85 31.6, 106.86 31.61)", 1_459_438),
        ("LINESTRING (106.85 31.6, 106.85 31.7)", 11_088_070),
        ("LINESTRING (110 25, 110.001 25, 110.001 25.001)", 211_723),
    ];
    for (text, millimetres) in known {
        let shape = Shape::parse(text).expect("a shape");
        let length = shape.length().expect("a line has a length");
        assert!(
            (length - millimetres).abs() <= 1 + millimetres / 10_000_000,
            "{text}: {length}"
        );
        assert_eq!(shape.area(), None);
    }
}

#[test]
fn a_hole_is_taken_off_and_parts_add_up() {
    let of = |text: &str| {
        Shape::parse(text)
            .expect("a shape")
            .area()
            .expect("an area")
    };
    let outer = of("POLYGON ((106 31, 106.1 31, 106.1 31.1, 106 31.1, 106 31))");
    let hole = of("POLYGON ((106.02 31.02, 106.04 31.02, 106.04 31.04, 106.02 31.02))");
    let both = of(
        "POLYGON ((106 31, 106.1 31, 106.1 31.1, 106 31.1, 106 31), (106.02 31.02, 106.04 31.02, 106.04 31.04, 106.02 31.02))",
    );
    assert!((outer - hole - both).abs() <= 1);
    let two = of(
        "MULTIPOLYGON (((106 31, 106.1 31, 106.1 31.1, 106 31.1, 106 31)), ((107.02 31.02, 107.04 31.02, 107.04 31.04, 107.02 31.02)))",
    );
    assert!((outer + hole - two).abs() <= 1);
}

#[test]
fn a_ring_of_ten_thousand_corners_is_checked_in_a_moment() {
    // A comb: many edges beside each other, as contour lines have.
    let mut ring: Vec<(i64, i64)> = Vec::new();
    for tooth in 0..2_500 {
        ring.extend([
            (tooth * 4, 0),
            (tooth * 4 + 1, 10_000),
            (tooth * 4 + 2, 10_000),
            (tooth * 4 + 3, 0),
        ]);
    }
    ring.extend([(10_000, -5), (0, -5), (0, 0)]);
    let began = std::time::Instant::now();
    assert!(area(&[&ring]).is_ok());
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}
