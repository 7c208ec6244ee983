//! Map layers into registers: imported, imported again, taken back; what is said of features that trouble.

use crate::desk::{Desk, findings, pack};
use office::{ImportInput, ImportReport, SheetReport};
use vocabulary::{Finding, FindingClass};

/// The hamlet with parcels, wells and boundaries.
const LAND: &str = r#"
[register.parcel]
title = "地块"
label = "number"
keys = [["number"]]
[register.parcel.fields]
number = { type = "text", title = "编号", required = true }
owner = { type = "text", title = "户主", aliases = ["承包户"] }
area = { type = "area", title = "图上面积", unit = "亩" }
shape = { type = "shape:area", title = "图形" }
[sheet.parcels]
title = "地块图"
names = ["地块"]
mode = "entries"
place = "village"
layer = "area"
[sheet.parcels.columns]
number = { is = "parcel.number", required = true }
village = { type = "division", names = ["所在村"] }
owner = "parcel.owner"
area = { is = "parcel.area", reads = "area" }
shape = { is = "parcel.shape", reads = "geometry" }
[[sheet.parcels.row]]
write = "parcel"
set = { number = "number", owner = "owner", area = "area", shape = "shape" }
[register.well]
title = "水井"
label = "name"
keys = [["name"]]
[register.well.fields]
name = { type = "text", title = "名称", required = true }
longitude = { type = "decimal:6", title = "经度" }
latitude = { type = "decimal:6", title = "纬度" }
[sheet.wells]
title = "水井点位表"
names = ["水井"]
mode = "entries"
layer = "point"
[sheet.wells.columns]
name = { is = "well.name", required = true }
longitude = { is = "well.longitude", required = true, reads = "longitude" }
latitude = { is = "well.latitude", required = true, reads = "latitude" }
[[sheet.wells.row]]
write = "well"
set = { name = "name", longitude = "longitude", latitude = "latitude" }
[register.outline]
title = "村界"
label = "title(division)"
keys = [["@division"]]
[register.outline.fields]
area = { type = "area", title = "图上面积", unit = "亩" }
shape = { type = "shape:area", title = "图形", required = true }
[sheet.outlines]
title = "村界图"
names = ["村界"]
mode = "entries"
place = "village"
layer = "area"
[sheet.outlines.columns]
village = { type = "division", required = true, names = ["名称"] }
code = { type = "text", required = true, names = ["代码"] }
area = { is = "outline.area", reads = "area" }
shape = { is = "outline.shape", required = true, reads = "geometry" }
[[sheet.outlines.row]]
write = "outline"
set = { area = "area", shape = "shape" }
[[figure]]
id = "parcel.area"
title = "地块面积"
unit = "亩"
from = "parcel"
where = "shape is not null"
measure = "sum(area)"
round = 2
[[figure]]
id = "parcel.unseen"
title = "没有图形的地块"
unit = "块"
from = "parcel"
where = "shape is null"
measure = "count"
[[figure]]
id = "outline.area"
title = "村域面积"
unit = "亩"
from = "outline"
measure = "sum(area)"
round = 2
[[figure]]
id = "well.west"
title = "最西的水井"
unit = "度"
from = "well"
measure = "min(longitude)"
round = 6
"#;

/// A square about a hundred metres wide, from its south-western corner in thousandths of a degree.
fn square(lon: u32, lat: u32) -> String {
    let at = |n: u32| format!("{}.{:03}", n / 1_000, n % 1_000);
    let corners = [
        (lon, lat),
        (lon + 1, lat),
        (lon + 1, lat + 1),
        (lon, lat + 1),
        (lon, lat),
    ];
    let corners = corners.map(|(lon, lat)| format!("[{},{}]", at(lon), at(lat)));
    format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}",
        corners.join(",")
    )
}

fn parcel(number: &str, village: &str, geometry: &str) -> String {
    let properties =
        format!("{{\"编号\":\"{number}\",\"所在村\":\"{village}\",\"承包户\":\"张三\"}}");
    format!("{{\"type\":\"Feature\",\"properties\":{properties},\"geometry\":{geometry}}}")
}

fn layer(features: &[String]) -> String {
    let list = features.join(",");
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{list}]}}")
}

fn desk() -> (Desk, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&pack(), folder.path());
    std::fs::write(folder.path().join("land.toml"), LAND).expect("written");
    let at = folder.path().to_str().expect("a path");
    let mut desk = Desk::of(at, "511729102000", "桥头镇");
    let village = |name: &str, code: &str, geometry: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"名称\":\"{name}\",\"代码\":\"{code}\",\"类型\":\"行政村\"}},\"geometry\":{geometry}}}"
        )
    };
    let report = desk.take(
        "村界.geojson",
        &layer(&[
            village("大石村", "511729102200", &square(106_850, 31_650)),
            village("青山村", "511729102201", &square(106_851, 31_650)),
        ]),
    );
    let sheets = &report.files[0].sheets;
    let taken: Vec<_> = sheets
        .iter()
        .map(|s| (s.register.as_deref(), s.new))
        .collect();
    assert_eq!(
        taken,
        [(Some("division"), 2), (Some("outline"), 2)],
        "{report:?}"
    );
    (desk, folder)
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).expect("the pack") {
        let path = entry.expect("a file").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
        }
    }
}

