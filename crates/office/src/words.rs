//! The office's sentences, and values as people write them.

use pack::CheckedPack;
use std::sync::LazyLock;
use vocabulary::{
    FieldType, Finding, FindingClass, PartialDate, Shape, ShapeKind, Value, Words, starred,
};

pub(crate) static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../words/zh.toml")));

/// The sentence under a key.
pub(crate) fn word(key: &str, params: &[(&str, &str)]) -> String {
    WORDS.say(key, params)
}

/// A finding with its sentence and next step.
pub(crate) fn say(code: &str, class: FindingClass, params: &[(&str, &str)]) -> Finding {
    debug_assert!(
        WORDS.agree(code, class),
        "{code} is raised as {}, its words say otherwise",
        class.word()
    );
    Finding::new(
        code,
        class,
        WORDS.say(&format!("{code}.said"), params),
        WORDS.say(&format!("{code}.next"), params),
    )
}

/// A value as people write it: a code by its title, a date as far as it is known, money in 元, area in 亩.
pub(crate) fn shown(pack: &CheckedPack, kind: &FieldType, value: &Value) -> String {
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (FieldType::Code(list), Value::Text(code)) => pack
            .code_lists
            .get(list)
            .and_then(|list| list.code(code))
            .map_or_else(|| code.clone(), |code| code.title.clone()),
        (FieldType::Date, Value::Int(int)) => i32::try_from(*int).map_or_else(
            |_| int.to_string(),
            |int| PartialDate::from_int(int).to_string(),
        ),
        (FieldType::Bool, Value::Int(yes)) => {
            word(if *yes == 0 { "word.no" } else { "word.yes" }, &[])
        }
        (FieldType::Money | FieldType::Area | FieldType::Decimal(_), Value::Int(int)) => {
            let exact = vocabulary::Exact::new(i128::from(*int), i128::from(kind.scale()));
            let decimals = kind.scale().ilog10();
            vocabulary::round_half_up(exact, decimals)
                .trimmed()
                .to_string()
        }
        (FieldType::IdNumber | FieldType::Phone, Value::Text(number)) => starred(number),
        (FieldType::Shape(kind), Value::Text(text)) => in_short(*kind, text),
        (_, value) => value.to_string(),
    }
}

/// A shape by its kind, its count of corners and its middle: nobody reads ten thousand corners.
fn in_short(kind: ShapeKind, text: &str) -> String {
    let Some(shape) = Shape::parse(text) else {
        return text.to_owned();
    };
    let middle = Shape::point(shape.middle()).to_string();
    let params = [
        ("count", shape.spots().count().to_string()),
        ("middle", middle.replace("POINT ", "")),
    ];
    let params = params
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    word(&format!("shape.{kind}"), &params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_has_its_next_step() {
        for key in WORDS.keys().filter_map(|key| key.strip_suffix(".said")) {
            assert!(
                WORDS.get(&format!("{key}.next")).is_some(),
                "{key} has no next step"
            );
        }
    }
}
