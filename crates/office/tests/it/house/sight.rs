//! One row in hand and the statement decide alike: roles, places and registers at random.

use super::*;
use office::Answered;
use std::collections::{BTreeMap, BTreeSet};

const PLACES: [DivisionId; 4] = [TOWN, NORTH, SOUTH, EAST];

/// Where each household is, by day: written by hand, moved, ended.
fn fill(street: &Street, dice: &mut Dice) -> BTreeMap<i64, (DivisionId, Option<DivisionId>)> {
    let mut places = BTreeMap::new();
    for n in 0..40 {
        let place = dice.one_of(&PLACES);
        let number = format!("H{n}");
        let income = dice.below(1000).to_string();
        let kind = dice.one_of(&["poor", "plain", ""]);
        let values = [
            ("number", number.as_str()),
            ("income", &income),
            ("kind", kind),
        ];
        let record = street.put("household", place, &values);
        let moved = (dice.below(4) == 0)
            .then(|| dice.one_of(&PLACES))
            .filter(|to| *to != place);
        if let Some(to) = moved {
            let input = CorrectInput {
                division: Some(to.to_string()),
                from: Some("2022-07-01".to_owned()),
                ..correct("household", record, &[])
            };
            street
                .desk()
                .correct(&input)
                .unwrap_or_else(|error| panic!("{}", said(&error)));
        }
        places.insert(record, (place, moved));
        let number = format!("第{n}号");
        street.put("seat", place, &[("post", &number)]);
        let name = format!("人{n}");
        street.put("person", place, &[("name", &name)]);
    }
    places
}

/// The naive decision: the whole book, the place itself, or the town above it.
fn sees(scope: &[DivisionId], place: DivisionId) -> bool {
    scope.is_empty() || scope.contains(&place) || scope.contains(&TOWN)
}

fn all(office: &mut Office, input: &ListInput) -> BTreeSet<i64> {
    let input = ListInput {
        limit: Some(1_000),
        ..input.clone()
    };
    let page = office
        .records(&input)
        .unwrap_or_else(|error| panic!("{}", said(&error)));
    page.rows.into_iter().map(|row| row.record).collect()
}

#[test]
fn a_row_and_the_statement_agree_for_every_role_place_and_register() {
    let street = Street::new();
    let mut dice = Dice::new(6);
    let places = fill(&street, &mut dice);
    for round in 0..30 {
        let mut scope: Vec<DivisionId> = (0..dice.below(4)).map(|_| dice.one_of(&PLACES)).collect();
        scope.dedup();
        let role = dice.one_of(&["clerk", "village", "counter", "posts"]);
        let day = dice.one_of(&["2022-03-01", "2022-12-31"]);
        let mut office = street.office("某", Some(role), &scope);
        let input = ListInput {
            ask: ask(day),
            ..list("household")
        };
        if role == "posts" {
            let refused = said(&office.records(&input).expect_err("not his register"));
            assert!(refused.starts_with("O107 "), "{refused}");
            let refused = office.figures(&["households".to_owned()], &ask(day));
            assert!(said(&refused.expect_err("not his")).starts_with("O234 "));
            let seen = office.figures(&[], &ask(day)).expect("asked");
            assert_eq!(
                seen.figures.iter().map(|f| &*f.id).collect::<Vec<_>>(),
                ["seats"]
            );
            continue;
        }
        let then = |(before, moved): (DivisionId, Option<DivisionId>)| match moved {
            Some(to) if day == "2022-12-31" => to,
            _ => before,
        };
        let expected: BTreeSet<i64> = places
            .iter()
            .filter(|(_, place)| sees(&scope, then(**place)))
            .map(|(record, _)| *record)
            .collect();
        let context = format!("round {round}: {role} in {scope:?} at {day}");
        assert_eq!(all(&mut office, &input), expected, "list, {context}");
        for record in places.keys() {
            let input = ShowInput {
                ask: ask(day),
                ..show("household", *record)
            };
            assert_eq!(
                office.show(&input).is_ok(),
                expected.contains(record),
                "one, {context}"
            );
        }
        let (count, sums) = office
            .totals(&input, &["income".to_owned()])
            .expect("added up");
        assert_eq!(
            count,
            u64::try_from(expected.len()).expect("few"),
            "count, {context}"
        );
        let figure = |id: &str| {
            let report = office.figures(&[id.to_owned()], &ask(day)).expect("asked");
            report.figures.into_iter().next().expect("one").value
        };
        if !expected.is_empty() {
            let Answered::Number(number) = figure("households") else {
                panic!("{context}")
            };
            assert_eq!(number.to_string(), count.to_string(), "figure, {context}");
            let Answered::Number(number) = figure("income") else {
                panic!("{context}")
            };
            assert_eq!(number.to_string(), sums[0].shown, "sum, {context}");
        }
        let trace = office.trace("households", &ask(day)).expect("traced");
        let traced: BTreeSet<i64> = trace.records.iter().map(|record| record.record).collect();
        assert_eq!(traced, expected, "trace, {context}");
        // A member that is a place beyond them is no such figure.
        for place in [NORTH, SOUTH, EAST] {
            let id = format!("villages[{place}]");
            let asked = office.figures(std::slice::from_ref(&id), &ask(day));
            assert_eq!(asked.is_ok(), sees(&scope, place), "{id}, {context}");
            let within = AskInput {
                within: Some(place.to_string()),
                ..ask(day)
            };
            let asked = office.figures(&["households".to_owned()], &within);
            assert_eq!(
                asked.is_ok(),
                sees(&scope, place),
                "within {place}, {context}"
            );
            if let Err(error) = asked {
                assert!(error.is_not_found(), "{}", said(&error));
            }
        }
        // History is of what is seen by present knowledge.
        for (record, (before, moved)) in &places {
            let told = office.history("household", &record.to_string());
            let now = moved.unwrap_or(*before);
            assert_eq!(told.is_ok(), sees(&scope, now), "history, {context}");
        }
    }
}

