//! What the pack language says of sheets, over the smallest pack that needs it.

use crate::desk::{Desk, findings, small_pack};

const PACK: &str = r#"
[codes.duty_list]
title = "清单"
scheme = "yiben"
version = "1"
list = [{ code = "1", title = "基本履职事项" }, { code = "2", title = "配合履职事项", aliases = ["配合清单"] }]

[register.duty]
title = "事项"
label = "name"
keys = [["name", "measure"]]
[register.duty.fields]
name = { type = "text", title = "事项名称", required = true }
measure = { type = "text", title = "措施" }
list = { type = "code:duty_list", title = "清单" }
where_said = { type = "text", title = "地点" }

[sheet.duty]
title = "履职事项清单"
only = ["清单"]
mode = "entries"
place = "village"
[sheet.duty.columns]
village = { type = "division", names = ["地点"] }
name = { is = "duty.name", required = true }
measures = { type = "text", names = ["措施"] }
list = { is = "duty.list", reads = "heading" }
[[sheet.duty.row]]
write = "duty"
split = { column = "measures", by = "[；;]" }
set = { name = "name", measure = "measures", list = "list", where_said = "village" }

[[figure]]
id = "duty.measures"
title = "措施"
from = "duty"
measure = "list(concat(measure, title(list), where_said))"
order = "measure"
"#;

fn desk() -> (Desk, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("pack.toml"), small_pack(PACK)).expect("written");
    let pack = folder.path().to_str().expect("a path in UTF-8").to_owned();
    let mut desk = Desk::of(&pack, "511729102000", "桥头镇");
    let villages = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"名称":"大石村","代码":"511729102200","类型":"村"},"geometry":null}]}"#;
    desk.take("villages.geojson", villages);
    (desk, folder)
}

#[test]
fn a_cell_is_split_and_the_heading_says_the_list() {
    let (mut desk, _folder) = desk();
    let sheet =
        "2022年配合清单\n地点,事项名称,措施\n大石,防汛,乙巡查； 甲转移；；\n全镇,防火,丙值守\n";
    let report = desk.take("a.csv", sheet);
    assert_eq!(findings(&report), Vec::new());
    assert_eq!(
        desk.figure("duty.measures", "2022-12-31"),
        "丙值守配合履职事项桥头镇、乙巡查配合履职事项大石村、甲转移配合履职事项大石村"
    );
    let again = desk.take("a.csv", sheet);
    assert_eq!(again.files[0].tx, None, "{again:?}");
    desk.verified();
}

#[test]
fn a_table_without_the_word_is_not_the_sheet() {
    let (mut desk, _folder) = desk();
    let report = desk.take("a.csv", "2022年台账\n地点,事项名称,措施\n大石,防汛,乙\n");
    assert_eq!(report.files[0].sheets[0].register, None, "{report:?}");
    assert_eq!(desk.figure("duty.measures", "2022-12-31"), "null");
}
