//! The places of a template: `fig`, `list` and `val` are its doors to figures.

use super::fill::{Known, Printed};
use super::shown::{Shape, shown};
use crate::words::word;
use documents::markdown::{escape, number};
use figures::{Answer, Answered, Ask};
use minijinja::value::{Kwargs, Value as Jinja};
use minijinja::{Environment, Error, ErrorKind};
use pack::declare::TemplateTime;
use std::sync::{Arc, Mutex};
use vocabulary::{Date, Decimal, Period};

type Log = Arc<Mutex<Vec<Printed>>>;

/// Opens the doors.
pub(super) fn add_functions(env: &mut Environment<'_>, known: &Known, printed: &Log) {
    let (all, log) = (known.clone(), printed.clone());
    env.add_function("fig", move |id: String, options: Kwargs| {
        fig(&all, &log, &id, &options)
    });
    let (all, log) = (known.clone(), printed.clone());
    env.add_function("list", move |id: String, options: Kwargs| {
        list(&all, &log, &id, &options)
    });
    let (all, log) = (known.clone(), printed.clone());
    env.add_function("lack", move |ids: Vec<String>, options: Kwargs| {
        lack(&all, &log, &ids, &options)
    });
    let all = known.clone();
    env.add_function("val", move |id: String, options: Kwargs| {
        val(&all, &id, &options)
    });
}

fn fig(known: &Known, log: &Log, id: &str, options: &Kwargs) -> Result<String, Error> {
    let (ask, answer, identity) = find(known, id, options)?;
    let shape = shape(options)?;
    options.assert_all_used()?;
    told(log, ask, id, &identity);
    Ok(match &answer.value {
        Answered::Null => nothing(&identity),
        Answered::Number(value) => {
            let text = shown(*value, &answer.unit, &shape).ok_or_else(|| {
                let unit = shape.unit.as_deref().unwrap_or_default();
                refused(format!("`{id}` is given in {}, not in {unit}", answer.unit))
            })?;
            number(&text, &identity, false)
        }
        Answered::List(entries) => {
            number(&entries.join(&word("word.comma", &[])), &identity, false)
        }
    })
}

fn list(known: &Known, log: &Log, id: &str, options: &Kwargs) -> Result<String, Error> {
    let (ask, answer, identity) = find(known, id, options)?;
    let sep: Option<String> = options.get("sep")?;
    let max: Option<usize> = options.get("max")?;
    let count: Option<String> = options.get("count")?;
    options.assert_all_used()?;
    told(log, ask, id, &identity);
    let Answered::List(entries) = &answer.value else {
        return Ok(nothing(&identity));
    };
    if entries.is_empty() {
        return Ok(number(&word("report.none", &[]), &identity, false));
    }
    let sep = sep.unwrap_or_else(|| word("word.comma", &[]));
    let most = max.unwrap_or(usize::MAX);
    let printed: Vec<String> = entries
        .iter()
        .take(most)
        .map(|entry| number(entry, &identity, false))
        .collect();
    let mut text = printed.join(&escape(&sep));
    if entries.len() > most {
        let all = number(&entries.len().to_string(), &identity, false);
        let count = escape(&count.unwrap_or_default());
        text += &word("report.and_others", &[("all", &all), ("count", &count)]);
    }
    Ok(text)
}

/// Several figures of which a sentence says that there is no data: said once. One that has data after all is printed
/// with its title, so that nothing is lost.
fn lack(known: &Known, log: &Log, ids: &[String], options: &Kwargs) -> Result<String, Error> {
    let (mut there, mut first) = (Vec::new(), None);
    for id in ids {
        let (ask, answer, identity) = find(known, id, options)?;
        told(log, ask, id, &identity);
        let text = match &answer.value {
            Answered::Null => {
                first.get_or_insert(identity);
                continue;
            }
            Answered::Number(value) => format!("{value}{}", answer.unit),
            Answered::List(entries) if entries.is_empty() => word("report.none", &[]),
            Answered::List(entries) => entries.join(&word("word.comma", &[])),
        };
        let printed = number(&text, &identity, false);
        let params = [("title", escape(&answer.title)), ("value", printed)];
        there.push(word(
            "report.there",
            &params.each_ref().map(|(k, v)| (*k, v.as_str())),
        ));
    }
    options.assert_all_used()?;
    let mut text = first.map_or_else(String::new, |identity| nothing(&identity));
    if !there.is_empty() {
        let list = there.join(&word("word.comma", &[]));
        text += &if text.is_empty() {
            list
        } else {
            word("report.of_which", &[("list", &list)])
        };
    }
    Ok(text)
}

