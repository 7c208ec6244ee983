//! Expressions at their places in a file: faults are shown under the very words.

use super::{Sink, catalogue, rule};
use crate::CheckedPack;
use crate::expr::{Named, Names, Scope, Type, Typed, noun, typed};
use crate::read::Text;
use std::ops::Range;

/// An expression of any type.
pub(super) fn expression(
    text: Text<'_>,
    names: Names<'_>,
    wanted: Option<&Named>,
    pack: &CheckedPack,
    sink: &Sink,
) -> Option<Typed> {
    part(text, 0..text.text.len(), names, wanted, pack, sink)
}

/// An expression that is a part of a text, as in `sum(amount)`.
pub(super) fn part(
    text: Text<'_>,
    part: Range<usize>,
    names: Names<'_>,
    wanted: Option<&Named>,
    pack: &CheckedPack,
    sink: &Sink,
) -> Option<Typed> {
    let scope = Scope {
        catalogue: catalogue(pack),
        names,
    };
    match typed(&text.text[part.clone()], &scope, wanted) {
        Ok(typed) => Some(typed),
        Err(mut faults) => {
            for fault in &mut faults {
                fault.part = fault.part.start + part.start..fault.part.end + part.start;
            }
            sink.faults(text, faults);
            None
        }
    }
}

/// An expression that is true, false or unknown.
pub(super) fn condition(
    text: Text<'_>,
    names: Names<'_>,
    pack: &CheckedPack,
    sink: &Sink,
) -> Option<Typed> {
    let typed = expression(text, names, None, pack, sink)?;
    if matches!(typed.kind, Type::Bool | Type::Null) {
        return Some(typed);
    }
    let said = format!("this is {}, not a condition", noun(&typed.kind));
    let next = "compare it, as in `x > 0` or `x is not null`";
    sink.report(
        rule::NOT_BOOLEAN,
        sink.within(text, 0..text.text.len()),
        said,
        next.into(),
    );
    None
}
