//! One place of a template: its figure is there and is what the place prints, its options fit.

use super::token::{Kind, Token};
use super::{Named, Reading};
use crate::check::operand::{date_parameter, find, is_list, split};
use crate::check::rule;
use crate::declare::{FigureDecl, FigureTime, TemplateTime};
use crate::read::Text;
use crate::unit;
use vocabulary::Decimal;

/// A function that asks a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Prints a number.
    Fig,
    /// Prints a list.
    List,
    /// The bare value, for conditions.
    Val,
    /// Says once of several figures that they have no data.
    Lack,
}

/// `name = value`, with the value's only token; none when it is more than one.
struct Given<'a, 't> {
    name: &'a Token<'t>,
    value: Option<&'a Token<'t>>,
}

impl Door {
    pub(super) fn of(name: &str) -> Option<Door> {
        match name {
            "fig" => Some(Door::Fig),
            "list" => Some(Door::List),
            "val" => Some(Door::Val),
            "lack" => Some(Door::Lack),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Door::Fig => "fig",
            Door::List => "list",
            Door::Val => "val",
            Door::Lack => "lack",
        }
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Door::Fig => &["at", "period", "unit", "step", "decimals"],
            Door::List => &["at", "period", "sep", "max", "count"],
            Door::Val | Door::Lack => &["at", "period"],
        }
    }
}