fn table(report: &ImportReport) -> &SheetReport {
    let mut tables = report.files[0].sheets.iter();
    tables
        .find(|sheet| sheet.register.is_some())
        .expect("a table")
}

fn counts(report: &ImportReport) -> (u32, u32, u32, u32) {
    let table = table(report);
    (table.rows, table.new, table.changed, table.unchanged)
}

fn named(report: &ImportReport) -> Vec<(String, FindingClass, Vec<String>)> {
    let all = report.files[0]
        .sheets
        .iter()
        .flat_map(|sheet| &sheet.findings);
    all.map(|f: &Finding| (f.code.clone(), f.class, f.cells.clone()))
        .collect()
}

#[test]
fn a_layer_becomes_records_and_again_changes_nothing() {
    let (mut desk, _pack) = desk();
    let text = layer(&[
        parcel("D1", "大石村", &square(106_850, 31_650)),
        parcel("D2", "青山村", &square(106_851, 31_650)),
    ]);
    let first = desk.take("地块.geojson", &text);
    assert_eq!(counts(&first), (2, 2, 0, 0), "{first:?}");
    assert!(named(&first).is_empty(), "{:?}", named(&first));
    assert_eq!(desk.figure("parcel.area", "2023-01-01"), "31.55");
    assert_eq!(
        desk.figure("outline.area", "2023-01-01"),
        "31.55",
        "the villages are as large"
    );
    let again = desk.take("地块.geojson", &text);
    assert_eq!(counts(&again), (2, 0, 0, 2));
    assert_eq!(again.files[0].tx, None, "nothing was written");
    // Drawn from another corner, in the other sense, by another program.
    let turned = text.replace(
        "[106.850,31.650],[106.851,31.650],[106.851,31.651],[106.850,31.651],[106.850,31.650]",
        "[106.851,31.651],[106.851,31.65],[106.85,31.65],[106.85,31.651],[106.851,31.651]",
    );
    assert_ne!(turned, text);
    assert_eq!(counts(&desk.take("地块.geojson", &turned)), (2, 0, 0, 2));
    // A corner that moved is a change.
    let moved = text.replace("[106.852,31.651]", "[106.853,31.651]");
    assert_ne!(moved, text);
    let changed = desk.take("地块.geojson", &moved);
    assert_eq!(counts(&changed).2, 1, "{changed:?}");
    desk.verified();
}

#[test]
fn an_import_of_a_layer_is_taken_back() {
    let (mut desk, _pack) = desk();
    let text = layer(&[parcel("D1", "大石村", &square(106_850, 31_650))]);
    let report = desk.take("地块.geojson", &text);
    let tx = report.files[0].tx.expect("written").to_string();
    desk.undo(&tx, true).expect("taken back");
    assert_eq!(
        desk.figure("parcel.unseen", "2023-01-01"),
        "null",
        "nothing covers it any more"
    );
    assert_eq!(counts(&desk.take("地块.geojson", &text)), (1, 1, 0, 0));
    desk.verified();
}

#[test]
fn findings_name_the_feature() {
    let (mut desk, _pack) = desk();
    let open = "{\"type\":\"Polygon\",\"coordinates\":[[[106.85,31.65],[106.851,31.65],[106.851,31.651],[106.85,31.651]]]}";
    let report = desk.take(
        "地块.geojson",
        &layer(&[
            parcel("D1", "大石村", &square(106_850, 31_650)),
            parcel("D2", "青山村", open),
            parcel("D3", "清山村", "null"),
            parcel("D4", "大石村", &square(107_850, 31_650)),
            parcel("D1", "大石村", &square(106_851, 31_650)),
            "{\"type\":\"Feature\",\"properties\":null,\"geometry\":null}".to_owned(),
        ]),
    );
    assert_eq!(counts(&report).1, 4, "{report:?}");
    let found = named(&report);
    let has = |code: &str, class: FindingClass, cells: &[&str]| {
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        assert!(
            found.contains(&(code.to_owned(), class, cells)),
            "{code}: {found:#?}"
        );
    };
    has("D313", FindingClass::Rejected, &["D2"]);
    has("D310", FindingClass::Rejected, &["D3"]);
    has("I102", FindingClass::Rejected, &["D3"]);
    has("I130", FindingClass::Rejected, &["D4"]);
    has("D307", FindingClass::Notice, &[]);
    has("I108", FindingClass::Contradictory, &["D1#5", "D1#1"]);
    has("I104", FindingClass::Rejected, &["6"]);
    let said = findings(&report);
    let differs = said
        .iter()
        .find(|(class, _, _)| *class == FindingClass::Contradictory);
    assert!(
        differs.is_some_and(|(_, _, said)| said.contains("要素“D1#1”")),
        "{said:?}"
    );
    assert!(
        said.iter().all(|(_, _, said)| !said.contains("POLYGON")),
        "no shape is written out: {said:?}"
    );
    assert_eq!(desk.figure("parcel.unseen", "2023-01-01"), "3");
    desk.verified();
}

