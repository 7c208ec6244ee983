//! Map layers as rows: one kind of trouble a layer.

use documents::layer::{self, LayerError};
use documents::sheet::{ColumnChoice, ColumnChoices, Form, FormColumn, Limits, Reads, Table};
use vocabulary::{FieldType, FindingClass, ShapeKind, Value};

fn column(name: &str, kind: FieldType, headers: &[&str]) -> FormColumn {
    FormColumn {
        name: name.to_owned(),
        headers: headers.iter().map(|h| (*h).to_owned()).collect(),
        kind,
        ..FormColumn::default()
    }
}

fn reading(name: &str, kind: FieldType, reads: Reads) -> FormColumn {
    FormColumn {
        reads: Some(reads),
        ..column(name, kind, &[name])
    }
}

fn required(column: FormColumn) -> FormColumn {
    FormColumn {
        required: true,
        ..column
    }
}

fn fields() -> Form {
    Form {
        id: "fields".to_owned(),
        title: "地块".to_owned(),
        columns: vec![
            required(column("number", FieldType::Text, &["编号"])),
            FormColumn {
                fill_down: true,
                ..column("village", FieldType::Division, &["所在村"])
            },
            column("stated", FieldType::Area, &["面积"]),
            required(reading(
                "shape",
                FieldType::Shape(ShapeKind::Area),
                Reads::Geometry,
            )),
            reading("area", FieldType::Area, Reads::Area),
        ],
        layer: Some(ShapeKind::Area),
        ..Form::default()
    }
}

fn points() -> Form {
    Form {
        id: "points".to_owned(),
        title: "点位".to_owned(),
        columns: vec![
            required(column("name", FieldType::Text, &["名称"])),
            required(FormColumn {
                reads: Some(Reads::Longitude),
                ..column("east", FieldType::Decimal(6), &["经度"])
            }),
            required(FormColumn {
                reads: Some(Reads::Latitude),
                ..column("north", FieldType::Decimal(6), &["纬度"])
            }),
        ],
        layer: Some(ShapeKind::Point),
        ..Form::default()
    }
}

fn lines() -> Form {
    Form {
        id: "lines".to_owned(),
        title: "道路".to_owned(),
        columns: vec![
            required(column("number", FieldType::Text, &["编号"])),
            reading("shape", FieldType::Shape(ShapeKind::Line), Reads::Geometry),
            reading("metres", FieldType::Decimal(1), Reads::Length),
        ],
        layer: Some(ShapeKind::Line),
        ..Form::default()
    }
}

fn collection(features: &[String]) -> String {
    let list = features.join(",\n");
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{list}]}}")
}

fn feature(properties: &str, geometry: &str) -> String {
    format!("{{\"type\":\"Feature\",\"properties\":{properties},\"geometry\":{geometry}}}")
}

const RING: &str = "[[106.85,31.65],[106.86,31.65],[106.86,31.66],[106.85,31.66],[106.85,31.65]]";

fn polygon(ring: &str) -> String {
    format!("{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}")
}

fn open(text: &str) -> Result<layer::Layer, LayerError> {
    layer::open(text.as_bytes(), &Limits::default())
}

fn read_with(text: &str, choices: &ColumnChoices) -> documents::sheet::SheetReading {
    let layer = open(text).expect("a layer");
    let all = [Form::default(), fields(), points(), lines()];
    let forms = layer::forms(&all, layer.kind());
    layer::match_layer(&layer, &forms, ("图层", "图层.geojson"), choices)
}

fn read(text: &str) -> Table {
    let mut reading = read_with(text, &ColumnChoices::default());
    assert_eq!(reading.set_aside, None);
    reading.tables.pop().expect("a table")
}

/// The findings of one feature among good ones, as code and class.
fn faults(geometry: &str) -> Vec<(String, FindingClass, Option<String>)> {
    let text = collection(&[
        feature("{\"编号\":\"A1\"}", &polygon(RING)),
        feature("{\"编号\":\"A2\"}", geometry),
    ]);
    let table = read(&text);
    assert_eq!(table.rows.len(), 2, "the row enters");
    let bad = table.rows.at(1);
    assert_eq!(bad.values[0].value, Value::from("A2"));
    assert!(
        bad.values[3].value.is_null() && bad.values[3].rejected,
        "its shape does not"
    );
    assert!(bad.values[4].value.is_null() && bad.values[4].rejected);
    assert!(!table.rows.at(0).values[3].rejected);
    let findings = table.findings.iter();
    findings
        .map(|f| (f.code.clone(), f.class, f.cell.clone()))
        .collect()
}

