//! One book, many hands: every deed works in a house as it does alone.

use super::*;

#[test]
fn many_write_and_read_at_once_and_each_is_answered() {
    let street = Street::new();
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let house = street.house.clone();
            std::thread::spawn(move || {
                let mut records = Vec::new();
                for n in 0..10 {
                    let mut office = house.office(Actor::new(format!("第{thread}人"), None));
                    let number = format!("H{thread}-{n}");
                    let input = record("household", Some(NORTH), &[("number", &number)]);
                    records.push(office.record(&input).expect("written").record);
                    // One's own writing is read at once, by the same office too.
                    let mine = office.show(&show("household", records[n])).expect("shown");
                    assert_eq!(mine.row.label, number);
                }
                records
            })
        })
        .collect();
    let mut records: Vec<i64> = threads
        .into_iter()
        .flat_map(|thread| thread.join().expect("joined"))
        .collect();
    records.sort_unstable();
    records.dedup();
    assert_eq!(records.len(), 80);
    let mut pages = Vec::new();
    let mut input = ListInput {
        limit: Some(7),
        ..list("household")
    };
    loop {
        let page = street.desk().records(&input).expect("read");
        pages.extend(page.rows.iter().map(|row| row.record));
        let Some(next) = page.next else { break };
        input.after = Some(next);
    }
    assert_eq!(pages, records, "every record once, in order");
    assert!(street.desk().verify().expect("verified").is_sound());
}

#[test]
fn long_deeds_and_short_ones_share_the_book() {
    let street = Street::new();
    let rows: String = (0..200).map(|n| format!("南村,S{n},{n}\n")).collect();
    let path = street.file("农户表.csv", &format!("村,户编号,年收入\n{rows}"));
    let house = street.house.clone();
    let importer = std::thread::spawn(move || {
        let import = ImportInput {
            paths: vec![path],
            commit: true,
            ..ImportInput::default()
        };
        let mut office = house.office(Actor::new("导入人", None));
        let report = office.import(&import, &|_, _, _| {}).expect("imported");
        (report.files[0].sheets[0].new, report.files[0].tx)
    });
    for n in 0..20 {
        let number = format!("H{n}");
        street.put("household", NORTH, &[("number", &number)]);
    }
    let (new, tx) = importer.join().expect("joined");
    assert_eq!(new, 200);
    let (count, _) = street
        .desk()
        .totals(&list("household"), &[])
        .expect("counted");
    assert_eq!(count, 220);
    let undo = office::UndoInput {
        batch: tx.expect("written").to_string(),
        commit: true,
        why: None,
    };
    street.desk().undo(&undo).expect("undone");
    let (count, _) = street
        .desk()
        .totals(&list("household"), &[])
        .expect("counted");
    assert_eq!(count, 20);
    assert!(street.desk().verify().expect("verified").is_sound());
}

