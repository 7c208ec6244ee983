//! What records of another register say of one: figures and checks that ask them.

use crate::town::{BOOK, HILL, RIVER, Store, ask, read};
use figures::{Ask, Engine, FigureId, WhyNull};
use vocabulary::{Date, Value};

const PACK: &str = r#"
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
[codes.kind]
title = "类别"
scheme = "yiben"
version = "1"
list = [{ code = "work", title = "务工" }, { code = "loan", title = "小额信贷" }]
[register.household]
title = "户"
label = "name"
fields.name = { type = "text", title = "户主" }
[register.person]
title = "人"
label = "name"
fields.name = { type = "text", title = "姓名" }
fields.household = { type = "ref:household", title = "户" }
fields.able = { type = "bool", title = "能劳动" }
[register.measure]
title = "措施"
label = "title(kind)"
fields.household = { type = "ref:household", title = "户" }
fields.kind = { type = "code:kind", title = "类别" }
fields.person = { type = "ref:person", title = "受助人" }
fields.money = { type = "money", title = "金额" }
fields.day = { type = "date", title = "时间" }

[[figure]]
id = "idle"
title = "没有措施的户"
from = "household"
where = "not exists(measure, household = this)"
measure = "list(name)"
[[figure]]
id = "able.idle"
title = "有能劳动的人而没有就业措施的户"
from = "household"
where = "exists(person, household = this and able) and not exists(measure, household = this and kind = 'work')"
measure = "count"
[[figure]]
id = "able.two"
title = "有两个以上能劳动的户"
from = "household"
where = "count_of(person, household = this and able) >= 2"
measure = "count"
[[figure]]
id = "money"
title = "户得到的钱"
unit = "元"
from = "household"
measure = "sum(sum_of(measure, household = this, money))"
[[figure]]
id = "latest"
title = "今年还有措施的户"
from = "household"
where = "max_of(measure, household = this, day) >= date '2022-01-01'"
measure = "count"
[[figure]]
id = "helped"
title = "家里有人受助的户"
from = "household"
where = "exists(person, household = this and exists(measure, person = this and money > 100))"
measure = "count"
[[figure]]
id = "people.helped"
title = "住在有措施的户里的人"
from = "person"
where = "exists(measure, household = this.household and this.division = division)"
measure = "count"
by = { level = "village" }

[[check]]
id = "loan"
title = "贷款户要有能劳动的人"
register = "household"
where = "exists(measure, household = this and kind = 'loan')"
must = "exists(person, household = this and able)"
said = "{label}"
next = "核对"
"#;

fn store() -> Store {
    let store = Store::new(read(PACK));
    for (record, place, name) in [(1, RIVER, "甲"), (2, RIVER, "乙"), (3, HILL, "丙")] {
        store.put("household", record, place, &[("name", name.into())]);
    }
    store.cover("household", BOOK);
    store
}

fn people(store: &Store) {
    for (record, place, household, able) in [
        (11, RIVER, 1, Value::Int(1)),
        (12, RIVER, 1, Value::Int(1)),
        (13, RIVER, 2, Value::Int(0)),
        (14, HILL, 3, Value::Int(1)),
        (15, HILL, 3, Value::Null),
    ] {
        let fields = [("household", Value::Int(household)), ("able", able)];
        store.put("person", record, place, &fields);
    }
}

fn measure(store: &Store, record: i64, span: (i64, i64), fields: &[(&str, Value)]) {
    store.put_for("measure", record, RIVER, span, fields);
}

fn measures(store: &Store) {
    let always = (0, 99_991_231);
    let of = |household: i64, kind: &str, money: i64, day: i64| {
        vec![
            ("household", Value::Int(household)),
            ("kind", Value::from(kind)),
            ("money", Value::Int(money)),
            ("day", Value::Int(day)),
        ]
    };
    measure(store, 21, always, &of(1, "work", 10_000, 20_210_300));
    measure(store, 22, always, &of(1, "loan", 25_050, 20_220_000));
    measure(store, 23, always, &of(2, "loan", 1_00, 20_211_231));
    // Ended before the asked date.
    measure(
        store,
        24,
        (20_200_101, 20_220_601),
        &of(3, "work", 7_00, 20_200_101),
    );
    store.put(
        "measure",
        25,
        RIVER,
        &[("person", 14.into()), ("money", 15_000.into())],
    );
}

