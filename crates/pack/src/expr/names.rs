//! Names: of the scope, of the language, of the pack's parameters.

use super::kind::over;
use super::literal::{Kind, Part, noun};
use super::resolve::Resolver;
use super::scope::{Named, THIS, named};
use super::{Expr, Names, Type, Unit};
use crate::check::{next_name, rule};
use sqlparser::ast;
use std::ops::Range;

impl Resolver<'_> {
    /// A name: of the scope, or a word of the language.
    pub(super) fn name(&self, path: &[ast::Ident], part: Range<usize>) -> Option<Part> {
        let words: Vec<String> = path.iter().map(|step| step.value.clone()).collect();
        let (first, rest) = words.split_first()?;
        if first == "param" && rest.len() == 1 {
            return self.parameter(&rest[0], part);
        }
        let Some(found) = self.scope.find(first) else {
            if rest.is_empty()
                && let Some(word) = self.word(first)
            {
                let kind = if word == Expr::Division {
                    Type::Division
                } else {
                    Type::Date
                };
                return Some(Part {
                    expr: word,
                    kind: Kind::plain(kind),
                    part,
                });
            }
            let next = if path[0].quote_style == Some('"') {
                "a text stands in single quotes".into()
            } else {
                next_name(first, self.scope.all())
            };
            self.fault(
                rule::UNKNOWN_NAME,
                self.stretch(path[0].span),
                format!("there is no `{first}` here"),
                next,
            );
            return None;
        };
        let mut named_so_far = found;
        for (step, before) in rest.iter().zip(path.iter().zip(&path[1..])) {
            let (before, here) = (before.0, before.1);
            let target = match &named_so_far.kind {
                Type::Reference(register) if !matches!(self.scope.names, Names::Row(_)) => {
                    self.scope.register(register)
                }
                _ => None,
            };
            let Some(target) = target else {
                let said = format!(
                    "`{}` is {}, nothing follows it",
                    before.value,
                    noun(&named_so_far.kind)
                );
                let next = "a dot stands after a field of type ref:REGISTER of a record only";
                self.fault(
                    rule::NOT_A_REFERENCE,
                    self.stretch(before.span),
                    said,
                    next.into(),
                );
                return None;
            };
            // What asks has its own division and date too.
            if first == THIS
                && before.value == THIS
                && let Some(kind) = match step.as_str() {
                    "division" => Some(Type::Division),
                    "valid_from" => Some(Type::Date),
                    _ => None,
                }
            {
                named_so_far = Named {
                    kind,
                    unit: Unit::Plain,
                };
                continue;
            }
            let Some(field) = target.field(step) else {
                let said = format!("the register `{}` has no field `{step}`", target.name);
                let fields = target.fields.iter().map(|field| field.name.as_str());
                self.fault(
                    rule::UNKNOWN_NAME,
                    self.stretch(here.span),
                    said,
                    next_name(step, fields),
                );
                return None;
            };
            named_so_far = named(&field.kind, field.secret);
        }
        let kind = Kind::Known(named_so_far.kind, named_so_far.unit);
        Some(Part {
            expr: Expr::Name(words),
            kind,
            part,
        })
    }

    pub(super) fn word(&self, word: &str) -> Option<Expr> {
        let record = self.scope.asking().is_some();
        match (word, &self.scope.names) {
            ("at", Names::Row(_)) => Some(Expr::At),
            ("at", _) if record => Some(Expr::At),
            ("division", Names::Row(_)) => Some(Expr::Division),
            ("division", _) if record => Some(Expr::Division),
            ("valid_from", _) if record => Some(Expr::ValidFrom),
            _ => None,
        }
    }

    pub(super) fn parameter(&self, name: &str, part: Range<usize>) -> Option<Part> {
        let Some(declared) = self.scope.catalogue.parameters.get(name) else {
            let there = self.scope.catalogue.parameters.keys().map(String::as_str);
            let said = format!("there is no parameter `{name}`");
            self.fault(rule::UNKNOWN_PARAMETER, part, said, next_name(name, there));
            return None;
        };
        let found = named(&declared.kind, false);
        let expr = Expr::Parameter(name.to_owned());
        if !self.scope.is_formula() {
            return Some(Part {
                expr,
                kind: Kind::Known(found.kind, found.unit),
                part,
            });
        }
        let Type::Int { scale } = found.kind else {
            let said = format!(
                "the parameter `{name}` is {}, a formula takes numbers",
                noun(&found.kind)
            );
            self.fault(
                rule::MISMATCH,
                part,
                said,
                "name a parameter that is a number".into(),
            );
            return None;
        };
        let expr = if scale == 1 { expr } else { over(expr, scale) };
        Some(Part {
            expr,
            kind: Kind::plain(Type::Number),
            part,
        })
    }
}
