//! Two sources whose codes are of one class do not contradict one another.

use crate::desk::{Desk, count, small_pack};
use vocabulary::FindingClass;

const PACK: &str = r#"
[codes.school]
title = "学历"
scheme = "yiben"
version = "1"
list = [{ code = "41", title = "中专" }, { code = "44", title = "中技" }, { code = "31", title = "大专" }, { code = "9", title = "不详" }]
[codes.rung]
title = "层次"
scheme = "yiben"
version = "1"
list = [{ code = "middle", title = "中等" }, { code = "high", title = "高等" }]
[crosswalk.rung_of]
from = "school"
to = "rung"
map = { "41" = "middle", "44" = "middle", "31" = "high" }
[register.person]
title = "人员"
label = "name"
keys = [["@division", "name"]]
[register.person.fields]
name = { type = "text", title = "姓名", required = true }
school = { type = "code:school", title = "学历", agree = "rung_of" }
[sheet.roll]
title = "花名册"
mode = "entries"
place = "village"
[sheet.roll.columns]
village = { type = "division", names = ["村"], required = true }
name = { is = "person.name", required = true }
school = { is = "person.school", required = true }
[[sheet.roll.row]]
write = "person"
set = { name = "name", school = "school" }
[[figure]]
id = "schools"
title = "学历"
from = "person"
measure = "list(concat(name, title(school)))"
"#;

fn rows(schools: [&str; 3]) -> String {
    let [a, b, c] = schools;
    format!("花名册（2022年12月）\n村,姓名,学历\n大石村,甲,{a}\n大石村,乙,{b}\n大石村,丙,{c}\n")
}

#[test]
fn codes_of_one_class_agree() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("pack.toml"), small_pack(PACK)).expect("written");
    let pack = folder.path().to_str().expect("a path in UTF-8").to_owned();
    let mut desk = Desk::of(&pack, "511729102000", "桥头镇");
    let villages = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"名称":"大石村","代码":"511729102200","类型":"村"},"geometry":null}]}"#;
    desk.take("villages.geojson", villages);
    desk.take("a.csv", &rows(["中专", "中专", "不详"]));
    let report = desk.take("b.csv", &rows(["中技", "大专", "中专"]));
    // Of another class, and of a code that has none.
    assert_eq!(count(&report, FindingClass::Contradictory), 2, "{report:?}");
    let again = desk.take("b.csv", &rows(["中技", "大专", "中专"]));
    assert_eq!(again.files[0].tx, None, "{again:?}");
    let schools = desk.figure("schools", "2022-12-31");
    assert!(
        schools.contains("甲中专"),
        "the first source counts: {schools}"
    );
    desk.verified();
}
