//! What is true of one record on each day, from everything that was said of it: section 3 of
//! `docs/specs/ledger.md`. Pure: knows no store and no clock.

use crate::fact::{Assertion, Op, Said};
use crate::register::Rule;
use std::cmp::Ordering;
use vocabulary::{Date, DivisionId, PartialDate, Value};

/// A span in which nothing changes, with its values in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folded {
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) division: DivisionId,
    pub(crate) values: Vec<Value>,
}

/// The slices of a record from its live assertions, in any order.
pub(crate) fn fold(rules: &[Rule], live: &[&Assertion]) -> Vec<Folded> {
    if let [only] = live {
        return alone(rules, only);
    }
    let existence = standing(live, |fact| fact.op != Op::Decide);
    if !existence.iter().any(|fact| fact.op == Op::Assert) {
        return Vec::new();
    }
    let places = standing(live, |fact| fact.op != Op::End && fact.division != 0);
    let fields: Vec<Told<'_>> = (0..rules.len())
        .map(|field| Told::new(field, rules[field], live))
        .collect();
    let mut out: Vec<Folded> = Vec::new();
    let days = boundaries(live);
    for span in days.windows(2) {
        let (day, end) = (span[0], span[1]);
        if winner(&existence, day, None).is_none_or(|fact| fact.op != Op::Assert) {
            continue;
        }
        let division = winner(&places, day, None).map_or(0, |fact| fact.division);
        let values: Vec<Value> = fields.iter().map(|field| field.on(day)).collect();
        match out.last_mut() {
            Some(last) if last.to == day && last.division == division && last.values == values => {
                last.to = end
            }
            _ => out.push(Folded {
                from: day,
                to: end,
                division,
                values,
            }),
        }
    }
    out
}

/// One assertion: the usual case of an import, without sorting anything.
fn alone(rules: &[Rule], fact: &Assertion) -> Vec<Folded> {
    if fact.op != Op::Assert || fact.from >= fact.to {
        return Vec::new();
    }
    let mut values = vec![Value::Null; rules.len()];
    for (field, said) in &fact.set {
        values[*field] = value_of(said);
    }
    vec![Folded {
        from: fact.from,
        to: fact.to,
        division: fact.division,
        values,
    }]
}

/// Every day on which something may change.
fn boundaries(live: &[&Assertion]) -> Vec<Date> {
    let mut days: Vec<Date> = live.iter().flat_map(|fact| [fact.from, fact.to]).collect();
    days.push(Date::FOREVER);
    days.sort_unstable();
    days.dedup();
    days
}

/// What a field's assertions come to.
enum Told<'a> {
    /// The same on every day.
    Always(Value),
    /// By the day.
    ByDay(usize, Vec<&'a Assertion>),
}

impl<'a> Told<'a> {
    fn new(field: usize, rule: Rule, live: &[&'a Assertion]) -> Told<'a> {
        let facts = standing(live, |fact| {
            fact.op != Op::End && said(fact, field).is_some()
        });
        if facts.is_empty() {
            return Told::Always(Value::Null);
        }
        if rule.constant {
            return Told::Always(constant(field, rule, &facts));
        }
        Told::ByDay(field, facts)
    }

    fn on(&self, day: Date) -> Value {
        match self {
            Told::Always(value) => value.clone(),
            Told::ByDay(field, facts) => winner(facts, day, Some(*field))
                .and_then(|fact| said(fact, *field))
                .map_or(Value::Null, value_of),
        }
    }
}

fn said(fact: &Assertion, field: usize) -> Option<&Said> {
    fact.set
        .iter()
        .find(|(index, _)| *index == field)
        .map(|(_, said)| said)
}

fn value_of(said: &Said) -> Value {
    match said {
        Said::Value(value) => value.clone(),
        // Nothing is known any more; the trace, which reads assertions, says that it was erased.
        Said::Erased => Value::Null,
    }
}

/// The assertions that speak of a matter, without those that their own source replaced later: a correction of
/// the same `from` and `as_of` is no contradiction. A decision is replaced by decisions only.
fn standing<'a>(live: &[&'a Assertion], speaks: impl Fn(&Assertion) -> bool) -> Vec<&'a Assertion> {
    let mut facts: Vec<&Assertion> = live.iter().copied().filter(|fact| speaks(fact)).collect();
    if facts.len() > 1 {
        let key = |fact: &Assertion| (fact.op == Op::Decide, fact.from, fact.as_of);
        facts.sort_by(|a, b| {
            (key(a), &a.source)
                .cmp(&(key(b), &b.source))
                .then((b.tx, b.ord).cmp(&(a.tx, a.ord)))
        });
        facts.dedup_by(|later, first| key(later) == key(first) && later.source == first.source);
    }
    facts
}

