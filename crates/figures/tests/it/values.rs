//! What figures are worth: stocks, flows, members, formulas, divisions, the past, and null.

use crate::town::{BOOK, FORD, GROUP, HILL, RIVER, Store, ask, pack};
use figures::{Ask, FigureId, FiguresError, WhyNull};
use vocabulary::{Date, Moment, Period, Value};

/// Four people on six seats of three villages; visits with dates of every precision; two villages' income.
pub(crate) fn town() -> Store {
    let store = Store::new(pack());
    fill(&store);
    store
}

pub(crate) fn fill(store: &Store) {
    let (int, text) = (Value::Int, |text: &str| Value::from(text));
    for (unit, name) in [(1, "农技站"), (2, "学校")] {
        store.put("unit", unit, BOOK, &[("name", text(name))]);
    }
    for (person, name, birth, sex, education, unit) in [
        (1, "张三", int(19_850_700), "1", text("21"), int(1)),
        (2, "李四", int(19_780_315), "2", text("31"), int(1)),
        (3, "王五", int(19_700_000), "1", Value::Null, int(2)),
        (4, "赵六", Value::Null, "1", text("10"), Value::Null),
    ] {
        let fields = [
            ("name", text(name)),
            ("birth", birth),
            ("sex", text(sex)),
            ("education", education),
            ("unit", unit),
        ];
        store.put("person", person, BOOK, &fields);
    }
    for (seat, division, person, post, start, from) in [
        (11, RIVER, int(1), "head", 20_210_100, 20_210_101),
        (12, GROUP, int(2), "member", 20_210_115, 20_210_101),
        (13, HILL, int(3), "head", 19_840_101, 0),
        (14, HILL, Value::Null, "deputy", 0, 20_210_101),
        (15, FORD, int(4), "member", 20_210_100, 20_210_101),
        (16, FORD, int(1), "deputy", 20_210_100, 20_210_101),
    ] {
        let start = if start == 0 { Value::Null } else { int(start) };
        let fields = [("person", person), ("post", text(post)), ("start", start)];
        store.put_for("seat", seat, division, (from, 99_991_231), &fields);
    }
    for (slot, post, number) in [(31, "head", 3), (32, "deputy", 2), (33, "member", 2)] {
        store.put(
            "slot",
            slot,
            BOOK,
            &[("post", text(post)), ("number", int(number))],
        );
    }
    for (visit, division, day, done, cost) in [
        (21, RIVER, int(20_220_105), int(1), int(10_000)),
        (22, RIVER, int(20_220_700), int(0), int(2_550)),
        (23, RIVER, int(20_211_231), int(1), int(100)),
        (24, RIVER, int(20_220_000), int(1), Value::Null),
        (25, RIVER, Value::Null, int(1), int(700)),
        (26, RIVER, int(20_230_101), int(1), int(100)),
        (27, HILL, int(20_221_231), Value::Null, int(500)),
    ] {
        let fields = [
            ("day", day),
            ("topic", text("走访")),
            ("done", done),
            ("cost", cost),
        ];
        // The sheet speaks at the end of the year of things that happened in it.
        store.put_for("visit", visit, division, (20_221_231, 99_991_231), &fields);
    }
    for (income, division, amount) in [(41, RIVER, 1_234_567), (42, HILL, 500_000)] {
        store.put("income", income, division, &[("amount", int(amount))]);
        store.cover("income", division);
    }
    for register in ["unit", "person", "seat", "slot", "visit"] {
        store.cover(register, BOOK);
    }
}

