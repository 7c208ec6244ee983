//! Checks: one rule each, and the sentence that its breach says.

use super::expression::{condition, expression};
use super::gather::Gathered;
use super::name::{dotted, unique};
use super::register::{register_named, role};
use super::{Sink, blank, operand, rule};
use crate::CheckedPack;
use crate::declare::{CheckDecl, CheckRule, Operand, RegisterDecl, Severity, Side};
use crate::expr::{Names, Type, Typed, noun};
use crate::form;
use crate::read::{Table, Text};
use std::collections::BTreeMap;

/// The checks.
pub(super) fn checks(gathered: &Gathered, pack: &CheckedPack, sink: &Sink) -> Vec<CheckDecl> {
    let mut seen = BTreeMap::new();
    let mut cited = Vec::new();
    let mut checks = Vec::new();
    for table in gathered.listed("check", sink) {
        table.known(&form::CHECK);
        let Some(id) = table.need_text("id") else {
            continue;
        };
        dotted(id.text, id.at, sink);
        unique("check", id.text, id.at, &mut seen, sink);
        if let Some(owner) = table.text("owner") {
            role(owner, pack, sink);
        }
        let Some(rule) = which(&table, id, &mut cited, pack) else {
            continue;
        };
        if let Some(said) = table.need_text("said") {
            sentence(said, &rule, sink);
        }
        checks.push(CheckDecl {
            id: id.text.to_owned(),
            title: table.need_string("title"),
            said: table.string("said").unwrap_or_default(),
            next: table.need_string("next"),
            severity: severity(&table),
            owner: table.string("owner"),
            rule,
        });
    }
    operand::check(&cited, &pack.figures, pack, sink);
    checks
}

fn severity(table: &Table<'_>) -> Severity {
    match table.text("severity") {
        None => Severity::Error,
        Some(text) if text.text == "error" => Severity::Error,
        Some(text) if text.text == "notice" => Severity::Notice,
        Some(text) => {
            let said = format!("`{}` is not a severity", text.text);
            table
                .sink
                .unknown(rule::CHOICE, text.at, said, text.text, ["error", "notice"]);
            Severity::Error
        }
    }
}

/// The one rule that a check has.
fn which<'g>(
    table: &Table<'g>,
    id: Text<'g>,
    cited: &mut Vec<operand::Cited<'g>>,
    pack: &CheckedPack,
) -> Option<CheckRule> {
    let has = |key: &str| table.get(key).is_some();
    let ways = [
        has("must") || has("register") || has("group"),
        has("figures"),
        has("left") || has("right"),
    ];
    match ways {
        [true, false, false] => record(table, pack),
        [false, true, false] => Some(figures(table, cited, pack)),
        [false, false, true] => reconcile(table, pack),
        _ => {
            let count = ways.iter().filter(|way| **way).count();
            let said = match count {
                0 => format!("the check `{}` has no rule", id.text),
                _ => format!("the check `{}` has {count} rules", id.text),
            };
            let next =
                "give exactly one: `register` and `must`, or `figures`, or `left` and `right`";
            table
                .sink
                .report(rule::CHECK_RULE, id.at, said, next.into());
            None
        }
    }
}

fn record(table: &Table<'_>, pack: &CheckedPack) -> Option<CheckRule> {
    let sink = table.sink;
    let must = table.need_text("must");
    let register = register_named(table.need_text("register")?, pack, sink)?;
    for text in table.texts("fields") {
        if register.field(text.text).is_none() {
            let said = format!(
                "the register `{}` has no field `{}`",
                register.name, text.text
            );
            let there = register.fields.iter().map(|field| field.name.as_str());
            sink.unknown(rule::UNKNOWN_FIELD, text.at, said, text.text, there);
        }
    }
    if let Some(grouped) = table.table("group") {
        return group(table, &grouped, register, must, pack);
    }
    let names = || Names::Record(register);
    Some(CheckRule::Record {
        register: register.name.clone(),
        filter: table
            .text("where")
            .and_then(|text| condition(text, names(), pack, sink)),
        must: must
            .and_then(|text| condition(text, names(), pack, sink))
            .unwrap_or_else(blank),
        fields: table.strings("fields"),
    })
}

/// A rule over the records that belong together.
fn group(
    table: &Table<'_>,
    grouped: &Table<'_>,
    register: &RegisterDecl,
    must: Option<Text<'_>>,
    pack: &CheckedPack,
) -> Option<CheckRule> {
    let sink = table.sink;
    grouped.known(&form::GROUP);
    grouped.need("by");
    let typed = |text: Text<'_>, wanted: &str, fits: fn(&Type) -> bool| {
        let typed = expression(text, Names::Record(register), None, pack, sink)?;
        let fits = fits(&typed.kind);
        checked(typed, fits, wanted, text, sink)
    };
    let key = |text| {
        let is_key = |kind: &Type| {
            matches!(
                kind,
                Type::Text
                    | Type::Code(_)
                    | Type::Date
                    | Type::Division
                    | Type::Reference(_)
                    | Type::Int { scale: 1 }
            )
        };
        typed(
            text,
            "a text, a code, a whole number, a date, a place or a reference",
            is_key,
        )
    };
    let by: Vec<Option<Typed>> = grouped.texts("by").into_iter().map(key).collect();
    let is_number = |kind: &Type| matches!(kind, Type::Int { .. });
    let sum = grouped
        .text("sum")
        .map(|text| typed(text, "a number", is_number));
    let along = grouped
        .text("along")
        .map(|text| typed(text, "a date", |kind| *kind == Type::Date));
    let mut operands = vec!["count".to_owned()];
    operands.extend(sum.is_some().then(|| "sum".to_owned()));
    let must = must.and_then(|text| condition(text, Names::Operands(operands), pack, sink));
    let filter = table
        .text("where")
        .map(|text| condition(text, Names::Record(register), pack, sink));
    let none = |declared: Option<Option<Typed>>| match declared {
        Some(typed) => typed.map(Some),
        None => Some(None),
    };
    Some(CheckRule::Group {
        register: register.name.clone(),
        filter: none(filter)?,
        by: by.into_iter().collect::<Option<_>>()?,
        sum: none(sum)?,
        along: none(along)?,
        must: must?,
        fields: table.strings("fields"),
    })
}