impl Reading<'_> {
    /// Checks a call, from behind its bracket; yields where the texts stand that it has told of.
    pub(super) fn call(&self, door: Door, tokens: &[Token<'_>], named: &mut Named) -> Vec<usize> {
        let arguments = arguments(tokens);
        let mut told = Vec::new();
        let id = match arguments.first() {
            Some([only]) if only.kind == Kind::Text => Some(only),
            _ => None,
        };
        told.extend(id.map(|id| id.at.start));
        let figure = id.and_then(|id| self.figure(door, id, named));
        let mut time = TemplateTime::default();
        for given in arguments
            .iter()
            .skip(1)
            .filter_map(|argument| given(argument))
        {
            told.extend(given.value.map(|value| value.at.start));
            self.option(door, &given, figure, &mut time);
        }
        if time != TemplateTime::default() {
            named.times.insert(time);
        }
        told
    }

    fn figure(&self, door: Door, id: &Token<'_>, named: &mut Named) -> Option<&FigureDecl> {
        let at = self.at(id);
        let (figure, member) = split(id.text);
        let known = &self.pack.figures;
        let found = find(figure, member, known, rule::TEMPLATE_FIGURE, at, self.sink)?;
        named.figures.insert(id.text.to_owned());
        if member.is_none() && !found.whole {
            let said = format!("`{figure}` has members only");
            let members = found.by.iter().flat_map(|by| by.members.iter());
            let next = match members.map(|member| &member.id).next() {
                Some(id) => format!("name one, as in \"{figure}[{id}]\""),
                None => "name one in brackets".into(),
            };
            self.sink.report(rule::TEMPLATE_FIGURE, at, said, next);
        }
        let (said, other) = match (door, is_list(found)) {
            (Door::List, false) => ("is a number, `list` prints lists", "fig"),
            (Door::Fig, true) => ("is a list, `fig` prints numbers", "list"),
            _ => return Some(found),
        };
        self.sink.report(
            rule::TEMPLATE_LIST,
            at,
            format!("`{figure}` {said}"),
            format!("write {other}(\"{figure}\")"),
        );
        None
    }

    fn option(
        &self,
        door: Door,
        given: &Given<'_, '_>,
        figure: Option<&FigureDecl>,
        time: &mut TemplateTime,
    ) {
        let name = given.name.text;
        if !door.options().contains(&name) {
            let said = format!("`{}` has no option `{name}`", door.name());
            let (at, there) = (self.at(given.name), door.options().iter().copied());
            self.sink
                .unknown(rule::TEMPLATE_OPTION, at, said, name, there);
            return;
        }
        let Some(value) = given.value else {
            // When a figure is asked must be known before the template is filled.
            if name == "at" || name == "period" {
                self.refuse(given.name, "is not written out", "write its name in quotes");
            }
            return;
        };
        match (name, value.kind) {
            ("at" | "period", Kind::Name) => {
                self.refuse(given.name, "is not written out", "write its name in quotes");
            }
            (_, Kind::Name) => {} // handed to a macro, whose callers say it
            ("at", Kind::Text) => {
                let at = self.at(value);
                let text = Text {
                    text: value.text,
                    at,
                };
                date_parameter(text, rule::DATE_PARAMETER, self.pack, self.sink);
                time.at = Some(value.text.to_owned());
            }
            ("period", Kind::Text) => {
                self.period(value, figure);
                time.period = Some(value.text.to_owned());
            }
            ("unit", Kind::Text) => self.unit(value, figure),
            ("step", Kind::Number | Kind::Text) => {
                if Decimal::parse(value.text).is_none_or(Decimal::is_zero) {
                    self.refuse(
                        value,
                        "is no step",
                        "write a number above 0, as 10 or \"0.1\"",
                    );
                } else if value.kind == Kind::Number && value.text.contains('.') {
                    self.refuse(value, "is not exact", "write it in quotes, as \"0.1\"");
                }
            }
            ("decimals", Kind::Number) if value.text.parse().is_ok_and(|n: u32| n <= 6) => {}
            ("max", Kind::Number) if value.text.parse().is_ok_and(|n: u32| n > 0) => {}
            ("sep" | "count", Kind::Text) => {}
            _ => {
                let next = format!("give `{name}` a value that it takes; see “Templates”");
                self.refuse(value, "does not go here", &next);
            }
        }
    }

    fn refuse(&self, token: &Token<'_>, what: &str, next: &str) {
        let said = format!("`{}` {what}", token.text);
        self.sink
            .report(rule::TEMPLATE_OPTION, self.at(token), said, next.into());
    }

    fn period(&self, value: &Token<'_>, figure: Option<&FigureDecl>) {
        let parameters = self.pack.parameters.values();
        let named = parameters.filter_map(|parameter| parameter.period.as_deref());
        let known: Vec<&str> = ["before", "year_before"].into_iter().chain(named).collect();
        if !known.contains(&value.text) {
            let said = format!("there is no period `{}`", value.text);
            self.sink.unknown(
                rule::TEMPLATE_OPTION,
                self.at(value),
                said,
                value.text,
                known,
            );
        } else if let Some(figure) = figure
            && figure.time == FigureTime::At
            && value.text.ends_with("before")
        {
            let said = format!(
                "`{}` is asked at a date, it has no period before",
                figure.id
            );
            let next = "leave `period` out, or name a date with `at`";
            self.sink
                .report(rule::TEMPLATE_OPTION, self.at(value), said, next.into());
        }
    }

    fn unit(&self, value: &Token<'_>, figure: Option<&FigureDecl>) {
        let Some(figure) = figure else { return };
        if unit::ratio(&figure.unit, value.text).is_some() {
            return;
        }
        let own = match figure.unit.as_str() {
            "" => "has no unit".to_owned(),
            unit => format!("is given in {unit}"),
        };
        let said = format!(
            "`{}` {own}, it is not turned into {}",
            figure.id, value.text
        );
        let kin = unit::kin(&figure.unit);
        let there = kin.iter().map(String::as_str);
        self.sink.unknown(
            rule::TEMPLATE_OPTION,
            self.at(value),
            said,
            value.text,
            there,
        );
    }
}

/// The arguments of a call, from behind its bracket to the one that closes it.
fn arguments<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let (mut depth, mut from, mut found) = (0_usize, 0, Vec::new());
    for (position, token) in tokens.iter().enumerate() {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if (token.is(")") || token.is("]")) && depth > 0 {
            depth -= 1;
        } else if depth == 0 && (token.is(",") || token.is(")")) {
            found.push(&tokens[from..position]);
            from = position + 1;
            if token.is(")") {
                break;
            }
        }
    }
    found
}

fn given<'a, 't>(argument: &'a [Token<'t>]) -> Option<Given<'a, 't>> {
    let [name, equals, value @ ..] = argument else {
        return None;
    };
    let named = name.kind == Kind::Name && equals.is("=");
    let value = match value {
        [only] => Some(only),
        _ => None,
    };
    named.then_some(Given { name, value })
}
