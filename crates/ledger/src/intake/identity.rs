//! Who is who: which record a mention of a subject means, or that nobody can say. Pure: candidates and mentions in,
//! decisions out (spec: ledger, section 6). Refuses to know workbooks and tables.
//!
//! All rows of one table are decided together, so that the order of rows does not matter: a row that agrees more
//! strongly takes its candidate first, and a candidate is never taken by two rows that differ.

use foldhash::HashMap;
use std::collections::BTreeMap;
use vocabulary::{DivisionId, PartialDate, RecordId, Value};

/// What one term of an agreement compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    /// A field that is a date: the same month is enough.
    Month(usize),
    /// Another field: equal.
    Field(usize),
    /// The division.
    Place,
    /// The same register in the same division.
    Unit,
}

/// A mention of a subject in a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mention {
    pub(crate) name: Value,
    pub(crate) sure: Value,
    /// The values of the fields that terms compare.
    pub(crate) fields: Vec<(usize, Value)>,
    pub(crate) place: DivisionId,
    /// The registers that the row writes about the subject, each with the row's division.
    pub(crate) units: Vec<(usize, DivisionId)>,
}

/// A record that a mention may mean.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) record: RecordId,
    /// Whether it has a sure value (which one does not matter here: an equal one was found before).
    pub(crate) has_sure: bool,
    pub(crate) fields: Vec<(usize, Value)>,
    pub(crate) places: Vec<DivisionId>,
    pub(crate) units: Vec<(usize, DivisionId)>,
    /// Made by a row of the same table: only the strongest agreement, in the same place, may mean it.
    pub(crate) of_this_table: bool,
}

/// What was decided about a mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It means this record.
    Known(RecordId),
    /// Nobody in the ledger.
    Nobody,
    /// One of several; a person must say which.
    Several(Vec<RecordId>),
}

/// Decides those of `mentions` that stand in `open`: no sure value has decided them. `candidates[i]` are the
/// records of the name of `mentions[i]` that are not excluded by another sure value; `taken` says which mention
/// has taken a record already. The answer has one decision a mention; those not open are [`Decision::Nobody`].
pub(crate) fn decide(
    mentions: &[Mention],
    open: &[usize],
    candidates: &[Vec<Candidate>],
    agree: &[Vec<Term>],
    taken: &mut HashMap<RecordId, usize>,
) -> Vec<Decision> {
    let mut decisions: Vec<Option<Decision>> = vec![None; mentions.len()];
    for (strength, terms) in agree.iter().enumerate() {
        let mut claims: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
        for &i in open {
            let mention = &mentions[i];
            if decisions[i].is_some() || candidates[i].is_empty() {
                continue;
            }
            let free = |c: &&Candidate| match taken.get(&c.record) {
                Some(by) => same_subject(mention, &mentions[*by]),
                None => true,
            };
            let found: Vec<&Candidate> = candidates[i]
                .iter()
                .filter(|c| {
                    !c.of_this_table || (strength == 0 && c.places.contains(&mention.place))
                })
                .filter(|c| agrees(mention, c, terms))
                .filter(free)
                .collect();
            match narrow(mention, found, agree)[..] {
                [] => {}
                [one] => claims.entry(one.record).or_default().push(i),
                ref several => {
                    decisions[i] = Some(Decision::Several(
                        several.iter().map(|c| c.record).collect(),
                    ));
                }
            }
        }
        for (record, rows) in claims {
            let first = rows[0];
            if rows
                .iter()
                .all(|i| same_subject(&mentions[*i], &mentions[first]))
            {
                taken.insert(record, first);
                for i in rows {
                    decisions[i] = Some(Decision::Known(record));
                }
            } else if strength == 0 {
                // Two different people of one name and birth month claim one record: the place decides, or nobody.
                let near: Vec<usize> = rows
                    .iter()
                    .copied()
                    .filter(|i| near(&mentions[*i], &candidates[*i], record))
                    .collect();
                if let [one] = near[..] {
                    taken.insert(record, one);
                    decisions[one] = Some(Decision::Known(record));
                }
            }
        }
    }
    decisions
        .into_iter()
        .map(|decision| decision.unwrap_or(Decision::Nobody))
        .collect()
}

fn near(mention: &Mention, candidates: &[Candidate], record: RecordId) -> bool {
    candidates
        .iter()
        .any(|c| c.record == record && c.places.contains(&mention.place))
}

/// The value of a field among those compared.
fn value(fields: &[(usize, Value)], field: usize) -> Option<&Value> {
    fields
        .iter()
        .find(|(at, _)| *at == field)
        .map(|(_, value)| value)
}

/// Whether two mentions of one table are plainly the same subject: equal in everything that both know.
pub(crate) fn same_subject(a: &Mention, b: &Mention) -> bool {
    let both = |x: &Value, y: &Value| x.is_null() || y.is_null() || x == y;
    if !a.sure.is_null() && !b.sure.is_null() {
        return a.sure == b.sure;
    }
    a.name == b.name
        && a.place == b.place
        && a.fields
            .iter()
            .all(|(field, x)| value(&b.fields, *field).is_none_or(|y| both(x, y) || months(x, y)))
}

