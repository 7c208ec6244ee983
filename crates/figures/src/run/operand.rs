//! Which figure an operand means, with which member and at which date.

use crate::ask::{FigureId, FiguresError, When};
use pack::CheckedPack;
use pack::declare::{FigureDecl, Operand, Shift};
use vocabulary::Value;

/// An operand resolved.
pub(crate) struct Resolved {
    /// The figure.
    pub(crate) id: FigureId,
    /// When it is asked; `None` when its parameter has no value yet.
    pub(crate) when: Option<When>,
}

/// The operand as asked by a figure with a member: the same member when both break down by the same list.
pub(crate) fn resolve(
    pack: &CheckedPack,
    by: Option<&FigureDecl>,
    member: Option<&str>,
    operand: &Operand,
    when: When,
) -> Result<Resolved, FiguresError> {
    let target = pack.figure(&operand.figure);
    let target = target.ok_or_else(|| FiguresError::Unknown {
        id: operand.figure.clone(),
        nearest: None,
    })?;
    let shared = member.filter(|member| {
        let kinds = by
            .and_then(|figure| figure.by.as_ref())
            .zip(target.by.as_ref());
        kinds.is_some_and(|(ours, theirs)| {
            ours.kind == theirs.kind && theirs.members.iter().any(|m| m.id == **member)
        })
    });
    let member = operand.member.clone().or_else(|| shared.map(str::to_owned));
    let at = match &operand.at {
        None => Some(when.at),
        Some(name) => pack
            .parameters
            .get(name)
            .and_then(|parameter| match parameter.at(when.at) {
                Value::Int(day) => i32::try_from(day).ok(),
                _ => None,
            })
            .map(|day| vocabulary::PartialDate::from_int(day).first()),
    };
    let period = match operand.period {
        None => when.period,
        Some(Shift::Before) => when.period.before(),
        Some(Shift::YearBefore) => when.period.year_before(),
    };
    let when = at.map(|at| When { at, period });
    Ok(Resolved {
        id: FigureId {
            figure: operand.figure.clone(),
            member,
        },
        when,
    })
}
