//! Which records fall into a member of a breakdown. Members neither overlap nor leave a gap: that is the pack
//! check's business.

use crate::ask::FiguresError;
use crate::compile::Scope;
use pack::declare::{Breakdown, BreakdownKind, Member};
use pack::expr::Typed;
use vocabulary::Value;

/// A part of a figure's population.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'a> {
    /// All of it.
    Whole,
    /// The records whose `of` falls into a code or a band.
    Member {
        /// What they fall into members by.
        of: &'a Typed,
        /// What the members are.
        kind: &'a BreakdownKind,
        /// The member.
        member: &'a Member,
    },
}

impl<'a> Part<'a> {
    /// The part a member names; a level's members are places, which narrow the division and not the rows.
    pub(crate) fn of(by: Option<&'a Breakdown>, member: Option<&str>) -> Part<'a> {
        let (Some(by), Some(member)) = (by, member) else { return Part::Whole };
        let declared = by.members.iter().find(|declared| declared.id == member);
        match (&by.of, declared) {
            (Some(of), Some(member)) => Part::Member { of, kind: &by.kind, member },
            _ => Part::Whole,
        }
    }

    /// The condition of the part; `None`: every record.
    pub(crate) fn condition(&self, scope: &mut Scope) -> Result<Option<String>, FiguresError> {
        let Part::Member { of, kind, member } = self else { return Ok(None) };
        let value = scope.value(&of.expr)?;
        if !matches!(kind, BreakdownKind::Bands) {
            let code = scope.bind(Value::Text(member.id.clone()));
            return Ok(Some(format!("{value} = {code}")));
        }
        let mut bind = |bound: Option<i64>| bound.map(|bound| scope.bind(Value::Int(bound)));
        Ok(match (bind(member.least), bind(member.greatest)) {
            (Some(least), Some(greatest)) => {
                Some(format!("{value} BETWEEN {least} AND {greatest}"))
            }
            (Some(least), None) => Some(format!("{value} >= {least}")),
            (None, Some(greatest)) => Some(format!("{value} <= {greatest}")),
            (None, None) => None,
        })
    }
}
