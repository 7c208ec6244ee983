//! Operators: what each takes and gives.

use super::kind::place_name;
use super::literal::{Kind, Part};
use super::resolve::Resolver;
use super::{Binary, Expr, Type, Unary, Unit};
use crate::check::rule;
use sqlparser::ast::{self, BinaryOperator, UnaryOperator};
use std::ops::Range;

impl Resolver<'_> {
    pub(super) fn unary(
        &self,
        op: UnaryOperator,
        inner: &ast::Expr,
        part: Range<usize>,
    ) -> Option<Part> {
        let inner = self.part(inner)?;
        match op {
            UnaryOperator::Not => {
                self.truth(&inner)?;
                Some(bool_part(
                    Expr::Unary(Unary::Not, Box::new(inner.expr)),
                    part,
                ))
            }
            UnaryOperator::Minus | UnaryOperator::Plus => {
                self.number(&inner)?;
                let expr = match op {
                    UnaryOperator::Minus => Expr::Unary(Unary::Minus, Box::new(inner.expr)),
                    _ => inner.expr,
                };
                Some(Part {
                    expr,
                    kind: inner.kind,
                    part,
                })
            }
            other => {
                self.foreign(&other.to_string(), part);
                None
            }
        }
    }

    pub(super) fn binary(
        &self,
        op: &BinaryOperator,
        left: Part,
        right: Part,
        part: Range<usize>,
    ) -> Option<Part> {
        let op = match op {
            BinaryOperator::And => Binary::And,
            BinaryOperator::Or => Binary::Or,
            BinaryOperator::Eq => Binary::Eq,
            BinaryOperator::NotEq => Binary::NotEq,
            BinaryOperator::Lt => Binary::Less,
            BinaryOperator::LtEq => Binary::LessEq,
            BinaryOperator::Gt => Binary::Greater,
            BinaryOperator::GtEq => Binary::GreaterEq,
            BinaryOperator::Plus => Binary::Plus,
            BinaryOperator::Minus => Binary::Minus,
            BinaryOperator::Multiply => Binary::Times,
            BinaryOperator::Divide => Binary::Over,
            BinaryOperator::StringConcat => Binary::Join,
            other => {
                self.foreign(&other.to_string(), part);
                return None;
            }
        };
        let join = |left: Expr, right: Expr| Expr::Binary(op, Box::new(left), Box::new(right));
        match op {
            Binary::And | Binary::Or => {
                let (l, r) = (self.truth(&left), self.truth(&right));
                l.and(r)?;
                Some(bool_part(join(left.expr, right.expr), part))
            }
            Binary::Eq
            | Binary::NotEq
            | Binary::Less
            | Binary::LessEq
            | Binary::Greater
            | Binary::GreaterEq => {
                let ordered = !matches!(op, Binary::Eq | Binary::NotEq);
                let sides = self.comparable(vec![left, right], ordered)?;
                let [left, right] = <[Expr; 2]>::try_from(sides).ok()?;
                Some(bool_part(join(left, right), part))
            }
            Binary::Join => {
                let (left, right) = (self.shown(left), self.shown(right));
                let (left, right) = left.zip(right)?;
                Some(Part {
                    expr: join(left.expr, right.expr),
                    kind: Kind::plain(Type::Text),
                    part,
                })
            }
            Binary::Plus | Binary::Minus => {
                let (l, r) = (self.number(&left), self.number(&right));
                l.and(r)?;
                let (mut sides, kind) = self.together(vec![left, right])?;
                let (right, left) = (sides.pop()?, sides.pop()?);
                Some(Part {
                    expr: join(left.expr, right.expr),
                    kind,
                    part,
                })
            }
            Binary::Times => self.product(left, right, part),
            Binary::Over if !self.scope.is_formula() => {
                let next =
                    "compare products instead (`a * 2 > b`), or divide in a figure's formula";
                let said = "`/` is exact, and stands in formulas over figures only".to_owned();
                self.fault(rule::DIVISION_SIGN, part, said, next.into());
                None
            }
            Binary::Over => {
                let (l, r) = (self.number(&left), self.number(&right));
                l.and(r)?;
                Some(Part {
                    expr: join(left.expr, right.expr),
                    kind: Kind::plain(Type::Number),
                    part,
                })
            }
        }
    }

    /// Scales multiply: money times a number with two decimals is held in 1/10,000 元.
    pub(super) fn product(&self, left: Part, right: Part, part: Range<usize>) -> Option<Part> {
        let (l, r) = (self.number(&left), self.number(&right));
        l.and(r)?;
        let expr = |left: Part, right: Part| {
            Expr::Binary(Binary::Times, Box::new(left.expr), Box::new(right.expr))
        };
        let (Some(l), Some(r)) = (left.kind.scale(), right.kind.scale()) else {
            return Some(Part {
                expr: expr(left, right),
                kind: Kind::plain(Type::Number),
                part,
            });
        };
        let Some(scale) = l.checked_mul(r).filter(|scale| *scale <= 1_000_000_000) else {
            let said = "this product has more decimals than 64 bits can hold safely".to_owned();
            self.fault(
                rule::MISMATCH,
                part,
                said,
                "multiply in a figure's formula, which is exact".into(),
            );
            return None;
        };
        // An area times a price is money.
        let unit = match (left.kind.unit(), right.kind.unit()) {
            (Unit::Money, _) | (_, Unit::Money) => Unit::Money,
            (Unit::Plain, unit) | (unit, _) => unit,
        };
        Some(Part {
            expr: expr(left, right),
            kind: Kind::Known(Type::Int { scale }, unit),
            part,
        })
    }

    pub(super) fn is_null(
        &self,
        inner: &ast::Expr,
        wanted: bool,
        part: Range<usize>,
    ) -> Option<Part> {
        let inner = self.part(inner)?;
        Some(bool_part(Expr::IsNull(Box::new(inner.expr), wanted), part))
    }

    pub(super) fn in_list(
        &self,
        value: &ast::Expr,
        list: &[ast::Expr],
        negated: bool,
        part: Range<usize>,
    ) -> Option<Part> {
        let parts: Vec<Option<Part>> = std::iter::once(value)
            .chain(list)
            .map(|item| self.part(item))
            .collect();
        let parts: Vec<Part> = parts.into_iter().collect::<Option<_>>()?;
        if let Some(secret) = parts.iter().find(|part| part.kind.settled().is_closed()) {
            self.secret(secret);
            return None;
        }
        let mut parts = self.comparable(parts, false)?.into_iter();
        let value = parts.next()?;
        Some(bool_part(
            Expr::In(Box::new(value), parts.collect(), negated),
            part,
        ))
    }

    pub(super) fn like(
        &self,
        value: &ast::Expr,
        pattern: &ast::Expr,
        negated: bool,
        part: Range<usize>,
    ) -> Option<Part> {
        let mut value = self.part(value)?;
        if value.kind.settled() == Type::Secret {
            self.secret(&value);
            return None;
        }
        if value.kind.settled() == Type::Division {
            value = place_name(value);
        }
        if !matches!(value.kind.settled(), Type::Text | Type::Code(_)) {
            let said = format!("`like` takes a text, this is {}", value.kind.noun());
            self.fault(
                rule::MISMATCH,
                value.part,
                said,
                "compare it with = or between".into(),
            );
            return None;
        }
        let ast::Expr::Value(ast::ValueWithSpan {
            value: ast::Value::SingleQuotedString(text),
            ..
        }) = pattern
        else {
            let said = "a pattern is a text in single quotes".to_owned();
            self.fault(
                rule::MISMATCH,
                self.place(pattern),
                said,
                "write like '%…%'".into(),
            );
            return None;
        };
        Some(bool_part(
            Expr::Like(Box::new(value.expr), text.clone(), negated),
            part,
        ))
    }

    pub(super) fn case(
        &self,
        operand: Option<&ast::Expr>,
        conditions: &[ast::CaseWhen],
        otherwise: Option<&ast::Expr>,
        part: Range<usize>,
    ) -> Option<Part> {
        let mut whens = Vec::new();
        let mut values = Vec::new();
        for branch in conditions {
            whens.push(self.branch(operand, &branch.condition));
            values.push(self.part(&branch.result));
        }
        let last = otherwise.map(|otherwise| self.part(otherwise));
        let whens: Vec<Expr> = whens.into_iter().collect::<Option<_>>()?;
        let mut values: Vec<Part> = values.into_iter().collect::<Option<_>>()?;
        let has_else = last.is_some();
        if let Some(last) = last {
            values.push(last?);
        }
        if let Some(secret) = values.iter().find(|part| part.kind.settled().is_closed()) {
            self.secret(secret);
            return None;
        }
        let (values, kind) = self.together(values)?;
        let mut values: Vec<Expr> = values.into_iter().map(|value| value.expr).collect();
        let otherwise = if has_else {
            values.pop().map(Box::new)
        } else {
            None
        };
        Some(Part {
            expr: Expr::Case(whens.into_iter().zip(values).collect(), otherwise),
            kind,
            part,
        })
    }

    /// The condition of a branch: `case x when 1` is `x = 1`.
    pub(super) fn branch(
        &self,
        operand: Option<&ast::Expr>,
        condition: &ast::Expr,
    ) -> Option<Expr> {
        let condition = self.part(condition)?;
        let Some(operand) = operand else {
            self.truth(&condition)?;
            return Some(condition.expr);
        };
        let part = condition.part.clone();
        let operand = self.part(operand)?;
        self.binary(&BinaryOperator::Eq, operand, condition, part)
            .map(|part| part.expr)
    }
}

pub(super) fn bool_part(expr: Expr, part: Range<usize>) -> Part {
    Part {
        expr,
        kind: Kind::plain(Type::Bool),
        part,
    }
}
