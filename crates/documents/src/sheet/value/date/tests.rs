//! Every way of writing a date, and what is none.

use super::*;
use vocabulary::Value;

fn context() -> DateContext {
    DateContext {
        year: Some(2022),
        as_of: Date::new(2022, 12, 31),
    }
}

fn shown(cell: Cell<'_>) -> Result<String, &'static str> {
    let value = read(cell, context()).map_err(|reject| reject.code)?.value;
    let int = value.as_int().unwrap_or(0);
    Ok(PartialDate::from_int(i32::try_from(int).expect("a date")).to_string())
}

#[test]
fn every_way_of_writing_a_date() {
    for (typed, date) in [
        ("1985.07", "1985-07"),
        ("198507", "1985-07"),
        ("19850703", "1985-07-03"),
        ("1985-07-03", "1985-07-03"),
        ("1985/7/3", "1985-07-03"),
        ("1985年7月3日", "1985-07-03"),
        ("1985 年 7 月", "1985-07"),
        ("１９８５．０４", "1985-04"),
        ("2020-07-", "2020-07"),
        ("1980.05 ", "1980-05"),
        ("85.7", "1985-07"),
        ("05年7月", "2005-07"),
        ("1985", "1985"),
        ("1985年", "1985"),
        ("2022-07-03 14:30:00", "2022-07-03"),
        ("2022-07-03T00:00:00", "2022-07-03"),
        ("44755", "2022-07-13"),
        ("3月19日", "2022-03-19"),
        ("2022.01—至今", "2022-01"),
        ("2022.11-2022.12", "2022-11"),
        ("1985.0703", "1985-07-03"),
        ("1985-7-3", "1985-07-03"),
        ("1985年7月", "1985-07"),
        ("85年7月", "1985-07"),
        ("1985.7.", "1985-07"),
        ("1985。07", "1985-07"),
        ("1985 . 07", "1985-07"),
        ("1985 7 3", "1985-07-03"),
        ("1985 07", "1985-07"),
        ("'1985.07", "1985-07"),
        ("一九八五年七月", "1985-07"),
        ("二〇二二年十二月三十一日", "2022-12-31"),
        ("二○二二年十月二十日", "2022-10-20"),
        ("2022年元月", "2022-01"),
        ("1985.07生", "1985-07"),
        ("1990年8月（工龄）", "1990-08"),
        ("2022年12月底前", "2022-12"),
        ("6月底前", "2022-06"),
        ("2022年6月中旬", "2022-06"),
        ("2022年底", "2022"),
        ("2022年年初", "2022"),
        ("2022年上半年", "2022"),
        ("次年3月", "2023-03"),
        ("本年5月", "2022-05"),
        ("当年6月", "2022-06"),
        ("去年12月", "2021-12"),
        ("上年12月5日", "2021-12-05"),
        ("次年3月底前", "2023-03"),
        ("3.19", "2022-03-19"),
        ("12.19", "2022-12-19"),
        ("12/19", "2022-12-19"),
        ("2020.05-2022.11", "2020-05"),
        ("2020年5月至今", "2020-05"),
        ("22.11", "2022-11"),
        ("21.3.5", "2021-03-05"),
        ("13/03/1985", "1985-03-13"),
        ("3/13/1985", "1985-03-13"),
        ("05/05/1985", "1985-05-05"),
        ("3/13/85", "1985-03-13"),
        ("31245", "1985-07-17"),
        ("2022年7月3日14时30分", "2022-07-03"),
        ("2022-07-03 下午2:30", "2022-07-03"),
        ("2022年7月3日上午", "2022-07-03"),
        ("33年5月", "1933-05"),
    ] {
        assert_eq!(shown(Cell::Text(typed)).as_deref(), Ok(date), "{typed}");
    }
}

#[test]
fn numbers_and_day_numbers() {
    for (number, date) in [
        (198_507.0, "1985-07"),
        (19_850_703.0, "1985-07-03"),
        (1976.01, "1976-01"),
        (1993.12, "1993-12"),
        (1993.2, "1993-02"),
        (1993.1, "1993"),
        (44_075.0, "2020-09-01"),
        (44_075.5, "2020-09-01"),
        (19_857.0, "1954-05-13"),
        (85.7, "1985-07"),
        (85.1, "1985"),
        (3.19, "2022-03-19"),
        (3.5, "2022-03-05"),
        (1993.0, "1993"),
    ] {
        assert_eq!(shown(Cell::Number(number)).as_deref(), Ok(date), "{number}");
    }
    let lost = read(Cell::Number(1993.1), context()).expect("a year");
    assert_eq!(
        lost,
        Reading::noted(Value::Int(19_930_000), Some(Note::LostZero))
    );
}

#[test]
fn what_the_calendar_lacks() {
    for (typed, code) in [
        ("2022.2.30", "D105"),
        ("2022年13月30日", "D105"),
        ("1985.00", "D105"),
        ("198513", "D105"),
        ("1785.07", "D106"),
        ("2099.01", "D106"),
        ("19850732", "D105"),
        ("1985.13", "D105"),
        ("2985.07", "D106"),
        ("0000-00-00", "D105"),
        ("13.19", "D105"),
        ("2.30", "D105"),
        ("长期坚持", "D104"),
        ("待定", "D104"),
        ("1985年7月3日、5日", "D104"),
        ("1985.7.3.1", "D104"),
    ] {
        assert_eq!(shown(Cell::Text(typed)), Err(code), "{typed}");
    }
    let bare = DateContext::default();
    let yearless = read(Cell::Text("3月19日"), bare);
    assert_eq!(yearless.map_err(|r| r.code), Err("D117"));
    for typed in ["次年3月", "3.19", "7月底前"] {
        let refused = read(Cell::Text(typed), bare).map_err(|r| r.code);
        assert_eq!(refused, Err("D117"), "{typed}");
    }
    for unknown in ["—", "不详", "至今", " 无 "] {
        assert_eq!(
            read(Cell::Text(unknown), bare),
            Ok(Reading::NULL),
            "{unknown}"
        );
    }
}

#[test]
fn spans() {
    let day = |text: &str| PartialDate::parse_iso(text).expect("a date");
    for (typed, span) in [
        ("2022.11—至今", Some(("2022-11", None))),
        ("2022.11至今", Some(("2022-11", None))),
        ("2022.01-2022.06", Some(("2022-01", Some("2022-06")))),
        (
            "2022-01-05至2022-06-30",
            Some(("2022-01-05", Some("2022-06-30"))),
        ),
        ("2022年3月起", Some(("2022-03", None))),
        ("2022-07", None),
        ("2022-07-03", None),
        ("2022-07-", None),
        ("无", None),
    ] {
        let expected = span.map(|(from, to)| (day(from), to.map(day)));
        assert_eq!(date_range(typed), expected, "{typed}");
    }
}

#[test]
fn dates_in_titles() {
    for (text, date) in [
        ("干部花名册（2022年12月更新）", Some("2022-12")),
        ("监测对象台账2022.12", Some("2022-12")),
        ("统计截止：2020年12月31日", Some("2020-12-31")),
        ("截至二〇二二年十二月二十六日", Some("2022-12-26")),
        ("五一村二〇二二年十二月名册", Some("2022-12")),
        ("第三届（二〇二二年）名册", None),
        ("收入统计表（2021-2022）", None),
        ("2022年会议台账", None),
        ("名单6月", None),
        ("填报日期：2022年12月28日  单位：亩", Some("2022-12-28")),
    ] {
        assert_eq!(scan(text).map(|d| d.to_string()).as_deref(), date, "{text}");
    }
}

#[test]
fn two_readings_are_offered_and_none_is_taken() {
    let near = |cell| {
        let refused = read(cell, context()).expect_err("two readings");
        (refused.code, refused.near.unwrap_or_default())
    };
    for (typed, offered) in [
        ("07/03/1985", "1985-07-03 还是 1985-03-07"),
        ("7/3/85", "1985-07-03 还是 1985-03-07"),
        ("12.7", "2012-07 还是 2022-12-07"),
        ("05.07", "2005-07 还是 2022-05-07"),
        ("05.07.03", "2005-07-03"),
        ("25年7月", "2025 还是 1925"),
        ("19857", "1954-05-13 还是 1985-07"),
        ("850703", "1985-07-03"),
    ] {
        assert_eq!(
            near(Cell::Text(typed)),
            ("D140", offered.to_owned()),
            "{typed}"
        );
    }
    let lost = near(Cell::Number(3.1));
    assert_eq!(lost, ("D140", "2022-03-01 还是 2022-03-10".to_owned()));
}

#[test]
fn the_calendar_of_the_moon_is_not_converted() {
    for typed in ["农历正月初五", "腊月二十", "1985年闰四月", "五月廿三"] {
        assert_eq!(shown(Cell::Text(typed)), Err("D141"), "{typed}");
    }
}

#[test]
fn what_was_left_out_is_noted() {
    for (typed, note) in [
        ("3月19日", Some(Note::YearFromTitle)),
        ("次年3月", Some(Note::YearFromTitle)),
        ("2022年底", Some(Note::OnlyYear)),
        ("2022年12月底前", Some(Note::OnlyMonth)),
        ("1990年8月（工龄）", Some(Note::Remark)),
        ("2020.05-2022.11", Some(Note::RangeStart)),
        ("2022年12月", None),
        ("2020.05—至今", None),
        ("1985。07", None),
        ("二〇二二年十二月", None),
    ] {
        let reading = read(Cell::Text(typed), context()).expect(typed);
        assert_eq!(reading.note, note, "{typed}");
    }
}

#[test]
fn two_digits_are_of_the_century_that_the_table_can_know() {
    let at = |year: Option<i32>, typed| {
        let as_of = year.and_then(|year| Date::new(year, 6, 1));
        let dates = DateContext { year: None, as_of };
        read(Cell::Text(typed), dates)
            .map(|r| r.value)
            .map_err(|r| r.code)
    };
    assert_eq!(at(Some(2022), "22年5月"), Ok(Value::Int(20_220_500)));
    assert_eq!(at(Some(2019), "22年5月"), Err("D140"));
    assert_eq!(at(Some(2022), "49年5月"), Ok(Value::Int(19_490_500)));
    assert_eq!(at(None, "05年5月"), Ok(Value::Int(20_050_500)));
    assert_eq!(at(None, "49年5月"), Ok(Value::Int(19_490_500)));
    assert_eq!(at(None, "35年5月"), Err("D140"));
}