/// Who counts on a day.
fn winner<'a>(facts: &[&'a Assertion], day: Date, field: Option<usize>) -> Option<&'a Assertion> {
    let speaking = facts
        .iter()
        .copied()
        .filter(|fact| fact.from <= day && day < fact.to);
    speaking.min_by(|a, b| by_day(a, b, field))
}

/// The order of state fields: decided; the later witness; the lower rank; the source; the later transaction.
fn by_day(a: &Assertion, b: &Assertion, field: Option<usize>) -> Ordering {
    decided(a, b)
        .then_with(|| witness(b).cmp(&witness(a)))
        .then_with(|| rank(a, field).cmp(&rank(b, field)))
        .then_with(|| last(a, b))
}

/// The order of constant fields: decided; the lower rank; the later witness; the source; the later transaction.
fn for_ever(a: &Assertion, b: &Assertion, field: usize) -> Ordering {
    decided(a, b)
        .then_with(|| rank(a, Some(field)).cmp(&rank(b, Some(field))))
        .then_with(|| witness(b).cmp(&witness(a)))
        .then_with(|| last(a, b))
}

fn decided(a: &Assertion, b: &Assertion) -> Ordering {
    (b.op == Op::Decide).cmp(&(a.op == Op::Decide))
}

fn last(a: &Assertion, b: &Assertion) -> Ordering {
    a.source
        .cmp(&b.source)
        .then_with(|| (b.tx, b.ord).cmp(&(a.tx, a.ord)))
}

fn witness(fact: &Assertion) -> Date {
    fact.from.max(fact.as_of)
}

fn rank(fact: &Assertion, field: Option<usize>) -> u8 {
    field.map_or(fact.rank, |field| fact.rank_of(field))
}

/// The one truth of a constant field. The first in order counts; among its peers (decided alike, of one rank)
/// a more precise date that agrees with it is preferred: a month does not hide a known day.
fn constant(field: usize, rule: Rule, facts: &[&Assertion]) -> Value {
    let mut facts = facts.to_vec();
    facts.sort_by(|a, b| for_ever(a, b, field));
    let first = facts[0];
    let value = said(first, field).map_or(Value::Null, value_of);
    let Some(date) = value.as_int().filter(|_| rule.date).and_then(partial) else {
        return value;
    };
    let peers = facts.iter().filter(|fact| {
        decided(first, fact) == Ordering::Equal
            && rank(fact, Some(field)) == rank(first, Some(field))
    });
    let dates =
        peers.filter_map(|fact| said(fact, field).map(value_of)?.as_int().and_then(partial));
    let mut best = date;
    for other in dates {
        // Strictly more precise, so that the first in order wins among equals.
        if other.agrees(date) && other.precision() > best.precision() {
            best = other;
        }
    }
    Value::from(best)
}