#[test]
fn a_feature_is_a_row_with_its_shape_and_area() {
    let table = read(&collection(&[feature(
        "{\"编号\":\"A1\",\"所在村\":\"大石村\",\"面积\":\"12.5亩\",\"备注\":null,\"点\":[1,2]}",
        &polygon(RING),
    )]));
    assert_eq!(table.form, 1, "its place among all forms");
    assert_eq!(table.features, ["A1"]);
    assert_eq!(table.feature(2), Some("A1"));
    assert_eq!(table.feature(1), None);
    let row = table.rows.at(0);
    let values: Vec<Value> = row.values.iter().map(|read| read.value.clone()).collect();
    let shape = "POLYGON ((106.85 31.65, 106.86 31.65, 106.86 31.66, 106.85 31.66, 106.85 31.65))";
    let expected = [
        Value::from("A1"),
        Value::from("大石村"),
        Value::Int(125_000),
        Value::from(shape),
        Value::Int(15_774_774),
    ];
    assert_eq!(values, expected);
    assert!(table.findings.is_empty(), "{:?}", table.findings);
}

#[test]
fn every_broken_shape_is_named_and_its_row_enters() {
    let point = "{\"type\":\"Point\",\"coordinates\":[106.85,31.65]}";
    let cases = [
        ("null".to_owned(), "D310"),
        (
            "{\"type\":\"Polygon\",\"coordinates\":[]}".to_owned(),
            "D310",
        ),
        ("{\"type\":\"Polygon\"}".to_owned(), "D310"),
        (polygon("[]"), "D310"),
        (
            "{\"type\":\"Polygon\",\"coordinates\":7}".to_owned(),
            "D311",
        ),
        (polygon("[[106.85,\"31.65\"]]"), "D311"),
        (polygon("[[106.85]]"), "D311"),
        (
            "{\"type\":\"Polygon\",\"coordinates\":[[106.85,31.65]]}".to_owned(),
            "D311",
        ),
        (point.to_owned(), "D312"),
        (
            "{\"type\":\"GeometryCollection\",\"geometries\":[]}".to_owned(),
            "D312",
        ),
        ("{}".to_owned(), "D312"),
        (
            polygon("[[106.85,31.65],[106.86,31.65],[106.86,31.66],[106.85,31.66]]"),
            "D313",
        ),
        (
            polygon("[[106.85,31.65],[106.86,31.65],[106.85,31.65]]"),
            "D314",
        ),
        (
            polygon("[[106.85,31.65],[106.86,31.66],[106.86,31.65],[106.85,31.66],[106.85,31.65]]"),
            "D315",
        ),
        (
            format!(
                "{{\"type\":\"Polygon\",\"coordinates\":[{RING},{}]}}",
                "[[107.85,31.65],[107.86,31.65],[107.86,31.66],[107.85,31.65]]"
            ),
            "D316",
        ),
        (
            format!("{{\"type\":\"MultiPolygon\",\"coordinates\":[[{RING}],[{RING}]]}}"),
            "D316",
        ),
        (
            polygon("[[31.65,106.85],[31.65,106.86],[31.66,106.86],[31.65,106.85]]"),
            "D317",
        ),
        (
            polygon("[[6.85,61.65],[6.86,61.65],[6.86,61.66],[6.85,61.65]]"),
            "D318",
        ),
        (
            polygon(
                "[[11892456.1,3716200.5],[11892457,3716200],[11892457,3716201],[11892456.1,3716200.5]]",
            ),
            "D318",
        ),
    ];
    for (geometry, code) in cases {
        let found = faults(&geometry);
        let expected = (
            code.to_owned(),
            FindingClass::Rejected,
            Some("B3".to_owned()),
        );
        assert_eq!(found, [expected], "{geometry}");
    }
}

#[test]
fn several_parts_and_holes_are_one_shape() {
    let hole = "[[106.852,31.652],[106.852,31.654],[106.854,31.654],[106.852,31.652]]";
    let other = "[[106.87,31.65],[106.88,31.65],[106.88,31.66],[106.87,31.65]]";
    let both = format!("{{\"type\":\"MultiPolygon\",\"coordinates\":[[{RING},{hole}],[{other}]]}}");
    let table = read(&collection(&[feature("{\"编号\":\"A1\"}", &both)]));
    let text = table.rows.at(0).values[3].value.to_string();
    assert!(
        text.starts_with("MULTIPOLYGON (((106.85 31.65, 106.86 31.65"),
        "{text}"
    );
    let area = table.rows.at(0).values[4].value.as_int().expect("an area");
    let (whole, half, hole) = (15_774_774, 7_887_387, 315_502);
    assert!((area - (whole + half - hole)).abs() <= 1, "{area}");
}

