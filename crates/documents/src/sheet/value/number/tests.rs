//! Numbers with units, and what looks like one.

use super::*;

fn text(text: &str) -> Cell<'_> {
    Cell::Text(text)
}

#[test]
fn whole_numbers() {
    for (typed, value) in [
        ("48008人", 48_008),
        ("１２个", 12),
        ("1,234", 1_234),
        ("12.0", 12),
        (" 3 岁", 3),
        ("无", 0),
        ("—", 0),
        ("-5", -5),
        ("约120", 120),
        ("1.2万人", 12_000),
        ("'26", 26),
        ("十二人", 12),
        ("两个", 2),
        ("一千二百", 1_200),
        ("两万三千人", 23_000),
        ("3万5千人", 35_000),
        ("3百户", 300),
        ("共12人", 12),
        ("120左右", 120),
        ("120多人", 120),
        ("12人（其中女5人）", 12),
        ("12（人）", 12),
        ("(3,200)", -3_200),
        ("1，200", 1_200),
        ("１，２００", 1_200),
        ("12 345", 12_345),
        ("−5", -5),
    ] {
        assert_eq!(
            read_int(text(typed), "", &Scale::default())
                .expect(typed)
                .value,
            Value::Int(value),
            "{typed}"
        );
    }
    for (typed, code) in [
        ("1.5", "D103"),
        ("1,23", "D103"),
        ("1.200,50", "D103"),
        ("abc", "D103"),
        ("", "D103"),
        ("1..2", "D103"),
        ("--1", "D103"),
        ("一万二", "D103"),
        ("几十人", "D103"),
        ("12-3", "D143"),
        ("10~15人", "D143"),
        ("10至15", "D143"),
        ("＞100", "D143"),
        ("≥100", "D143"),
        ("100以上", "D143"),
        ("不足100", "D143"),
        ("5+3", "D144"),
        ("=3+5", "D144"),
        ("=SUM(A1:A3)", "D144"),
        ("3×5", "D144"),
        ("12户38人", "D145"),
        ("12户、38人", "D145"),
        ("12 38", "D145"),
        ("12\n38", "D145"),
        ("5人/户", "D146"),
        ("每户5人", "D146"),
        ("1e5", "D147"),
        ("1.2E+05", "D147"),
        ("12%", "D154"),
        ("9999999999999999999", "D118"),
        ("99999999999亿", "D118"),
    ] {
        let refused = read_int(text(typed), "", &Scale::default()).map_err(|r| r.code);
        assert_eq!(refused, Err(code), "{typed}");
    }
    assert_eq!(
        read_int(Cell::Number(38.0), "", &Scale::default())
            .expect("38")
            .value,
        Value::Int(38)
    );
    assert!(read_int(Cell::Number(1e20), "", &Scale::default()).is_err());
    assert!(read_int(Cell::Bool(true), "", &Scale::default()).is_err());
}

#[test]
fn decimals_round_half_up_and_say_so() {
    let reading = read_decimal(text("12.345"), 2, Percent::Fraction, "", &Scale::default())
        .expect("a number");
    assert_eq!(
        reading,
        Reading::noted(Value::Int(1_235), Some(Note::Rounded))
    );
    assert_eq!(
        read_decimal(text("22.2％"), 3, Percent::Fraction, "", &Scale::default())
            .expect("a share")
            .value,
        Value::Int(222)
    );
    let sum = Cell::Number(0.1 + 0.2);
    assert_eq!(
        read_decimal(sum, 1, Percent::Fraction, "", &Scale::default()),
        Ok(Reading::of(3))
    );
}

#[test]
fn a_header_says_which_of_several_numbers() {
    let of =
        |header| read_int(text("12户38人"), header, &Scale::default()).map(|r| (r.value, r.note));
    assert_eq!(of("转移户数"), Ok((Value::Int(12), Some(Note::Part))));
    assert_eq!(of("转移>人数"), Ok((Value::Int(38), Some(Note::Part))));
    assert_eq!(of("户数>人数"), Ok((Value::Int(38), Some(Note::Part))));
    let refused = read_int(text("12户38人"), "户数人数", &Scale::default()).expect_err("both");
    assert_eq!(
        (refused.code, refused.near.as_deref()),
        ("D145", Some("12户 还是 38人"))
    );
}

#[test]
fn what_is_offered_instead() {
    let near = |typed| {
        read_int(text(typed), "", &Scale::default())
            .expect_err(typed)
            .near
    };
    assert_eq!(near("5+3").as_deref(), Some("8"));
    assert_eq!(near("=1.5+2.25+1").as_deref(), Some("4.75"));
    assert_eq!(near("12 38").as_deref(), Some("12 还是 38"));
}