#[test]
fn stocks_members_and_formulas() {
    let store = town();
    for (id, value) in [
        ("seat.all", "5"),
        ("seat.people", "4"),
        ("seat.age[<=40]", "2"),
        ("seat.age[41-50]", "1"),
        ("seat.age[>=51]", "1"),
        ("seat.young.share", "40"),
        ("seat.ageless", "1"),
        ("seat.age.avg", "42.5"),
        ("seat.age.max", "52"),
        ("seat.filled", "5"),
        ("seat.filled[head]", "2"),
        ("seat.filled[deputy]", "1"),
        ("seat.filled[member]", "2"),
        ("seat.rung[high]", "3"),
        ("seat.rung[low]", "1"),
        ("slot.number", "7"),
        ("slot.number[head]", "3"),
        ("seat.vacant", "2"),
        ("seat.vacant[head]", "1"),
        ("seat.vacant[member]", "0"),
        ("seat.change", "4"),
        ("seat.open", "[副主任]"),
        ("seat.units", "[农技站,学校]"),
        ("income.amount", "17345.67"),
        ("income.amount[511000000101]", "12345.67"),
        ("income.rich", "1"),
        ("village.all", "3"),
    ] {
        assert_eq!(store.value(id, &ask()), value, "{id}");
    }
    let age = store.answer("seat.age[<=40]", &ask());
    assert_eq!(
        (age.records, age.unknown),
        (2, 1),
        "one birth date is unknown"
    );
    assert_eq!(age.title, "40岁以下");
    assert_eq!(
        store.answer("seat.filled[head]", &ask()).title,
        "实有（主任）"
    );
    assert_eq!(store.answer("seat.age.avg", &ask()).unknown, 1);
}

#[test]
fn an_event_lies_in_a_period_with_its_whole_span() {
    let store = town();
    let within = |period: &str| Ask {
        period: Period::parse(period).expect("a period"),
        ..ask()
    };
    for (period, count, undecided) in [
        ("2022", "4", 0),
        ("2022Q1", "1", 1),
        ("2022Q3", "1", 1),
        ("2022-07", "1", 1),
        ("2022-07-01..2022-07-15", "0", 2),
        ("2021", "1", 0),
        ("2021..2022", "5", 0),
    ] {
        let answer = store.answer("visit.all", &within(period));
        assert_eq!(
            answer.value.number().expect("a number").to_string(),
            count,
            "{period}"
        );
        assert_eq!(answer.undecided, undecided, "{period}");
    }
    assert_eq!(store.value("visit.done", &ask()), "2");
    assert_eq!(
        store.answer("visit.done", &ask()).unknown,
        2,
        "an unknown state, an unknown date"
    );
    assert_eq!(store.value("visit.cost", &ask()), "130.5");
    assert_eq!(store.value("visit.mean", &ask()), "32.625");
}

#[test]
fn an_event_is_read_as_of_the_end_of_its_period() {
    let store = Store::new(pack());
    store.cover("visit", BOOK);
    let fields = |done: i64| {
        [
            ("day", Value::Int(20_220_301)),
            ("topic", Value::from("a")),
            ("done", Value::Int(done)),
        ]
    };
    store.put_for("visit", 1, RIVER, (20_220_301, 20_220_501), &fields(0));
    store.put_for("visit", 1, RIVER, (20_220_501, 20_221_101), &fields(1));
    let quarter = |text| Ask {
        period: Period::parse(text).expect("a period"),
        ..ask()
    };
    assert_eq!(
        store.value("visit.done", &quarter("2022Q1")),
        "0",
        "not yet done in March"
    );
    assert_eq!(store.value("visit.done", &quarter("2022-03..2022-06")), "1");
    assert_eq!(
        store.value("visit.done", &quarter("2022")),
        "1",
        "ended in November, still an event"
    );
    let early = Ask {
        at: Date::from_int(20_220_401),
        ..quarter("2022")
    };
    assert_eq!(
        store.value("visit.done", &early),
        "0",
        "read as of the asked day"
    );
    let before = Ask {
        at: Date::from_int(20_220_201),
        ..quarter("2022")
    };
    assert_eq!(store.value("visit.all", &before), "0");
}

#[test]
fn divisions_narrow_and_add_up() {
    let store = town();
    let inside = |division| Ask {
        within: Some(division),
        ..ask()
    };
    for (division, all, people) in [
        (BOOK, "5", "4"),
        (RIVER, "2", "2"),
        (GROUP, "1", "1"),
        (HILL, "1", "1"),
        (FORD, "2", "2"),
    ] {
        assert_eq!(
            store.value("seat.all", &inside(division)),
            all,
            "{division}"
        );
        assert_eq!(
            store.value("seat.people", &inside(division)),
            people,
            "{division}"
        );
    }
    assert_eq!(store.value("income.rich", &inside(RIVER)), "1");
    assert_eq!(store.value("income.rich", &inside(HILL)), "0");
}

