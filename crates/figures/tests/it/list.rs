//! Records page by page: every one once, in order, within limits, and read as they lie.

use crate::town::{BOOK, FORD, GROUP, HILL, RIVER, Store, ask, pack};
use figures::{Ask, Engine, Listed, Listing, Sort, Source};
use vocabulary::{DivisionId, Value};

/// People of three villages and a group, some without an education.
fn town(people: i64) -> Store {
    let store = Store::new(pack());
    store.batch("BEGIN");
    for person in 1..=people {
        let name = format!("村民{}", person * 7 % people);
        let mut fields = vec![("name", Value::Text(name))];
        if person % 3 > 0 {
            fields.push((
                "education",
                Value::from(if person % 2 == 0 { "10" } else { "21" }),
            ));
        }
        let place = [RIVER, HILL, FORD, GROUP][usize::try_from(person % 4).expect("four")];
        store.put("person", person, place, &fields);
    }
    store.batch("COMMIT");
    store
}

/// All pages of so many records each.
fn pages(store: &Store, limits: &[DivisionId], sort: Option<Sort<'_>>, most: usize) -> Vec<Listed> {
    let engine = Engine::new(&store.pack, store).limited_to(limits);
    let mut all: Vec<Listed> = Vec::new();
    loop {
        let last = all.last().map(|one| (one.sorted.clone(), one.record));
        let listing = Listing {
            register: "person",
            sort,
            after: last.as_ref().map(|(value, record)| (value, *record)),
            most,
            fields: &["education"],
            ..Listing::default()
        };
        let page = engine.list(&listing, &ask()).expect("a page");
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

#[test]
fn pages_hold_every_record_once_in_the_order_asked() {
    let store = town(60);
    for descending in [false, true] {
        let sort = Sort {
            field: "education",
            descending,
        };
        for most in [1, 7, 60] {
            let all = pages(&store, &[], Some(sort), most);
            assert_eq!(all.len(), 60);
            let key = |one: &Listed| {
                let code = one.values[0]
                    .as_text()
                    .map_or(0, |code| code.parse::<i64>().expect("digits"));
                let place = if descending { -code } else { code };
                (one.values[0].is_null(), place, one.record)
            };
            assert!(all.is_sorted_by_key(key), "{most} {descending}");
        }
    }
    let records: Vec<i64> = pages(&store, &[], None, 7)
        .iter()
        .map(|one| one.record)
        .collect();
    assert_eq!(records, (1..=60).collect::<Vec<i64>>());
}

#[test]
fn limits_are_those_of_the_places_with_what_lies_below() {
    let store = town(60);
    let seen = |limits: &[DivisionId]| pages(&store, limits, None, 9).len();
    let under = |limits: &[DivisionId]| {
        let engine = Engine::new(&store.pack, &store).limited_to(limits);
        let listing = Listing {
            register: "person",
            ..Listing::default()
        };
        engine.totals(&listing, &[], &ask()).expect("counted").count
    };
    for (limits, expected) in [
        (&[][..], 60),
        (&[BOOK], 60),
        (&[RIVER], 30),
        (&[GROUP], 15),
        (&[HILL, FORD], 30),
        (&[RIVER, GROUP], 30),
        (&[RIVER, HILL, FORD], 60),
    ] {
        assert_eq!(seen(limits), expected, "{limits:?}");
        assert_eq!(
            under(limits),
            u64::try_from(expected).expect("few"),
            "{limits:?}"
        );
    }
}

/// What the store says of how it goes through a statement.
fn way(store: &Store, limits: &[DivisionId], listing: &Listing<'_>) -> String {
    let engine = Engine::new(&store.pack, store).limited_to(limits);
    engine.list(listing, &Ask { ..ask() }).expect("a page");
    let (sql, params) = store.sent.borrow().last().cloned().expect("it was sent");
    let mut steps = Vec::new();
    store
        .query(&format!("EXPLAIN QUERY PLAN {sql}"), &params, &mut |row| {
            steps.push(row[3].to_string());
        })
        .expect("explained");
    steps.join("\n")
}

#[test]
fn a_page_in_the_order_of_records_is_read_as_it_lies() {
    let store = town(400);
    for limits in [&[][..], &[RIVER], &[HILL, FORD]] {
        for after in [None, Some((&Value::Null, 200))] {
            let listing = Listing {
                register: "person",
                after,
                most: 51,
                ..Listing::default()
            };
            let way = way(&store, limits, &listing);
            assert!(!way.contains("TEMP B-TREE"), "{limits:?} sorts:\n{way}");
            assert!(
                way.lines()
                    .any(|step| step.starts_with("SEARCH t USING") && step.contains("record>")),
                "{limits:?} does not begin where the page begins:\n{way}"
            );
        }
    }
    let one = Listing {
        register: "person",
        only: Some(7),
        most: 1,
        ..Listing::default()
    };
    let way = way(&store, &[HILL, FORD], &one);
    assert!(
        way.contains("record=?"),
        "one record is found by its number:\n{way}"
    );
}
