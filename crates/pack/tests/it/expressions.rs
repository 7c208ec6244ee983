//! The language: types, values, random expressions.

use crate::packs::hamlet;
use pack::expr::arbitrary::{self, RandomRow};
use pack::expr::{Binary, Call, Expr, Row, Type, eval, eval_exact};
use proptest::prelude::*;
use std::collections::BTreeMap;
use vocabulary::{Date, Exact, Value};

fn row(fields: &[(&str, Value)]) -> RandomRow {
    RandomRow {
        fields: fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        other: None,
        valid_from: Date::BEGINNING,
        division: 1,
        parameters: BTreeMap::new(),
        record: 1,
        parts: std::rc::Rc::default(),
    }
}

#[track_caller]
fn value(text: &str, row: &dyn Row) -> Value {
    let typed = arbitrary::pack().record_expression(arbitrary::REGISTER, text);
    eval(&typed.unwrap_or_else(|errors| panic!("{errors}")).expr, row)
}

#[test]
fn literals_take_the_unit_of_what_they_meet() {
    let row = row(&[
        ("area", Value::Int(500_000)),
        ("money", Value::Int(150)),
        ("count", Value::Int(1)),
    ]);
    for (text, expected) in [
        ("area >= 50", 1),
        ("area > 50", 0),
        ("area = 49.9999 + 0.0001", 1),
        ("money = 1.5", 1),
        ("money > count", 1),
        ("money * 1.1 = 1.65", 1),
        ("case when true then 1 else 1.5 end + money = 2.5", 1),
        ("greatest(money, 2) = 2", 1),
        ("area in (49, 50)", 1),
        ("money between 1 and 1.5", 1),
    ] {
        assert_eq!(value(text, &row), Value::Int(expected), "{text}");
    }
}

#[test]
fn dates_compare_by_their_first_day() {
    let row = row(&[
        ("born", Value::Int(19_850_700)),
        ("seen", Value::Int(20_220_000)),
    ]);
    for (text, expected) in [
        ("born = date '1985-07-01'", 1),
        ("born < date '1985-07-02'", 1),
        ("born between date '1985-07' and date '1985-07'", 1),
        ("seen in (date '2022-01-01')", 1),
        ("age(born)", 37),
        ("age(born, seen)", 36),
        ("year(seen)", 2022),
        ("coalesce(born, seen)", 19_850_700),
        ("least(born, seen)", 19_850_701),
    ] {
        assert_eq!(value(text, &row), Value::Int(expected), "{text}");
    }
    assert_eq!(value("age(seen, born)", &row), Value::Null);
    assert_eq!(
        value("valid_from < at", &row),
        Value::Null,
        "an unknown past is unknown"
    );
}

#[test]
fn spans_of_time_are_counted_in_whole_months_and_days() {
    let row = row(&[
        ("born", Value::Int(20_220_131)),
        ("seen", Value::Int(20_220_600)),
    ]);
    for (text, expected) in [
        ("last(seen)", 20_220_630),
        ("last(born)", 20_220_131),
        ("last(date '2022')", 20_221_231),
        ("last(date '2024-02')", 20_240_229),
        ("last(date '1900-02')", 19_000_228),
        ("months(born, date '2022-02-28')", 0),
        ("months(born, date '2022-03-01')", 1),
        ("months(born, seen)", 4),
        ("months(seen)", 6),
        ("days(born, date '2022-03-01')", 29),
        ("days(seen)", 213),
        ("days(seen, seen)", 0),
        ("born <= last(seen)", 1),
    ] {
        assert_eq!(value(text, &row), Value::Int(expected), "{text}");
    }
    for text in [
        "last(other.born)",
        "months(seen, born)",
        "days(seen, born)",
        "days(other.born)",
    ] {
        assert_eq!(value(text, &row), Value::Null, "{text}");
    }
}

#[test]
fn a_division_is_its_name_where_a_text_is_wanted() {
    let row = row(&[("place", Value::Int(2)), ("name", Value::from("a"))]);
    for (text, expected) in [
        ("title(place)", Value::from("ab")),
        ("concat(division, name, place)", Value::from("村aab")),
        ("place || name", Value::from("aba")),
        ("place like '%b'", Value::Int(1)),
        ("title(other.place)", Value::Null),
    ] {
        assert_eq!(value(text, &row), expected, "{text}");
    }
}

#[test]
fn unknown_goes_through_what_sql_says() {
    let row = row(&[("name", Value::from("a"))]);
    for (text, expected) in [
        ("count > 1 or name = 'a'", Value::Int(1)),
        ("count > 1 and name = 'a'", Value::Null),
        ("not (count > 1)", Value::Null),
        ("count in (1, 2)", Value::Null),
        ("1 in (count, 1)", Value::Int(1)),
        ("1 not in (count, 2)", Value::Null),
        ("count between 1 and 2", Value::Null),
        ("name || note", Value::Null),
        ("concat(note, name, count)", Value::from("a")),
        ("concat(note)", Value::from("")),
        ("greatest(count, 3, null)", Value::Int(3)),
        ("case when count > 1 then 1 else 2 end", Value::Int(2)),
        ("case name when 'a' then 5 end", Value::Int(5)),
        ("9223372036854775807 + 1", Value::Null),
    ] {
        assert_eq!(value(text, &row), expected, "{text}");
    }
}

