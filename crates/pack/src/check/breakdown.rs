//! Breakdowns: by a code list, by bands of whole numbers, by a level of the place tree.

use super::code_list::list;
use super::expression::expression;
use super::{Sink, rule};
use crate::CheckedPack;
use crate::declare::{Breakdown, BreakdownKind, CodeList, Member, RegisterDecl};
use crate::expr::{Expr, Names, Type, Typed, Unit, noun};
use crate::form;
use crate::read::{Table, Text, text_of};

/// A breakdown of a figure; `ways` says how the figure is made.
pub(super) fn breakdown(
    by: &Table<'_>,
    register: Option<&RegisterDecl>,
    ways: &[&str],
    pack: &CheckedPack,
) -> Option<Breakdown> {
    let sink = by.sink;
    by.known(&form::BREAKDOWN);
    let kinds: Vec<&str> = ["codes", "bands", "level"]
        .into_iter()
        .filter(|key| by.get(key).is_some())
        .collect();
    let refuse =
        |said: &str, next: &str| sink.report(rule::BREAKDOWN, by.at, said.into(), next.into());
    if ways == ["over"] {
        refuse("an `over` has no breakdown", "leave `by` out");
        return None;
    }
    if kinds.len() != 1 {
        refuse(
            "a breakdown is by exactly one thing",
            "give one of `codes`, `bands` and `level`",
        );
        return None;
    }
    let titles = by.entries("titles");
    let (kind, members) = match kinds[0] {
        "codes" => {
            let list = list(by.text("codes")?, pack, sink)?;
            (BreakdownKind::Codes(list.name.clone()), codes(by, list))
        }
        "bands" => (BreakdownKind::Bands, bands(by)),
        _ => {
            let text = by.text("level")?;
            level(text, pack, sink);
            (BreakdownKind::Level(text.text.to_owned()), Vec::new())
        }
    };
    for (key, _) in titles {
        if !members.iter().any(|member| member.id == key.name) {
            let said = format!("`{}` is not a member of this breakdown", key.name);
            let there = members.iter().map(|member| member.id.as_str());
            sink.unknown(rule::MEMBER, key.at, said, &key.name, there);
        }
    }
    let members = members.into_iter().map(|member| {
        let title = titles.iter().find(|(key, _)| key.name == member.id);
        let title = title.and_then(|(key, node)| text_of(sink, node, &key.name));
        Member {
            title: title.map(|title| title.text.to_owned()),
            ..member
        }
    });
    let members = members.collect();
    let of = if ways == ["formula"] {
        if let Some(key) = by.key("of") {
            let said = "a formula takes the members of its operands".to_owned();
            sink.report(rule::BREAKDOWN, key.at, said, "leave `of` out".into());
        }
        None
    } else {
        of(by, &kind, register?, pack)
    };
    Some(Breakdown { of, kind, members })
}

/// What records fall into members by.
fn of(
    by: &Table<'_>,
    kind: &BreakdownKind,
    register: &RegisterDecl,
    pack: &CheckedPack,
) -> Option<Typed> {
    let sink = by.sink;
    if matches!(kind, BreakdownKind::Level(_)) && by.get("of").is_none() {
        let text = "division".to_owned();
        return Some(Typed {
            unit: Unit::Plain,
            expr: Expr::Division,
            kind: Type::Division,
            text,
        });
    }
    let text = by.need_text("of")?;
    let wanted = match kind {
        BreakdownKind::Codes(list) => Type::Code(list.clone()),
        BreakdownKind::Bands => Type::Int { scale: 1 },
        BreakdownKind::Level(_) => Type::Division,
    };
    let typed = expression(text, Names::Record(register), None, pack, sink)?;
    if typed.kind != wanted {
        let wanted = match wanted {
            Type::Int { .. } => "a whole number".to_owned(),
            other => noun(&other),
        };
        let said = format!(
            "this breakdown is of {wanted}, here is {}",
            noun(&typed.kind)
        );
        sink.report(
            rule::BREAKDOWN,
            text.at,
            said,
            format!("give an expression that is {wanted}"),
        );
    }
    Some(typed)
}

