//! Fills a template: asks every figure at every time that its places name, and says which have no data.

use super::WithoutData;
use super::places::{add_functions, chinese_date, chinese_period};
use crate::deeds::figure::{mask_list, named_period, why_null};
use crate::error::OfficeError;
use crate::policy::Sight;
use figures::{Answer, Answered, Ask, Engine, WhyNull};
use minijinja::{Environment, Error};
use pack::CheckedPack;
use pack::declare::{Compute, Operand, ReportDecl, TemplateTime};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use vocabulary::{PartialDate, Value};

/// How much a template may compute: a report of a hundred pages needs a fraction of it.
const FUEL: u64 = 2_000_000;

/// How deep a formula is followed to the registers that it lacks.
const DEPTH: usize = 8;

/// A filled template.
pub(super) struct Filled {
    pub(super) text: String,
    pub(super) title: String,
    /// What was printed, in order.
    pub(super) printed: Vec<Printed>,
    pub(super) without_data: Vec<WithoutData>,
}

/// A figure printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Printed {
    /// Its identity in the document: the id, with `@date` or `@period` when asked at another time.
    pub(super) identity: String,
    pub(super) id: String,
    pub(super) ask: Ask,
}

/// The answers to a question, by figure.
pub(super) type Answers = HashMap<String, Answer>;

/// Every question of a template with its answers.
pub(super) type Known = Arc<HashMap<TemplateTime, (Ask, Answers)>>;

/// Fills the template of a report.
pub(super) fn fill(
    pack: &CheckedPack,
    report: &ReportDecl,
    engine: &Engine<'_>,
    sight: &Sight,
    ask: &Ask,
    town: &str,
) -> Result<Filled, OfficeError> {
    let known = known(pack, report, (engine, sight), ask)?;
    let printed: Arc<Mutex<Vec<Printed>>> = Arc::default();
    let mut env = Environment::new();
    env.set_fuel(Some(FUEL));
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    add_functions(&mut env, &known, &printed);
    let fault = |error: Error| OfficeError::Report(format!("{error:#}"));
    for part in &report.parts {
        env.add_template(&part.path, &part.text).map_err(fault)?;
    }
    let context = minijinja::context! {
        title => report.title.clone(),
        town => town,
        at => chinese_date(ask.at),
        year => ask.at.year(),
        period => ask.period.to_string(),
        during => chinese_period(ask.period),
        audience => report.audience.clone(),
    };
    let main = report.parts.first().map_or("", |part| &part.path);
    let template = env.get_template(main).map_err(fault)?;
    let text = template.render(&context).map_err(fault)?;
    let title = env
        .render_named_str("title", &report.title, &context)
        .map_err(fault)?;
    let printed = printed.lock().map(|list| list.clone()).unwrap_or_default();
    let without_data = without_data(pack, &known, &printed);
    Ok(Filled {
        text,
        title,
        printed,
        without_data,
    })
}

/// All figures, at the asked time and at every other that the template names.
fn known(
    pack: &CheckedPack,
    report: &ReportDecl,
    (engine, sight): (&Engine<'_>, &Sight),
    ask: &Ask,
) -> Result<Known, OfficeError> {
    let mut known = HashMap::new();
    let own = std::iter::once(TemplateTime::default());
    for time in own.chain(report.times.iter().cloned()) {
        let then = timed(pack, &time, ask);
        let answers = engine.answer(&[], &then)?;
        let answers = answers.into_iter().map(|mut answer| {
            let figure = answer.id.split('[').next().unwrap_or_default().to_owned();
            mask_list(pack, sight, &figure, &mut answer.value);
            (answer.id.clone(), answer)
        });
        known.insert(time, (then, answers.collect()));
    }
    Ok(Arc::new(known))
}

/// The question at a time of the template. Its names were checked with the pack.
fn timed(pack: &CheckedPack, time: &TemplateTime, ask: &Ask) -> Ask {
    let mut then = *ask;
    if let Some(parameter) = time.at.as_ref().and_then(|name| pack.parameters.get(name))
        && let Value::Int(day) = parameter.at(ask.at)
    {
        then.at = PartialDate::from_int(i32::try_from(day).unwrap_or(0)).first();
    }
    match time.period.as_deref() {
        None => {}
        Some("before") => then.period = ask.period.before(),
        Some("year_before") => then.period = ask.period.year_before(),
        Some(name) => then.period = named_period(pack, name, ask.at).unwrap_or(ask.period),
    }
    then
}

fn without_data(pack: &CheckedPack, known: &Known, printed: &[Printed]) -> Vec<WithoutData> {
    let mut found: Vec<WithoutData> = Vec::new();
    let mut seen = BTreeSet::new();
    for item in printed {
        let answers = known.values().find(|(ask, _)| *ask == item.ask);
        let Some((_, answers)) = answers else {
            continue;
        };
        let Some(answer) = answers.get(&item.id) else {
            continue;
        };
        if let (Answered::Null, Some(why)) = (&answer.value, &answer.why_null)
            && seen.insert(&item.identity)
        {
            let mut registers = BTreeSet::new();
            lacking(pack, answers, answer, DEPTH, &mut registers);
            found.push(WithoutData {
                id: item.identity.clone(),
                title: answer.title.clone(),
                why: why_null(why, pack),
                registers: registers.into_iter().collect(),
            });
        }
    }
    found
}

/// The registers that nobody has imported, behind a figure that is null.
fn lacking(
    pack: &CheckedPack,
    answers: &Answers,
    answer: &Answer,
    depth: usize,
    registers: &mut BTreeSet<String>,
) {
    let behind: Vec<String> = match &answer.why_null {
        Some(WhyNull::NotCovered { register }) => {
            let title = pack.register(register).map(|register| &register.title);
            registers.insert(title.unwrap_or(register).clone());
            return;
        }
        Some(WhyNull::OperandNull { operand }) => vec![operand.clone()],
        // No place has a value: what each would be computed from says why.
        Some(WhyNull::Nothing) => match pack.figure(&answer.id).map(|figure| &figure.compute) {
            Some(Compute::Over { operands, .. }) => operands.iter().map(operand_id).collect(),
            _ => return,
        },
        Some(WhyNull::DivisionByZero) | None => return,
    };
    if depth == 0 {
        return;
    }
    for id in behind {
        if let Some(answer) = found(answers, &id) {
            lacking(pack, answers, answer, depth - 1, registers);
        }
    }
}

fn operand_id(operand: &Operand) -> String {
    match &operand.member {
        Some(member) => format!("{}[{member}]", operand.figure),
        None => operand.figure.clone(),
    }
}

/// The answer to a figure; of one that has members only, to the first of them that has none.
fn found<'a>(answers: &'a Answers, id: &str) -> Option<&'a Answer> {
    answers.get(id).or_else(|| {
        let within = format!("{id}[");
        let mut members: Vec<&Answer> = answers
            .values()
            .filter(|answer| answer.id.starts_with(&within) && answer.why_null.is_some())
            .collect();
        members.sort_by_key(|answer| &answer.id);
        members.first().copied()
    })
}
