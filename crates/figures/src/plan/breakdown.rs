//! Which records fall into a member of a breakdown. Members neither overlap nor leave a gap: that is the pack
//! check's business.

use crate::ask::FiguresError;
use crate::compile::Scope;
use pack::declare::{Breakdown, BreakdownKind, Member};
use pack::expr::{Binary, Expr, Typed};
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
        let (Some(by), Some(member)) = (by, member) else {
            return Part::Whole;
        };
        let declared = by.members.iter().find(|declared| declared.id == member);
        match (&by.of, declared) {
            (Some(of), Some(member)) => Part::Member {
                of,
                kind: &by.kind,
                member,
            },
            _ => Part::Whole,
        }
    }

    /// The condition of the part; `None`: every record.
    pub(crate) fn condition(&self, scope: &mut Scope) -> Result<Option<String>, FiguresError> {
        let Part::Member { of, kind, member } = self else {
            return Ok(None);
        };
        let of = Box::new(of.expr.clone());
        if !matches!(kind, BreakdownKind::Bands) {
            let code = Box::new(Expr::Literal(Value::Text(member.id.clone())));
            return scope
                .condition(&Expr::Binary(Binary::Eq, of, code))
                .map(Some);
        }
        let bound = |bound: i64| Box::new(Expr::Literal(Value::Int(bound)));
        let inside = match (member.least, member.greatest) {
            (Some(l), Some(g)) => Expr::Between(of, bound(l), bound(g), false),
            (Some(least), None) => Expr::Binary(Binary::GreaterEq, of, bound(least)),
            (None, Some(greatest)) => Expr::Binary(Binary::LessEq, of, bound(greatest)),
            (None, None) => return Ok(None),
        };
        scope.condition(&inside).map(Some)
    }
}