#[test]
fn notes_say_what_was_left_out() {
    for (typed, note) in [
        ("约120", Some(Note::About)),
        ("120余人", Some(Note::About)),
        ("共约120人", Some(Note::About)),
        ("12人（其中女5人）", Some(Note::Remark)),
        ("12人（男5+女7）", Some(Note::Remark)),
        ("12（人）", None),
        ("120", None),
    ] {
        assert_eq!(
            read_int(text(typed), "", &Scale::default())
                .expect(typed)
                .note,
            note,
            "{typed}"
        );
    }
}

#[test]
fn a_share_is_a_fraction_or_in_points() {
    let fraction = |typed| {
        read_decimal(text(typed), 4, Percent::Fraction, "", &Scale::default()).map(|r| r.value)
    };
    let points = |cell| {
        read_decimal(cell, 1, Percent::Points, "", &Scale::default()).map(|r| (r.value, r.note))
    };
    for typed in ["12.5%", "１２．５％", "百分之12.5", "0.125", "125‰"] {
        assert_eq!(fraction(typed), Ok(Value::Int(1_250)), "{typed}");
    }
    assert_eq!(fraction("百分之十二"), Ok(Value::Int(1_200)));
    assert_eq!(fraction("-3.5%"), Ok(Value::Int(-350)));
    assert_eq!(points(text("12.5%")), Ok((Value::Int(125), None)));
    assert_eq!(points(text("12.5")), Ok((Value::Int(125), None)));
    assert_eq!(points(Cell::Number(12.5)), Ok((Value::Int(125), None)));
    assert_eq!(
        points(Cell::Number(0.5)),
        Ok((Value::Int(5), Some(Note::PerhapsShare)))
    );
}

#[test]
fn noise_is_no_number_too_large() {
    let tiny = read_decimal(
        Cell::Number(1e-300),
        2,
        Percent::Fraction,
        "",
        &Scale::default(),
    )
    .expect("nearly nought");
    assert_eq!(tiny.value, Value::Int(0));
    let third = text("0.33333333333333333333333333");
    let third = read_decimal(third, 2, Percent::Fraction, "", &Scale::default()).expect("a third");
    assert_eq!(third, Reading::noted(Value::Int(33), Some(Note::Rounded)));
    for number in [f64::NAN, f64::INFINITY] {
        assert!(
            read_decimal(
                Cell::Number(number),
                2,
                Percent::Fraction,
                "",
                &Scale::default()
            )
            .is_err()
        );
    }
    let huge = read_decimal(
        text("999999999999999999"),
        12,
        Percent::Fraction,
        "",
        &Scale::default(),
    );
    assert_eq!(huge.map_err(|r| r.code), Err("D118"));
}

#[test]
fn units_of_a_kind_turn_into_each_other() {
    for (kept, headed, typed, value) in [
        ("吨", None, "500公斤", 50),
        ("吨", None, "3", 300),
        ("吨", Some("公斤"), "500", 50),
        ("吨", Some("公斤"), "2吨", 200),
        ("公斤", None, "3斤", 150),
        ("立方米", None, "500m³", 50_000),
        ("立方米", None, "200立方", 20_000),
        ("平方米", None, "100㎡", 10_000),
        ("平方米", None, "1.5公顷", 1_500_000),
        ("公里", None, "3500米", 350),
        ("小时", None, "90分钟", 150),
        ("人", None, "1.2万人", 1_200_000),
        ("人", None, "12个", 1_200),
        ("人", Some("万元"), "12", 1_200),
    ] {
        let scale = Scale::new(Some(kept), headed);
        let read = read_decimal(text(typed), 2, Percent::Fraction, "", &scale);
        assert_eq!(
            read.expect(typed).value,
            Value::Int(value),
            "{typed} {kept}"
        );
    }
}

#[test]
fn a_unit_of_another_kind_is_no_number_of_the_column() {
    for (kept, typed) in [
        ("户", "38人"),
        ("人", "12户"),
        ("吨", "3亩"),
        ("天", "3个月"),
        ("公里", "5小时"),
    ] {
        let scale = Scale::new(Some(kept), None);
        let reject = read_int(text(typed), "", &scale).expect_err(typed);
        assert_eq!(
            (reject.code, reject.near.as_deref()),
            ("D200", Some(kept)),
            "{typed}"
        );
    }
    // Of a field that names no unit nothing is known; of several numbers the header's is taken.
    assert!(read_int(text("38人"), "", &Scale::default()).is_ok());
    let households = Scale::new(Some("户"), None);
    assert_eq!(
        read_int(text("12户38人"), "户数", &households)
            .expect("12")
            .value,
        Value::Int(12)
    );
    // A part of a unit is no whole number.
    let kilometres = Scale::new(Some("公里"), None);
    assert_eq!(
        read_int(text("500米"), "", &kilometres)
            .expect_err("half")
            .code,
        "D103"
    );
}
