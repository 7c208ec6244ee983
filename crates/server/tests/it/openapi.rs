//! The document says what is answered.

use crate::desk::Desk;
use crate::http::Ask;
use serde_json::Value as Json;
use server::urls::URLS;
use std::path::Path;

fn document(pack: &str) -> Json {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../packs")
        .join(pack);
    server::openapi(&office::check_pack(&folder).expect("a sound pack"))
}

#[test]
fn the_document_of_the_hamlet_is_the_known_one() {
    insta::assert_json_snapshot!("openapi_hamlet", document("hamlet"));
}

#[test]
fn the_document_served_is_that_of_the_pack_and_names_every_url() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let document = clerk.get("/api/openapi.json").json();
    let paths = document["paths"].as_object().expect("paths");
    for url in URLS {
        let path = url.path.replace("{register}", "household");
        let method = url.method.word().to_ascii_lowercase();
        assert!(paths[&path].get(&method).is_some(), "{path}");
    }
    assert_eq!(desk.ask(&Ask::new("GET", "/api/openapi.json")).status, 401);
}

/// Every schema that is referred to is there.
#[test]
fn every_reference_leads_somewhere() {
    let document = document("hamlet");
    let mut stack = vec![&document];
    let mut seen = 0;
    while let Some(node) = stack.pop() {
        match node {
            Json::Object(members) => {
                if let Some(Json::String(to)) = members.get("$ref") {
                    let pointer = to.trim_start_matches('#');
                    assert!(document.pointer(pointer).is_some(), "{to} leads nowhere");
                    seen += 1;
                }
                stack.extend(members.values());
            }
            Json::Array(items) => stack.extend(items),
            _ => {}
        }
    }
    assert!(seen > 100, "{seen} references");
}

/// Another hand judges the documents of all packs: openapi-spec-validator of PyPI, in an environment of its own.
#[test]
fn another_validator_agrees() {
    let Some(python) = crate::python::with("openapi-spec-validator") else {
        return;
    };
    for pack in ["hamlet", "school", "township"] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("openapi.json");
        std::fs::write(&file, document(pack).to_string()).expect("written");
        let judged = std::process::Command::new(&python)
            .args(["-m", "openapi_spec_validator"])
            .arg(&file)
            .output()
            .expect("it runs");
        assert!(
            judged.status.success(),
            "{pack}: {}",
            String::from_utf8_lossy(&judged.stdout)
        );
    }
    let broken = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(broken.path(), r#"{"openapi": "3.1.0", "info": {}}"#).expect("written");
    let judged = std::process::Command::new(&python)
        .args(["-m", "openapi_spec_validator"])
        .arg(broken.path())
        .output()
        .expect("it runs");
    assert!(!judged.status.success(), "it judges nothing");
}