fn codes(by: &Table<'_>, list: &CodeList) -> Vec<Member> {
    let sink = by.sink;
    let member = |id: &str| Member {
        id: id.to_owned(),
        title: None,
        least: None,
        greatest: None,
    };
    if by.get("members").is_none() {
        return list.codes.iter().map(|code| member(&code.code)).collect();
    }
    let mut members: Vec<Member> = Vec::new();
    for text in by.texts("members") {
        if list.code(text.text).is_none() {
            let said = format!("`{}` is not a code of `{}`", text.text, list.name);
            let there = list.codes.iter().map(|code| code.code.as_str());
            sink.unknown(rule::MEMBER, text.at, said, text.text, there);
        } else if members.iter().any(|known| known.id == text.text) {
            let said = format!("the member `{}` stands twice", text.text);
            sink.report(rule::MEMBER, text.at, said, "leave one of them".into());
        }
        members.push(member(text.text));
    }
    members
}

fn bands(by: &Table<'_>) -> Vec<Member> {
    let sink = by.sink;
    let mut members: Vec<Member> = Vec::new();
    for text in by.texts("bands") {
        let Some((least, greatest)) = band(text.text) else {
            let said = format!("`{}` is not a band", text.text);
            let next = "write <=30, <30, 31-40, 30, >=41 or >40, over whole numbers";
            sink.report(rule::BAND, text.at, said, next.into());
            continue;
        };
        match (
            members.last().map(|last| (last.greatest, last.id.clone())),
            least,
        ) {
            (None, _) => {}
            (Some((Some(end), _)), Some(least)) if least == end + 1 => {}
            (Some((Some(end), id)), Some(least)) if least > end => {
                let said = format!(
                    "nothing holds {} to {} between `{id}` and `{}`",
                    end + 1,
                    least - 1,
                    text.text
                );
                let next = format!("begin the band at {}", end + 1);
                sink.report(rule::BAND_GAP, text.at, said, next);
            }
            (Some((_, id)), _) => {
                let said = format!(
                    "the band `{}` overlaps `{id}` or stands before it",
                    text.text
                );
                sink.report(
                    rule::BAND_OVERLAP,
                    text.at,
                    said,
                    "let each band begin after the one before it ends".into(),
                );
            }
        }
        members.push(Member {
            id: text.text.to_owned(),
            title: None,
            least,
            greatest,
        });
    }
    members
}

/// The least and greatest whole number of a band.
fn band(text: &str) -> Option<(Option<i64>, Option<i64>)> {
    let number = |text: &str| text.trim().parse::<i64>().ok();
    if let Some(rest) = text.strip_prefix("<=") {
        return Some((None, Some(number(rest)?)));
    }
    if let Some(rest) = text.strip_prefix(">=") {
        return Some((Some(number(rest)?), None));
    }
    if let Some(rest) = text.strip_prefix('<') {
        return Some((None, Some(number(rest)?.checked_sub(1)?)));
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Some((Some(number(rest)?.checked_add(1)?), None));
    }
    match text.split_once('-') {
        Some((least, greatest)) => {
            let (least, greatest) = (number(least)?, number(greatest)?);
            (least <= greatest).then_some((Some(least), Some(greatest)))
        }
        None => number(text).map(|only| (Some(only), Some(only))),
    }
}

/// The level that a text names.
pub(super) fn level(text: Text<'_>, pack: &CheckedPack, sink: &Sink) {
    if !pack.levels.iter().any(|level| level.name == text.text) {
        let said = format!("there is no level `{}`", text.text);
        let there = pack.levels.iter().map(|level| level.name.as_str());
        sink.unknown(rule::UNKNOWN_LEVEL, text.at, said, text.text, there);
    }
}

#[cfg(test)]
mod tests {
    use super::band;

    #[test]
    fn bands_are_whole_numbers_with_their_bounds() {
        assert_eq!(band("<=30"), Some((None, Some(30))));
        assert_eq!(band("<30"), Some((None, Some(29))));
        assert_eq!(band("31-40"), Some((Some(31), Some(40))));
        assert_eq!(band("7"), Some((Some(7), Some(7))));
        assert_eq!(band(">40"), Some((Some(41), None)));
        assert_eq!(band("40-31"), None);
        assert_eq!(band("30岁以下"), None);
    }
}
