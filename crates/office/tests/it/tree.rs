//! A tree of places that comes from a workbook, at levels that no town has.

use crate::desk::{Desk, findings};

/// A works with shops and teams: its own level is not called `town`.
const WORKS: &str = r#"
[pack]
name = "works"
title = "工厂"
version = "1"
[[level]]
name = "works"
title = "厂"
whole = ["全厂"]
[[level]]
name = "shop"
title = "车间"
endings = ["车间"]
[[level]]
name = "team"
title = "班组"
endings = ["班组", "班"]
[register.machine]
title = "设备"
label = "number"
keys = [["number"]]
[register.machine.fields]
number = { type = "text", title = "设备编号", required = true }
[register.team]
title = "班组"
label = "name"
keys = [["@division"]]
[register.team.fields]
name = { type = "text", title = "班组", required = true }
[sheet.teams]
title = "班组一览表"
names = ["班组一览表"]
mode = "entries"
place = "team"
makes = { level = "team", name = "team", above = "shop", also = "also" }
[sheet.teams.columns]
shop = { type = "text", names = ["车间"], required = true, fill = "down" }
team = { type = "division", names = ["班组"], required = true }
also = { type = "text", names = ["简称"] }
[[sheet.teams.row]]
write = "team"
as = "own"
set = { name = "title(team)" }
[sheet.bunks]
title = "铺位表"
names = ["铺位表"]
mode = "entries"
place = "team"
vacant = { column = "holder", words = ["空铺"] }
[sheet.bunks.columns]
number = { is = "machine.number", names = ["铺位号"], required = true }
holder = { type = "text", names = ["使用人"], required = true }
team = { type = "division", names = ["班组"] }
[[sheet.bunks.row]]
write = "machine"
set = { number = "number" }
[sheet.machines]
title = "设备台账"
names = ["设备台账"]
mode = "entries"
place = "team"
[sheet.machines.columns]
team = { type = "division", names = ["使用班组"], required = true }
number = { is = "machine.number", required = true }
[[sheet.machines.row]]
write = "machine"
set = { number = "number" }
[[figure]]
id = "machine.all"
title = "设备"
unit = "台"
from = "machine"
measure = "count"
by = { level = "shop" }
[[figure]]
id = "machine.team"
title = "班组设备"
unit = "台"
from = "machine"
measure = "count"
whole = false
by = { level = "team" }
"#;

const TEAMS: &str =
    "班组一览表\n车间,班组,简称\n一车间,车工班,车一、车床班\n,钳工班,\n二车间,铣工班,\n";
const MACHINES: &str =
    "设备台账\n设备编号,使用班组\nA1,车一\nA2,车床班\nA3,钳工\nA4,铣工班\nA5,全厂\n";

fn desk() -> (Desk, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("works.toml"), WORKS).expect("written");
    let path = folder.path().to_str().expect("a path").to_owned();
    (Desk::of(&path, "300000000001", "长风厂"), folder)
}

/// Code and cell of every finding.
fn codes(report: &office::ImportReport) -> Vec<(&str, Option<&str>)> {
    let sheets = report.files.iter().flat_map(|file| &file.sheets);
    let all = sheets.flat_map(|sheet| &sheet.findings);
    all.map(|finding| (finding.code.as_str(), finding.cell.as_deref()))
        .collect()
}

#[test]
fn a_list_of_places_makes_the_tree_and_its_other_names() {
    let (mut desk, _pack) = desk();
    let report = desk.take("班组一览表.csv", TEAMS);
    assert_eq!(findings(&report), []);
    let report = desk.take("设备台账.csv", MACHINES);
    assert_eq!(findings(&report), []);
    assert_eq!(desk.figure("machine.all", "2022-12-31"), "5");
    let shop = |n: u8| format!("machine.all[30000000000100{n}]");
    assert_eq!(desk.figure(&shop(1), "2022-12-31"), "3");
    assert_eq!(desk.figure(&shop(2), "2022-12-31"), "1");
    let team = "machine.team[300000000001001001]";
    assert_eq!(desk.figure(team, "2022-12-31"), "2");
    desk.verified();
}

#[test]
fn brackets_of_any_width_are_the_same_name() {
    let (mut desk, _pack) = desk();
    let teams = TEAMS.replace("车一、", "车（1）班、");
    desk.take("班组一览表.csv", &teams);
    let machines = MACHINES.replace("A1,车一", "A1,车(1)班");
    let report = desk.take("设备台账.csv", &machines);
    assert_eq!(findings(&report), []);
    let team = "machine.team[300000000001001001]";
    assert_eq!(desk.figure(team, "2022-12-31"), "2");
}

#[test]
fn an_empty_seat_without_a_place_is_no_oversight() {
    let (mut desk, _pack) = desk();
    desk.take("班组一览表.csv", TEAMS);
    let bunks = "铺位表\n铺位号,使用人,班组\n1,李强,车一\n2,空铺,\n3,王军,铣工班\n";
    let report = desk.take("铺位表.csv", bunks);
    assert_eq!(findings(&report), []);
    let report = desk.take("铺位表二.csv", &bunks.replace("2,空铺", "4,赵勇"));
    assert_eq!(codes(&report), [("I124", Some("C4"))]);
}

#[test]
fn the_same_list_again_is_the_same_tree() {
    let (mut desk, _pack) = desk();
    desk.take("班组一览表.csv", TEAMS);
    let again = desk.take("班组一览表.csv", TEAMS);
    assert_eq!(again.files[0].tx, None, "{:?}", findings(&again));
    let moved = TEAMS.replace("二车间,铣工班", "一车间,铣工班");
    let report = desk.take("班组一览表（二）.csv", &moved);
    let found = codes(&report);
    assert!(found.contains(&("I125", Some("B5"))), "{found:?}");
}

#[test]
fn the_list_is_taken_before_what_names_its_places() {
    let (mut desk, _pack) = desk();
    let files = [
        desk.file("a设备台账.csv", MACHINES),
        desk.file("b班组一览表.csv", TEAMS),
    ];
    let input = office::ImportInput {
        paths: files.into(),
        commit: true,
        ..office::ImportInput::default()
    };
    let report = desk.office.import(&input, &|_, _, _| ()).expect("taken");
    assert_eq!(findings(&report), []);
    assert_eq!(
        desk.figure("machine.all[300000000001001]", "2022-12-31"),
        "3"
    );
}

#[test]
fn without_a_list_the_ending_says_the_level() {
    let (mut desk, _pack) = desk();
    let report = desk.take(
        "设备台账.csv",
        "设备台账\n设备编号,使用班组\nA1,二车间\nA2,车工班\n",
    );
    assert!(
        codes(&report).contains(&("I113", None)),
        "{:?}",
        findings(&report)
    );
    assert_eq!(desk.figure("machine.team[300000000902]", "2022-12-31"), "1");
    assert_eq!(desk.figure("machine.all[300000000901]", "2022-12-31"), "1");
}
