//! A book open for many: people with roles and places, who write by hand and read what they may.

use crate::desk::{Noon, small_pack};
use ledger::Entropy;
use office::clock::SystemEntropy;
use office::{
    Actor, AskInput, CorrectInput, EndInput, House, ImportInput, InitInput, ListInput, Office,
    OfficeError, RecordInput, ShowInput, WithdrawInput,
};
use std::path::PathBuf;
use testkit::CountingEntropy;
use vocabulary::DivisionId;

mod by_hand; // record, correct, end, withdraw
mod many; // one book, many hands
mod sight; // one row and the statement decide alike

const PACK: &str = r#"
[role.village]
title = "村干部"
may = ["import", "settle", "undo", "record", "correct", "end", "withdraw", "show", "figure", "trace", "check", "history"]
registers = ["person", "household"]
personal = true
[role.counter]
title = "统计员"
may = ["show", "figure", "trace", "check", "history", "import"]
registers = ["household", "person"]
personal = false
[role.posts]
title = "职位管理员"
may = ["show", "figure", "trace", "record", "import", "check", "history"]
registers = ["seat"]
personal = false
[role.visitor]
title = "来访者"
may = ["figure"]
registers = []
personal = false

[codes.kind]
title = "户类型"
scheme = "test"
version = "1"
list = [{ code = "poor", title = "贫困户" }, { code = "plain", title = "一般户", aliases = ["普通"] }]
[codes.sex]
title = "性别"
scheme = "GB/T 2261.1"
version = "2003"
list = [{ code = "1", title = "男" }, { code = "2", title = "女" }]

[register.household]
title = "农户"
label = "number"
keys = [["number"]]
[register.household.fields]
number = { type = "text", title = "户编号", required = true }
kind = { type = "code:kind", title = "户类型" }
income = { type = "money", title = "年收入", unit = "元" }
people = { type = "int", title = "人数" }
since = { type = "date", title = "立户日期" }
head = { type = "text", title = "户主", personal = true }

[register.person]
title = "人员"
label = "name"
[register.person.identity]
sure = "id_number"
name = "name"
agree = [["birth"], ["@place"]]
[register.person.fields]
name = { type = "text", title = "姓名", required = true, personal = true, constant = true }
id_number = { type = "id_number", title = "身份证号", secret = true, constant = true, gives = { birth = "birth", sex = "sex" } }
birth = { type = "date", title = "出生年月", personal = true, constant = true }
sex = { type = "code:sex", title = "性别", personal = true, constant = true }
phone = { type = "phone", title = "电话", secret = true }
household = { type = "ref:household", title = "所在户" }

[register.seat]
title = "职位"
label = "post"
keys = [["@division", "post"]]
[register.seat.fields]
post = { type = "text", title = "职务", required = true }
person = { type = "ref:person", title = "任职人" }

[[figure]]
id = "households"
title = "农户"
text = "农户数。"
unit = "户"
from = "household"
measure = "count"
by = { of = "kind", codes = "kind" }
[[figure]]
id = "villages"
title = "各村农户"
text = "各村农户数。"
unit = "户"
from = "household"
measure = "count"
by = { of = "division", level = "village" }
[[figure]]
id = "income"
title = "收入"
text = "收入合计。"
unit = "元"
from = "household"
measure = "sum(income)"
[[figure]]
id = "heads"
title = "人名"
text = "人名。"
from = "person"
measure = "list(name)"
[[figure]]
id = "seats"
title = "职位数"
text = "职位数。"
unit = "个"
from = "seat"
measure = "count"
[[check]]
id = "household.income"
title = "收入不为负"
register = "household"
must = "income >= 0"
fields = ["income"]
owner = "clerk"
said = "{label}：年收入是负数"
next = "核对"

[sheet.households]
title = "农户表"
mode = "entries"
place = "village"
[sheet.households.columns]
village = { type = "division", names = ["村"], required = true }
number = { is = "household.number", required = true }
income = { is = "household.income", required = true }
[[sheet.households.row]]
write = "household"
set = { number = "number", income = "income" }
"#;

const TOWN: DivisionId = 511_729_102_000;
const NORTH: DivisionId = 511_729_102_200;
const SOUTH: DivisionId = 511_729_102_201;
const EAST: DivisionId = 511_729_102_202;

/// A house of a town with three villages, in a folder that vanishes.
struct Street {
    house: House,
    folder: tempfile::TempDir,
}

