//! The documents written: they are what their names say, they agree with the figures, and they come out the same twice.

use std::fs;
use std::path::Path;

use e2e::Desk;

use crate::shared::{imported, town};

/// Writes the report in some forms and returns their bytes.
fn written(desk: &Desk, folder: &Path, ends: &[&str]) -> Vec<Vec<u8>> {
    let paths: Vec<String> = ends
        .iter()
        .map(|end| {
            folder
                .join(format!("report.{end}"))
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let mut args = vec![
        "report",
        "leadership",
        "--at",
        &town().at,
        "--period",
        &town().period,
    ];
    for path in &paths {
        args.extend(["-o", path.as_str()]);
    }
    desk.yiben(&args).done();
    paths
        .iter()
        .map(|path| fs::read(path).expect("the report was written"))
        .collect()
}

#[test]
fn each_form_is_what_its_name_says() {
    let (desk, _) = imported();
    let folder = Desk::empty();
    let forms = written(desk, &folder.path(""), &["docx", "html", "txt", "pdf"]);
    assert!(forms[0].starts_with(b"PK\x03\x04"));
    assert!(
        String::from_utf8_lossy(&forms[1])
            .to_lowercase()
            .contains("<html")
    );
    assert!(String::from_utf8(forms[2].clone()).is_ok(), "text is UTF-8");
    assert!(forms[3].starts_with(b"%PDF-"));
}

#[test]
fn the_text_holds_the_figures() {
    let (desk, _) = imported();
    let folder = Desk::empty();
    let text =
        String::from_utf8(written(desk, &folder.path(""), &["txt"]).remove(0)).expect("UTF-8");
    for (id, wanted) in [
        ("post.authorised", "77"),
        ("post.filled", "75"),
        ("leader.seconded", "孙磊"),
        ("committee.members", "145"),
        ("committee.age.avg", "44"),
        ("committee.age.avg before", "50.7"),
        ("secretary.age.avg", "47.9"),
    ] {
        assert!(
            text.contains(wanted),
            "{id} = {wanted} is not in the report:\n{text}"
        );
    }
    for stray in ["{{", "}}", "{%", "None", "null", "undefined"] {
        assert!(!text.contains(stray), "`{stray}` is left in the report");
    }
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let (desk, _) = imported();
    let (one, other) = (Desk::empty(), Desk::empty());
    let ends = ["docx", "html", "txt"];
    assert!(written(desk, &one.path(""), &ends) == written(desk, &other.path(""), &ends));
}

#[test]
fn a_form_nobody_knows_is_your_input() {
    let (desk, _) = imported();
    let out = Desk::empty().path("report.odt");
    desk.yiben(&[
        "report",
        "leadership",
        "--at",
        &town().at,
        "-o",
        &out.to_string_lossy(),
    ])
    .ended(2);
}
