//! Broken rules, as data.

use crate::town::{HILL, RIVER, Store, ask, pack, read};
use crate::values::town;
use figures::{Breach, Engine};
use vocabulary::Value;

fn breaches(store: &Store) -> Vec<Breach> {
    Engine::new(&store.pack, store)
        .checks(&ask())
        .expect("the ledger answers")
}

fn said(breach: &Breach, name: &str) -> String {
    let found = breach.values.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

#[test]
fn each_kind_of_rule_finds_its_breaches() {
    let store = town();
    let found = breaches(&store);
    let ids: Vec<&str> = found.iter().map(|breach| breach.check.as_str()).collect();
    // Members and slots agree: two each.
    assert_eq!(
        ids,
        [
            "seat.bands",
            "seat.whole",
            "income.modest",
            "seat.start",
            "seat.slots",
            "seat.slots"
        ]
    );
    let found: Vec<Breach> = found
        .into_iter()
        .filter(|breach| !["seat.whole", "income.modest"].contains(&breach.check.as_str()))
        .collect();

    assert_eq!(
        (said(&found[0], "bands"), said(&found[0], "everyone")),
        ("4".into(), "5".into())
    );
    assert_eq!(found[0].names, ["副主任"]);

    assert_eq!(said(&found[1], "label"), "王五主任");
    assert_eq!(said(&found[1], "start"), "1984-01-01");
    let record = &found[1].records[0];
    assert_eq!(
        (record.record, record.field.as_deref()),
        (13, Some("start"))
    );

    assert_eq!(said(&found[2], "key"), "副主任");
    assert_eq!(
        (said(&found[2], "left"), said(&found[2], "right")),
        ("1".into(), "2".into())
    );
    let record = &found[2].records[0];
    assert_eq!((record.register.as_str(), record.record), ("slot", 32));
    assert_eq!(record.field.as_deref(), Some("number"));
}

#[test]
fn what_was_never_covered_breaks_nothing() {
    assert_eq!(breaches(&Store::new(pack())), []);
}

/// A ledger of points: what is given and what is taken, by holder.
const POINTS: &str = r#"
[pack]
name = "small"
title = "小"
version = "1"
[[level]]
name = "town"
title = "乡镇"
[[level]]
name = "village"
title = "村"
[register.entry]
title = "积分账"
label = "holder"
fields.holder = { type = "text", title = "户" }
fields.points = { type = "int", title = "分" }
fields.taken = { type = "bool", title = "兑换" }
fields.day = { type = "date", title = "日期" }
[[check]]
id = "balance"
title = "余额不小于零"
register = "entry"
group = { by = ["division", "holder"], sum = "case when taken then -points else points end", along = "day" }
must = "sum >= 0"
said = "{key} {sum} {day}"
next = "核对"
[[check]]
id = "few"
title = "一户最多四笔"
register = "entry"
where = "taken"
group = { by = ["holder"] }
must = "count <= 2"
said = "{key} {count}"
next = "核对"
"#;

#[test]
fn records_that_belong_together_are_asked_as_one() {
    let store = Store::new(read(POINTS));
    for (record, place, holder, points, taken, day) in [
        // Never below nought: given and taken on one day.
        (1, RIVER, "甲", 10, 0, 20_220_105),
        (2, RIVER, "甲", 10, 1, 20_220_105),
        (3, RIVER, "甲", 5, 0, 20_220_301),
        // Below nought in between, above it at the end.
        (4, RIVER, "乙", 10, 0, 20_220_105),
        (5, RIVER, "乙", 12, 1, 20_220_201),
        (6, RIVER, "乙", 9, 0, 20_220_301),
        // Of the same name elsewhere.
        (7, HILL, "乙", 3, 0, 20_220_201),
        // A month has no place among days: only the end counts.
        (8, HILL, "丙", 3, 1, 20_220_100),
        (9, HILL, "丙", 4, 0, 20_220_301),
        (10, HILL, "丁", 4, 1, 20_220_300),
        (11, HILL, "丁", 1, 1, 20_220_302),
        (12, HILL, "丁", 2, 1, 20_220_303),
    ] {
        let fields = [
            ("holder", Value::from(holder)),
            ("points", Value::Int(points)),
            ("taken", Value::Int(taken)),
            ("day", Value::Int(day)),
        ];
        store.put("entry", record, place, &fields);
    }
    // An amount that is unknown makes the balance unknown.
    let fields = [("holder", Value::from("戊")), ("taken", Value::Int(1))];
    store.put("entry", 20, HILL, &fields);
    let found: Vec<(String, String, String, Vec<i64>)> = breaches(&store)
        .iter()
        .map(|breach| {
            let records = breach.records.iter().map(|record| record.record);
            let sum = said(
                breach,
                if breach.check == "few" {
                    "count"
                } else {
                    "sum"
                },
            );
            (
                said(breach, "key"),
                sum,
                said(breach, "day"),
                records.collect(),
            )
        })
        .collect();
    let text = |text: &str| text.to_owned();
    assert_eq!(
        found,
        [
            (text("河村 乙"), text("-2"), text("2022-02-01"), vec![5, 4]),
            (text("山村 丁"), text("-7"), text(""), vec![10, 11, 12]),
            (text("丁"), text("3"), text(""), vec![10, 11, 12]),
        ]
    );
    let field = &breaches(&store)[0].records[0].field;
    assert_eq!(field.as_deref(), Some("points"));
}

#[test]
fn a_rule_between_figures_points_at_what_breaks_it() {
    let store = town();
    let found = breaches(&store);
    let of = |id: &str| {
        let breach = found.iter().find(|breach| breach.check == id);
        breach.cloned().unwrap_or_else(|| panic!("{id} is broken"))
    };
    // Of five seats four stand in a band as well; the fifth is that of the man whose birth nobody knows.
    let whole = of("seat.whole");
    let records: Vec<_> = whole
        .records
        .iter()
        .map(|r| (r.register.as_str(), r.record))
        .collect();
    assert_eq!(records, [("seat", 15)]);
    // A count of places names them, and the cells that they were counted by.
    let modest = of("income.modest");
    assert_eq!(modest.names.len(), 1, "{:?}", modest.names);
    let record = &modest.records[0];
    assert_eq!((record.register.as_str(), record.record), ("income", 41));
    assert_eq!(record.field.as_deref(), Some("amount"));
}
