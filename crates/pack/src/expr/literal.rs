//! Literals that take the unit of what they meet: `area >= 50` is 50 亩, `kind = 'a'` a code. Until they meet
//! something they are open. Knows nothing of names.

use super::{Binary, Call, Expr, Type, Unary, Unit};
use std::ops::Range;
use vocabulary::Value;

/// A part of an expression with its type so far.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The tree.
    pub(crate) expr: Expr,
    /// Its type so far.
    pub(crate) kind: Kind,
    /// Where it stands, in bytes of the text.
    pub(crate) part: Range<usize>,
}

/// A type, or what may still become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Settled.
    Known(Type, Unit),
    /// Made of number literals, held times ten to this power.
    OpenNumber(u32),
    /// Made of text literals: a text or a code.
    OpenText,
}

impl Kind {
    /// A settled type without a unit.
    pub(crate) fn plain(kind: Type) -> Kind {
        Kind::Known(kind, Unit::Plain)
    }

    /// The type as it stands.
    pub(crate) fn settled(&self) -> Type {
        match self {
            Kind::Known(kind, _) => kind.clone(),
            Kind::OpenNumber(decimals) => Type::Int {
                scale: 10_i64.pow(*decimals),
            },
            Kind::OpenText => Type::Text,
        }
    }

    /// Stored units per shown unit, of an integer.
    pub(crate) fn scale(&self) -> Option<i64> {
        match self.settled() {
            Type::Int { scale } => Some(scale),
            _ => None,
        }
    }

    /// What it measures, as far as that is known.
    pub(crate) fn unit(&self) -> Unit {
        if let Kind::Known(_, unit) = self {
            *unit
        } else {
            Unit::Plain
        }
    }

    /// In a sentence.
    pub(crate) fn noun(&self) -> String {
        match self {
            Kind::Known(Type::Int { .. }, Unit::Money) => "money".into(),
            Kind::Known(Type::Int { .. }, Unit::Area) => "an area".into(),
            Kind::OpenNumber(_) => "a number".into(),
            Kind::OpenText => "a text".into(),
            Kind::Known(kind, _) => noun(kind),
        }
    }
}

/// A type in a sentence.
pub(crate) fn noun(kind: &Type) -> String {
    match kind {
        Type::Bool => "true or false".into(),
        Type::Int { .. } | Type::Number => "a number".into(),
        Type::Text => "a text".into(),
        Type::Date => "a date".into(),
        Type::Code(list) => format!("a code of `{list}`"),
        Type::Reference(register) => format!("a reference to `{register}`"),
        Type::Division => "a division".into(),
        Type::Secret => "a secret".into(),
        Type::Shape => "a shape".into(),
        Type::Null => "null".into(),
    }
}

/// The kind that all parts can take together; the two that cannot, by position, otherwise.
pub(crate) fn common(parts: &[Part]) -> Result<Kind, (usize, usize)> {
    let mut held: Option<(usize, Kind)> = None;
    for (place, part) in parts.iter().enumerate() {
        if part.kind == Kind::plain(Type::Null) {
            continue;
        }
        held = Some(match held {
            None => (place, part.kind.clone()),
            Some((first, kind)) => match meet(&kind, &part.kind) {
                Some(met) => (first, met),
                None => return Err((first, place)),
            },
        });
    }
    Ok(held.map_or(Kind::plain(Type::Null), |(_, kind)| kind))
}