#[test]
fn the_others_are_asked_at_the_same_date() {
    let store = store();
    people(&store);
    measures(&store);
    let asked = |id: &str| store.value(id, &ask());
    assert_eq!(asked("idle"), "[丙]", "its measure ended in June");
    assert_eq!(asked("able.idle"), "1");
    assert_eq!(asked("able.two"), "1", "unknown is not able");
    assert_eq!(asked("money"), "351.5");
    assert_eq!(asked("latest"), "1", "2022 is not before January");
    assert_eq!(asked("helped"), "1");
    let early = Ask {
        at: Date::from_int(20_220_501),
        ..ask()
    };
    assert_eq!(store.value("able.idle", &early), "0");
    assert_eq!(asked(&format!("people.helped[{RIVER}]")), "3");
    assert_eq!(
        asked(&format!("people.helped[{HILL}]")),
        "0",
        "a measure of another place"
    );
}

#[test]
fn an_amount_that_is_unknown_makes_their_sum_unknown() {
    let store = store();
    people(&store);
    measures(&store);
    store.put("measure", 26, RIVER, &[("household", Value::Int(2))]);
    let answer = store.answer("money", &ask());
    assert_eq!(
        (store.value("money", &ask()).as_str(), answer.unknown),
        ("350.5", 1)
    );
}

#[test]
fn silence_is_not_absence() {
    let store = store();
    let answer = store.answer("idle", &ask());
    let register = "measure".to_owned();
    assert_eq!(answer.why_null, Some(WhyNull::NotCovered { register }));
    let engine = Engine::new(&store.pack, &store);
    let trace = engine.trace(&FigureId::whole("idle"), &ask());
    assert_eq!(trace.expect("the store answers").records, []);
    assert_eq!(engine.checks(&ask()).expect("the store answers"), []);
    store.cover("measure", RIVER);
    assert_eq!(store.value("idle", &ask()), "[丙,乙,甲]");
}

#[test]
fn checks_ask_the_others_and_traces_add_up() {
    let store = store();
    people(&store);
    measures(&store);
    let engine = Engine::new(&store.pack, &store);
    let found = engine.checks(&ask()).expect("the store answers");
    let records: Vec<i64> = found
        .iter()
        .map(|breach| breach.records[0].record)
        .collect();
    assert_eq!(records, [2], "the house of 乙 has nobody who is able");
    assert_eq!(engine.consistent(&ask()).expect("the store answers"), []);
    for id in engine.ids(&ask()).expect("the store answers") {
        let answer = store.answer(&id.to_string(), &ask());
        let trace = engine.trace(&id, &ask()).expect("the store answers");
        assert_eq!(answer.value, trace.value, "{id}");
    }
}

/// Prints what it takes; `YIBEN_PEOPLE=48000 cargo test --release -p figures many_are_asked -- --nocapture` measures.
#[test]
#[allow(clippy::print_stdout, reason = "a measurement is read by people")]
fn many_are_asked_at_once() {
    let people: i64 = std::env::var("YIBEN_PEOPLE")
        .ok()
        .and_then(|people| people.parse().ok())
        .unwrap_or(2_000);
    let store = Store::new(read(PACK));
    store.batch("BEGIN");
    for household in 1..=people / 3 {
        store.put("household", household, RIVER, &[("name", "户".into())]);
    }
    for person in 1..=people {
        let fields = [
            ("household", Value::Int(1 + person / 3)),
            ("able", Value::Int(person % 2)),
        ];
        store.put("person", person, RIVER, &fields);
        if person % 4 == 0 {
            let fields = [
                ("household", Value::Int(1 + person / 3)),
                ("person", Value::Int(person)),
                (
                    "kind",
                    ["work", "loan"][usize::from(person % 8 == 0)].into(),
                ),
                ("money", Value::Int(person)),
            ];
            store.put("measure", person, RIVER, &fields);
        }
    }
    store.batch("COMMIT");
    let engine = Engine::new(&store.pack, &store);
    let begun = std::time::Instant::now();
    let answers = engine.answer(&[], &ask()).expect("the store answers");
    println!(
        "{} figures over {people} people: {:?}",
        answers.len(),
        begun.elapsed()
    );
    if people > 5_000 {
        return;
    }
    let able = |household: i64| {
        let members = (1..=people).filter(|person| 1 + person / 3 == household);
        members.filter(|person| person % 2 == 1).count()
    };
    let two = (1..=people / 3).filter(|household| able(*household) >= 2);
    assert_eq!(store.value("able.two", &ask()), two.count().to_string());
}
