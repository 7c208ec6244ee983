//! What a pack declares, told by the binary: as JSON, as one document, as pages.

use e2e::Desk;
use serde_json::Value;

use crate::shared::town;

#[test]
fn a_pack_is_told_as_json_as_a_document_and_as_pages() {
    let desk = Desk::empty();
    let pack = town().pack();
    let told = desk
        .yiben(&["pack", "describe", &pack, "--json"])
        .done()
        .json();
    let parts = told["parts"].as_array().expect("parts");
    let all = |kind: &str| -> Vec<&Value> {
        let lists = parts.iter().filter_map(|part| part[kind].as_array());
        lists.flatten().collect()
    };
    let figure = all("figures")
        .into_iter()
        .find(|f| f["id"] == "post.vacant");
    let figure = figure.expect("a figure of the answers");
    assert_eq!(figure["time"], "at", "{figure:#}");
    assert_eq!(figure["members"][0]["id"], "admin", "{figure:#}");
    assert!(figure["written"]["formula"].is_string(), "{figure:#}");
    assert!(
        all("registers")
            .iter()
            .all(|register| !register["fields"][0].is_null())
    );

    let document = desk.yiben(&["pack", "describe", &pack]).done().out;
    for figure in all("figures") {
        let id = figure["id"].as_str().expect("an id");
        assert!(
            document.contains(&format!("| `{id}` |")),
            "{id} is not told"
        );
    }

    desk.yiben(&["pack", "describe", &pack, "--pages", "pages"])
        .done();
    for part in parts {
        let page = format!("pages/{}.md", part["id"].as_str().expect("an id"));
        assert!(desk.path(&page).is_file(), "{page}");
    }
}

#[test]
fn what_is_no_pack_is_refused_with_its_errors() {
    let desk = Desk::empty();
    let said = desk
        .yiben(&["pack", "describe", "nowhere", "--json"])
        .ended(2)
        .json();
    assert_eq!(said["error"]["diagnostics"][0]["code"], "P002", "{said:#}");
}