fn meet(left: &Kind, right: &Kind) -> Option<Kind> {
    if let (Some(l), Some(r)) = (left.scale(), right.scale()) {
        let unit = match (left.unit(), right.unit()) {
            (l, r) if l == r => l,
            (Unit::Plain, other) | (other, Unit::Plain) => other,
            _ => return None,
        };
        // Every scale is a power of ten, so the greater is a multiple of the smaller.
        let scale = l.max(r);
        return Some(match (left, right) {
            (Kind::OpenNumber(l), Kind::OpenNumber(r)) => Kind::OpenNumber(*l.max(r)),
            _ => Kind::Known(Type::Int { scale }, unit),
        });
    }
    match (left, right) {
        (Kind::OpenText, Kind::OpenText) => Some(Kind::OpenText),
        (Kind::OpenText, Kind::Known(kind @ (Type::Text | Type::Code(_) | Type::Secret), unit))
        | (Kind::Known(kind @ (Type::Text | Type::Code(_) | Type::Secret), unit), Kind::OpenText) => {
            Some(Kind::Known(kind.clone(), *unit))
        }
        (Kind::Known(Type::Text, _), Kind::Known(Type::Secret, _))
        | (Kind::Known(Type::Secret, _), Kind::Known(Type::Text, _)) => {
            Some(Kind::plain(Type::Secret))
        }
        (Kind::Known(l, _), Kind::Known(r, _)) if l == r => Some(left.clone()),
        _ => None,
    }
}

/// The part as an integer of this scale; `None` when a literal does not fit into 64 bits.
pub(crate) fn rescale(expr: Expr, from: &Kind, scale: i64) -> Option<Expr> {
    let factor = scale / from.scale()?;
    if factor == 1 {
        return Some(expr);
    }
    match from {
        Kind::OpenNumber(_) => multiply(expr, factor),
        _ => Some(Expr::Binary(
            Binary::Times,
            Box::new(expr),
            Box::new(Expr::Literal(Value::Int(factor))),
        )),
    }
}

/// Multiplies the literals of an open number, through everything that leaves it open.
fn multiply(expr: Expr, factor: i64) -> Option<Expr> {
    let boxed = |expr: Box<Expr>| multiply(*expr, factor).map(Box::new);
    Some(match expr {
        Expr::Literal(Value::Int(int)) => Expr::Literal(Value::Int(int.checked_mul(factor)?)),
        Expr::Unary(Unary::Minus, inner) => Expr::Unary(Unary::Minus, boxed(inner)?),
        Expr::Binary(op, left, right) => Expr::Binary(op, boxed(left)?, boxed(right)?),
        Expr::Case(branches, otherwise) => {
            let branches: Option<Vec<_>> = branches
                .into_iter()
                .map(|(condition, value)| multiply(value, factor).map(|value| (condition, value)))
                .collect();
            let otherwise = match otherwise {
                Some(otherwise) => Some(boxed(otherwise)?),
                None => None,
            };
            Expr::Case(branches?, otherwise)
        }
        Expr::Call(call @ (Call::Coalesce | Call::Least | Call::Greatest), arguments) => {
            let arguments: Option<Vec<_>> =
                arguments.into_iter().map(|a| multiply(a, factor)).collect();
            Expr::Call(call, arguments?)
        }
        other => other,
    })
}

/// The text literals of an open text.
pub(crate) fn texts<'e>(expr: &'e Expr, found: &mut Vec<&'e str>) {
    match expr {
        Expr::Literal(Value::Text(text)) => found.push(text),
        Expr::Case(branches, otherwise) => {
            branches.iter().for_each(|(_, value)| texts(value, found));
            if let Some(otherwise) = otherwise {
                texts(otherwise, found);
            }
        }
        Expr::Call(Call::Coalesce | Call::Least | Call::Greatest, arguments) => {
            arguments.iter().for_each(|argument| texts(argument, found));
        }
        _ => {}
    }
}

/// A number literal as an integer and its decimals; `None` when it is none that the ledger can hold.
pub(crate) fn number(text: &str) -> Option<(i64, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 6 || whole.is_empty() {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((digits.parse().ok()?, u32::try_from(fraction.len()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        assert_eq!(number("50"), Some((50, 0)));
        assert_eq!(number("1.50"), Some((15, 1)));
        assert_eq!(number("1e3"), None);
        assert_eq!(number("0.1234567"), None);
        assert_eq!(number("99999999999999999999"), None);
    }
}
