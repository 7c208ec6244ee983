//! Figures: what they are made of. Members are in `breakdown`, figures named by others in `operand`.

use super::breakdown::breakdown;
use super::expression::{condition, expression, part};
use super::gather::Gathered;
use super::name::figure_id;
use super::operand::{self, Cited};
use super::register::register_named;
use super::{Sink, blank, rule, unit};
use crate::CheckedPack;
use crate::declare::{Breakdown, Compute, FigureDecl, FigureTime, Measure, RegisterDecl};
use crate::expr::{Expr, Named, Names, Type, Typed, noun};
use crate::form;
use crate::read::{Table, Text};
use std::collections::BTreeMap;
use std::ops::Range;
use vocabulary::{Exact, Value};

/// The figures.
pub(super) fn figures(gathered: &Gathered, pack: &CheckedPack, sink: &Sink) -> Vec<FigureDecl> {
    let mut figures = Vec::new();
    let mut cited: Vec<Cited<'_>> = Vec::new();
    let mut untimed = Vec::new();
    let mut seen = BTreeMap::new();
    for table in gathered.listed("figure", sink) {
        table.known(&form::FIGURE);
        let Some(id) = table.need_text("id") else {
            continue;
        };
        figure_id(id.text, id.at, sink);
        if seen.insert(id.text, id.at).is_some() {
            let said = format!("the figure `{}` is declared twice", id.text);
            sink.report(
                rule::FIGURE_TWICE,
                id.at,
                said,
                "leave one, or give it another id".into(),
            );
            continue;
        }
        let place = figures.len();
        let figure = figure(&table, id, place, &mut cited, pack);
        if table.get("time").is_none() && !matches!(figure.compute, Compute::Aggregate { .. }) {
            untimed.push(place);
        }
        figures.push(figure);
    }
    inherit_time(&mut figures, &untimed);
    operand::check(&cited, &figures, pack, sink);
    operand::cycles(&cited, &figures, sink);
    figures
}

/// A formula that does not say is asked as its operands are: over a flow it is a flow.
fn inherit_time(figures: &mut [FigureDecl], untimed: &[usize]) {
    loop {
        let flows: Vec<usize> = untimed
            .iter()
            .copied()
            .filter(|place| figures[*place].time == FigureTime::At)
            .filter(|place| {
                let operands = match &figures[*place].compute {
                    Compute::Formula { operands, .. } | Compute::Over { operands, .. } => {
                        operands.as_slice()
                    }
                    Compute::Aggregate { .. } => &[],
                };
                operands.iter().any(|operand| {
                    let named = figures.iter().find(|figure| figure.id == operand.figure);
                    named.is_some_and(|figure| figure.time == FigureTime::Period)
                })
            })
            .collect();
        if flows.is_empty() {
            return;
        }
        for place in flows {
            figures[place].time = FigureTime::Period;
        }
    }
}

fn figure<'g>(
    table: &Table<'g>,
    id: Text<'g>,
    place: usize,
    cited: &mut Vec<Cited<'g>>,
    pack: &CheckedPack,
) -> FigureDecl {
    let sink = table.sink;
    let time = match table.text("time") {
        None => FigureTime::At,
        Some(text) if text.text == "at" => FigureTime::At,
        Some(text) if text.text == "period" => FigureTime::Period,
        Some(text) => {
            let said = format!("`{}` is not a time", text.text);
            sink.unknown(rule::CHOICE, text.at, said, text.text, ["at", "period"]);
            // What goes with it says which was meant.
            if table.get("on").is_some() {
                FigureTime::Period
            } else {
                FigureTime::At
            }
        }
    };
    let ways: Vec<&str> = ["from", "formula", "over"]
        .into_iter()
        .filter(|key| table.get(key).is_some())
        .collect();
    if ways.len() != 1 {
        let said = match ways.as_slice() {
            [] => format!("the figure `{}` is made of nothing", id.text),
            _ => format!("the figure `{}` is made in more than one way", id.text),
        };
        let next = "give it exactly one of `from` (a register), `formula` and `over` (a level)";
        sink.report(rule::COMPUTE, id.at, said, next.into());
    }
    let register = table
        .text("from")
        .and_then(|text| register_named(text, pack, sink));
    let by = table
        .table("by")
        .and_then(|by| breakdown(&by, register, ways.as_slice(), pack));
    let compute = match ways.first() {
        Some(&"formula") => formula(table, place, by.as_ref(), cited, pack),
        Some(&"over") => over(table, place, cited, pack),
        Some(&"from") if ways.len() == 1 => aggregate(table, register, time, pack),
        _ => nothing(),
    };
    let per = match &compute {
        Compute::Aggregate {
            measure: Measure::Sum(of) | Measure::Avg(of) | Measure::Min(of) | Measure::Max(of),
            ..
        } => unit::per(table.text("unit"), of.unit, sink),
        _ => Exact::from_integer(1),
    };
    FigureDecl {
        per,
        id: id.text.to_owned(),
        title: table.need_string("title"),
        text: table.string("text").unwrap_or_default(),
        unit: table.string("unit").unwrap_or_default(),
        round: table.small("round", 9),
        time,
        compute,
        by,
        whole: table.flag("whole", true),
    }
}

