//! What records of another register say of this one: `exists(visit, household = this and done)`. The condition is
//! split at its `and`s: equalities with `this` tie the others to the record that asks, all else is about the others
//! alone, so that a store can group them once for all who ask. Refuses any other mention of `this`.

use super::kind::first_day;
use super::literal::{Kind, Part, noun};
use super::operator::bool_part;
use super::resolve::Resolver;
use super::scope::THIS;
use super::{Binary, Expr, Gives, Names, Others, Scope, Type};
use crate::check::{next_name, rule};
use crate::declare::RegisterDecl;
use sqlparser::ast::{self, BinaryOperator};
use std::ops::Range;

impl Resolver<'_> {
    /// `exists`, `count_of`, `sum_of`, `min_of` or `max_of`.
    pub(super) fn others(
        &self,
        name: &str,
        arguments: &[&ast::Expr],
        part: Range<usize>,
    ) -> Option<Part> {
        let Some(this) = self.scope.asking() else {
            let said = format!("`{name}` asks the ledger's records, there are none to ask here");
            let next = "ask in a figure, a breakdown or a check over a register";
            self.fault(rule::ASKED, part, said, next.into());
            return None;
        };
        let measures = matches!(name, "sum_of" | "min_of" | "max_of");
        let wanted = if measures { 3 } else { 2 };
        if arguments.len() != wanted {
            let takes = if measures {
                "a register, a condition and what is measured"
            } else {
                "a register and a condition"
            };
            let said = format!("`{name}` takes {takes}, here are {}", arguments.len());
            let next = format!("give `{name}` {takes}, as in {name}(visit, household = this …)");
            self.fault(rule::ARGUMENTS, part, said, next);
            return None;
        }
        let register = self.register(arguments[0])?;
        let inner = Resolver::new(
            self.text,
            &Scope {
                catalogue: self.scope.catalogue,
                names: Names::Other { register, this },
            },
        )
        .asked(name, register, arguments);
        match inner {
            Ok((others, kind)) => Some(match kind {
                Some(kind) => Part {
                    expr: Expr::Others(Box::new(others)),
                    kind,
                    part,
                },
                None => bool_part(Expr::Others(Box::new(others)), part),
            }),
            Err(faults) => {
                faults.into_iter().for_each(|fault| self.fault_again(fault));
                None
            }
        }
    }

    fn register(&self, argument: &ast::Expr) -> Option<&RegisterDecl> {
        let part = self.place(argument);
        let ast::Expr::Identifier(name) = argument else {
            let said = "the register that is asked stands first, as a bare name".to_owned();
            self.fault(
                rule::ARGUMENTS,
                part,
                said,
                "write exists(REGISTER, condition)".into(),
            );
            return None;
        };
        let found = self.scope.register(&name.value);
        if found.is_none() {
            let registers = self.scope.catalogue.registers;
            let there = registers.iter().map(|register| register.name.as_str());
            let said = format!("there is no register `{}`", name.value);
            self.fault(
                rule::UNKNOWN_REGISTER,
                part,
                said,
                next_name(&name.value, there),
            );
        }
        found
    }

    /// What is asked, resolved where the names are those of the other register.
    fn asked(
        self,
        name: &str,
        register: &RegisterDecl,
        arguments: &[&ast::Expr],
    ) -> Result<(Others, Option<Kind>), Vec<super::Fault>> {
        let found = self.tied(name, register, arguments);
        let faults = self.into_faults();
        match found {
            Some(found) if faults.is_empty() => Ok(found),
            _ => Err(faults),
        }
    }

    fn tied(
        &self,
        name: &str,
        register: &RegisterDecl,
        arguments: &[&ast::Expr],
    ) -> Option<(Others, Option<Kind>)> {
        let mut conjuncts = Vec::new();
        split(arguments[1], &mut conjuncts);
        let mut keys = Vec::new();
        let mut filter: Option<Expr> = None;
        let mut fine = Some(());
        for conjunct in conjuncts {
            let Some(condition) = self.part(conjunct) else {
                fine = None;
                continue;
            };
            if self.truth(&condition).is_none() {
                fine = None;
                continue;
            }
            match tie(condition.expr) {
                Tie::None(expr) => {
                    filter = Some(match filter {
                        Some(before) => Expr::Binary(Binary::And, Box::new(before), Box::new(expr)),
                        None => expr,
                    });
                }
                Tie::Key(theirs, ours) => keys.push((theirs, ours)),
                Tie::Wrong => {
                    let said =
                        "`this` stands alone on one side of an `=` that is joined by `and`".into();
                    let next = "write FIELD = this, or FIELD = this.FIELD; to compare otherwise, take \
                                min_of or max_of out and compare its value";
                    self.fault(rule::ASKED, condition.part, said, next.into());
                    fine = None;
                }
            }
        }
        fine?;
        if keys.is_empty() {
            let said = format!(
                "nothing ties the records of `{}` to this one",
                register.name
            );
            let next = "say which of them are meant, as in `household = this`";
            self.fault(rule::ASKED, self.place(arguments[1]), said, next.into());
            return None;
        }
        let (gives, kind) = match (name, arguments.get(2)) {
            ("exists", _) => (Gives::Exists, None),
            ("count_of", _) => (Gives::Count, Some(Kind::plain(Type::Int { scale: 1 }))),
            (name, Some(measured)) => self.gives(name, measured)?,
            _ => return None,
        };
        let others = Others {
            register: register.name.clone(),
            keys,
            filter,
            gives,
        };
        Some((others, kind))
    }

    /// What is measured of the others: numbers; the least and the greatest of dates too, by their first day.
    fn gives(&self, name: &str, measured: &ast::Expr) -> Option<(Gives, Option<Kind>)> {
        let part = self.part(measured)?;
        if part.kind.settled() == Type::Secret {
            self.secret(&part);
            return None;
        }
        let (place, kind) = (part.part, part.kind);
        let (mentions, _) = mentions(&part.expr);
        let (fits, expr) = match kind.settled() {
            Type::Int { .. } => (true, part.expr),
            Type::Date => (name != "sum_of", first_day(part.expr)),
            _ => (false, part.expr),
        };
        if !fits || mentions {
            let wanted = if name == "sum_of" {
                "a number of the others"
            } else {
                "a number or a date of the others"
            };
            let said = match mentions {
                true => format!("`{name}` measures {wanted}, not `this`"),
                false => format!(
                    "`{name}` measures {wanted}, this is {}",
                    noun(&kind.settled())
                ),
            };
            self.fault(rule::ARGUMENTS, place, said, format!("measure {wanted}"));
            return None;
        }
        let gives = match name {
            "sum_of" => Gives::Sum(expr),
            "min_of" => Gives::Least(expr),
            _ => Gives::Greatest(expr),
        };
        Some((gives, Some(kind)))
    }
}

