//! The library's tree to ours: every node that the language has, every name resolved, every type checked. All
//! errors of an expression are found, not only the first.

use super::literal::{Kind, Part, common, noun, number, rescale, texts};
use super::parse::byte;
use super::scope::{Unit, named};
use super::{Binary, Call, Expr, Fault, Named, Scope, Type, Typed, Unary};
use crate::check::{next_name, quoted_list, rule};
use sqlparser::ast::{self, BinaryOperator, Spanned, UnaryOperator};
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
        Resolver { text, scope, faults: RefCell::default() }
    }

    /// The whole expression; a literal that is still open takes the wanted type.
    pub(crate) fn finish(self, tree: &ast::Expr, wanted: Option<&Named>) -> Result<Typed, Vec<Fault>> {
        let part = self.part(tree).and_then(|part| match wanted {
            Some(Named { kind: Type::Int { .. }, .. }) | Some(Named { kind: Type::Code(_), .. }) => {
                self.meant(part, wanted?)
            }
            _ => Some(part),
        });
        let faults = self.faults.into_inner();
        match part {
            Some(Part { expr, kind, .. }) if faults.is_empty() => {
                Ok(Typed { expr, kind: kind.settled(), text: self.text.trim().to_owned() })
            }
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

    pub(super) fn fault(&self, rule: (&'static str, &'static str), part: Range<usize>, said: String, next: String) {
        self.faults.borrow_mut().push(Fault { rule, part, said, next });
    }

    /// Where a node stands; the whole text when the library does not say.
    pub(super) fn place(&self, node: &impl Spanned) -> Range<usize> {
        self.stretch(node.span())
    }

    fn stretch(&self, span: Span) -> Range<usize> {
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
            ast::Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated, part),
            ast::Expr::Between { expr, negated, low, high } => {
                let parts = [self.part(expr), self.part(low), self.part(high)];
                let parts: Vec<Part> = parts.into_iter().collect::<Option<_>>()?;
                let parts = self.comparable(parts, true)?;
                let [value, low, high] = <[Expr; 3]>::try_from(parts).ok()?;
                let between = Expr::Between(Box::new(value), Box::new(low), Box::new(high), *negated);
                Some(bool_part(between, part))
            }
            ast::Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                self.like(expr, pattern, *negated, part)
            }
            ast::Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), part)
            }
            ast::Expr::Function(function) => self.function(function, part),
            other => {
                self.foreign(&other.to_string(), part);
                None
            }
        }
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
            self.fault(rule::LITERAL, part, said, "write date '2022-12-31', or a month '2022-12'".into());
            return None;
        };
        let expr = Expr::Literal(Value::Int(date.int().into()));
        Some(Part { expr, kind: Kind::plain(Type::Date), part })
    }

    /// A name: of the scope, or a word of the language.
    fn name(&self, path: &[ast::Ident], part: Range<usize>) -> Option<Part> {
        let words: Vec<String> = path.iter().map(|step| step.value.clone()).collect();
        let (first, rest) = words.split_first()?;
        if first == "param" && rest.len() == 1 {
            return self.parameter(&rest[0], part);
        }
        let Some(found) = self.scope.find(first) else {
            if rest.is_empty()
                && let Some(word) = self.word(first)
            {
                let kind = if word == Expr::Division { Type::Division } else { Type::Date };
                return Some(Part { expr: word, kind: Kind::plain(kind), part });
            }
            let next = if path[0].quote_style == Some('"') {
                "a text stands in single quotes".into()
            } else {
                next_name(first, self.scope.all())
            };
            self.fault(rule::UNKNOWN_NAME, self.stretch(path[0].span), format!("there is no `{first}` here"), next);
            return None;
        };
        let mut named_so_far = found;
        for (step, before) in rest.iter().zip(path.iter().zip(&path[1..])) {
            let (before, here) = (before.0, before.1);
            let target = match &named_so_far.kind {
                Type::Reference(register) if !matches!(self.scope.names, super::Names::Row(_)) => {
                    self.scope.register(register)
                }
                _ => None,
            };
            let Some(target) = target else {
                let said = format!("`{}` is {}, nothing follows it", before.value, noun(&named_so_far.kind));
                let next = "a dot stands after a field of type ref:REGISTER of a record only";
                self.fault(rule::NOT_A_REFERENCE, self.stretch(before.span), said, next.into());
                return None;
            };
            let Some(field) = target.field(step) else {
                let said = format!("the register `{}` has no field `{step}`", target.name);
                let fields = target.fields.iter().map(|field| field.name.as_str());
                self.fault(rule::UNKNOWN_NAME, self.stretch(here.span), said, next_name(step, fields));
                return None;
            };
            named_so_far = named(&field.kind, field.secret);
        }
        let kind = Kind::Known(named_so_far.kind, named_so_far.unit);
        Some(Part { expr: Expr::Name(words), kind, part })
    }

    fn word(&self, word: &str) -> Option<Expr> {
        match (word, &self.scope.names) {
            ("at", super::Names::Record(_) | super::Names::Row(_)) => Some(Expr::At),
            ("division", super::Names::Record(_) | super::Names::Row(_)) => Some(Expr::Division),
            ("valid_from", super::Names::Record(_)) => Some(Expr::ValidFrom),
            _ => None,
        }
    }

    fn parameter(&self, name: &str, part: Range<usize>) -> Option<Part> {
        let Some(declared) = self.scope.catalogue.parameters.get(name) else {
            let there = self.scope.catalogue.parameters.keys().map(String::as_str);
            let said = format!("there is no parameter `{name}`");
            self.fault(rule::UNKNOWN_PARAMETER, part, said, next_name(name, there));
            return None;
        };
        let found = named(&declared.kind, false);
        let expr = Expr::Parameter(name.to_owned());
        if !self.scope.is_formula() {
            return Some(Part { expr, kind: Kind::Known(found.kind, found.unit), part });
        }
        let Type::Int { scale } = found.kind else {
            let said = format!("the parameter `{name}` is {}, a formula takes numbers", noun(&found.kind));
            self.fault(rule::MISMATCH, part, said, "name a parameter that is a number".into());
            return None;
        };
        let expr = if scale == 1 { expr } else { over(expr, scale) };
        Some(Part { expr, kind: Kind::plain(Type::Number), part })
    }

    fn unary(&self, op: UnaryOperator, inner: &ast::Expr, part: Range<usize>) -> Option<Part> {
        let inner = self.part(inner)?;
        match op {
            UnaryOperator::Not => {
                self.truth(&inner)?;
                Some(bool_part(Expr::Unary(Unary::Not, Box::new(inner.expr)), part))
            }
            UnaryOperator::Minus | UnaryOperator::Plus => {
                self.number(&inner)?;
                let expr = match op {
                    UnaryOperator::Minus => Expr::Unary(Unary::Minus, Box::new(inner.expr)),
                    _ => inner.expr,
                };
                Some(Part { expr, kind: inner.kind, part })
            }
            other => {
                self.foreign(&other.to_string(), part);
                None
            }
        }
    }

    fn binary(&self, op: &BinaryOperator, left: Part, right: Part, part: Range<usize>) -> Option<Part> {
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
            Binary::Eq | Binary::NotEq | Binary::Less | Binary::LessEq | Binary::Greater
            | Binary::GreaterEq => {
                let ordered = !matches!(op, Binary::Eq | Binary::NotEq);
                let sides = self.comparable(vec![left, right], ordered)?;
                let [left, right] = <[Expr; 2]>::try_from(sides).ok()?;
                Some(bool_part(join(left, right), part))
            }
            Binary::Join => {
                let (l, r) = (self.shown(&left), self.shown(&right));
                l.and(r)?;
                Some(Part { expr: join(left.expr, right.expr), kind: Kind::plain(Type::Text), part })
            }
            Binary::Plus | Binary::Minus => {
                let (l, r) = (self.number(&left), self.number(&right));
                l.and(r)?;
                let (mut sides, kind) = self.together(vec![left, right])?;
                let (right, left) = (sides.pop()?, sides.pop()?);
                Some(Part { expr: join(left.expr, right.expr), kind, part })
            }
            Binary::Times => self.product(left, right, part),
            Binary::Over if !self.scope.is_formula() => {
                let next = "compare products instead (`a * 2 > b`), or divide in a figure's formula";
                let said = "`/` is exact, and stands in formulas over figures only".to_owned();
                self.fault(rule::DIVISION_SIGN, part, said, next.into());
                None
            }
            Binary::Over => {
                let (l, r) = (self.number(&left), self.number(&right));
                l.and(r)?;
                Some(Part { expr: join(left.expr, right.expr), kind: Kind::plain(Type::Number), part })
            }
        }
    }

    /// Scales multiply: money times a number with two decimals is held in 1/10,000 元.
    fn product(&self, left: Part, right: Part, part: Range<usize>) -> Option<Part> {
        let (l, r) = (self.number(&left), self.number(&right));
        l.and(r)?;
        let expr = |left: Part, right: Part| {
            Expr::Binary(Binary::Times, Box::new(left.expr), Box::new(right.expr))
        };
        let (Some(l), Some(r)) = (left.kind.scale(), right.kind.scale()) else {
            return Some(Part { expr: expr(left, right), kind: Kind::plain(Type::Number), part });
        };
        let Some(scale) = l.checked_mul(r).filter(|scale| *scale <= 1_000_000_000) else {
            let said = "this product has more decimals than 64 bits can hold safely".to_owned();
            self.fault(rule::MISMATCH, part, said, "multiply in a figure's formula, which is exact".into());
            return None;
        };
        let unit = match (&left.kind, &right.kind) {
            (Kind::Known(_, unit), _) if *unit != Unit::Plain => *unit,
            (_, Kind::Known(_, unit)) => *unit,
            _ => Unit::Plain,
        };
        Some(Part { expr: expr(left, right), kind: Kind::Known(Type::Int { scale }, unit), part })
    }

    fn is_null(&self, inner: &ast::Expr, wanted: bool, part: Range<usize>) -> Option<Part> {
        let inner = self.part(inner)?;
        Some(bool_part(Expr::IsNull(Box::new(inner.expr), wanted), part))
    }

    fn in_list(&self, value: &ast::Expr, list: &[ast::Expr], negated: bool, part: Range<usize>) -> Option<Part> {
        let parts: Vec<Option<Part>> =
            std::iter::once(value).chain(list).map(|item| self.part(item)).collect();
        let parts: Vec<Part> = parts.into_iter().collect::<Option<_>>()?;
        if let Some(secret) = parts.iter().find(|part| part.kind.settled() == Type::Secret) {
            self.secret(secret);
            return None;
        }
        let mut parts = self.comparable(parts, false)?.into_iter();
        let value = parts.next()?;
        Some(bool_part(Expr::In(Box::new(value), parts.collect(), negated), part))
    }

    fn like(&self, value: &ast::Expr, pattern: &ast::Expr, negated: bool, part: Range<usize>) -> Option<Part> {
        let value = self.part(value)?;
        if value.kind.settled() == Type::Secret {
            self.secret(&value);
            return None;
        }
        if !matches!(value.kind.settled(), Type::Text | Type::Code(_)) {
            let said = format!("`like` takes a text, this is {}", value.kind.noun());
            self.fault(rule::MISMATCH, value.part, said, "compare it with = or between".into());
            return None;
        }
        let ast::Expr::Value(ast::ValueWithSpan { value: ast::Value::SingleQuotedString(text), .. }) = pattern
        else {
            let said = "a pattern is a text in single quotes".to_owned();
            self.fault(rule::MISMATCH, self.place(pattern), said, "write like '%…%'".into());
            return None;
        };
        Some(bool_part(Expr::Like(Box::new(value.expr), text.clone(), negated), part))
    }

    fn case(
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
        if let Some(secret) = values.iter().find(|part| part.kind.settled() == Type::Secret) {
            self.secret(secret);
            return None;
        }
        let (values, kind) = self.together(values)?;
        let mut values: Vec<Expr> = values.into_iter().map(|value| value.expr).collect();
        let otherwise = if has_else { values.pop().map(Box::new) } else { None };
        Some(Part { expr: Expr::Case(whens.into_iter().zip(values).collect(), otherwise), kind, part })
    }

    /// The condition of a branch: `case x when 1` is `x = 1`.
    fn branch(&self, operand: Option<&ast::Expr>, condition: &ast::Expr) -> Option<Expr> {
        let condition = self.part(condition)?;
        let Some(operand) = operand else {
            self.truth(&condition)?;
            return Some(condition.expr);
        };
        let part = condition.part.clone();
        let operand = self.part(operand)?;
        self.binary(&BinaryOperator::Eq, operand, condition, part).map(|part| part.expr)
    }

    /// Parts of one kind, brought to it.
    pub(super) fn together(&self, parts: Vec<Part>) -> Option<(Vec<Part>, Kind)> {
        match common(&parts) {
            Ok(kind) => {
                let parts: Vec<Option<Part>> =
                    parts.into_iter().map(|part| self.adapt(part, &kind)).collect();
                Some((parts.into_iter().collect::<Option<_>>()?, kind))
            }
            Err((first, second)) => {
                let (first, second) = (&parts[first], &parts[second]);
                let said = format!("{} and {} do not go together", first.kind.noun(), second.kind.noun());
                let is_date = |part: &Part| part.kind == Kind::plain(Type::Date);
                let next = if is_date(first) || is_date(second) {
                    "a date is written date '2022-12-31'".to_owned()
                } else {
                    "give both sides one type".to_owned()
                };
                let part = first.part.start.min(second.part.start)..first.part.end.max(second.part.end);
                self.fault(rule::MISMATCH, part, said, next);
                None
            }
        }
    }

    fn adapt(&self, part: Part, kind: &Kind) -> Option<Part> {
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
                    self.fault(rule::LITERAL, part.part, said, "write a smaller number".into());
                    return None;
                }
            },
        };
        Some(Part { expr, kind: kind.clone(), part: part.part })
    }

    /// Text literals that are meant as codes must be codes of the list.
    fn codes(&self, part: &Part, list: &str) -> Option<()> {
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
        if let Some(null) = parts.iter().find(|part| part.kind == Kind::plain(Type::Null)) {
            let said = "a comparison with null is never true".to_owned();
            self.fault(rule::MISMATCH, null.part.clone(), said, "write `is null` or `is not null`".into());
            return None;
        }
        let secret = parts.iter().find(|part| part.kind.settled() == Type::Secret);
        if let Some(secret) = secret.filter(|_| ordered) {
            self.secret(secret);
            return None;
        }
        let (parts, kind) = self.together(parts)?;
        let kind = kind.settled();
        if ordered && !matches!(kind, Type::Int { .. } | Type::Number | Type::Text | Type::Date) {
            let said = format!("{} has no order", noun(&kind));
            let part = parts.first().map_or(0..self.text.len(), |part| part.part.clone());
            self.fault(rule::MISMATCH, part, said, "compare it with = , <> or in".into());
            return None;
        }
        let is_date = kind == Type::Date;
        Some(parts.into_iter().map(|part| if is_date { first_day(part.expr) } else { part.expr }).collect())
    }

    pub(super) fn secret(&self, part: &Part) {
        let said = "a secret field is not opened in expressions".to_owned();
        let next = "use it with =, <> or `is null` only; birth and sex are fields of their own";
        self.fault(rule::SECRET, part.part.clone(), said, next.into());
    }

    fn truth(&self, part: &Part) -> Option<()> {
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

    fn number(&self, part: &Part) -> Option<()> {
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
    pub(super) fn shown(&self, part: &Part) -> Option<()> {
        match part.kind.settled() {
            Type::Text | Type::Code(_) | Type::Null | Type::Int { scale: 1 } => Some(()),
            Type::Secret => {
                self.secret(part);
                None
            }
            _ => {
                let said = format!("this is {}, it has no text", part.kind.noun());
                let fields = quoted_list(["title"]);
                let next = format!("put texts, whole numbers and codes together (see {fields} for a code's title)");
                self.fault(rule::MISMATCH, part.part.clone(), said, next);
                None
            }
        }
    }
}

pub(super) fn bool_part(expr: Expr, part: Range<usize>) -> Part {
    Part { expr, kind: Kind::plain(Type::Bool), part }
}

fn over(expr: Expr, by: i64) -> Expr {
    Expr::Binary(Binary::Over, Box::new(expr), Box::new(Expr::Literal(Value::Int(by))))
}

/// A date as the day it compares by; what is surely a whole day stays as it is.
pub(super) fn first_day(expr: Expr) -> Expr {
    match &expr {
        Expr::At | Expr::ValidFrom | Expr::Call(Call::FirstDay, _) => expr,
        Expr::Literal(Value::Int(int)) => {
            let date = PartialDate::from_int(i32::try_from(*int).unwrap_or_default());
            Expr::Literal(Value::Int(date.first().int().into()))
        }
        Expr::Literal(Value::Null) => expr,
        _ => Expr::Call(Call::FirstDay, vec![expr]),
    }
}