/// Stands where a figure could not be read; never leaves a pack that has errors.
fn nothing() -> Compute {
    Compute::Aggregate {
        from: String::new(),
        filter: None,
        on: None,
        measure: Measure::Count,
    }
}

fn aggregate(
    table: &Table<'_>,
    register: Option<&RegisterDecl>,
    time: FigureTime,
    pack: &CheckedPack,
) -> Compute {
    let sink = table.sink;
    for key in ["operands", "condition"] {
        if let Some(found) = table.key(key) {
            let said =
                format!("`{key}` belongs to a formula or an `over`, this figure reads a register");
            sink.report(rule::COMPUTE, found.at, said, format!("leave `{key}` out"));
        }
    }
    let on = table.text("on");
    match (time, on, table.key("time").or_else(|| table.key("id"))) {
        (FigureTime::Period, None, Some(key)) => {
            let said = "a figure of a period does not say which date must lie in it".to_owned();
            sink.report(rule::PERIOD, key.at, said, "add on = \"DATE FIELD\"".into());
        }
        (FigureTime::At, Some(text), _) => {
            let said = "`on` belongs to a figure of a period, this is a stock".to_owned();
            let next = "add time = \"period\", or leave `on` out";
            sink.report(rule::PERIOD, text.at, said, next.into());
        }
        _ => {}
    }
    let measure_text = table.need_text("measure");
    let Some(register) = register else {
        return nothing();
    };
    let names = || Names::Record(register);
    let on = on.and_then(|text| {
        let typed = expression(text, names(), None, pack, sink)?;
        if typed.kind != Type::Date {
            let said = format!("`on` is a date, this is {}", noun(&typed.kind));
            sink.report(
                rule::PERIOD,
                text.at,
                said,
                "name a field of type date".into(),
            );
        }
        Some(typed)
    });
    Compute::Aggregate {
        from: register.name.clone(),
        filter: table
            .text("where")
            .and_then(|text| condition(text, names(), pack, sink)),
        on,
        measure: measure_text
            .and_then(|text| measure(table, text, register, pack))
            .unwrap_or(Measure::Count),
    }
}

/// `count`, or a word and its argument in parentheses.
fn measure(
    table: &Table<'_>,
    text: Text<'_>,
    register: &RegisterDecl,
    pack: &CheckedPack,
) -> Option<Measure> {
    let sink = table.sink;
    let word = text.text.split('(').next().unwrap_or_default().trim();
    if word != "list" {
        for key in ["order", "distinct"] {
            if let Some(found) = table.key(key) {
                let said = format!("`{key}` belongs to a list");
                sink.report(
                    rule::MEASURE,
                    found.at,
                    said,
                    "measure list(…), or leave it out".into(),
                );
            }
        }
    }
    if text.text.trim() == "count" {
        return Some(Measure::Count);
    }
    let inner = argument(text.text);
    let (Some(inner), true) = (
        inner,
        ["count", "sum", "avg", "min", "max", "list"].contains(&word),
    ) else {
        let said = format!("`{}` is not a measure", text.text);
        let next = "write count, count(distinct …), sum(…), avg(…), min(…), max(…) or list(…)";
        sink.report(rule::MEASURE, text.at, said, next.into());
        return None;
    };
    let read_as = |range: Range<usize>, wanted: Option<&Named>| {
        part(text, range, Names::Record(register), wanted, pack, sink)
    };
    let read = |range: Range<usize>| read_as(range, None);
    if word == "count" {
        let argument = &text.text[inner.clone()];
        let Some(rest) = argument.trim_start().strip_prefix("distinct ") else {
            let said = "count takes no argument, or `distinct` and one".to_owned();
            let next = "write count, with a `where` for what is counted, or count(distinct …)";
            sink.report(rule::MEASURE, sink.within(text, inner), said, next.into());
            return None;
        };
        let typed = read(inner.end - rest.len()..inner.end)?;
        let open = |kind: &Type| !kind.is_closed();
        let fits = typed_as(&typed, &open, "an open value", text, inner, sink);
        return fits.then_some(Measure::CountDistinct(typed));
    }
    if word == "list" {
        let label = read_as(inner.clone(), Some(&Named::TEXT))?;
        let is_text = |kind: &Type| matches!(kind, Type::Text | Type::Null);
        if !typed_as(&label, &is_text, "a text", text, inner, sink) {
            return None;
        }
        let order = table.text("order").and_then(|order| {
            let typed = expression(order, Names::Record(register), None, pack, sink)?;
            let whole = 0..order.text.len();
            typed_as(
                &typed,
                &|kind| !kind.is_closed(),
                "an open value",
                order,
                whole,
                sink,
            )
            .then_some(typed)
        });
        return Some(Measure::List {
            label,
            order,
            distinct: table.flag("distinct", false),
        });
    }
    let typed = read(inner.clone())?;
    let is_number = |kind: &Type| matches!(kind, Type::Int { .. });
    if !typed_as(&typed, &is_number, "a number", text, inner, sink) {
        return None;
    }
    Some(match word {
        "sum" => Measure::Sum(typed),
        "avg" => Measure::Avg(typed),
        "min" => Measure::Min(typed),
        _ => Measure::Max(typed),
    })
}

