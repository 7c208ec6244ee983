//! Kinds that must go together: sides of a comparison, branches, arguments; and what a place demands.

use super::literal::{Kind, Part, common, noun, rescale, texts};
use super::resolve::Resolver;
use super::{Binary, Call, Expr, Type};
use crate::check::{next_name, rule};
use vocabulary::{PartialDate, Value};

impl Resolver<'_> {
    /// Parts of one kind, brought to it.
    pub(super) fn together(&self, parts: Vec<Part>) -> Option<(Vec<Part>, Kind)> {
        match common(&parts) {
            Ok(kind) => {
                let parts: Vec<Option<Part>> = parts
                    .into_iter()
                    .map(|part| self.adapt(part, &kind))
                    .collect();
                Some((parts.into_iter().collect::<Option<_>>()?, kind))
            }
            Err((first, second)) => {
                let (first, second) = (&parts[first], &parts[second]);
                let said = format!(
                    "{} and {} do not go together",
                    first.kind.noun(),
                    second.kind.noun()
                );
                let is_date = |part: &Part| part.kind == Kind::plain(Type::Date);
                let next = if is_date(first) || is_date(second) {
                    "a date is written date '2022-12-31'".to_owned()
                } else {
                    "give both sides one type".to_owned()
                };
                let part =
                    first.part.start.min(second.part.start)..first.part.end.max(second.part.end);
                self.fault(rule::MISMATCH, part, said, next);
                None
            }
        }
    }

    pub(super) fn adapt(&self, part: Part, kind: &Kind) -> Option<Part> {
        if let Kind::Known(Type::Code(list), _) = kind
            && part.kind == Kind::OpenText
        {
            self.codes(&part, list)?;
        }
        let expr = match kind.scale().filter(|_| part.kind.scale().is_some()) {
            None => part.expr,
            Some(scale) => match rescale(part.expr, &part.kind, scale) {
                Some(expr) => expr,
                None => {
                    let said = "this number is too large in the unit it is compared in".to_owned();
                    self.fault(
                        rule::LITERAL,
                        part.part,
                        said,
                        "write a smaller number".into(),
                    );
                    return None;
                }
            },
        };
        Some(Part {
            expr,
            kind: kind.clone(),
            part: part.part,
        })
    }

    /// Text literals that are meant as codes must be codes of the list.
    pub(super) fn codes(&self, part: &Part, list: &str) -> Option<()> {
        let list = self.scope.catalogue.lists.get(list)?;
        let mut found = Vec::new();
        texts(&part.expr, &mut found);
        let mut fine = Some(());
        for text in found {
            if list.code(text).is_some() {
                continue;
            }
            let codes = list.codes.iter().map(|code| code.code.as_str());
            let next = match list.find(text) {
                Some(code) => format!("`{text}` is a word for the code: write '{}'", code.code),
                None => next_name(text, codes),
            };
            let said = format!("`{text}` is not a code of `{}`", list.name);
            self.fault(rule::UNKNOWN_CODE, part.part.clone(), said, next);
            fine = None;
        }
        fine
    }

    /// Parts that are compared with one another, dates by their first day.
    pub(super) fn comparable(&self, parts: Vec<Part>, ordered: bool) -> Option<Vec<Expr>> {
        if let Some(null) = parts
            .iter()
            .find(|part| part.kind == Kind::plain(Type::Null))
        {
            let said = "a comparison with null is never true".to_owned();
            self.fault(
                rule::MISMATCH,
                null.part.clone(),
                said,
                "write `is null` or `is not null`".into(),
            );
            return None;
        }
        let secret = parts.iter().find(|part| part.kind.settled().is_closed());
        let is_shape = |part: &&Part| part.kind.settled() == Type::Shape;
        if let Some(secret) = secret.filter(|part| ordered || is_shape(part)) {
            self.secret(secret);
            return None;
        }
        let (parts, kind) = self.together(parts)?;
        let kind = kind.settled();
        if ordered
            && !matches!(
                kind,
                Type::Int { .. } | Type::Number | Type::Text | Type::Date
            )
        {
            let said = format!("{} has no order", noun(&kind));
            let part = parts
                .first()
                .map_or(0..self.text.len(), |part| part.part.clone());
            self.fault(
                rule::MISMATCH,
                part,
                said,
                "compare it with = , <> or in".into(),
            );
            return None;
        }
        let is_date = kind == Type::Date;
        Some(
            parts
                .into_iter()
                .map(|part| {
                    if is_date {
                        first_day(part.expr)
                    } else {
                        part.expr
                    }
                })
                .collect(),
        )
    }

    /// What no expression opens: a secret, or a shape.
    pub(super) fn secret(&self, part: &Part) {
        if part.kind.settled() == Type::Shape {
            let said = "a shape is for maps: no expression opens it".to_owned();
            let next = "test it with `is null`, or give its area or length a field of its own";
            self.fault(rule::SHAPE, part.part.clone(), said, next.into());
            return;
        }
        let said = "a secret field is not opened in expressions".to_owned();
        let next = "use it with =, <> or `is null` only; birth and sex are fields of their own";
        self.fault(rule::SECRET, part.part.clone(), said, next.into());
    }

    pub(super) fn truth(&self, part: &Part) -> Option<()> {
        match part.kind.settled() {
            Type::Bool | Type::Null => Some(()),
            _ => {
                let said = format!("this is {}, not a condition", part.kind.noun());
                let next = "compare it, as in `x > 0` or `x is not null`";
                self.fault(rule::MISMATCH, part.part.clone(), said, next.into());
                None
            }
        }
    }

    pub(super) fn number(&self, part: &Part) -> Option<()> {
        match part.kind.settled() {
            Type::Int { .. } | Type::Number | Type::Null => Some(()),
            Type::Secret => {
                self.secret(part);
                None
            }
            kind => {
                let said = format!("this is {}, not a number", part.kind.noun());
                let next = match kind {
                    Type::Date => "use age(date) or year(date); dates are not added to",
                    _ => "calculate with numbers only",
                };
                self.fault(rule::MISMATCH, part.part.clone(), said, next.into());
                None
            }
        }
    }

    /// What may stand in a text that is put together.
    pub(super) fn shown(&self, part: Part) -> Option<Part> {
        match part.kind.settled() {
            Type::Text | Type::Code(_) | Type::Null | Type::Int { scale: 1 } => Some(part),
            Type::Division => Some(place_name(part)),
            Type::Secret => {
                self.secret(&part);
                None
            }
            _ => {
                let said = format!("this is {}, it has no text", part.kind.noun());
                let next = "put texts, whole numbers, codes and divisions together; title(code) is a code's title";
                self.fault(rule::MISMATCH, part.part, said, next.into());
                None
            }
        }
    }
}

/// A division as the text that people read.
pub(super) fn place_name(part: Part) -> Part {
    Part {
        expr: Expr::Call(Call::PlaceName, vec![part.expr]),
        kind: Kind::plain(Type::Text),
        part: part.part,
    }
}

pub(super) fn over(expr: Expr, by: i64) -> Expr {
    Expr::Binary(
        Binary::Over,
        Box::new(expr),
        Box::new(Expr::Literal(Value::Int(by))),
    )
}

/// A date as the day it compares by; what is surely a whole day stays as it is.
pub(super) fn first_day(expr: Expr) -> Expr {
    match &expr {
        Expr::At | Expr::ValidFrom | Expr::Call(Call::FirstDay | Call::LastDay, _) => expr,
        Expr::Literal(Value::Int(int)) => {
            let date = PartialDate::from_int(i32::try_from(*int).unwrap_or_default());
            Expr::Literal(Value::Int(date.first().int().into()))
        }
        Expr::Literal(Value::Null) => expr,
        _ => Expr::Call(Call::FirstDay, vec![expr]),
    }
}
