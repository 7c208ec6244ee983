//! The library's tree to ours: every node that the language has, every name resolved, every type checked. All
//! errors of an expression are found, not only the first.

use super::kind::{over, place_name};
use super::literal::{Kind, Part, number};
use super::operator::bool_part;
use super::parse::byte;
use super::{Expr, Fault, Named, Scope, Type, Typed};
use crate::check::rule;
use sqlparser::ast::{self, Spanned};
use sqlparser::tokenizer::Span;
use std::cell::RefCell;
use std::ops::Range;
use vocabulary::{PartialDate, Value};

/// Turns one expression's tree into ours.
pub(crate) struct Resolver<'a> {
    pub(super) text: &'a str,
    pub(super) scope: &'a Scope<'a>,
    faults: RefCell<Vec<Fault>>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(text: &'a str, scope: &'a Scope<'a>) -> Resolver<'a> {
        Resolver {
            text,
            scope,
            faults: RefCell::default(),
        }
    }

    /// The whole expression; a literal that is still open takes the wanted type.
    pub(crate) fn finish(
        self,
        tree: &ast::Expr,
        wanted: Option<&Named>,
    ) -> Result<Typed, Vec<Fault>> {
        let part = self.part(tree).and_then(|part| match wanted {
            Some(Named {
                kind: Type::Int { .. },
                ..
            })
            | Some(Named {
                kind: Type::Code(_),
                ..
            }) => self.meant(part, wanted?),
            Some(Named {
                kind: Type::Text, ..
            }) if part.kind.settled() == Type::Division => Some(place_name(part)),
            _ => Some(part),
        });
        let faults = self.faults.into_inner();
        match part {
            Some(Part { expr, kind, .. }) if faults.is_empty() => Ok(Typed {
                expr,
                unit: kind.unit(),
                kind: kind.settled(),
                text: self.text.trim().to_owned(),
            }),
            _ => Err(faults),
        }
    }

    /// A value that is meant for a field: a literal takes its type, a number its scale, if that loses nothing.
    fn meant(&self, part: Part, wanted: &Named) -> Option<Part> {
        let target = Part {
            expr: Expr::Literal(Value::Null),
            kind: Kind::Known(wanted.kind.clone(), wanted.unit),
            part: part.part.clone(),
        };
        let loses = match (part.kind.scale(), target.kind.scale()) {
            (Some(given), Some(wanted)) => given > wanted,
            (None, None) => part.kind != Kind::OpenText,
            _ => true,
        };
        if loses {
            return Some(part);
        }
        let (mut parts, _) = self.together(vec![part, target])?;
        Some(parts.swap_remove(0))
    }

    pub(super) fn fault(
        &self,
        rule: (&'static str, &'static str),
        part: Range<usize>,
        said: String,
        next: String,
    ) {
        self.faults.borrow_mut().push(Fault {
            rule,
            part,
            said,
            next,
        });
    }

    /// Where a node stands; the whole text when the library does not say.
    pub(super) fn place(&self, node: &impl Spanned) -> Range<usize> {
        self.stretch(node.span())
    }

    pub(super) fn stretch(&self, span: Span) -> Range<usize> {
        if span.start.line == 0 {
            return 0..self.text.len();
        }
        byte(self.text, span.start)..byte(self.text, span.end)
    }

    /// A node and what is below it.
    pub(super) fn part(&self, tree: &ast::Expr) -> Option<Part> {
        let part = self.place(tree);
        match tree {
            ast::Expr::Nested(inner) => self.part(inner),
            ast::Expr::Identifier(name) => self.name(std::slice::from_ref(name), part),
            ast::Expr::CompoundIdentifier(path) => self.name(path, part),
            ast::Expr::Value(value) => self.literal(&value.value, part),
            ast::Expr::TypedString(typed) => self.date(typed, part),
            ast::Expr::UnaryOp { op, expr } => self.unary(*op, expr, part),
            ast::Expr::BinaryOp { left, op, right } => {
                let (left, right) = (self.part(left), self.part(right));
                self.binary(op, left?, right?, part)
            }
            ast::Expr::IsNull(inner) => self.is_null(inner, true, part),
            ast::Expr::IsNotNull(inner) => self.is_null(inner, false, part),
            ast::Expr::InList {
                expr,
                list,
                negated,
            } => self.in_list(expr, list, *negated, part),
            ast::Expr::Between {
                expr,
                negated,
                low,
                high,
            } => {
                let parts = [self.part(expr), self.part(low), self.part(high)];
                let parts: Vec<Part> = parts.into_iter().collect::<Option<_>>()?;
                let parts = self.comparable(parts, true)?;
                let [value, low, high] = <[Expr; 3]>::try_from(parts).ok()?;
                let between =
                    Expr::Between(Box::new(value), Box::new(low), Box::new(high), *negated);
                Some(bool_part(between, part))
            }
            ast::Expr::Like {
                negated,
                any: false,
                expr,
                pattern,
                escape_char: None,
            } => self.like(expr, pattern, *negated, part),
            ast::Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => self.case(operand.as_deref(), conditions, else_result.as_deref(), part),
            ast::Expr::Function(function) => self.function(function, part),
            other => {
                self.foreign(&other.to_string(), part);
                None
            }
        }
    }

    /// The faults found so far, to be handed to the resolver of the whole.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }

    pub(super) fn fault_again(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault);
    }

    pub(super) fn foreign(&self, what: &str, part: Range<usize>) {
        self.fault(
            rule::NOT_IN_LANGUAGE,
            part,
            format!("`{what}` is SQL that this language does not have"),
            "use names, literals, and or not, comparisons, is null, in, between, like, case and functions".into(),
        );
    }

    fn literal(&self, value: &ast::Value, part: Range<usize>) -> Option<Part> {
        let (expr, kind) = match value {
            ast::Value::Number(text, _) => {
                let Some((int, decimals)) = number(text) else {
                    let said = format!("`{text}` is a number that the ledger cannot hold exactly");
                    let next = "write at most 18 digits, at most 6 of them decimals, no exponent";
                    self.fault(rule::LITERAL, part, said, next.into());
                    return None;
                };
                let whole = Expr::Literal(Value::Int(int));
                match (self.scope.is_formula(), decimals) {
                    (true, 0) => (whole, Kind::plain(Type::Number)),
                    (true, decimals) => {
                        (over(whole, 10_i64.pow(decimals)), Kind::plain(Type::Number))
                    }
                    (false, decimals) => (whole, Kind::OpenNumber(decimals)),
                }
            }
            ast::Value::SingleQuotedString(text) => {
                (Expr::Literal(Value::Text(text.clone())), Kind::OpenText)
            }
            ast::Value::Boolean(yes) => (Expr::Literal(Value::from(*yes)), Kind::plain(Type::Bool)),
            ast::Value::Null => (Expr::Literal(Value::Null), Kind::plain(Type::Null)),
            other => {
                self.foreign(&other.to_string(), part);
                return None;
            }
        };
        Some(Part { expr, kind, part })
    }

    fn date(&self, typed: &ast::TypedString, part: Range<usize>) -> Option<Part> {
        let ast::Value::SingleQuotedString(text) = &typed.value.value else {
            self.foreign(&typed.to_string(), part);
            return None;
        };
        let Some(date) = PartialDate::parse_iso(text) else {
            let said = format!("`{text}` is not a date of the calendar");
            self.fault(
                rule::LITERAL,
                part,
                said,
                "write date '2022-12-31', or a month '2022-12'".into(),
            );
            return None;
        };
        let expr = Expr::Literal(Value::Int(date.int().into()));
        Some(Part {
            expr,
            kind: Kind::plain(Type::Date),
            part,
        })
    }
}
