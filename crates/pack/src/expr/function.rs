//! Functions: which there are, and what they take.

use super::kind::{first_day, place_name};
use super::literal::{Kind, Part};
use super::resolve::Resolver;
use super::{Call, Expr, Type};
use crate::check::{next_name, rule};
use sqlparser::ast;
use std::ops::Range;

/// The functions of the language; crosswalks of the pack come on top.
pub const FUNCTIONS: &[&str] = &[
    "age", "year", "months", "days", "last", "coalesce", "least", "greatest", "concat", "title",
    "exists", "count_of", "sum_of", "min_of", "max_of",
];

/// Those that ask the records of another register.
const ASKING: &[&str] = &["exists", "count_of", "sum_of", "min_of", "max_of"];

impl Resolver<'_> {
    /// A call.
    pub(super) fn function(&self, function: &ast::Function, part: Range<usize>) -> Option<Part> {
        let name = function.name.to_string();
        let arguments = self.arguments(function, &part)?;
        let crosswalk = self.scope.catalogue.crosswalks.get(&name);
        if !FUNCTIONS.contains(&name.as_str()) && crosswalk.is_none() {
            let there = self.scope.catalogue.crosswalks.keys().map(String::as_str);
            let next = next_name(&name, FUNCTIONS.iter().copied().chain(there));
            let at = self.place(&function.name);
            self.fault(
                rule::UNKNOWN_FUNCTION,
                at,
                format!("there is no function `{name}`"),
                next,
            );
            return None;
        }
        if ASKING.contains(&name.as_str()) {
            return self.others(&name, &arguments, part);
        }
        let parts: Vec<Option<Part>> = arguments.into_iter().map(|a| self.part(a)).collect();
        let parts: Vec<Part> = parts.into_iter().collect::<Option<_>>()?;
        if let Some(secret) = parts.iter().find(|part| part.kind.settled().is_closed()) {
            self.secret(secret);
            return None;
        }
        let (least, most) = match name.as_str() {
            "age" | "months" | "days" => (1, 2),
            "coalesce" | "least" | "greatest" | "concat" => (1, usize::MAX),
            _ => (1, 1),
        };
        if !(least..=most).contains(&parts.len()) {
            let takes = match (least, most) {
                (1, 1) => "one argument",
                (1, 2) => "one or two arguments",
                _ => "at least one argument",
            };
            let said = format!("`{name}` takes {takes}, here are {}", parts.len());
            self.fault(
                rule::ARGUMENTS,
                part,
                said,
                format!("give `{name}` {takes}"),
            );
            return None;
        }
        match name.as_str() {
            "age" | "year" | "months" | "days" | "last" => self.of_dates(&name, parts, part),
            "concat" => {
                let parts: Vec<Option<Part>> =
                    parts.into_iter().map(|part| self.shown(part)).collect();
                let parts: Vec<Part> = parts.into_iter().collect::<Option<_>>()?;
                let arguments = parts.into_iter().map(|part| part.expr).collect();
                Some(Part {
                    expr: Expr::Call(Call::Concat, arguments),
                    kind: Kind::plain(Type::Text),
                    part,
                })
            }
            "coalesce" => {
                let (parts, kind) = self.together(parts)?;
                let arguments = parts.into_iter().map(|part| part.expr).collect();
                Some(Part {
                    expr: Expr::Call(Call::Coalesce, arguments),
                    kind,
                    part,
                })
            }
            "least" | "greatest" => self.extreme(name == "greatest", parts, part),
            _ => self.of_code(&name, parts, part),
        }
    }

    fn arguments<'f>(
        &self,
        function: &'f ast::Function,
        part: &Range<usize>,
    ) -> Option<Vec<&'f ast::Expr>> {
        let plain = function.filter.is_none()
            && function.over.is_none()
            && function.within_group.is_empty()
            && matches!(function.parameters, ast::FunctionArguments::None);
        let list = match &function.args {
            ast::FunctionArguments::List(list)
                if plain && list.duplicate_treatment.is_none() && list.clauses.is_empty() =>
            {
                list.args.iter().map(|argument| match argument {
                    ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(expr)) => Some(expr),
                    _ => None,
                })
            }
            _ => {
                self.foreign(&function.to_string(), part.clone());
                return None;
            }
        };
        let list: Option<Vec<&ast::Expr>> = list.collect();
        if list.is_none() {
            self.foreign(&function.to_string(), part.clone());
        }
        list
    }

    fn of_dates(&self, name: &str, parts: Vec<Part>, part: Range<usize>) -> Option<Part> {
        for argument in &parts {
            if !matches!(argument.kind.settled(), Type::Date | Type::Null) {
                let said = format!("`{name}` takes a date, this is {}", argument.kind.noun());
                let next = format!("give `{name}` a field of type date, or date '2022-12-31'");
                self.fault(rule::ARGUMENTS, argument.part.clone(), said, next);
                return None;
            }
        }
        let (call, kind) = match name {
            "age" => (Call::Age, Type::Int { scale: 1 }),
            "months" => (Call::Months, Type::Int { scale: 1 }),
            "days" => (Call::Days, Type::Int { scale: 1 }),
            "last" => (Call::LastDay, Type::Date),
            _ => (Call::Year, Type::Int { scale: 1 }),
        };
        let arguments = parts.into_iter().map(|part| part.expr).collect();
        Some(Part {
            expr: Expr::Call(call, arguments),
            kind: Kind::plain(kind),
            part,
        })
    }

    fn extreme(&self, greatest: bool, parts: Vec<Part>, part: Range<usize>) -> Option<Part> {
        let (parts, kind) = self.together(parts)?;
        let arguments: Vec<Expr> = parts.into_iter().map(|part| part.expr).collect();
        let call = if greatest {
            Call::Greatest
        } else {
            Call::Least
        };
        let expr = match kind.settled() {
            Type::Code(list) => {
                let list = self.scope.catalogue.lists.get(&list)?;
                let codes = list.codes.iter().map(|code| code.code.clone()).collect();
                Expr::Call(Call::ByOrder { codes, greatest }, arguments)
            }
            Type::Date => Expr::Call(call, arguments.into_iter().map(first_day).collect()),
            Type::Int { .. } | Type::Number | Type::Text | Type::Null => {
                Expr::Call(call, arguments)
            }
            _ => {
                let said = format!("{} has no order", kind.noun());
                let next = "give numbers, dates, texts or codes of one list";
                self.fault(rule::ARGUMENTS, part, said, next.into());
                return None;
            }
        };
        Some(Part { expr, kind, part })
    }

    /// `title(code)`, `title(division)` and the pack's crosswalks.
    fn of_code(&self, name: &str, mut parts: Vec<Part>, part: Range<usize>) -> Option<Part> {
        let argument = parts.pop()?;
        if name == "title" && argument.kind.settled() == Type::Division {
            return Some(Part {
                part,
                ..place_name(argument)
            });
        }
        let given = argument.kind.settled();
        let crosswalk = self.scope.catalogue.crosswalks.get(name);
        let list = match &given {
            Type::Code(list) if crosswalk.is_none_or(|crosswalk| crosswalk.from == *list) => list,
            _ => {
                let wanted = crosswalk.map_or_else(
                    || "a code or a division".to_owned(),
                    |crosswalk| format!("a code of `{}`", crosswalk.from),
                );
                let said = format!("`{name}` takes {wanted}, this is {}", argument.kind.noun());
                self.fault(
                    rule::ARGUMENTS,
                    argument.part,
                    said,
                    format!("give `{name}` {wanted}"),
                );
                return None;
            }
        };
        let (call, kind) = match crosswalk {
            Some(crosswalk) => {
                let map = crosswalk
                    .map
                    .iter()
                    .map(|(from, to)| (from.clone(), to.clone()))
                    .collect();
                (
                    Call::Crosswalk {
                        name: name.to_owned(),
                        map,
                    },
                    Type::Code(crosswalk.to.clone()),
                )
            }
            None => {
                let list = self.scope.catalogue.lists.get(list)?;
                let map = list
                    .codes
                    .iter()
                    .map(|c| (c.code.clone(), c.title.clone()))
                    .collect();
                (Call::Title { map }, Type::Text)
            }
        };
        Some(Part {
            expr: Expr::Call(call, vec![argument.expr]),
            kind: Kind::plain(kind),
            part,
        })
    }
}