#[test]
fn words_of_sql_that_are_not_ours_are_names() {
    let text = r#"
        [pack]
        name = "words"
        title = "words"
        version = "1"
        [[level]]
        name = "town"
        title = "town"
        [register.r]
        title = "r"
        label = "user"
        fields.user = { type = "text", title = "user" }
        fields.position = { type = "int", title = "position" }
        fields.order = { type = "int", title = "order" }
        fields.date = { type = "date", title = "date" }
        fields.interval = { type = "int", title = "interval" }
        fields.group = { type = "int", title = "group" }
        fields.from = { type = "date", title = "from" }
        fields.year = { type = "int", title = "year" }
        fields.left = { type = "bool", title = "left" }
    "#;
    let files = BTreeMap::from([("pack.toml".to_owned(), text.to_owned())]);
    let pack = pack::read_files(files).unwrap_or_else(|errors| panic!("{errors}"));
    for text in [
        "position + \"order\" > interval",
        "position + order > interval * group",
        "date >= date '2022-01-01'",
        "date > from",
        "year(date) = year",
        "left and user = 'a'",
        "case when left then position else order end > 0",
    ] {
        let typed = pack
            .record_expression("r", text)
            .unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(typed.kind, Type::Bool, "{text}");
    }
}

#[test]
fn codes_are_ordered_by_their_list() {
    let row = row(&[("colour", Value::from("green"))]);
    let pack = arbitrary::pack();
    let typed = pack
        .record_expression("thing", "greatest(colour, 'red')")
        .expect("codes");
    assert!(matches!(
        &typed.expr,
        Expr::Call(Call::ByOrder { greatest: true, .. }, _)
    ));
    assert_eq!(typed.kind, Type::Code("colour".into()));
    assert_eq!(eval(&typed.expr, &row), Value::from("green"));
    assert_eq!(
        value("title(least(colour, 'blue'))", &row),
        Value::from("Green")
    );
    assert_eq!(
        value("warmth_of(colour)", &row),
        Value::Null,
        "green is mapped to nothing"
    );
}

#[test]
fn formulas_are_exact() {
    let pack = hamlet();
    let of = |id: &str| match &pack.figure(id).expect("a figure").compute {
        pack::declare::Compute::Formula { expr, .. } => expr.expr.clone(),
        _ => panic!("{id} is a formula"),
    };
    let names = |every: Option<i128>, filled: Option<i128>| {
        move |name: &str| match name {
            "every" => every.map(Exact::from_integer),
            "filled" => filled.map(Exact::from_integer),
            _ => None,
        }
    };
    let vacant = of("seat.vacant");
    assert_eq!(
        eval_exact(&vacant, &names(Some(5), Some(3))),
        Some(Exact::from_integer(2))
    );
    assert_eq!(
        eval_exact(&vacant, &names(Some(3), Some(5))),
        Some(Exact::from_integer(0))
    );
    // `greatest` leaves the unknown out, as in SQL.
    assert_eq!(
        eval_exact(&vacant, &names(None, Some(5))),
        Some(Exact::from_integer(0))
    );
    let name = |name: &str| Box::new(Expr::Name(vec![name.to_owned()]));
    let share = Expr::Binary(Binary::Over, name("filled"), name("every"));
    assert_eq!(
        eval_exact(&share, &names(Some(3), Some(1))),
        Some(Exact::new(1, 3))
    );
    assert_eq!(eval_exact(&share, &names(Some(0), Some(1))), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_checker_takes_what_is_well_typed(typed in arbitrary::expression(), row in arbitrary::row()) {
        let value = eval(&typed.expr, &row);
        let fits = match typed.kind {
            Type::Text | Type::Code(_) => !matches!(value, Value::Int(_)),
            Type::Bool => matches!(value, Value::Null | Value::Int(0 | 1)),
            _ => !matches!(value, Value::Text(_)),
        };
        prop_assert!(fits, "{} gives {value:?}", typed.text);
    }

    #[test]
    fn not_not_is_nothing(typed in arbitrary::condition(), row in arbitrary::row()) {
        let twice = arbitrary::pack()
            .record_expression("thing", &format!("not (not ({}))", typed.text))
            .expect("a condition");
        prop_assert_eq!(eval(&twice.expr, &row), eval(&typed.expr, &row));
    }

    #[test]
    fn any_text_is_refused_or_read_but_never_panics(text in "[a-z0-9 ().,'<>=+*/|-]{0,40}|\\PC{0,20}") {
        let _ = arbitrary::pack().record_expression("thing", &text);
    }

    #[test]
    fn any_file_is_refused_or_read_but_never_panics(text in "[a-z\\[\\].={}\" \n0-9]{0,80}|\\PC{0,60}") {
        let _ = pack::read_files(BTreeMap::from([("pack.toml".to_owned(), text)]));
    }
}