#[test]
fn lists_are_sorted_filtered_and_cut() {
    let street = Street::new();
    for (number, income, kind) in [
        ("H1", "300", "poor"),
        ("H2", "", "plain"),
        ("H3", "100", "poor"),
        ("H4", "200", ""),
    ] {
        let values = [
            ("number", number),
            ("income", income),
            ("kind", kind),
            ("head", "张三"),
        ];
        street.put("household", NORTH, &values);
    }
    let labels = |input: ListInput| {
        let page = street.desk().records(&input);
        let page = page.unwrap_or_else(|error| panic!("{}", said(&error)));
        let labels: Vec<String> = page.rows.into_iter().map(|row| row.label).collect();
        labels.join(" ")
    };
    let sort = |sort: &str| ListInput {
        sort: Some(sort.to_owned()),
        ..list("household")
    };
    assert_eq!(labels(sort("income")), "H3 H4 H1 H2");
    assert_eq!(labels(sort("-年收入")), "H1 H4 H3 H2");
    let paged = |sort: &str| {
        let mut input = ListInput {
            limit: Some(1),
            sort: Some(sort.to_owned()),
            ..list("household")
        };
        let mut seen = Vec::new();
        loop {
            let page = street.desk().records(&input).expect("read");
            seen.extend(page.rows.into_iter().map(|row| row.label));
            let Some(next) = page.next else { break };
            input.after = Some(next);
        }
        seen.join(" ")
    };
    assert_eq!(paged("income"), "H3 H4 H1 H2");
    assert_eq!(paged("-income"), "H1 H4 H3 H2");
    assert_eq!(paged("kind"), "H2 H1 H3 H4");
    let filter = |filter: &str| ListInput {
        filter: Some(filter.to_owned()),
        ..list("household")
    };
    assert_eq!(labels(filter("income >= 200 and kind = 'poor'")), "H1");
    assert_eq!(labels(filter("income is null or number = 'H4'")), "H2 H4");
    let equal = |pairs_of: &[(&str, &str)]| ListInput {
        equal: pairs(pairs_of),
        ..list("household")
    };
    assert_eq!(labels(equal(&[("户类型", "贫困户")])), "H1 H3");
    assert_eq!(labels(equal(&[("kind", ""), ("income", "200")])), "H4");
    // What is typed is a value and never a part of the statement.
    assert_eq!(labels(equal(&[("number", "H1' or '1'='1")])), "");
    let fields = ListInput {
        fields: vec!["income".to_owned()],
        ..list("household")
    };
    let page = street.desk().records(&fields).expect("read");
    assert_eq!(page.fields, [("income".to_owned(), "年收入".to_owned())]);
    assert_eq!(page.rows[0].values.len(), 1);
    let (count, sums) = street
        .desk()
        .totals(&equal(&[("kind", "poor")]), &["income".to_owned()])
        .expect("added up");
    assert_eq!((count, &*sums[0].shown), (2, "400"));
    let refused = |input: ListInput| said(&street.desk().records(&input).expect_err("refused"));
    assert!(refused(filter("income >= ")).starts_with("O225 "));
    assert!(refused(filter("incom > 1")).starts_with("O225 "));
    assert!(refused(sort("colour")).starts_with("O201 "));
    let after = ListInput {
        after: Some("x".to_owned()),
        ..list("household")
    };
    assert_eq!(refused(after), "O228 翻页位置“x”不对");
    let limit = ListInput {
        limit: Some(5_000),
        ..list("household")
    };
    assert_eq!(refused(limit), "O229 一页 5000 条不行");
}

#[test]
fn personal_values_are_masked_until_somebody_says_why() {
    let street = Street::new();
    let values = [
        ("name", "张三丰"),
        ("birth", "1985-07-03"),
        ("phone", "13812345678"),
        ("sex", "男"),
    ];
    let record = street.put("person", SOUTH, &values);
    let shown = |role: &str, reveal: Option<&str>| {
        let mut office = street.office("李", Some(role), &[]);
        let input = ShowInput {
            reveal: reveal.map(str::to_owned),
            ..show("person", record)
        };
        let shown = office.show(&input).map_err(|error| said(&error))?;
        let values: Vec<String> = shown.row.values.into_iter().map(|v| v.shown).collect();
        Ok::<_, String>((shown.row.label, values.join(" ")))
    };
    let masked = (
        "张**".to_owned(),
        "张**  1985-**-** ** 138****5678 ".to_owned(),
    );
    assert_eq!(shown("village", None), Ok(masked.clone()));
    assert_eq!(shown("counter", None), Ok(masked));
    let open = (
        "张三丰".to_owned(),
        "张三丰  1985-07-03 男 13812345678 ".to_owned(),
    );
    assert_eq!(shown("village", Some("核对低保")), Ok(open));
    assert_eq!(
        shown("village", Some(" ")),
        Err("O231 没有写为什么要看个人信息".to_owned())
    );
    assert_eq!(
        shown("counter", Some("好奇")),
        Err("O232 这个角色不能看个人信息".to_owned())
    );
    // The opening is in the book, with its reason.
    let ledger = ledger::Ledger::open_read(&street.folder.path().join("a.db")).expect("a book");
    let reader = ledger.reader().expect("a reader");
    let all = reader.transactions(1..=i64::MAX).expect("read");
    let opened: Vec<_> = all.iter().filter(|tx| tx.deed == "reveal").collect();
    assert_eq!(
        (opened.len(), opened[0].why.as_deref(), &*opened[0].actor),
        (1, Some("核对低保"), "李")
    );
    // What may not be seen may not be asked either, nor put in order.
    let mut counter = street.office("王", Some("counter"), &[]);
    for input in [
        ListInput {
            filter: Some("name like '张%'".to_owned()),
            ..list("person")
        },
        ListInput {
            equal: pairs(&[("name", "张三丰")]),
            ..list("person")
        },
        ListInput {
            sort: Some("birth".to_owned()),
            ..list("person")
        },
    ] {
        let refused = said(&counter.records(&input).expect_err("refused"));
        assert!(refused.starts_with("O226 "), "{refused}");
    }
}