/// Among several, those that agree in more; an alternative that none of them meets is no help.
fn narrow<'a>(
    mention: &Mention,
    mut found: Vec<&'a Candidate>,
    agree: &[Vec<Term>],
) -> Vec<&'a Candidate> {
    for terms in agree {
        if found.len() < 2 {
            break;
        }
        let better: Vec<&Candidate> = found
            .iter()
            .copied()
            .filter(|c| agrees(mention, c, terms))
            .collect();
        if !better.is_empty() {
            found = better;
        }
    }
    found
}

pub(crate) fn agrees(mention: &Mention, candidate: &Candidate, terms: &[Term]) -> bool {
    terms.iter().all(|term| match term {
        Term::Place => candidate.places.contains(&mention.place),
        Term::Unit => mention
            .units
            .iter()
            .any(|unit| candidate.units.contains(unit)),
        Term::Field(field) | Term::Month(field) => {
            let (Some(a), Some(b)) = (
                value(&mention.fields, *field),
                value(&candidate.fields, *field),
            ) else {
                return false;
            };
            if matches!(term, Term::Month(_)) {
                months(a, b)
            } else {
                !a.is_null() && a == b
            }
        }
    })
}

/// Dates of the same month; a bare year is too vague to identify anybody.
fn months(a: &Value, b: &Value) -> bool {
    let month = |v: &Value| {
        let date = PartialDate::from_int(i32::try_from(v.as_int()?).ok()?);
        (date.precision() != vocabulary::Precision::Year).then(|| date.int() / 100)
    };
    match (month(a), month(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BIRTH: usize = 2;
    const SEX: usize = 3;

    fn agree() -> Vec<Vec<Term>> {
        vec![
            vec![Term::Month(BIRTH)],
            vec![Term::Field(SEX), Term::Unit],
            vec![Term::Place],
        ]
    }

    fn mention(sure: &str, birth: i64, place: DivisionId) -> Mention {
        Mention {
            name: "朱飞".into(),
            sure: Value::text(sure),
            fields: vec![(BIRTH, Value::Int(birth)), (SEX, "1".into())],
            place,
            units: vec![(5, place)],
        }
    }

    fn candidate(record: RecordId, birth: i64, place: DivisionId, unit: bool) -> Candidate {
        Candidate {
            record,
            has_sure: true,
            fields: vec![(BIRTH, Value::Int(birth)), (SEX, "1".into())],
            places: vec![place],
            units: if unit { vec![(5, place)] } else { Vec::new() },
            of_this_table: false,
        }
    }

    fn one(mention: Mention, candidates: Vec<Candidate>) -> Decision {
        decide(
            &[mention],
            &[0],
            &[candidates],
            &agree(),
            &mut HashMap::default(),
        )
        .remove(0)
    }

    #[test]
    fn the_birth_month_decides_before_the_place() {
        let both = vec![
            candidate(1, 19721121, 9, false),
            candidate(2, 19730507, 9, false),
        ];
        assert_eq!(one(mention("", 19730500, 9), both), Decision::Known(2));
    }

    #[test]
    fn sex_and_unit_find_the_one_whose_birth_month_is_written_differently() {
        let both = vec![
            candidate(1, 19880210, 9, false),
            candidate(2, 19810727, 9, true),
        ];
        assert_eq!(one(mention("", 19810500, 9), both), Decision::Known(2));
    }

    #[test]
    fn several_of_one_place_are_asked() {
        let both = vec![
            candidate(1, 19880210, 9, false),
            candidate(2, 19810727, 9, false),
        ];
        assert_eq!(
            one(mention("", 19810500, 9), both),
            Decision::Several(vec![1, 2])
        );
    }

    #[test]
    fn another_place_and_another_birth_is_another_person() {
        assert_eq!(
            one(
                mention("", 19810500, 9),
                vec![candidate(1, 19880210, 8, false)]
            ),
            Decision::Nobody
        );
    }

    #[test]
    fn a_record_is_taken_by_the_row_that_agrees_more_whatever_the_order() {
        let person = candidate(1, 19890100, 9, false);
        for order in [[19890123, 19700101], [19700101, 19890123]] {
            let rows = order.map(|birth| mention(&format!("id{birth}"), birth, 9));
            let decided = decide(
                &rows,
                &[0, 1],
                &[vec![person.clone()], vec![person.clone()]],
                &agree(),
                &mut HashMap::default(),
            );
            for (row, decision) in rows.iter().zip(decided) {
                let expected = if row.sure == Value::text("id19890123") {
                    Decision::Known(1)
                } else {
                    Decision::Nobody
                };
                assert_eq!(decision, expected);
            }
        }
    }

    #[test]
    fn two_rows_that_could_each_be_the_one_are_neither() {
        let person = candidate(1, 19500100, 9, false);
        let rows = [mention("a", 19890100, 9), mention("b", 19700100, 9)];
        let decided = decide(
            &rows,
            &[0, 1],
            &[vec![person.clone()], vec![person]],
            &agree(),
            &mut HashMap::default(),
        );
        assert_eq!(decided, [Decision::Nobody, Decision::Nobody]);
    }
}