fn partial(int: i64) -> Option<PartialDate> {
    i32::try_from(int).ok().map(PartialDate::from_int)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    const STATE: Rule = Rule {
        constant: false,
        date: false,
        sealed: false,
        secret: false,
        integer: true,
    };
    const BIRTH: Rule = Rule {
        constant: true,
        date: true,
        ..STATE
    };

    fn say(tx: i64, file: &str, from: i32, as_of: i32, value: i64) -> Assertion {
        Assertion {
            tx,
            ord: 0,
            op: Op::Assert,
            division: 1,
            from: Date::from_int(from),
            to: Date::FOREVER,
            as_of: Date::from_int(as_of),
            set: vec![(0, Said::Value(Value::Int(value)))],
            rank: 5,
            ranks: Vec::new(),
            source: Arc::new((file.to_owned(), String::new())),
            row: None,
            cells: Vec::new(),
            withdrawn: false,
        }
    }

    fn check(rule: Rule, facts: &[Assertion], wanted: &[(i32, i32, i64)]) {
        let mut order: Vec<&Assertion> = facts.iter().collect();
        for _ in 0..2 {
            let found: Vec<(i32, i32, i64)> = fold(&[rule], &order)
                .iter()
                .map(|s| (s.from.int(), s.to.int(), s.values[0].as_int().unwrap_or(-1)))
                .collect();
            assert_eq!(found, wanted);
            order.reverse();
        }
    }

    const OPEN: i32 = 99_991_231;

    #[test]
    fn the_later_witness_follows_the_earlier() {
        let facts = [
            say(1, "b", 20220101, 20220101, 7),
            say(2, "a", 20210101, 20210101, 3),
        ];
        check(
            STATE,
            &facts,
            &[(20210101, 20220101, 3), (20220101, OPEN, 7)],
        );
    }

    #[test]
    fn a_source_corrects_itself_and_another_only_by_rank_or_name() {
        let twice = [
            say(1, "a", 20220101, 20220101, 7),
            say(2, "a", 20220101, 20220101, 8),
        ];
        check(STATE, &twice, &[(20220101, OPEN, 8)]);
        let two = [
            say(1, "b", 20220101, 20220101, 7),
            say(2, "a", 20220101, 20220101, 8),
        ];
        check(STATE, &two, &[(20220101, OPEN, 8)]);
        let mut ranked = two.clone();
        ranked[0].rank = 1;
        check(STATE, &ranked, &[(20220101, OPEN, 7)]);
    }

    #[test]
    fn an_end_ends_and_a_later_sight_reopens() {
        let mut end = say(2, "b", 20220601, 20220601, 0);
        end.op = Op::End;
        end.set.clear();
        let facts = [
            say(1, "a", 20220101, 20220101, 7),
            end,
            say(3, "c", 20230101, 20230101, 7),
        ];
        check(
            STATE,
            &facts,
            &[(20220101, 20220601, 7), (20230101, OPEN, 7)],
        );
    }

    #[test]
    fn a_constant_prefers_the_more_precise_of_agreeing_dates() {
        let facts = [
            say(1, "a", 20220101, 20220101, 19850700),
            say(2, "b", 20200101, 20200101, 19850703),
        ];
        check(BIRTH, &facts, &[(20200101, OPEN, 19850703)]);
        let at_odds = [
            say(1, "a", 20220101, 20220101, 19850700),
            say(2, "b", 20200101, 20200101, 19850803),
        ];
        check(BIRTH, &at_odds, &[(20200101, OPEN, 19850700)]);
    }

    #[test]
    fn a_decision_outranks_but_does_not_bring_back_the_dead() {
        let mut decision = say(3, "", 20220101, 20220101, 9);
        decision.op = Op::Decide;
        decision.division = 0;
        let mut end = say(2, "b", 20220601, 20220601, 0);
        end.op = Op::End;
        let facts = [say(1, "a", 20220101, 20230101, 7), end, decision];
        // The roster of 2023 saw it after the end of June 2022.
        check(STATE, &facts, &[(20220101, OPEN, 9)]);
    }
}