#[test]
fn null_says_why() {
    let store = town();
    let ford = Ask {
        within: Some(FORD),
        ..ask()
    };
    let why = |id: &str, ask: &Ask| store.answer(id, ask).why_null;
    let uncovered = Some(WhyNull::NotCovered {
        register: "income".to_owned(),
    });
    assert_eq!(why("income.amount", &ford), uncovered);
    assert_eq!(why("income.amount[511000000103]", &ask()), uncovered);
    let operand = WhyNull::OperandNull {
        operand: "income.amount".to_owned(),
    };
    assert_eq!(why("income.rich", &ford), Some(operand));
    let none = Ask {
        period: Period::year(1999),
        ..ask()
    };
    assert_eq!(
        store.value("visit.all", &none),
        "0",
        "covered: nothing found is nothing"
    );
    assert_eq!(store.value("visit.cost", &none), "0");
    assert_eq!(why("visit.mean", &none), Some(WhyNull::DivisionByZero));
    let empty = Store::new(pack());
    empty.cover("seat", BOOK);
    assert_eq!(
        empty.answer("seat.age.avg", &ask()).why_null,
        Some(WhyNull::Nothing)
    );
    assert_eq!(empty.value("seat.open", &ask()), "[]");
    assert_eq!(
        empty.value("seat.vacant", &ask()),
        "null",
        "never 0 for an unknown operand"
    );
}

#[test]
fn the_past_is_as_it_was_known() {
    let store = town();
    store.batch(
        "INSERT INTO h_seat SELECT book, record, division, vfrom, vto, 1, 0, f_person, 'deputy', f_start, 5
           FROM r_seat WHERE record = 12;
         UPDATE r_seat SET tx = 5 WHERE record = 12;
         INSERT INTO h_person SELECT book, record, division, vfrom, vto, 1, 0, f_name, 19500101, f_sex, f_education, f_unit, 5
           FROM r_person WHERE record = 2;
         UPDATE r_person SET tx = 5 WHERE record = 2;",
    );
    let known = |tx| Ask {
        known: Some(Moment(tx)),
        ..ask()
    };
    assert_eq!(store.value("seat.filled[deputy]", &ask()), "1");
    assert_eq!(store.value("seat.filled[deputy]", &known(9)), "1");
    assert_eq!(store.value("seat.filled[deputy]", &known(4)), "2");
    assert_eq!(
        store.value("seat.age[>=51]", &known(4)),
        "2",
        "the person joined is of then, too"
    );
    assert_eq!(
        store.value("seat.all", &known(0)),
        "null",
        "nothing was covered yet"
    );
}

#[test]
fn ids_are_read_and_misspelt_ones_are_met() {
    let mut pack = pack();
    let share = pack
        .figures
        .iter_mut()
        .find(|figure| figure.id == "seat.young.share");
    share.expect("it is declared").id = "seat.age[<=40].share".to_owned();
    assert_eq!(
        FigureId::parse("seat.age[<=40].share", &pack),
        Ok(FigureId::whole("seat.age[<=40].share"))
    );
    assert_eq!(
        FigureId::parse("seat.age[<=40]", &pack),
        Ok(FigureId::member("seat.age", "<=40"))
    );
    for (wrong, near) in [
        ("seat.filed[head]", Some("seat.filled[head]")),
        ("seat.age", Some("seat.all")),
        ("zzzzzzzzzzzz", None),
    ] {
        let Err(FiguresError::Unknown { nearest, .. }) = FigureId::parse(wrong, &pack) else {
            panic!("{wrong} was read");
        };
        if near.is_none() || wrong != "seat.age" {
            assert_eq!(nearest.as_deref(), near, "{wrong}");
        }
    }
}

#[test]
fn one_scan_answers_all_figures_of_a_register_and_day() {
    let store = town();
    let engine = figures::Engine::new(&store.pack, &store);
    let answers = engine.answer(&[], &ask()).expect("the ledger answers");
    assert_eq!(answers.len(), 37);
    let sent = store.sent.borrow();
    let scans = |table: &str| {
        let from = format!("FROM {table} t");
        sent.iter()
            .filter(|(sql, _)| sql.contains(&from) && sql.contains("GROUP BY t.division"))
            .count()
    };
    // The seats are asked at two dates.
    assert_eq!(
        (
            scans("r_seat"),
            scans("r_visit"),
            scans("r_slot"),
            scans("r_income")
        ),
        (2, 1, 1, 1)
    );
}