#[test]
fn a_layer_of_another_town_or_reference_is_refused_whole() {
    let (mut desk, _pack) = desk();
    let far = layer(&[parcel("D1", "大石村", &square(104_850, 30_650))]);
    let report = desk.take("地块.geojson", &far);
    assert!(!report.took_something());
    assert_eq!(named(&report)[0].0, "I131");
    let metres = far.replacen(
        '{',
        "{\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:3857\"}},",
        1,
    );
    let report = desk.take("地块.geojson", &metres);
    assert!(!report.took_something());
    assert_eq!(named(&report)[0].0, "D302");
    assert_eq!(
        report.files[0].sheets[0].findings[0].file.as_deref(),
        Some("地块.geojson")
    );
    let strange =
        layer(&["{\"type\":\"Feature\",\"properties\":{\"甲\":1},\"geometry\":null}".to_owned()]);
    let report = desk.take("别的.geojson", &strange);
    assert_eq!(named(&report)[0].0, "I121");
}

#[test]
fn points_come_from_a_workbook_or_a_layer_alike() {
    let (mut desk, _pack) = desk();
    let sheet = "水井点位表\n名称,经度,纬度\n东井,106.850,31.650\n西井,106.849,31.650\n";
    assert_eq!(counts(&desk.take("水井.csv", sheet)), (2, 2, 0, 0));
    let well = |name: &str, lon: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"名称\":\"{name}\"}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon},31.65]}}}}"
        )
    };
    let same = layer(&[well("东井", "106.85"), well("西井", "106.849")]);
    assert_eq!(counts(&desk.take("水井.geojson", &same)), (2, 0, 0, 2));
    let more = layer(&[well("更西的井", "106.8480005")]);
    assert_eq!(counts(&desk.take("水井.geojson", &more)), (1, 1, 0, 0));
    assert_eq!(desk.figure("well.west", "2023-01-01"), "106.848001");
    // A parcel's workbook gives no shape, and takes none away.
    let plots = layer(&[parcel("D1", "大石村", &square(106_850, 31_650))]);
    desk.take("地块.geojson", &plots);
    let listed = "地块表\n编号,所在村,承包户\nD1,大石村,李四\nD2,青山村,王五\n";
    let report = desk.take("地块.csv", listed);
    assert_eq!(counts(&report).0, 2, "{report:?}");
    assert_eq!(desk.figure("parcel.unseen", "2023-01-01"), "1");
    assert_eq!(desk.figure("parcel.area", "2023-01-01"), "15.78");
}

#[test]
fn a_property_is_mapped_by_hand_and_remembered() {
    let (mut desk, _pack) = desk();
    let text = layer(&[parcel("D1", "大石村", &square(106_850, 31_650))]).replace("编号", "甲乙");
    let path = desk.file("地块.geojson", &text);
    let input = ImportInput {
        paths: vec![path],
        commit: true,
        maps: vec!["地块!甲乙=number".to_owned()],
        ..ImportInput::default()
    };
    let report = desk.office.import(&input, &|_, _, _| {}).expect("imported");
    assert_eq!(counts(&report), (1, 1, 0, 0), "{report:?}");
    let columns = table(&report).mapping.iter();
    let shown: Vec<(&str, &str)> = columns.map(|c| (c.cell.as_str(), c.reason)).collect();
    assert!(shown.contains(&("甲乙", "chosen")), "{shown:?}");
    let again = desk.take("地块.geojson", &text);
    assert_eq!(counts(&again), (1, 0, 0, 1), "remembered");
}

#[test]
fn a_shape_of_ten_thousand_corners_is_kept_and_rebuilt() {
    let (mut desk, _pack) = desk();
    let mut ring: Vec<String> = (0..10_000)
        .map(|n| {
            format!(
                "[106.{:07},31.65{}]",
                8_500_000 + n,
                if n % 2 == 0 { "1" } else { "12" }
            )
        })
        .collect();
    ring.push("[106.851,31.65]".to_owned());
    ring.push("[106.85,31.65]".to_owned());
    ring.push(ring[0].clone());
    let geometry = format!(
        "{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}",
        ring.join(",")
    );
    let text = layer(&[parcel("D1", "大石村", &geometry)]);
    let report = desk.take("地块.geojson", &text);
    assert!(named(&report).is_empty(), "{:?}", named(&report));
    assert_eq!(counts(&report), (1, 1, 0, 0));
    assert_eq!(counts(&desk.take("地块.geojson", &text)), (1, 0, 0, 1));
    assert_eq!(desk.figure("parcel.unseen", "2023-01-01"), "0");
    desk.verified();
}
