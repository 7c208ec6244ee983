//! Which records fall into a member of a breakdown. Members neither overlap nor leave a gap: that is the pack
//! check's business.

use crate::ask::FiguresError;
use crate::compile::Scope;
use pack::declare::{Breakdown, BreakdownKind, Member};
use pack::expr::{Binary, Expr, Typed};
use vocabulary::{DivisionId, Value};

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
    /// The records for which `of` is a place or lies below it.
    Place {
        /// The division that counts, where it is not the record's own.
        of: &'a Typed,
        /// The place.
        place: DivisionId,
    },
}

/// Whether a breakdown is by the record's own places: a member then narrows the division that is asked.
pub(crate) fn is_own_place(by: &Breakdown) -> bool {
    matches!(by.kind, BreakdownKind::Level(_))
        && by.of.as_ref().is_none_or(|of| of.expr == Expr::Division)
}

impl<'a> Part<'a> {
    /// The part a member names; places of the record's own narrow the division and not the rows.
    pub(crate) fn of(by: Option<&'a Breakdown>, member: Option<&str>) -> Part<'a> {
        let (Some(by), Some(member)) = (by, member) else {
            return Part::Whole;
        };
        if matches!(by.kind, BreakdownKind::Level(_)) {
            let place = member.parse().ok();
            return match (&by.of, place) {
                (Some(of), Some(place)) if !is_own_place(by) => Part::Place { of, place },
                _ => Part::Whole,
            };
        }
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
        let (of, kind, member) = match self {
            Part::Whole => return Ok(None),
            Part::Place { of, place } => {
                let of = scope.value(&of.expr)?;
                return Ok(Some(scope.lies_in(&of, *place)));
            }
            Part::Member { of, kind, member } => (of, kind, member),
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