#[test]
fn a_feature_takes_nothing_from_the_one_before_it() {
    let table = read(&collection(&[
        feature("{\"编号\":\"A1\",\"所在村\":\"大石村\"}", &polygon(RING)),
        feature("{\"编号\":\"A2\",\"所在村\":null}", &polygon(RING)),
        feature("{\"编号\":\"同上\"}", &polygon(RING)),
        feature("{\"编号\":\"合计\",\"所在村\":\"大石村\"}", &polygon(RING)),
        feature("null", &polygon(RING)),
    ]));
    assert_eq!(table.rows.len(), 5, "no row is a total, a note or blank");
    let village = |at: usize| table.rows.at(at).values[1].value.clone();
    assert_eq!(village(1), Value::Null, "nothing is filled down");
    let number = |at: usize| table.rows.at(at).values[0].value.clone();
    assert_eq!(number(2), Value::from("同上"));
    assert_eq!(
        number(4),
        Value::Null,
        "a feature without properties is a row"
    );
    assert!(table.rows.at(4).values[3].value.as_text().is_some());
    assert_eq!(table.features, ["A1", "A2", "同上", "合计", "5"]);
}

#[test]
fn what_is_said_once_of_a_layer() {
    let high =
        polygon("[[106.85,31.65,410],[106.86,31.65,411],[106.86,31.66,409],[106.85,31.65,410]]");
    let table = read(&collection(&[
        feature("{\"编号\":\"A1\"}", &high),
        feature("{\"编号\":\"A1\"}", &polygon(RING)),
    ]));
    let codes: Vec<&str> = table.findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["D306", "D307"]);
    assert_eq!(table.features, ["A1#1", "A1#2"]);
    assert!(
        table.rows.at(0).values[3].value.as_text().is_some(),
        "the shape is kept without heights"
    );
}

#[test]
fn points_give_their_degrees_and_lines_their_metres() {
    let point = |lon: &str| format!("{{\"type\":\"Point\",\"coordinates\":[{lon},31.6537555]}}");
    let table = read(&collection(&[
        feature(
            "{\"名称\":\"一号点\",\"经度\":1,\"纬度\":2}",
            &point("106.864192"),
        ),
        feature(
            "{\"名称\":\"二号点\"}",
            "{\"type\":\"MultiPoint\",\"coordinates\":[[106.9,31.6]]}",
        ),
        feature(
            "{\"名称\":\"三号点\"}",
            "{\"type\":\"MultiPoint\",\"coordinates\":[[106.9,31.6],[107,31]]}",
        ),
    ]));
    let degrees = |at: usize, column: usize| table.rows.at(at).values[column].value.as_int();
    assert_eq!(
        (degrees(0, 1), degrees(0, 2)),
        (Some(106_864_192), Some(31_653_756))
    );
    assert_eq!(
        (degrees(1, 1), degrees(1, 2)),
        (Some(106_900_000), Some(31_600_000))
    );
    assert_eq!((degrees(2, 1), degrees(2, 2)), (None, None));
    assert_eq!(table.findings.len(), 1);
    let unmapped: Vec<&str> = table.unmapped.iter().map(|u| u.header.as_str()).collect();
    assert_eq!(
        unmapped,
        ["经度", "纬度"],
        "the shape says it, no property does"
    );
    let line = "{\"type\":\"LineString\",\"coordinates\":[[106.85,31.6],[106.85,31.7]]}";
    let table = read(&collection(&[feature("{\"编号\":\"R1\"}", line)]));
    assert_eq!(table.rows.at(0).values[2].value, Value::Int(110_881));
}

#[test]
fn a_file_that_is_no_layer_says_where_or_why() {
    let whole = collection(&[feature("{\"编号\":\"A1\"}", &polygon(RING))]);
    let cut = whole.split_at(whole.len() / 2).0;
    assert!(
        matches!(open(cut), Err(LayerError::Json { line: 1, cut: true, column }) if column == cut.len())
    );
    let finding = open(cut).expect_err("cut").finding();
    assert!(
        finding.said.contains("第 1 行") && finding.said.contains(&cut.len().to_string()),
        "{}",
        finding.said
    );
    assert!(matches!(
        open("{\"type\": oops}"),
        Err(LayerError::Json {
            line: 1,
            cut: false,
            ..
        })
    ));
    assert!(matches!(open(""), Err(LayerError::Json { cut: true, .. })));
    for text in [
        "[1]",
        "{\"type\":\"Topology\"}",
        "{\"type\":\"FeatureCollection\"}",
        "7",
    ] {
        assert_eq!(open(text), Err(LayerError::NotFeatures), "{text}");
    }
    let deep = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":{}",
        "[".repeat(100_000)
    );
    assert!(
        matches!(open(&deep), Err(LayerError::Json { .. })),
        "deep brackets exhaust nothing"
    );
    let small = Limits {
        file_bytes: 10,
        ..Limits::default()
    };
    assert_eq!(
        layer::open(whole.as_bytes(), &small),
        Err(LayerError::Large)
    );
    let long = collection(&[feature(
        &format!("{{\"编号\":\"{}\"}}", "长".repeat(100_000)),
        "null",
    )]);
    assert_eq!(
        open(&long),
        Err(LayerError::Large),
        "a property as long as a book"
    );
    let single = feature("{\"编号\":\"A1\"}", &polygon(RING));
    assert_eq!(open(&single).map(|layer| layer.features.len()), Ok(1));
}

