//! What people write by hand, typed as they type it: record, correct, end, withdraw, and reading it again.

use serde_json::Value;

use crate::shared::villages;

#[test]
fn a_record_lives_from_its_first_word_to_its_last() {
    let desk = villages();
    let say = |args: &[&str]| -> Value {
        let mut args = args.to_vec();
        args.push("--json");
        desk.yiben(&args).done().json()
    };
    let name = "name=欧阳一本";
    let look = say(&["record", "person", name, "出生年月=1985-07", "--preview"]);
    assert!(look["tx"].is_null(), "{look}");
    assert!(
        say(&["records", "person"])["records"]
            .as_array()
            .is_some_and(Vec::is_empty)
    );

    let made = say(&[
        "record",
        "person",
        name,
        "出生年月=1985-07",
        "--from",
        "2022-01-01",
    ]);
    let record = made["record"].to_string();
    let seen = say(&["show", "person", &record]);
    let values = &seen["record"]["values"];
    assert_eq!(values["birth"]["shown"], "1985-07", "{seen:#}");
    let tx = seen["record"]["tx"].to_string();

    // Again the same: it is named, and nothing is written.
    let again = desk
        .yiben(&["record", "person", name, "出生年月=1985-07"])
        .ended(2);
    assert!(
        again.err.contains("O210") && again.err.contains(&record),
        "{}",
        again.err
    );

    let first = say(&["correct", "person", &record, "birth=1985-08"]);
    assert_eq!(first["changes"][0]["after"], "1985-08", "{first:#}");
    let second = say(&[
        "correct",
        "person",
        &record,
        "birth=1985-09",
        "--based-on",
        &tx,
    ]);
    assert_eq!(second["conflicting"][0]["theirs"], "1985-08", "{second:#}");
    let finding = second["conflicting"][0]["finding"].to_string();
    assert!(
        desk.yiben(&["check"])
            .done()
            .out
            .contains(&format!("#{finding}"))
    );

    let fact = format!("{}:0", second["tx"]);
    let look = say(&["withdraw", "person", &record, &fact]);
    assert_eq!(
        (&look["changes"][0]["after"], &look["tx"]),
        (&"1985-08".into(), &Value::Null)
    );
    assert!(say(&["withdraw", "person", &record, &fact, "--commit"])["tx"].is_i64());

    say(&["end", "person", &record, "--from", "2022-06-01"]);
    let at = |day: &str| {
        say(&["records", "person", "--at", day])["records"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!((at("2022-05-31"), at("2022-06-01")), (Some(1), Some(0)));
    desk.yiben(&["show", "person", &record, "--at", "2022-06-01"])
        .ended(2);
    desk.yiben(&["verify"]).done();
}

#[test]
fn a_role_sees_what_it_may_and_is_told_what_it_may_not() {
    let desk = villages();
    desk.yiben(&["record", "person", "姓名=欧阳一本", "出生年月=1985-07"])
        .done();
    let masked = desk
        .yiben(&["records", "person", "--role", "clerk"])
        .done()
        .out;
    assert!(
        masked.contains("欧**") && !masked.contains("欧阳"),
        "{masked}"
    );
    let why = [
        "records",
        "person",
        "--role",
        "clerk",
        "--reveal",
        "核对名册",
    ];
    assert!(desk.yiben(&why).done().out.contains("欧阳一本"));
    desk.yiben(&["records", "person", "--role", "reader"])
        .ended(3);
    let unpaired = desk.yiben(&["record", "person", "欧阳一本"]).ended(2);
    assert!(unpaired.err.contains("字段=值"), "{}", unpaired.err);
}
