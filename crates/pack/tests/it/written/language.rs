//! The page of the expression language: every word of it explained with an example that the checker takes and, where a
//! value stands beside it, that gives that value.

use crate::packs::hamlet;
use pack::expr::arbitrary::RandomRow;
use pack::expr::{FUNCTIONS, WORDS, eval};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use vocabulary::{Date, Value};

/// Words that are explained with another: halves of one sign.
const WITH_ANOTHER: [&str; 5] = ["false", "when", "then", "else", "end"];

fn groups() -> Vec<Json> {
    let table: toml::Table = include_str!("language.toml")
        .parse()
        .expect("the words are TOML");
    let json = serde_json::to_value(table).expect("TOML is JSON too");
    json["group"].as_array().cloned().expect("groups")
}

fn entries() -> Vec<Json> {
    let groups = groups().into_iter();
    groups
        .flat_map(|group| group["entry"].as_array().cloned().expect("entries"))
        .collect()
}

/// The person of the examples.
fn person() -> RandomRow {
    let fields = [
        ("name", Value::text("李桂花")),
        ("sex", Value::text("2")),
        ("birth", Value::Int(19_770_100)),
        ("id_number", Value::Null),
        ("phone", Value::Null),
    ];
    RandomRow {
        fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
        other: None,
        valid_from: Date::BEGINNING,
        division: 1,
        record: 1,
        parts: Vec::new().into(),
        parameters: [("last_election".to_owned(), Value::Int(20_201_231))].into(),
    }
}

/// The page.
pub(super) fn page() -> String {
    let mut out = String::from(
        "# 表达式\n\n<!-- written by cargo xtask bless --docs from crates/pack/tests/it/written/language.toml -->\n\n\
         配置包里写条件、公式、校验用同一种表达式，是 SQL 的表达式那一部分：`where`、`when`、`must`、`measure`、`formula`、\
         `by` 里都能写。文字用单引号。字段名写错，检查时指出位置和最接近的名字。\n\n\
         例子里的人：李桂花，女，1977 年 1 月生，没有填身份证号；问的日期是 2022-12-31，`last_election` 是 2020-12-31。\n",
    );
    for group in groups() {
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        let _ = write!(out, "\n## {}\n", text(&group["title"]));
        if let Some(said) = group["text"].as_str() {
            let _ = write!(out, "\n{said}\n");
        }
        out.push_str("\n| 写法 | 意思 | 例子 | 得 |\n|---|---|---|---|\n");
        for entry in group["entry"].as_array().into_iter().flatten() {
            let code = |text: &str| match text {
                "" => String::new(),
                text => format!("`{}`", text.replace('|', "\\|")),
            };
            let gives = entry["shown"].as_str().or(entry["value"].as_str());
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                code(&text(&entry["form"])),
                text(&entry["text"]),
                code(&text(&entry["example"])),
                gives.unwrap_or_default()
            );
        }
    }
    out.push_str(
        "\n配置包里的对照表也是函数：`edu_level(person.education)` 把学历代码换成学历层次。\n",
    );
    out
}

#[test]
fn every_word_of_the_language_is_explained() {
    let told: BTreeSet<String> = entries()
        .iter()
        .map(|entry| entry["word"].as_str().expect("a word").to_owned())
        .collect();
    let words = FUNCTIONS.iter().chain(WORDS);
    let untold: Vec<&&str> = words
        .filter(|word| !told.contains(**word) && !WITH_ANOTHER.contains(word))
        .collect();
    assert!(
        untold.is_empty(),
        "language.toml does not explain {untold:?}"
    );
}

#[test]
fn every_example_is_taken_and_gives_what_stands_beside_it() {
    let pack = hamlet();
    let row = person();
    let mut wrong = Vec::new();
    for entry in entries() {
        let Some(example) = entry["example"].as_str() else {
            continue;
        };
        match pack.record_expression(entry["of"].as_str().unwrap_or("person"), example) {
            Err(errors) => wrong.push(format!("{example}: {errors}")),
            Ok(typed) => {
                let value = entry["value"].as_str();
                let got = value.map(|_| eval(&typed.expr, &row).to_string());
                if got.as_deref() != value {
                    wrong.push(format!("{example} is {got:?}, not {value:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
