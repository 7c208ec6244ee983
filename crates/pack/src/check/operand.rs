//! Figures named by other figures and by checks: that they are there, are one number, and form no circle.

use super::name::usable;
use super::{Sink, rule};
use crate::CheckedPack;
use crate::declare::{
    Breakdown, BreakdownKind, Compute, FigureDecl, FigureTime, Measure, Operand, Shift,
};
use crate::form;
use crate::read::{Key, Node, Shape, Span, Table, Text, wrong};
use std::collections::BTreeMap;
use vocabulary::FieldType;

/// An operand and where it is named.
pub(super) struct Cited<'g> {
    /// The figure that names it, by place; `None`: a check.
    by: Option<usize>,
    /// What the naming figure is broken down by: operands of the same are asked with the same member.
    kind: Option<BreakdownKind>,
    /// Whether the naming figure is asked without a member too.
    whole: bool,
    operand: Operand,
    text: Text<'g>,
    at: Option<Text<'g>>,
}

/// The operands of a figure or a check.
pub(super) fn read<'g>(
    table: &Table<'g>,
    by: Option<usize>,
    kind: Option<BreakdownKind>,
    whole: bool,
    cited: &mut Vec<Cited<'g>>,
) -> Vec<Operand> {
    let sink = table.sink;
    table.need("operands");
    let mut operands = Vec::new();
    for (key, node) in table.entries("operands") {
        usable(&key.name, key.at, sink);
        let Some((operand, text, at)) = operand(key, node, sink) else {
            continue;
        };
        cited.push(Cited {
            by,
            kind: kind.clone(),
            whole,
            operand: operand.clone(),
            text,
            at,
        });
        operands.push(operand);
    }
    operands
}

type Read<'g> = (Operand, Text<'g>, Option<Text<'g>>);

fn operand<'g>(key: &Key, node: &'g Node, sink: &'g Sink<'g>) -> Option<Read<'g>> {
    let mut shift = None;
    let (text, member, at) = match &node.shape {
        Shape::Text(text) => (Text { text, at: node.at }, None, None),
        Shape::Table(entries) => {
            let table = Table {
                entries,
                at: key.at,
                sink,
            };
            table.known(&form::OPERAND);
            shift = table.text("period").and_then(|text| match text.text {
                "before" => Some(Shift::Before),
                "year_before" => Some(Shift::YearBefore),
                other => {
                    let said = format!("`{other}` is no other period");
                    sink.unknown(
                        rule::CHOICE,
                        text.at,
                        said,
                        other,
                        ["before", "year_before"],
                    );
                    None
                }
            });
            (
                table.need_text("figure")?,
                table.string("member"),
                table.text("at"),
            )
        }
        _ => {
            wrong(
                sink,
                node,
                &format!("the operand `{}`", key.name),
                "a figure's id in quotes",
            );
            return None;
        }
    };
    let (figure, inner) = split(text.text);
    let operand = Operand {
        name: key.name.clone(),
        figure: figure.to_owned(),
        member: member.or_else(|| inner.map(str::to_owned)),
        at: at.map(|text| text.text.to_owned()),
        period: shift,
    };
    Some((operand, text, at))
}

/// `post.filled[admin]` as its id and its member.
pub(super) fn split(text: &str) -> (&str, Option<&str>) {
    match text
        .strip_suffix(']')
        .and_then(|text| text.rsplit_once('['))
    {
        Some((figure, member)) => (figure, Some(member)),
        None => (text, None),
    }
}

/// The figure that is named, with its member; reports under `rule` what is not there.
pub(super) fn find<'f>(
    figure: &str,
    member: Option<&str>,
    figures: &'f [FigureDecl],
    rule: (&'static str, &'static str),
    at: Span,
    sink: &Sink,
) -> Option<&'f FigureDecl> {
    let Some(found) = figures.iter().find(|known| known.id == figure) else {
        let said = format!("there is no figure `{figure}`");
        sink.unknown(
            rule,
            at,
            said,
            figure,
            figures.iter().map(|figure| figure.id.as_str()),
        );
        return None;
    };
    let Some(member) = member else {
        return Some(found);
    };
    let members = found
        .by
        .as_ref()
        .map_or(&[][..], |by| by.members.as_slice());
    // Divisions are the book's own: the pack does not know their codes.
    let is_level = matches!(
        &found.by,
        Some(Breakdown {
            kind: BreakdownKind::Level(_),
            ..
        })
    );
    if is_level || members.iter().any(|known| known.id == member) {
        return Some(found);
    }
    let said = format!("the figure `{figure}` has no member `{member}`");
    if members.is_empty() {
        sink.report(
            rule,
            at,
            said,
            "leave the member out: the figure has no breakdown".into(),
        );
        return None;
    }
    sink.unknown(
        rule,
        at,
        said,
        member,
        members.iter().map(|member| member.id.as_str()),
    );
    None
}