fn typed_as(
    typed: &Typed,
    fits: &dyn Fn(&Type) -> bool,
    wanted: &str,
    text: Text<'_>,
    inner: Range<usize>,
    sink: &Sink,
) -> bool {
    if fits(&typed.kind) {
        return true;
    }
    let said = format!("this is {}, the measure needs {wanted}", noun(&typed.kind));
    let next = match typed.kind {
        Type::Code(_) => "use title(code), or a `by` with the code list",
        Type::Date => "use age(date) or year(date)",
        _ => "measure something of that type",
    };
    sink.report(
        rule::MEASURE_TYPE,
        sink.within(text, inner),
        said,
        next.into(),
    );
    false
}

/// What stands between the first parenthesis and the last character, which closes it.
fn argument(text: &str) -> Option<Range<usize>> {
    let open = text.find('(')?;
    let end = text.trim_end().len();
    (text.trim_end().ends_with(')') && open + 1 < end).then(|| open + 1..end - 1)
}

fn formula<'g>(
    table: &Table<'g>,
    place: usize,
    by: Option<&Breakdown>,
    cited: &mut Vec<Cited<'g>>,
    pack: &CheckedPack,
) -> Compute {
    let sink = table.sink;
    let kind = by.map(|by| by.kind.clone());
    let operands = operand::read(table, Some(place), kind, table.flag("whole", true), cited);
    let names = Names::Operands(
        operands
            .iter()
            .map(|operand| operand.name.clone())
            .collect(),
    );
    let expr = table.text("formula").and_then(|text| {
        let typed = expression(text, names, None, pack, sink)?;
        if !matches!(typed.kind, Type::Number | Type::Null) {
            let said = format!("a formula is a number, this is {}", noun(&typed.kind));
            sink.report(
                rule::MISMATCH,
                text.at,
                said,
                "write case when … then 1 else 0 end".into(),
            );
        }
        Some(typed)
    });
    Compute::Formula {
        operands,
        expr: expr.unwrap_or_else(blank),
    }
}

/// The condition of an `over` that counts every place of its level.
fn every_place() -> Typed {
    Typed {
        expr: Expr::Literal(Value::Int(1)),
        kind: Type::Bool,
        ..blank()
    }
}

fn over<'g>(
    table: &Table<'g>,
    place: usize,
    cited: &mut Vec<Cited<'g>>,
    pack: &CheckedPack,
) -> Compute {
    let sink = table.sink;
    let level = table.text("over");
    if let Some(text) = level {
        super::breakdown::level(text, pack, sink);
    }
    if table.get("operands").is_none() && table.get("condition").is_none() {
        return Compute::Over {
            level: level.map(|text| text.text.to_owned()).unwrap_or_default(),
            operands: Vec::new(),
            condition: every_place(),
        };
    }
    let operands = operand::read(table, Some(place), None, true, cited);
    let names = Names::Operands(
        operands
            .iter()
            .map(|operand| operand.name.clone())
            .collect(),
    );
    let text = table.need_text("condition");
    let condition = text.and_then(|text| condition(text, names, pack, sink));
    Compute::Over {
        level: level.map(|text| text.text.to_owned()).unwrap_or_default(),
        operands,
        condition: condition.unwrap_or_else(blank),
    }
}
