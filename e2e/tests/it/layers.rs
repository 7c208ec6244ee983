//! The example's map layers: every feature is a record, and areas and lengths are those of the ellipsoid.

use serde_json::Value;

use crate::shared::{imported, town, unchanged_by, villages};

/// How many features a layer of the example has.
fn features(file: &str) -> i64 {
    let text = std::fs::read_to_string(town().file(file)).expect("part of the example");
    let json: Value = serde_json::from_str(&text).expect("JSON");
    let features = json["features"].as_array().expect("features");
    i64::try_from(features.len()).expect("a town's layer")
}

const LAYERS: [(&str, &str); 3] = [
    ("villages.geojson", "boundary"),
    ("control_lines.geojson", "control_line"),
    ("roads.geojson", "road"),
];

/// What an import says of a register's table in a file.
fn table(said: &Value, file: &str, register: &str) -> Value {
    let files = said["files"].as_array().expect("files");
    let files = files.iter().filter(|one| one["file"] == file);
    let mut sheets = files.flat_map(|one| one["sheets"].as_array().expect("sheets"));
    let found = sheets.find(|sheet| sheet["register"] == register);
    found
        .cloned()
        .unwrap_or_else(|| panic!("{file} is no {register}: {said:#}"))
}

#[test]
fn every_feature_is_a_record() {
    for (file, register) in LAYERS {
        let table = table(&imported().1, file, register);
        assert_eq!(table["rows"].as_i64(), Some(features(file)), "{file}");
        assert_eq!(table["new"], table["rows"], "{file}");
    }
}

#[test]
fn the_same_layers_again_change_nothing() {
    let desk = villages();
    for (file, _) in LAYERS {
        desk.import(&[&town().file(file)]).done();
    }
    for (file, register) in LAYERS {
        let said = desk.import(&[&town().file(file)]).done().json();
        let table = table(&said, file, register);
        assert_eq!(
            table["unchanged"].as_i64(),
            Some(features(file)),
            "{said:#}"
        );
        assert_eq!(
            (table["new"].as_i64(), table["changed"].as_i64()),
            (Some(0), Some(0))
        );
    }
    desk.verified();
}

/// Computed apart, by pyproj 3.7: areas in the plane `+proj=cea` of the CGCS2000 ellipsoid, lengths of the geodesic.
#[test]
fn areas_and_lengths_are_those_of_the_ellipsoid() {
    let (desk, _) = imported();
    let known = [
        ("line.all", "14073.0"),
        ("line.all[basic]", "5361.3"),
        ("line.all[ecology]", "6684.2"),
        ("line.all[urban]", "2027.6"),
        ("boundary.area", "128.53"),
        ("road.length[county]", "24.5"),
        ("road.length[town]", "48.2"),
        ("road.length[group]", "159.2"),
    ];
    for (id, value) in known {
        let wanted: f64 = value.parse().expect("a number");
        // Sums are not rounded; half of the last digit that is written here is nobody's mistake.
        let decimals = value
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        let near = 0.5 / 10_f64.powi(i32::try_from(decimals).expect("a few digits")) + 1e-9;
        let found = desk
            .value(id, &town().at, &town().period)
            .and_then(|v| v.as_f64());
        assert!(
            found.is_some_and(|found| (found - wanted).abs() <= near),
            "{id}: {found:?}, not {value}"
        );
    }
}

#[test]
fn a_trace_names_features() {
    let (desk, _) = imported();
    let at = town().at.as_str();
    let said = desk
        .yiben(&["trace", "road.broken", "--at", at, "--json"])
        .done()
        .json();
    let records = said["records"].as_array().expect("records");
    let cells: Vec<&str> = records
        .iter()
        .filter_map(|record| record["source"]["cell"].as_str())
        .collect();
    assert_eq!(cells, ["R0740", "R0820"], "{said:#}");
}

#[test]
fn a_layer_cut_off_is_one_error_with_its_place() {
    let whole = std::fs::read(town().file("roads.geojson")).expect("part of the example");
    unchanged_by(|desk| {
        let path = desk.file("cut.geojson", &whole[..whole.len() / 2]);
        let said = desk.import(&[&path]).ended(2).json();
        let findings = e2e::findings(&said);
        assert_eq!(findings.len(), 1, "{said:#}");
        assert_eq!(findings[0]["code"], "D300");
        let lines = whole[..whole.len() / 2]
            .split(|byte| *byte == b'\n')
            .count();
        let place = format!("第 {lines} 行");
        assert!(
            findings[0]["said"]
                .as_str()
                .is_some_and(|text| text.contains(&place)),
            "{said:#}"
        );
    });
}