/// Whether a figure is a list.
pub(super) fn is_list(figure: &FigureDecl) -> bool {
    matches!(
        &figure.compute,
        Compute::Aggregate {
            measure: Measure::List { .. },
            ..
        }
    )
}

/// Every operand is one number, at a date that is one.
pub(super) fn check(cited: &[Cited<'_>], figures: &[FigureDecl], pack: &CheckedPack, sink: &Sink) {
    for one in cited {
        if let Some(at) = one.at {
            date_parameter(at, rule::DATE_PARAMETER, pack, sink);
        }
        let member = one.operand.member.as_deref();
        let at = one.text.at;
        let Some(figure) = find(
            &one.operand.figure,
            member,
            figures,
            rule::UNKNOWN_FIGURE,
            at,
            sink,
        ) else {
            continue;
        };
        if one.operand.period.is_some() && figure.time == FigureTime::At {
            let said = format!(
                "`{}` is asked at a date, it has no period before",
                figure.id
            );
            let next = "leave `period` out, or name a date with `at`";
            sink.report(rule::OPERAND, at, said, next.into());
            continue;
        }
        if is_list(figure) {
            let said = format!("`{}` is a list, an operand is one number", figure.id);
            sink.report(rule::OPERAND, at, said, "count instead of listing".into());
            continue;
        }
        let same = figure.by.as_ref().map(|by| &by.kind) == one.kind.as_ref() && one.kind.is_some();
        let needs_whole = member.is_none() && (!same || one.whole);
        if needs_whole && !figure.whole && !adds_up(figure) {
            let said = format!(
                "`{}` has members only, which do not add up to one number",
                figure.id
            );
            let next = "name a member, as in \"id[member]\", or give the figure its whole";
            sink.report(rule::OPERAND, at, said, next.into());
        }
    }
}

/// Whether members of a figure without a whole may be added: a count, a sum, or a formula of such, by codes or
/// bands. See [`Operand::member`].
fn adds_up(figure: &FigureDecl) -> bool {
    let closed = figure
        .by
        .as_ref()
        .is_some_and(|by| !matches!(by.kind, BreakdownKind::Level(_)));
    let additive = match &figure.compute {
        Compute::Aggregate { measure, .. } => matches!(measure, Measure::Count | Measure::Sum(_)),
        Compute::Formula { .. } => true,
        Compute::Over { .. } => false,
    };
    closed && additive
}

/// A parameter that is a date.
pub(super) fn date_parameter(
    text: Text<'_>,
    wrong_kind: (&'static str, &'static str),
    pack: &CheckedPack,
    sink: &Sink,
) {
    match pack.parameters.get(text.text) {
        Some(parameter) if parameter.kind == FieldType::Date => {}
        Some(_) => {
            let said = format!("the parameter `{}` is not a date", text.text);
            sink.report(
                wrong_kind,
                text.at,
                said,
                "name a parameter of type date".into(),
            );
        }
        None => {
            let said = format!("there is no parameter `{}`", text.text);
            let there = pack.parameters.keys().map(String::as_str);
            sink.unknown(rule::UNKNOWN_PARAMETER, text.at, said, text.text, there);
        }
    }
}

/// Reports every operand that closes a circle.
pub(super) fn cycles(cited: &[Cited<'_>], figures: &[FigureDecl], sink: &Sink) {
    let places: BTreeMap<&str, usize> = figures
        .iter()
        .enumerate()
        .map(|(place, figure)| (figure.id.as_str(), place))
        .collect();
    let mut edges: Vec<Vec<(usize, &Cited<'_>)>> = vec![Vec::new(); figures.len()];
    for one in cited {
        if let (Some(from), Some(to)) = (one.by, places.get(one.operand.figure.as_str())) {
            edges[from].push((*to, one));
        }
    }
    let mut state = vec![State::New; figures.len()];
    for start in 0..figures.len() {
        walk(start, &edges, figures, &mut state, &mut Vec::new(), sink);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

fn walk(
    place: usize,
    edges: &[Vec<(usize, &Cited<'_>)>],
    figures: &[FigureDecl],
    state: &mut [State],
    path: &mut Vec<usize>,
    sink: &Sink,
) {
    if state[place] != State::New {
        return;
    }
    state[place] = State::Open;
    path.push(place);
    for (to, one) in &edges[place] {
        if state[*to] == State::Open {
            let from = path.iter().position(|step| step == to).unwrap_or_default();
            let steps: Vec<&str> = path[from..]
                .iter()
                .map(|step| figures[*step].id.as_str())
                .collect();
            let said = format!(
                "`{}` is made of itself: {} -> {}",
                figures[*to].id,
                steps.join(" -> "),
                figures[*to].id
            );
            sink.report(
                rule::CYCLE,
                one.text.at,
                said,
                "let one of them read a register".into(),
            );
        } else {
            walk(*to, edges, figures, state, path, sink);
        }
    }
    path.pop();
    state[place] = State::Done;
}
