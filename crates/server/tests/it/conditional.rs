//! What a client has already is not sent again; what it corrects, it has seen.

use crate::desk::Desk;
use crate::http::Ask;
use serde_json::{Value as Json, json};

const HOUSEHOLDS: &str = "/api/registers/household/records";

fn household(number: &str) -> Json {
    json!({"values": {"number": number, "income": 1200.5}})
}

#[test]
fn an_unchanged_list_is_not_sent_again_until_somebody_writes() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    for path in [
        HOUSEHOLDS,
        "/api/figures",
        "/api/checks",
        "/api/registers",
        "/api/divisions",
        "/api/pack",
    ] {
        // Reading is written down within a second, and that is a transaction too: a few tries meet no such moment.
        let same = (0..5).any(|_| {
            let first = clerk.get(path);
            assert_eq!(first.status, 200, "{path} {}", first.json());
            let tag = first.header("etag").expect("a tag").to_owned();
            let again = clerk.send(Ask::new("GET", path).with("If-None-Match", &tag));
            assert!(again.status == 304 || again.status == 200, "{path}");
            again.status == 304 && again.body.is_empty()
        });
        assert!(same, "{path} was always sent again");
    }
    let tag = clerk
        .get(HOUSEHOLDS)
        .header("etag")
        .expect("a tag")
        .to_owned();
    assert_eq!(clerk.post(HOUSEHOLDS, &household("1")).status, 201);
    let after = clerk.send(Ask::new("GET", HOUSEHOLDS).with("If-None-Match", &tag));
    assert_eq!(after.status, 200);
    assert_eq!(
        after.json()["records"][0]["values"]["income"]["value"],
        120_050
    );
}

#[test]
fn a_request_sent_twice_is_answered_and_not_repeated() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let ask = Ask::new("POST", HOUSEHOLDS)
        .json(&household("7"))
        .with("Idempotency-Key", "a-1");
    let (first, second) = (clerk.send(ask.clone()), clerk.send(ask.clone()));
    assert_eq!(
        (first.status, second.status),
        (201, 200),
        "{}",
        second.json()
    );
    assert_eq!(first.json()["record"], second.json()["record"]);
    assert_eq!(second.json()["repeated"], true);
    let body = {
        let mut body = household("8");
        body["client_id"] = json!("a-2");
        body
    };
    assert_eq!(clerk.post(HOUSEHOLDS, &body).status, 201);
    assert_eq!(clerk.post(HOUSEHOLDS, &body).status, 200);
    // Another's id is another's.
    let other = desk.somebody(&desk.sign_in("root"), "li", "clerk", None);
    let theirs = Ask::new("POST", HOUSEHOLDS)
        .json(&household("9"))
        .with("Idempotency-Key", "a-1");
    assert_eq!(other.send(theirs).status, 201);
    let records = clerk.get(HOUSEHOLDS).json();
    assert_eq!(records["records"].as_array().map(Vec::len), Some(3));
    // The same id for something else is refused.
    let changed = Ask::new("POST", HOUSEHOLDS)
        .json(&household("10"))
        .with("Idempotency-Key", "a-1");
    let refused = clerk.send(changed);
    assert_eq!((refused.status, refused.code().as_str()), (422, "L037"));
}

#[test]
fn a_correction_says_on_which_version_it_was_made() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let made = clerk.post(HOUSEHOLDS, &household("1")).json();
    let one = format!("{HOUSEHOLDS}/{}", made["record"]);
    let correct = format!("{one}/correct");
    let seen = clerk.get(&one);
    let tag = seen.header("etag").expect("a tag").to_owned();
    let tx = seen.json()["record"]["tx"].clone();
    let blind = clerk.post(&correct, &json!({"values": {"income": 1}}));
    assert_eq!((blind.status, blind.code().as_str()), (428, "S428"));
    let ask = |income: u32| {
        Ask::new("POST", &correct).json(&json!({"values": {"income": income}, "why": "核对"}))
    };
    let first = clerk.send(ask(2).with("If-Match", &tag));
    assert_eq!(first.status, 200, "{}", first.json());
    let late = clerk.send(ask(3).with("If-Match", &tag));
    assert_eq!((late.status, late.code().as_str()), (412, "S412"));
    // With `based_on` it is written, and who was first is named.
    let both = clerk.post(
        &correct,
        &json!({"values": {"income": 4}, "based_on": tx, "why": "核对"}),
    );
    assert_eq!(both.status, 200, "{}", both.json());
    assert_eq!(
        both.json()["conflicting"][0]["field"],
        "income",
        "{}",
        both.json()
    );
}

#[test]
fn records_are_listed_by_page_field_condition_and_day() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    for number in 1..=5 {
        let body = json!({"values": {"number": format!("H{number}"), "income": number * 100}, "from": "2023-01-01"});
        assert_eq!(clerk.post(HOUSEHOLDS, &body).status, 201);
    }
    let numbers = |path: &str| -> Vec<String> {
        let page = clerk.get(path);
        assert_eq!(page.status, 200, "{path} {}", page.json());
        let json = page.json();
        let records = json["records"].as_array().expect("records").clone();
        records
            .iter()
            .map(|one| {
                one["values"]["number"]["shown"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    let first = clerk
        .get(&format!("{HOUSEHOLDS}?limit=2&sort=-income"))
        .json();
    assert_eq!(first["records"][0]["values"]["number"]["shown"], "H5");
    let next = first["next"]
        .as_str()
        .expect("more")
        .replace('%', "%25")
        .replace(' ', "%20");
    assert_eq!(
        numbers(&format!("{HOUSEHOLDS}?limit=2&sort=-income&after={next}")),
        ["H3", "H2"]
    );
    assert_eq!(numbers(&format!("{HOUSEHOLDS}?number=H4")), ["H4"]);
    assert_eq!(
        numbers(&format!(
            "{HOUSEHOLDS}?filter=income%20%3E%20300&sort=income"
        )),
        ["H4", "H5"]
    );
    assert!(numbers(&format!("{HOUSEHOLDS}?at=2022-12-31")).is_empty());
    let some = clerk
        .get(&format!("{HOUSEHOLDS}?fields=number&limit=1"))
        .json();
    assert_eq!(
        some["records"][0]["values"]
            .as_object()
            .map(serde_json::Map::len),
        Some(1)
    );
    let totals = clerk
        .post(
            "/api/registers/household/totals",
            &json!({"sums": ["income"]}),
        )
        .json();
    assert_eq!(
        (&totals["count"], &totals["sums"]["income"]["value"]),
        (&json!(5), &json!(150_000))
    );
    let ended = format!("{HOUSEHOLDS}/{}/end", first["records"][0]["record"]);
    let end = clerk.post(&ended, &json!({"from": "2023-06-01", "why": "迁出"}));
    assert_eq!(end.status, 200, "{}", end.json());
    assert_eq!(numbers(&format!("{HOUSEHOLDS}?at=2023-07-01")).len(), 4);
}
