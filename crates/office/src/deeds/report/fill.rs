//! Fills a template: `fig`, `list` and `val` are its doors to figures.

use super::WithoutData;
use crate::deeds::figure::why_null;
use crate::error::OfficeError;
use crate::words::word;
use documents::markdown::{escape, number};
use figures::{Answer, Answered, Ask, Engine};
use minijinja::value::{Kwargs, Value as Jinja};
use minijinja::{Environment, Error, ErrorKind};
use pack::CheckedPack;
use pack::declare::ReportDecl;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use vocabulary::{Date, FieldType, PartialDate, Value};

/// How much a template may compute: a report of a hundred pages needs a fraction of it.
const FUEL: u64 = 2_000_000;

/// A filled template.
pub(super) struct Filled {
    pub(super) text: String,
    pub(super) title: String,
    /// What was printed, in order: identity in the document, figure with member, and the date parameter it was
    /// asked at.
    pub(super) printed: Vec<Printed>,
    pub(super) without_data: Vec<WithoutData>,
}

/// A figure printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Printed {
    /// Its identity in the document: the id, with `@date` when asked at another date.
    pub(super) identity: String,
    pub(super) id: String,
    pub(super) at: Date,
}

type Known = Arc<HashMap<String, (Ask, HashMap<String, Answer>)>>;

/// Fills the template of a report.
pub(super) fn fill(
    pack: &CheckedPack,
    report: &ReportDecl,
    engine: &Engine<'_>,
    ask: &Ask,
    town: &str,
) -> Result<Filled, OfficeError> {
    let known = known(pack, report, engine, ask)?;
    let printed: Arc<Mutex<Vec<Printed>>> = Arc::default();
    let mut env = Environment::new();
    env.set_fuel(Some(FUEL));
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    add_functions(&mut env, &known, &printed);
    let context = minijinja::context! {
        title => report.title.clone(),
        town => town,
        at => chinese_date(ask.at),
        year => ask.at.year(),
        period => ask.period.to_string(),
        audience => report.audience.clone(),
    };
    let fault = |error: Error| OfficeError::Report(format!("{}: {error:#}", report.template));
    let text = env
        .render_named_str(&report.template, &report.text, &context)
        .map_err(fault)?;
    let title = env
        .render_named_str("title", &report.title, &context)
        .map_err(fault)?;
    let printed = printed.lock().map(|list| list.clone()).unwrap_or_default();
    let mut without_data: Vec<WithoutData> = Vec::new();
    for item in &printed {
        let answers = known.values().find(|(ask, _)| ask.at == item.at);
        let Some(answer) = answers.and_then(|(_, answers)| answers.get(&item.id)) else {
            continue;
        };
        let known = without_data.iter().any(|known| known.id == item.identity);
        if let (Answered::Null, Some(why), false) = (&answer.value, &answer.why_null, known) {
            without_data.push(WithoutData {
                id: item.identity.clone(),
                title: answer.title.clone(),
                why: why_null(why, pack),
            });
        }
    }
    Ok(Filled {
        text,
        title,
        printed,
        without_data,
    })
}

/// All figures of the template, at the asked date and at every date parameter that the template names.
fn known(
    pack: &CheckedPack,
    report: &ReportDecl,
    engine: &Engine<'_>,
    ask: &Ask,
) -> Result<Known, OfficeError> {
    let mut known = HashMap::new();
    let answers = |ask: &Ask| -> Result<HashMap<String, Answer>, OfficeError> {
        let answers = engine.answer(&[], ask)?;
        Ok(answers
            .into_iter()
            .map(|answer| (answer.id.clone(), answer))
            .collect())
    };
    known.insert(String::new(), (*ask, answers(ask)?));
    for (name, parameter) in &pack.parameters {
        let named = report.text.contains(&format!("\"{name}\""))
            || report.text.contains(&format!("'{name}'"));
        if let (FieldType::Date, true, Value::Int(day)) =
            (&parameter.kind, named, parameter.at(ask.at))
        {
            let at = PartialDate::from_int(i32::try_from(day).unwrap_or(0)).first();
            let then = Ask { at, ..*ask };
            known.insert(name.clone(), (then, answers(&then)?));
        }
    }
    Ok(Arc::new(known))
}

fn add_functions(env: &mut Environment<'_>, known: &Known, printed: &Arc<Mutex<Vec<Printed>>>) {
    let (all, log) = (known.clone(), printed.clone());
    env.add_function(
        "fig",
        move |id: String, options: Kwargs| -> Result<String, Error> {
            let (ask, answer, identity) = find(&all, &id, &options)?;
            options.assert_all_used()?;
            if let Ok(mut log) = log.lock() {
                log.push(Printed {
                    identity: identity.clone(),
                    id: id.clone(),
                    at: ask.at,
                });
            }
            Ok(match &answer.value {
                Answered::Null => number(&word("report.no_data", &[]), &identity, true),
                Answered::Number(value) => number(&value.to_string(), &identity, false),
                Answered::List(entries) => {
                    number(&entries.join(&word("word.comma", &[])), &identity, false)
                }
            })
        },
    );
    let (all, log) = (known.clone(), printed.clone());
    env.add_function(
        "list",
        move |id: String, options: Kwargs| -> Result<String, Error> {
            let (ask, answer, identity) = find(&all, &id, &options)?;
            let sep: Option<String> = options.get("sep")?;
            options.assert_all_used()?;
            if let Ok(mut log) = log.lock() {
                log.push(Printed {
                    identity: identity.clone(),
                    id: id.clone(),
                    at: ask.at,
                });
            }
            let Answered::List(entries) = &answer.value else {
                return Ok(number(&word("report.no_data", &[]), &identity, true));
            };
            let sep = sep.unwrap_or_else(|| word("word.comma", &[]));
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| number(entry, &identity, false))
                .collect();
            Ok(entries.join(&escape(&sep)))
        },
    );
    let all = known.clone();
    env.add_function(
        "val",
        move |id: String, options: Kwargs| -> Result<Jinja, Error> {
            let (_, answer, _) = find(&all, &id, &options)?;
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
        },
    );
}

fn find<'a>(
    known: &'a Known,
    id: &str,
    options: &Kwargs,
) -> Result<(Ask, &'a Answer, String), Error> {
    let at: Option<String> = options.get("at")?;
    let key = at.clone().unwrap_or_default();
    let (ask, answers) = known.get(&key).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("`{key}` is no date parameter of the pack"),
        )
    })?;
    let answer = answers
        .get(id)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no figure `{id}`")))?;
    let identity = if key.is_empty() {
        id.to_owned()
    } else {
        format!("{id}@{}", ask.at)
    };
    Ok((*ask, answer, identity))
}

/// A date as official documents print it, without leading zeros.
pub(super) fn chinese_date(date: Date) -> String {
    let parts = [
        ("y", date.year().to_string()),
        ("m", date.month().to_string()),
        ("d", date.day().to_string()),
    ];
    let parts: Vec<(&str, &str)> = parts.iter().map(|(k, v)| (*k, v.as_str())).collect();
    word("report.date", &parts)
}