#[test]
fn a_layer_in_another_reference_is_refused_whole() {
    let with = |crs: &str| {
        let plain = collection(&[feature("{\"编号\":\"A1\"}", &polygon(RING))]);
        plain.replacen('{', &format!("{{\"crs\":{crs},"), 1)
    };
    let named = |name: &str| {
        with(&format!(
            "{{\"type\":\"name\",\"properties\":{{\"name\":\"{name}\"}}}}"
        ))
    };
    for good in [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "EPSG:4490",
        "urn:ogc:def:crs:EPSG::4490",
        "epsg:4326",
    ] {
        assert!(open(&named(good)).is_ok(), "{good}");
    }
    assert!(open(&with("null")).is_ok());
    for bad in [
        "EPSG:3857",
        "urn:ogc:def:crs:EPSG::4545",
        "GCJ-02",
        "EPSG:4214",
    ] {
        assert_eq!(
            open(&named(bad)),
            Err(LayerError::Reference(bad.to_owned())),
            "{bad}"
        );
    }
    let link = "{\"type\":\"link\",\"properties\":{\"href\":\"x\"}}";
    assert!(matches!(open(&with(link)), Err(LayerError::Reference(_))));
    let metres = polygon(
        "[[11892456.1,3716200.5],[11892457,3716200],[11892457,3716201],[11892456.1,3716200.5]]",
    );
    let only = |geometry: &str| {
        open(&collection(&[
            feature("{}", geometry),
            feature("{}", geometry),
        ]))
    };
    assert!(
        matches!(only(&metres), Err(LayerError::Projected(at)) if at.starts_with("11892456.1"))
    );
    let swapped = polygon("[[31.65,106.85],[31.65,106.86],[31.66,106.86],[31.65,106.85]]");
    assert_eq!(only(&swapped), Err(LayerError::Swapped));
}

#[test]
fn a_layer_like_no_form_is_set_aside_and_a_header_may_be_chosen() {
    let strange = collection(&[feature("{\"甲\":\"A1\",\"乙\":\"x\"}", &polygon(RING))]);
    let reading = read_with(&strange, &ColumnChoices::default());
    assert!(reading.tables.is_empty());
    assert_eq!(
        reading.set_aside.map(|f| f.class),
        Some(FindingClass::Notice)
    );
    let choice = ColumnChoice {
        form: None,
        sheet: "图层".to_owned(),
        header: "甲".to_owned(),
        column: Some("number".to_owned()),
    };
    let reading = read_with(&strange, &ColumnChoices(vec![choice]));
    let table = reading.tables.first().expect("a table");
    assert_eq!(table.rows.at(0).values[0].value, Value::from("A1"));
    let point = "{\"type\":\"Point\",\"coordinates\":[106.85,31.65]}";
    let other = collection(&[feature("{\"编号\":\"A1\"}", point)]);
    let reading = read_with(&other, &ColumnChoices::default());
    assert!(
        reading.tables.is_empty(),
        "a layer of points is no layer of areas"
    );
    let none = collection(&[]);
    assert!(
        read_with(&none, &ColumnChoices::default())
            .tables
            .is_empty()
    );
}

#[test]
fn the_same_ground_drawn_otherwise_is_the_same_value() {
    let turned =
        "[[106.86,31.66],[106.86,31.65],[106.85,31.65],[106.85,31.66],[106.86,31.660000000000001]]";
    let value = |ring: &str| {
        let table = read(&collection(&[feature("{\"编号\":\"A1\"}", &polygon(ring))]));
        table.rows.at(0).values[3].value.clone()
    };
    assert_eq!(value(RING), value(turned));
}

#[test]
fn a_sheet_gives_no_shape() {
    let sheet = documents::sheet::Sheet::from_rows(
        "图斑表",
        &[
            vec!["编号", "所在村", "shape", "area"],
            vec!["A1", "大石村", "x", "3"],
        ],
    );
    let choices = ColumnChoices::default();
    let reading = documents::sheet::match_tables(&sheet, &[fields()], "表.xlsx", &choices);
    assert!(
        reading.tables.is_empty(),
        "the shape is required, and no column holds it"
    );
    let mut form = fields();
    form.columns[3].required = false;
    let reading = documents::sheet::match_tables(&sheet, &[form], "表.xlsx", &choices);
    let table = reading
        .tables
        .first()
        .expect("without it the table is read");
    let row = table.rows.at(0);
    assert!(row.values[3].value.is_null() && row.values[4].value.is_null());
    assert_eq!(row.values[0].value, Value::from("A1"));
}