fn val(known: &Known, id: &str, options: &Kwargs) -> Result<Jinja, Error> {
    let (_, answer, _) = find(known, id, options)?;
    options.assert_all_used()?;
    Ok(match &answer.value {
        Answered::Null => Jinja::from(()),
        Answered::List(entries) => Jinja::from(entries.len()),
        // A condition chooses words; the number printed beside it stays exact.
        Answered::Number(value) if value.decimals == 0 => Jinja::from(value.scaled),
        Answered::Number(value) => value
            .to_string()
            .parse::<f64>()
            .map_or_else(|_| Jinja::from(()), Jinja::from),
    })
}

/// What stands for a figure without data: no unit, for there is no number.
fn nothing(identity: &str) -> String {
    number(&word("report.no_data", &[]), identity, true)
}

fn shape(options: &Kwargs) -> Result<Shape, Error> {
    let step: Option<Jinja> = options.get("step")?;
    let step = step.map(|step| {
        Decimal::parse(&step.to_string())
            .filter(|step| !step.is_zero())
            .ok_or_else(|| refused(format!("`{step}` is no step")))
    });
    Ok(Shape {
        unit: options.get("unit")?,
        step: step.transpose()?,
        decimals: options.get("decimals")?,
    })
}

fn refused(said: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, said)
}

fn told(log: &Log, ask: Ask, id: &str, identity: &str) {
    if let Ok(mut log) = log.lock() {
        log.push(Printed {
            identity: identity.to_owned(),
            id: id.to_owned(),
            ask,
        });
    }
}

fn find<'a>(
    known: &'a Known,
    id: &str,
    options: &Kwargs,
) -> Result<(Ask, &'a Answer, String), Error> {
    let time = TemplateTime {
        at: options.get("at")?,
        period: options.get("period")?,
    };
    let (own, _) = &known[&TemplateTime::default()];
    let (ask, answers) = known.get(&time).ok_or_else(|| {
        let named = [time.at.as_deref(), time.period.as_deref()];
        let named: Vec<&str> = named.into_iter().flatten().collect();
        refused(format!("`{}` is no time of the pack", named.join(" ")))
    })?;
    let answer = answers
        .get(id)
        .ok_or_else(|| refused(format!("no figure `{id}`")))?;
    let mut identity = id.to_owned();
    if ask.at != own.at {
        identity += &format!("@{}", ask.at);
    }
    if ask.period != own.period {
        identity += &format!("@{}", ask.period);
    }
    Ok((*ask, answer, identity))
}

/// A date as official documents print it, without leading zeros.
pub(super) fn chinese_date(date: Date) -> String {
    let (year, month) = (date.year().to_string(), date.month().to_string());
    let day = date.day().to_string();
    word("report.date", &[("y", &year), ("m", &month), ("d", &day)])
}

/// A period as official documents name it: a year, a quarter or a month by its name, else from day to day.
pub(super) fn chinese_period(period: Period) -> String {
    let (from, to) = (period.from, period.to);
    let year = from.year().to_string();
    let first = from.day() == 1;
    if period == Period::year(from.year()) {
        return word("report.in_year", &[("y", &year)]);
    }
    if first && from.month() % 3 == 1 && to == from.plus_months(3) {
        let quarter = (from.month() / 3 + 1).to_string();
        return word("report.in_quarter", &[("y", &year), ("q", &quarter)]);
    }
    if first && to == from.plus_months(1) {
        let month = from.month().to_string();
        return word("report.in_month", &[("y", &year), ("m", &month)]);
    }
    let (from, to) = (chinese_date(from), chinese_date(to.prev()));
    word("report.from_to", &[("from", &from), ("to", &to)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_have_the_names_that_people_use() {
        for (text, wanted) in [
            ("2022", "2022年"),
            ("2022Q3", "2022年第3季度"),
            ("2022-05", "2022年5月"),
            ("2021..2022", "2021年1月1日至2022年12月31日"),
        ] {
            let period = Period::parse(text).expect(text);
            assert_eq!(chinese_period(period), wanted, "{text}");
        }
    }
}