impl Street {
    fn new() -> Street {
        let folder = tempfile::tempdir().expect("a folder");
        let pack = folder.path().join("pack");
        std::fs::create_dir(&pack).expect("made");
        std::fs::write(pack.join("pack.toml"), small_pack(PACK)).expect("written");
        let init = InitInput {
            path: folder.path().join("a.db"),
            pack,
            book: TOWN.to_string(),
            name: "桥头镇".to_owned(),
            sm3: false,
        };
        let actor = Actor::new("周婷婷", None);
        let mut office = Office::init(&init, actor, Box::new(Noon), SystemEntropy).expect("a book");
        let villages = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"名称":"北村","代码":"511729102200","类型":"村"},"geometry":null},
            {"type":"Feature","properties":{"名称":"南村","代码":"511729102201","类型":"村"},"geometry":null},
            {"type":"Feature","properties":{"名称":"东村","代码":"511729102202","类型":"村"},"geometry":null}]}"#;
        let path = folder.path().join("villages.geojson");
        std::fs::write(&path, villages).expect("written");
        let import = ImportInput {
            paths: vec![path],
            commit: true,
            ..ImportInput::default()
        };
        let report = office.import(&import, &|_, _, _| {}).expect("imported");
        assert_eq!(report.files[0].sheets[0].new, 3, "{report:?}");
        let house = office.into_house().expect("a house");
        Street { house, folder }
    }

    /// An office for somebody in a role and places.
    fn office(&self, name: &str, role: Option<&str>, scope: &[DivisionId]) -> Office {
        let mut actor = Actor::new(name, role);
        actor.scope = scope.to_vec();
        self.house.office(actor)
    }

    /// Whoever holds the book.
    fn desk(&self) -> Office {
        self.office("周婷婷", None, &[])
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Writes a record for sure.
    fn put(&self, register: &str, place: DivisionId, values: &[(&str, &str)]) -> i64 {
        let input = RecordInput {
            from: Some("2022-01-01".to_owned()),
            ..record(register, Some(place), values)
        };
        let done = self.desk().record(&input);
        done.unwrap_or_else(|error| panic!("{}: {values:?}", said(&error)))
            .record
    }
}

fn pairs(values: &[(&str, &str)]) -> Vec<(String, String)> {
    let values = values.iter();
    values
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn record(register: &str, place: Option<DivisionId>, values: &[(&str, &str)]) -> RecordInput {
    RecordInput {
        register: register.to_owned(),
        values: pairs(values),
        division: place.map(|place| place.to_string()),
        ..RecordInput::default()
    }
}

fn correct(register: &str, record: i64, values: &[(&str, &str)]) -> CorrectInput {
    CorrectInput {
        register: register.to_owned(),
        record: record.to_string(),
        values: pairs(values),
        ..CorrectInput::default()
    }
}

fn list(register: &str) -> ListInput {
    ListInput {
        register: register.to_owned(),
        ..ListInput::default()
    }
}

fn show(register: &str, record: i64) -> ShowInput {
    ShowInput {
        register: register.to_owned(),
        record: record.to_string(),
        ..ShowInput::default()
    }
}

/// Codes and sentences of an error.
fn said(error: &OfficeError) -> String {
    let line = |finding: &vocabulary::Finding| format!("{} {}", finding.code, finding.said);
    match error {
        OfficeError::Asked(finding) | OfficeError::Refused(finding) => line(finding),
        OfficeError::AskedAll(findings) => findings.iter().map(line).collect::<Vec<_>>().join("\n"),
        OfficeError::Ledger(error) => format!("{} {}", error.code(), error.said()),
        other => other.to_string(),
    }
}

/// Numbers that follow from a seed.
struct Dice(CountingEntropy);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(CountingEntropy::new(seed))
    }

    fn below(&mut self, many: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        usize::try_from(u32::from_le_bytes(bytes)).expect("it fits") % many
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

fn ask(at: &str) -> AskInput {
    AskInput {
        at: Some(at.to_owned()),
        ..AskInput::default()
    }
}

fn ended(register: &str, record: i64, from: &str) -> EndInput {
    EndInput {
        register: register.to_owned(),
        record: record.to_string(),
        from: Some(from.to_owned()),
        ..EndInput::default()
    }
}

fn withdrawn(register: &str, record: i64, fact: String, commit: bool) -> WithdrawInput {
    WithdrawInput {
        register: register.to_owned(),
        record: record.to_string(),
        fact,
        commit,
        why: None,
    }
}
