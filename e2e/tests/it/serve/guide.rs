//! The guide to the API does what it says: every `sh` block of docs/api.md is run, in order, and an answer has the members
//! that the `json` block after it shows.

use super::server::{PASSWORD, Server, somebody};
use crate::shared::villages;
use serde_json::Value;
use std::process::Command;

/// The blocks: what is typed, the answer shown after it.
fn blocks(text: &str) -> Vec<(String, Option<Value>)> {
    let mut all: Vec<(String, Option<Value>)> = Vec::new();
    let mut parts = text.split("```");
    parts.next();
    while let (Some(block), rest) = (parts.next(), parts.next()) {
        if let Some(script) = block.strip_prefix("sh\n") {
            all.push((script.to_owned(), None));
        } else if let Some(json) = block.strip_prefix("json\n") {
            let shown =
                serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
            all.last_mut().expect("a block before it").1 = Some(shown);
        }
        if rest.is_none() {
            break;
        }
    }
    all
}

fn keys(value: &Value) -> Vec<&String> {
    let members = value.as_object().map(|members| members.keys().collect());
    members.unwrap_or_default()
}

#[expect(clippy::print_stderr, reason = "a test that is not run says so aloud")]
#[test]
fn every_example_of_the_guide_works() {
    let has_curl = Command::new("curl").arg("--version").output().is_ok();
    if !has_curl {
        eprintln!("NOT RUN: there is no curl here");
        return;
    }
    let guide = std::fs::read_to_string(e2e::root().join("docs/api.md")).expect("the guide");
    let desk = villages();
    let link = somebody(&desk, "chenjing", "clerk");
    let photo: &[u8] = &[
        0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0,
        63, 0, 1, 2, 0xff, 0xd9,
    ];
    std::fs::write(desk.path("photo.jpg"), photo).expect("written");
    let sheet = "户编号,户主姓名\n0007,陈静\n";
    std::fs::write(desk.path("households.csv"), sheet).expect("written");
    let server = Server::start(&desk, &[]);
    let blocks = blocks(&guide);
    assert!(blocks.len() >= 12, "{} examples", blocks.len());
    for (script, shown) in blocks {
        let ran = Command::new("sh")
            .args(["-euc", &script])
            .current_dir(desk.path(""))
            .env("YIBEN", format!("http://127.0.0.1:{}", server.port))
            .env("LINK", &link)
            .env("PASSWORD", PASSWORD)
            .output()
            .expect("it runs");
        let out = String::from_utf8_lossy(&ran.stdout).into_owned();
        let err = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{script}\n{out}\n{err}");
        if let Some(shown) = shown {
            let told: Value =
                serde_json::from_str(&out).unwrap_or_else(|_| panic!("{script}\n{out}"));
            assert_eq!(keys(&told), keys(&shown), "{script}\n{out}");
        }
    }
}