/// The conditions that are joined by `and`.
fn split<'t>(tree: &'t ast::Expr, found: &mut Vec<&'t ast::Expr>) {
    match tree {
        ast::Expr::Nested(inner) => split(inner, found),
        ast::Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => {
            split(left, found);
            split(right, found);
        }
        other => found.push(other),
    }
}

/// How a condition speaks of the record that asks.
enum Tie {
    /// Not at all.
    None(Expr),
    /// Their side equals ours.
    Key(Expr, Expr),
    /// In a way that grouping cannot answer.
    Wrong,
}

fn tie(condition: Expr) -> Tie {
    let (this, _) = mentions(&condition);
    if !this {
        return Tie::None(condition);
    }
    let Expr::Binary(Binary::Eq, left, right) = condition else {
        return Tie::Wrong;
    };
    match (mentions(&left), mentions(&right)) {
        ((false, _), (true, false)) => Tie::Key(*left, ours(*right)),
        ((true, false), (false, _)) => Tie::Key(*right, ours(*left)),
        _ => Tie::Wrong,
    }
}

/// Whether an expression speaks of `this`, and whether of the record that is asked.
fn mentions(expr: &Expr) -> (bool, bool) {
    let (mut this, mut own) = (false, false);
    expr.walk(&mut |node| match node {
        Expr::Name(path) if path.first().is_some_and(|first| first == THIS) => this = true,
        Expr::Name(_) | Expr::Division | Expr::ValidFrom | Expr::Record => own = true,
        _ => {}
    });
    (this, own)
}

/// What stands behind `this.`, as the record that asks says it of itself.
fn ours(expr: Expr) -> Expr {
    let boxed = |expr: Box<Expr>| Box::new(ours(*expr));
    let all = |list: Vec<Expr>| list.into_iter().map(ours).collect();
    match expr {
        Expr::Name(path) => match &path[1..] {
            [] => Expr::Record,
            [word] if word == "division" => Expr::Division,
            [word] if word == "valid_from" => Expr::ValidFrom,
            rest => Expr::Name(rest.to_vec()),
        },
        Expr::Unary(op, inner) => Expr::Unary(op, boxed(inner)),
        Expr::Binary(op, left, right) => Expr::Binary(op, boxed(left), boxed(right)),
        Expr::IsNull(inner, wanted) => Expr::IsNull(boxed(inner), wanted),
        Expr::In(inner, list, negated) => Expr::In(boxed(inner), all(list), negated),
        Expr::Between(inner, low, high, negated) => {
            Expr::Between(boxed(inner), boxed(low), boxed(high), negated)
        }
        Expr::Like(inner, pattern, negated) => Expr::Like(boxed(inner), pattern, negated),
        Expr::Case(branches, otherwise) => Expr::Case(
            branches
                .into_iter()
                .map(|(condition, value)| (ours(condition), ours(value)))
                .collect(),
            otherwise.map(boxed),
        ),
        Expr::Call(call, arguments) => Expr::Call(call, all(arguments)),
        other => other,
    }
}