#[test]
fn names_are_masked_in_lists_and_traces_of_who_may_not_see_them() {
    let street = Street::new();
    street.put("person", NORTH, &[("name", "张三丰")]);
    let shown = |role: &str| {
        let office = street.office("某", Some(role), &[]);
        let report = office
            .figures(&["heads".to_owned()], &ask("2023-01-05"))
            .expect("asked");
        let Answered::List(entries) = &report.figures[0].value else {
            panic!("a list")
        };
        let trace = office.trace("heads", &ask("2023-01-05")).expect("traced");
        (entries.join(" "), trace.records[0].label.clone())
    };
    assert_eq!(shown("village"), ("张三丰".to_owned(), "张三丰".to_owned()));
    assert_eq!(shown("counter"), ("张**".to_owned(), "张**".to_owned()));
    let office = street.office("某", Some("counter"), &[]);
    let person = street.desk().records(&list("person")).expect("read").rows[0].record;
    let history = office.history("person", &person.to_string()).expect("told");
    let said: Vec<String> = history
        .events
        .iter()
        .flat_map(|event| &event.assertion.set)
        .map(|(_, said)| format!("{said:?}"))
        .collect();
    assert!(said.iter().any(|said| said.contains("张**")), "{said:?}");
    assert!(!said.iter().any(|said| said.contains("三丰")), "{said:?}");
}

#[test]
fn rows_beyond_ones_places_are_refused_and_findings_beyond_them_not_listed() {
    let street = Street::new();
    let path = street.file(
        "农户表.csv",
        "村,户编号,年收入\n南村,S1,10\n北村,N1,-20\n南村,S2,多\n",
    );
    let import = ImportInput {
        paths: vec![path],
        commit: true,
        ..ImportInput::default()
    };
    let mut south = street.office("李", Some("village"), &[SOUTH]);
    let report = south.import(&import, &|_, _, _| {}).expect("imported");
    let sheet = &report.files[0].sheets[0];
    assert_eq!(sheet.new, 2, "{sheet:?}");
    let beyond: Vec<_> = sheet.findings.iter().filter(|f| f.code == "I140").collect();
    assert_eq!((beyond.len(), beyond[0].cell.as_deref()), (1, Some("A3")));
    assert_eq!(
        beyond[0].said,
        "本行属于“北村”，不在您的管辖范围内，没有录入"
    );
    // The whole of it, by who may: the negative income is the north's to see.
    street
        .desk()
        .import(&import, &|_, _, _| {})
        .expect("imported");
    let open = |scope: &[DivisionId]| {
        let office = street.office("某", Some("village"), scope);
        let report = office.check(&ask("2023-01-05")).expect("checked");
        let of: BTreeSet<String> = report.findings.into_iter().map(|f| f.code).collect();
        of
    };
    assert!(open(&[NORTH]).contains("household.income"));
    assert!(!open(&[SOUTH]).contains("household.income"));
    // What the south may not see it may not take back either.
    let batches = street.desk().undo_list().expect("listed");
    let whole = batches.first().expect("the last import");
    let mut south = street.office("李", Some("village"), &[SOUTH]);
    let undo = office::UndoInput {
        batch: whole.tx.to_string(),
        commit: true,
        why: None,
    };
    assert!(said(&south.undo(&undo).expect_err("refused")).starts_with("O140 "));
    assert!(
        south
            .undo_list()
            .expect("listed")
            .iter()
            .all(|batch| batch.actor == "李")
    );
}

#[test]
fn whoever_sees_no_register_sees_no_figure() {
    let street = Street::new();
    let office = street.office("某", Some("visitor"), &[]);
    assert_eq!(
        office
            .figures(&[], &ask("2023-01-05"))
            .expect("asked")
            .figures
            .len(),
        0
    );
}
