//! The documents written: they are what their names say, they agree with the figures, and they come out the same twice.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use e2e::Desk;

use crate::shared::{committees, imported, town};

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

/// The ids that the report must print.
fn catalogue() -> impl Iterator<Item = &'static str> {
    let lines = include_str!("catalogue.txt").lines();
    lines.filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// The figures that an HTML report prints, without the time they are asked at: each has its article.
fn printed(html: &str) -> BTreeSet<String> {
    let articles = html.split("<article id=\"t-").skip(1);
    articles
        .filter_map(|rest| rest.split('"').next())
        .map(|id| {
            let mut id = id.to_owned();
            for (code, sign) in [
                ("%5B", "["),
                ("%5D", "]"),
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("%3C", "<"),
                ("%3E", ">"),
                ("%3D", "="),
                ("%40", "@"),
            ] {
                id = id.replace(code, sign);
            }
            id.split('@').next().unwrap_or_default().to_owned()
        })
        .collect()
}

/// The report without its appendix, in one line: text is wrapped anywhere.
fn body(text: &str) -> String {
    let end = text.find("\n附件").unwrap_or(text.len());
    text[..end].lines().map(str::trim).collect()
}

#[track_caller]
fn reads_well(name: &str, body: &str) {
    for stray in [
        "，，",
        "、、",
        "。。",
        "；；",
        "，。",
        "、。",
        "：。",
        "；。",
        "。，",
        "：；",
        "：，",
        "，；",
        "、，",
        "其中、",
        "其中。",
        "（）",
        "“”",
        "（，",
        "，）",
        "**",
        "{{",
        "%}",
        "None",
        "null",
        "undefined",
    ] {
        assert!(!body.contains(stray), "{name}: `{stray}` in\n{body}");
    }
    for chapter in [
        "一、人：",
        "二、事：",
        "三、存在的主要问题",
        "四、下一步打算",
    ] {
        assert!(body.contains(chapter), "{name}: no chapter {chapter}");
    }
}

#[test]
fn whatever_is_imported_every_figure_of_the_catalogue_is_printed() {
    let empty = Desk::with_book(town());
    for (name, desk) in [
        ("nothing", &empty),
        ("committees", &committees()),
        ("all", &imported().0),
    ] {
        let folder = Desk::empty();
        let mut forms = written(desk, &folder.path(""), &["html", "txt"]).into_iter();
        let mut next = || String::from_utf8(forms.next().expect("two forms")).expect("UTF-8");
        let (html, text) = (next(), next());
        let printed = printed(&html);
        let lost: Vec<&str> = catalogue().filter(|id| !printed.contains(*id)).collect();
        assert!(lost.is_empty(), "{name}: not printed: {lost:?}");
        reads_well(name, &body(&text));
    }
}

#[test]
fn with_nothing_imported_no_number_is_printed_and_no_claim_made() {
    let empty = Desk::with_book(town());
    let folder = Desk::empty();
    let mut forms = written(&empty, &folder.path(""), &["html", "txt"]).into_iter();
    let mut next = || String::from_utf8(forms.next().expect("two forms")).expect("UTF-8");
    let (html, text) = (next(), next());
    let body_of_page = html
        .split("<section class=\"sheet traces\"")
        .next()
        .expect("a page");
    for number in body_of_page.split("<a class=\"num").skip(1) {
        let text = number
            .split('>')
            .nth(1)
            .and_then(|rest| rest.split('<').next());
        assert_eq!(text, Some("（无数据）"));
    }
    let body = body(&text);
    for claim in [
        "零返贫",
        "零致贫",
        "零伤亡",
        "全部",
        "所有",
        "全覆盖",
        "均超过",
        "均有",
        "均未",
        "均按期",
        "没有反弹",
        "一降一升",
    ] {
        let said = body.contains(claim);
        assert!(!said, "`{claim}` without data:\n{body}");
    }
}

#[test]
fn what_is_no_number_has_no_unit_behind_it() {
    let (desk, _) = imported();
    let folder = Desk::empty();
    let text =
        String::from_utf8(written(desk, &folder.path(""), &["txt"]).remove(0)).expect("UTF-8");
    let text: String = text.lines().map(str::trim).collect();
    assert!(text.contains("农产品商标 青禾贡米、泽川脆红李、双河秋洋芋、禾尖尖"));
    for stray in ["禾尖尖–", "批示肯定 （无数据）–", "代办件 （无数据）件"]
    {
        assert!(!text.contains(stray), "`{stray}` in the appendix");
    }
}

#[test]
fn numbers_are_written_as_officials_do_and_the_trace_keeps_them_exact() {
    let (desk, _) = imported();
    let folder = Desk::empty();
    let text =
        String::from_utf8(written(desk, &folder.path(""), &["txt"]).remove(0)).expect("UTF-8");
    let body = body(&text);
    for (id, said, exact) in [
        ("consume.amount", "消费帮扶29余万元", "297535"),
        ("project.invested", "累计吸引投资4600余万元", "4656"),
        ("orchard.unequipped", "三样都缺的1.5万余亩", "15311.5"),
    ] {
        assert!(body.contains(said), "{id}: `{said}` is not in\n{body}");
        assert!(!body.contains(exact), "{id}: {exact} is in the sentence");
        assert!(text.contains(exact), "{id}: {exact} is not in the appendix");
    }
}

#[test]
fn sentences_are_printed_only_when_they_are_true() {
    let (desk, _) = imported();
    let folder = Desk::empty();
    let text =
        String::from_utf8(written(desk, &folder.path(""), &["txt"]).remove(0)).expect("UTF-8");
    let body = body(&text);
    for (claim, figure, wanted) in [
        ("实现零返贫、零致贫", "watch.returned", "0"),
        ("全部实现书记、主任“一肩挑”", "secretary.concurrent", "22"),
        ("年龄、学历实现“一降一升”", "committee.age.avg", "44"),
    ] {
        assert!(
            body.contains(claim),
            "{figure} is {wanted}: {claim}\n{body}"
        );
    }
    for claim in [
        "所有村（社区）收入增速均超过10％",
        "全部配齐",
        "职数全部配齐",
        "各类编制均未超编",
        "全部按时完成",
        "户户有帮扶",
    ] {
        assert!(!body.contains(claim), "not so: {claim}\n{body}");
    }
}

#[test]
fn what_has_no_data_is_named_with_the_register_that_it_lacks() {
    let (desk, _) = imported();
    let folder = Desk::empty();
    let out = folder.path("report.txt").to_string_lossy().into_owned();
    let asked = [
        "report",
        "leadership",
        "--at",
        &town().at,
        "--period",
        &town().period,
        "-o",
        &out,
    ];
    let said = desk.yiben(&asked).done().err;
    let json = desk
        .yiben(&[&asked[..], &["--json"]].concat())
        .done()
        .json();
    let without = json["without_data"].as_array().expect("a list");
    assert!(!without.is_empty());
    for figure in without {
        let title = figure["title"].as_str().expect("a title");
        assert!(said.contains(title), "{title} is not named:\n{said}");
        for register in figure["registers"].as_array().expect("a list") {
            let register = register.as_str().expect("a title");
            assert!(said.contains(register), "{title} lacks {register}:\n{said}");
        }
    }
    assert!(said.contains("yiben import"), "no next step:\n{said}");
    assert!(
        said.lines().count() < without.len(),
        "one line a register:\n{said}"
    );
}
