//! Rows that mean a record and do not make it.

use crate::desk::{Desk, findings, small_pack};
use office::ImportInput;
use vocabulary::FindingClass;

const PACK: &str = r#"
[register.point]
title = "隐患点"
label = "number"
keys = [["number"]]
[register.point.fields]
number = { type = "text", title = "编号", required = true }
risk = { type = "text", title = "灾种", required = true }
[register.person]
title = "人员"
label = "name"
[register.person.identity]
name = "name"
agree = [["birth"], ["@place"]]
[register.person.fields]
name = { type = "text", title = "姓名", required = true }
birth = { type = "date", title = "出生年月" }
[register.move]
title = "转移"
label = "said"
keys = [["@division", "said", "day"], ["@division", "day", "@ordinal"]]
[register.move.fields]
day = { type = "date", title = "日期", required = true }
point = { type = "ref:point", title = "隐患点" }
said = { type = "text", title = "写的编号" }
leader = { type = "ref:person", title = "负责人" }
count = { type = "int", title = "人数" }

[sheet.points]
title = "隐患点名录"
mode = "entries"
place = "village"
[sheet.points.columns]
village = { type = "division", names = ["村"], required = true }
number = { is = "point.number", required = true }
risk = { is = "point.risk", required = true }
[[sheet.points.row]]
write = "point"
set = { number = "number", risk = "risk" }

[sheet.people]
title = "花名册"
mode = "entries"
place = "village"
[sheet.people.columns]
village = { type = "division", names = ["村"], required = true }
name = { is = "person.name", required = true }
birth = { is = "person.birth", required = true }
[[sheet.people.row]]
write = "person"
set = { name = "name", birth = "birth" }

[sheet.moves]
title = "转移记录"
mode = "entries"
place = "village"
[sheet.moves.columns]
village = { type = "division", names = ["村"], required = true }
day = { is = "move.day", required = true }
number = { type = "text", names = ["隐患点编号"], required = true }
leader = { type = "text", names = ["负责人"] }
count = { is = "move.count", required = true }
[[sheet.moves.row]]
write = "point"
link = "known"
set = { number = "number" }
[[sheet.moves.row]]
write = "person"
as = "who"
link = "if_one"
set = { name = "leader" }
[[sheet.moves.row]]
write = "move"
set = { day = "day", point = "point", said = "number", leader = "who", count = "count" }

[[figure]]
id = "points"
title = "点"
from = "point"
measure = "count"
[[figure]]
id = "people"
title = "人"
from = "person"
measure = "count"
[[figure]]
id = "moved"
title = "转移人数"
from = "move"
measure = "sum(count)"
[[figure]]
id = "linked"
title = "连上的"
from = "move"
where = "point is not null"
measure = "list(concat(said, point.risk, leader.name))"
order = "said"
"#;

const POINTS: &str = "隐患点名录\n村,编号,灾种\n大石村,DS-001,滑坡\n大石村,DS-002,崩塌\n";
const PEOPLE: &str =
    "花名册\n村,姓名,出生年月\n大石村,王强,1980-01\n大石村,李红,1980-01\n大石村,李红,1985-06\n";
const MOVES: &str = "转移记录\n村,日期,隐患点编号,负责人,人数\n大石村,2022-07-01,DS-001,王强,10\n\
    大石村,2022-07-02,DS-0O2,李红,5\n大石村,2022-07-03,DS-002,赵新,3\n大石村,2022-07-04,,王强,2\n\
    大石村,2022-07-05,九龙坡西侧,,1\n";

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

fn figure(desk: &Desk, id: &str) -> String {
    desk.figure(id, "2022-12-31")
}

#[test]
fn what_is_not_in_the_list_is_said_and_not_made() {
    let (mut desk, _folder) = desk();
    desk.take("points.csv", POINTS);
    desk.take("people.csv", PEOPLE);
    let report = desk.take("moves.csv", MOVES);
    let found: Vec<(FindingClass, String)> = findings(&report)
        .into_iter()
        .map(|(class, cell, _)| (class, cell))
        .collect();
    let expected = [
        (FindingClass::Rejected, "C4"),
        (FindingClass::Notice, "D4"),
        (FindingClass::Rejected, "C7"),
    ];
    assert_eq!(found.len(), expected.len(), "{:?}", findings(&report));
    for expected in expected.map(|(class, cell)| (class, cell.to_owned())) {
        assert!(found.contains(&expected), "{expected:?} {found:?}");
    }
    let said = findings(&report);
    assert!(
        said.iter().any(|f| f.2.contains("DS-002")),
        "the nearest: {said:?}"
    );
    assert_eq!(figure(&desk, "points"), "2", "none is made");
    assert_eq!(figure(&desk, "people"), "3");
    assert_eq!(figure(&desk, "moved"), "21", "every row counts");
    assert_eq!(figure(&desk, "linked"), "DS-001滑坡王强、DS-002崩塌");
    let again = desk.take("moves.csv", MOVES);
    assert_eq!(again.files[0].tx, None, "{again:?}");
    desk.verified();
}

#[test]
fn files_of_one_import_wait_for_what_they_refer_to() {
    let (mut desk, _folder) = desk();
    // In this order by name: what refers comes first.
    let paths = [("a.csv", MOVES), ("b.csv", PEOPLE), ("c.csv", POINTS)];
    let input = ImportInput {
        paths: paths.map(|(name, text)| desk.file(name, text)).into(),
        commit: true,
        ..ImportInput::default()
    };
    desk.office.import(&input, &|_, _, _| {}).expect("imported");
    assert_eq!(figure(&desk, "linked"), "DS-001滑坡王强、DS-002崩塌");
}

#[test]
fn a_row_is_linked_when_its_list_comes_later_and_it_is_imported_again() {
    let (mut desk, _folder) = desk();
    desk.take("moves.csv", MOVES);
    assert_eq!(figure(&desk, "points"), "null", "the list was never there");
    assert_eq!(figure(&desk, "moved"), "21");
    desk.take("points.csv", POINTS);
    let report = desk.take("moves.csv", MOVES);
    assert_eq!(findings(&report).len(), 2, "{report:?}");
    assert_eq!(figure(&desk, "linked"), "DS-001滑坡、DS-002崩塌");
    assert_eq!(figure(&desk, "moved"), "21");
    desk.verified();
}
