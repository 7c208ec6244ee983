//! Every URL of the table, as every role and as nobody. The table of answers is a snapshot: a URL that is new stands in it
//! or the test fails.

use crate::desk::{Desk, Signed};
use crate::http::{Answer, Ask, connect, parse};
use serde_json::json;
use server::urls::{Need, Takes, URLS, Url};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

/// What each role may, as the test's pack declares it.
fn may(role: &str, deed: &str) -> bool {
    let roles: toml::Table = crate::desk::ROLES.parse().expect("TOML");
    let may = roles["role"][role]["may"].as_array().expect("deeds");
    may.iter().any(|one| one.as_str() == Some(deed))
}

/// A request that does no harm: what it names is not there, and its body says nothing.
fn ask(url: &Url) -> Ask {
    let zeros = "0".repeat(64);
    let path = url
        .path
        .replace("{register}", "household")
        .replace("{record}", "999999")
        .replace("{figure}", "household.land")
        .replace("{hash}", &zeros)
        .replace("{import}", &zeros[..32])
        .replace("{tx}", "999999")
        .replace("{finding}", "999999")
        .replace("{report}", "nothing")
        .replace("{name}", "nobody");
    let query = if url.id == "search" {
        "?q=%E9%99%88"
    } else {
        ""
    };
    let ask = Ask::new(url.method.word(), &format!("/api{path}{query}"));
    match url.takes {
        Takes::Json(_) | Takes::OfRegister(_) => ask.json(&json!({})),
        Takes::Parts(_) => ask.parts(&[], &[]),
        Takes::File => ask.raw("image/jpeg", b"none"),
        Takes::Nothing => ask,
    }
}

/// Sends it; of a stream without end only the head is read.
fn send(desk: &Desk, url: &Url, ask: &Ask) -> Answer {
    let signed = ask.headers.iter().any(|(name, _)| name == "Cookie");
    if url.id != "events" || !signed {
        return ask.send(desk.at);
    }
    let mut stream = connect(desk.at);
    stream.write_all(ask.head().as_bytes()).expect("sent");
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    while !all.windows(4).any(|window| window == b"\r\n\r\n") {
        let read = stream.read(&mut piece).expect("a head");
        assert!(read > 0, "the connection ended");
        all.extend_from_slice(&piece[..read]);
    }
    let end = all
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("found");
    let head = String::from_utf8_lossy(&all[..end + 4]).replace("transfer-encoding", "was");
    parse(head.as_bytes()).expect("a head")
}

#[test]
fn every_url_lets_in_whom_the_pack_says_and_nobody_else() {
    let desk = Desk::with(|settings| settings.paces = server::Paces::boundless());
    let root = desk.first();
    let roles = ["clerk", "reader", "cadre", "system", "security", "auditing"];
    let mut signed: Vec<Signed> = Vec::new();
    for role in roles {
        let within = (role == "cadre").then_some("大石村");
        signed.push(desk.somebody(&root, &format!("as-{role}"), role, within));
    }
    let mut table = String::new();
    for url in URLS {
        let ask = ask(url);
        let answer = send(&desk, url, &ask);
        match url.need {
            Need::Nobody | Need::Here => assert_ne!(answer.status, 403, "{}", url.id),
            _ => assert_eq!(
                (answer.status, answer.code().as_str()),
                (401, "S401"),
                "{}",
                url.id
            ),
        }
        let _ = write!(
            table,
            "{} {} nobody={}",
            url.method.word(),
            url.path,
            answer.status
        );
        for (role, signed) in roles.iter().zip(&mut signed) {
            let answer = send(&desk, url, &ask.clone().with("Cookie", &signed.cookie));
            let let_in = match url.need {
                Need::Deed(deed) => may(role, deed),
                _ => true,
            };
            let what = format!(
                "{} as {role}: {}",
                url.id,
                String::from_utf8_lossy(&answer.body)
            );
            if let_in {
                assert_ne!(answer.status, 403, "{what}");
                let signs_in = matches!(url.id, "sign_in" | "redeem" | "password");
                assert!(answer.status != 401 || signs_in, "{what}");
            } else {
                assert_eq!(
                    (answer.status, answer.code().as_str()),
                    (403, "A001"),
                    "{what}"
                );
            }
            assert!(answer.status < 500, "{what}");
            let _ = write!(table, " {role}={}", answer.status);
            if url.id.starts_with("sign_out") {
                assert_eq!(answer.status, 204, "{what}");
                *signed = desk.sign_in(&format!("as-{role}"));
            }
        }
        table.push('\n');
    }
    insta::assert_snapshot!("who_may_what", table);
}

#[test]
fn a_place_outside_ones_own_is_not_there() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    clerk.import("常住人口信息表.csv", crate::desk::RESIDENTS);
    let cadre = desk.somebody(&desk.sign_in("root"), "wu", "cadre", Some("大石村"));
    let all = clerk.get("/api/registers/household/records").json();
    let his = cadre.get("/api/registers/household/records").json();
    let count = |json: &serde_json::Value| json["records"].as_array().map_or(0, Vec::len);
    assert_eq!((count(&all), count(&his)), (2, 1), "{his}");
    let other = all["records"]
        .as_array()
        .expect("records")
        .iter()
        .find(|one| one["division_name"] == "青山村")
        .expect("a household there")["record"]
        .to_string();
    for path in [
        format!("/api/registers/household/records/{other}"),
        format!("/api/registers/household/records/{other}/history"),
    ] {
        assert_eq!(cadre.get(&path).status, 404, "{path}");
    }
    let correct = format!("/api/registers/household/records/{other}/correct");
    let body = json!({"values": {"income": 1}, "based_on": 1});
    assert_eq!(cadre.post(&correct, &body).status, 404);
    let there = "/api/figures?id=household.land&in=%E9%9D%92%E5%B1%B1%E6%9D%91";
    assert_eq!(cadre.get(there).status, 404);
    let figure = |signed: &Signed| {
        signed.get("/api/figures?id=household.land").json()["figures"][0]["value"].clone()
    };
    assert_eq!((figure(&clerk), figure(&cadre)), (json!(6.2), json!(3.2)));
    let places = cadre.get("/api/divisions").json();
    let names: Vec<&str> = places["divisions"]
        .as_array()
        .expect("places")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(names, ["大石村"]);
    let csv = String::from_utf8(cadre.get("/api/export/household").body).expect("text");
    assert!(csv.contains("大石村") && !csv.contains("青山村"), "{csv}");
    // Looked for, he finds those of his place alone.
    let found = |signed: &Signed, words: &str| {
        let json = signed.get(&format!("/api/search?q={words}")).json();
        json["hits"].as_array().map_or(0, Vec::len)
    };
    assert!(found(&clerk, "0003") > 0 && found(&clerk, "0001") > 0);
    assert_eq!((found(&cadre, "0003"), found(&cadre, "0001")), (0, 1));
    assert_eq!(clerk.get("/api/search").status, 400, "words are needed");
}
