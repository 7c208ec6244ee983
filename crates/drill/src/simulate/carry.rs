//! A plan carried out in a draft, and what a judge hears of it: facts by their place in the book, nothing of how
//! the book keeps them.

use super::model::Table;
use super::plan::{Plan, Saying, Step, Target};
use super::world::Cut;
use crate::deeds::{Refused, ground};
use ledger::{Draft, LedgerError, NewFact, Source};
use testkit::judge::{Kind, Statement};
use vocabulary::{Date, RecordId, Value};

/// What was said, as a judge hears it.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard {
    pub(super) seq: i64,
    pub(super) facts: usize,
    pub(super) said: Vec<(Table, Statement)>,
    /// By which fact what was taken back.
    pub(super) withdrawn: Vec<((i64, u32), i64, Option<u32>)>,
    pub(super) erased: Vec<(RecordId, (i64, u32))>,
    /// Records that began, and whose seats they are.
    pub(super) began: Vec<(Table, RecordId, Option<RecordId>)>,
}

/// The sources of a plan.
pub(super) fn sources(plan: &Plan) -> Vec<Source> {
    let source = plan.source.iter().map(|(file, as_of)| Source {
        file: file.clone(),
        sha256: "ab".repeat(32),
        sheet: "s".to_owned(),
        form: String::new(),
        as_of: *as_of,
        columns: vec![("household.number".to_owned(), "A".to_owned())],
    });
    source.collect()
}

/// Carries a plan out; `cut` takes the disk as it is before some step.
pub(super) fn carry_out(
    draft: &mut Draft<'_>,
    plan: &Plan,
    cut: Option<&Cut>,
) -> Result<Heard, Refused> {
    let mut heard = Heard {
        seq: draft.seq(),
        ..Heard::default()
    };
    let mut new: Vec<RecordId> = Vec::new();
    for (n, step) in plan.steps.iter().enumerate() {
        if let Some(cut) = cut.filter(|cut| cut.step == n) {
            cut.take();
        }
        match step {
            Step::Say(saying) => say(draft, plan, saying, &mut new, &mut heard)?,
            Step::Flush => draft.flush()?,
            Step::Withdraw(tx, ord) => {
                let by = (heard.seq, draft.withdraw(*tx, *ord)?);
                heard.withdrawn.push((by, *tx, *ord));
            }
            Step::Erase(record) => {
                let by = (heard.seq, draft.erase(*record, &ground())?);
                heard.erased.push((*record, by));
            }
            Step::Pack => draft.pack(testkit::hamlet(2))?,
            Step::Rebuild => drop(draft.rebuild()?),
            Step::Bad => {
                // A number that the counter never gave.
                let register = draft.reader().register_index("household")?;
                draft.assert(NewFact::new(register, 1_000_000, 0))?;
            }
            Step::Fail => return Err(Refused::Ours("failed-on-purpose")),
        }
    }
    heard.facts = draft.len();
    Ok(heard)
}

fn say(
    draft: &mut Draft<'_>,
    plan: &Plan,
    saying: &Saying,
    new: &mut Vec<RecordId>,
    heard: &mut Heard,
) -> Result<(), LedgerError> {
    let holder = saying.holder.map(|holder| record(draft, new, holder).0);
    let (record, began) = record(draft, new, saying.target);
    if began {
        heard.began.push((saying.table, record, holder));
    }
    let register = draft.reader().register_index(saying.table.register())?;
    let mut fact = NewFact::new(register, record, saying.division);
    (fact.from, fact.to, fact.as_of) = (saying.from, saying.to, saying.as_of);
    fact.rank = saying.rank;
    fact.values = saying.set.clone();
    if let Some(holder) = holder.filter(|_| saying.kind != Kind::End) {
        fact.values.insert(0, (0, Value::Int(holder)));
    }
    let row = u32::try_from(heard.said.len() + 2).expect("few rows");
    fact.source = plan.source.as_ref().map(|_| (0, row));
    let set = fact.values.clone();
    let ord = match saying.kind {
        Kind::Assert => draft.assert(fact)?,
        Kind::End => draft.end(fact)?,
        Kind::Decide => draft.decide(fact)?,
    };
    let source = plan.source.as_ref();
    let statement = Statement {
        at: (heard.seq, ord),
        kind: saying.kind,
        record,
        division: saying.division,
        from: saying.from,
        to: saying.to.unwrap_or(Date::FOREVER),
        as_of: saying.as_of,
        source: source.map_or_else(Default::default, |(file, _)| (file.clone(), "s".to_owned())),
        rank: saying.rank,
        set,
    };
    heard.said.push((saying.table, statement));
    Ok(())
}

/// The number of a record, and whether it was drawn for this.
fn record(draft: &mut Draft<'_>, new: &mut Vec<RecordId>, target: Target) -> (RecordId, bool) {
    match target {
        Target::Known(record) => (record, false),
        Target::New(nth) if nth < new.len() => (new[nth], false),
        Target::New(_) => {
            new.push(draft.new_record());
            (new[new.len() - 1], true)
        }
    }
}