fn figures<'g>(
    table: &Table<'g>,
    cited: &mut Vec<operand::Cited<'g>>,
    pack: &CheckedPack,
) -> CheckRule {
    let sink = table.sink;
    let operands: Vec<Operand> = operand::read(table, None, None, true, cited);
    let names = Names::Operands(
        operands
            .iter()
            .map(|operand| operand.name.clone())
            .collect(),
    );
    let must = table
        .text("figures")
        .and_then(|text| condition(text, names, pack, sink));
    if let Some(text) = table.text("names") {
        let (figure, member) = operand::split(text.text);
        let found = operand::find(
            figure,
            member,
            &pack.figures,
            rule::UNKNOWN_FIGURE,
            text.at,
            sink,
        );
        if found.is_some_and(|figure| !operand::is_list(figure)) {
            let said = format!("`{figure}` is not a list, `names` names one");
            sink.report(
                rule::OPERAND,
                text.at,
                said,
                "name a figure that measures list(…)".into(),
            );
        }
    }
    CheckRule::Figures {
        operands,
        must: must.unwrap_or_else(blank),
        names: table.string("names"),
    }
}

fn reconcile(table: &Table<'_>, pack: &CheckedPack) -> Option<CheckRule> {
    let sink = table.sink;
    table.need("left");
    table.need("right");
    let left = table.table("left").and_then(|table| side(&table, pack));
    let right = table.table("right").and_then(|table| side(&table, pack));
    let (left, right) = (left?, right?);
    let kinds = |side: &Side| {
        side.by
            .iter()
            .map(|key| key.kind.clone())
            .collect::<Vec<_>>()
    };
    if kinds(&left) != kinds(&right) {
        let said = "the two sides are not grouped by the same keys".to_owned();
        let next = "give `by` as many keys on both sides, each of the same type";
        let at = table.key("right").map_or(table.at, |key| key.at);
        sink.report(rule::SIDES, at, said, next.into());
    }
    Some(CheckRule::Reconcile { left, right })
}

fn side(table: &Table<'_>, pack: &CheckedPack) -> Option<Side> {
    let sink = table.sink;
    table.known(&form::SIDE);
    table.need("by");
    let register = register_named(table.need_text("from")?, pack, sink)?;
    let names = || Names::Record(register);
    let key = |text: Text<'_>| {
        let typed = expression(text, names(), None, pack, sink)?;
        let fits = matches!(typed.kind, Type::Text | Type::Code(_));
        checked(typed, fits, "a text or a code", text, sink)
    };
    let amount = |text: Text<'_>| {
        let typed = expression(text, names(), None, pack, sink)?;
        let fits = matches!(typed.kind, Type::Int { .. });
        checked(typed, fits, "a number", text, sink)
    };
    let by: Vec<Option<Typed>> = table.texts("by").into_iter().map(key).collect();
    Some(Side {
        from: register.name.clone(),
        filter: table
            .text("where")
            .and_then(|text| condition(text, names(), pack, sink)),
        sum: table.text("sum").and_then(amount),
        by: by.into_iter().collect::<Option<_>>()?,
    })
}

fn checked(typed: Typed, fits: bool, wanted: &str, text: Text<'_>, sink: &Sink) -> Option<Typed> {
    if fits {
        return Some(typed);
    }
    let said = format!(
        "this is {wanted} in such a check, here is {}",
        noun(&typed.kind)
    );
    sink.report(
        rule::SIDES,
        text.at,
        said,
        format!("write an expression that is {wanted}"),
    );
    None
}

/// The parameters in braces of a sentence are those of its rule.
fn sentence(said: Text<'_>, rule: &CheckRule, sink: &Sink) {
    let there: Vec<&str> = match rule {
        CheckRule::Record { .. } => vec!["label"],
        CheckRule::Group { sum, along, .. } => {
            let sum = sum.as_ref().map(|_| "sum");
            let along = along.as_ref().map(|_| "day");
            ["key", "label", "count"]
                .into_iter()
                .chain(sum)
                .chain(along)
                .collect()
        }
        CheckRule::Figures {
            operands, names, ..
        } => {
            let names = names.as_ref().map(|_| "names");
            operands
                .iter()
                .map(|operand| operand.name.as_str())
                .chain(names)
                .collect()
        }
        CheckRule::Reconcile { .. } => vec!["key", "left", "right"],
    };
    let mut from = 0;
    while let Some(open) = said.text[from..].find('{').map(|at| from + at) {
        let Some(close) = said.text[open..].find('}').map(|at| open + at) else {
            break;
        };
        let name = &said.text[open + 1..close];
        if !there.contains(&name) {
            let at = sink.within(said, open..close + 1);
            let sentence = format!("the sentence has no parameter `{name}`");
            sink.unknown(
                super::rule::SENTENCE,
                at,
                sentence,
                name,
                there.iter().copied(),
            );
        }
        from = close + 1;
    }
}
