//! Rules over records that belong together: one pass over the register puts them into groups; the rule is asked of
//! each group, or of what it had come to at the end of every day. Unknown is no breach.

use crate::ask::FiguresError;
use crate::check::{Breach, BreachRecord, told};
use crate::compile::Slice;
use crate::run::{Board, last_path, scale, shown};
use num_traits::Zero;
use pack::declare::CheckDecl;
use pack::expr::{Type, Typed, eval_exact};
use std::collections::BTreeMap;
use vocabulary::{Exact, Value};

/// A rule over groups of records.
pub(super) struct Rule<'a> {
    pub(super) register: &'a str,
    pub(super) filter: Option<&'a Typed>,
    pub(super) by: &'a [Typed],
    pub(super) sum: Option<&'a Typed>,
    pub(super) along: Option<&'a Typed>,
    pub(super) must: &'a Typed,
    pub(super) fields: &'a [String],
}

/// A record of a group.
struct Member {
    record: i64,
    label: Value,
    amount: Option<i64>,
    day: Option<i64>,
}

/// What broke the rule.
struct Broken {
    count: usize,
    sum: Exact,
    day: Option<i64>,
}

impl Rule<'_> {
    /// A breach for each group that breaks it.
    pub(super) fn breaches(
        &self,
        board: &Board,
        check: &CheckDecl,
    ) -> Result<Vec<Breach>, FiguresError> {
        let at = board.ask.at;
        let typed = self.filter.into_iter().chain(self.sum).chain(self.by);
        let asked: Vec<&str> = typed.flat_map(|typed| typed.expr.asks()).collect();
        if board
            .silent(&asked, board.ask.within, at, Some(at))?
            .is_some()
        {
            return Ok(Vec::new());
        }
        let mut breaches = Vec::new();
        for (key, mut members) in self.groups(board)? {
            let Some(broken) = self.broken(board, &mut members) else {
                continue;
            };
            breaches.push(self.breach(board, check, &key, &members, &broken)?);
        }
        Ok(breaches)
    }

    fn groups(&self, board: &Board) -> Result<BTreeMap<Vec<Value>, Vec<Member>>, FiguresError> {
        let at = board.ask.at;
        let mut scope = board.scope(self.register, at, Slice::InForce(at), board.ask.within)?;
        let label = scope.value(&scope.register().label.expr)?;
        let mut columns = format!("t.record, {label}");
        for typed in [self.sum, self.along] {
            let column = match typed {
                Some(typed) => scope.value(&typed.expr)?,
                None => "0".to_owned(),
            };
            columns.push_str(&format!(", {column}"));
        }
        for key in self.by {
            columns.push_str(&format!(", {}", scope.value(&key.expr)?));
        }
        let filter = match self.filter {
            Some(filter) => Some(scope.condition(&filter.expr)?),
            None => None,
        };
        let rows = scope.rows(filter.as_deref());
        let sql = format!("SELECT {columns}\n{rows}\nORDER BY t.record");
        let mut groups: BTreeMap<Vec<Value>, Vec<Member>> = BTreeMap::new();
        board.source.query(&sql, scope.params(), &mut |row| {
            let (Some(record), key) = (row[0].as_int(), &row[4..]) else {
                return;
            };
            // A record without a key belongs to no group.
            if !key.iter().any(Value::is_null) {
                groups.entry(key.to_vec()).or_default().push(Member {
                    record,
                    label: row[1].clone(),
                    amount: row[2].as_int(),
                    day: row[3].as_int(),
                });
            }
        })?;
        Ok(groups)
    }

    /// Where a group breaks the rule; its members are then in the order of their days, those of that day first.
    fn broken(&self, board: &Board, members: &mut Vec<Member>) -> Option<Broken> {
        // A sum of which a part is unknown is unknown.
        let amounts: Option<Vec<i64>> = members.iter().map(|member| member.amount).collect();
        let amounts = amounts?;
        let scale = self.sum.map_or(1, |sum| scale(&sum.kind));
        let sum = |amounts: i128| Exact::new(amounts, scale);
        let whole_day = |member: &Member| member.day.is_some_and(|day| day % 100 > 0);
        // A day that is not told whole has no place between the others: then only the end is asked.
        if self.along.is_none() || !members.iter().all(whole_day) {
            let total = sum(amounts.into_iter().map(i128::from).sum());
            let count = members.len();
            return self.breaks(board, count, total).then_some(Broken {
                count,
                sum: total,
                day: None,
            });
        }
        members.sort_by_key(|member| (member.day, member.record));
        let (mut total, mut from) = (0_i128, 0);
        while from < members.len() {
            let day = members[from].day;
            let of_day = members[from..].iter().take_while(|m| m.day == day).count();
            let to = from + of_day;
            let amounts = members[from..to].iter().filter_map(|member| member.amount);
            total += amounts.map(i128::from).sum::<i128>();
            if self.breaks(board, to, sum(total)) {
                members.truncate(to);
                members.rotate_left(from);
                return Some(Broken {
                    count: to,
                    sum: sum(total),
                    day,
                });
            }
            from = to;
        }
        None
    }

    fn breaks(&self, board: &Board, count: usize, sum: Exact) -> bool {
        let named = |name: &str| match name {
            "count" => i128::try_from(count).ok().map(Exact::from_integer),
            "sum" => Some(sum),
            name => board.parameter(name.strip_prefix("param.")?, board.ask.at),
        };
        eval_exact(&self.must.expr, &named).is_some_and(|holds| holds.is_zero())
    }

    fn breach(
        &self,
        board: &Board,
        check: &CheckDecl,
        key: &[Value],
        members: &[Member],
        broken: &Broken,
    ) -> Result<Breach, FiguresError> {
        let mut parts = Vec::with_capacity(key.len());
        for (value, typed) in key.iter().zip(self.by) {
            // A record that is referred to has no words of its own here; the label speaks of it.
            if !matches!(typed.kind, Type::Reference(_)) {
                parts.push(told(board, value, &typed.kind)?);
            }
        }
        let mut values = vec![
            ("key".to_owned(), parts.join(" ")),
            ("count".to_owned(), broken.count.to_string()),
            ("sum".to_owned(), shown(broken.sum, None).to_string()),
        ];
        if let Some(member) = members.first() {
            values.push(("label".to_owned(), member.label.to_string()));
        }
        let day = broken.day.map_or(Value::Null, Value::Int);
        values.push(("day".to_owned(), told(board, &day, &Type::Date)?));
        let summed = self.sum.and_then(|sum| last_path(&sum.expr));
        let summed = summed.and_then(|path| match path.as_slice() {
            [field] => Some(field.clone()),
            _ => None,
        });
        let fields: Vec<Option<String>> = match self.fields {
            [] => vec![summed],
            fields => fields.iter().cloned().map(Some).collect(),
        };
        let records = members.iter().flat_map(|member| {
            fields.iter().map(|field| BreachRecord {
                register: self.register.to_owned(),
                record: member.record,
                field: field.clone(),
            })
        });
        Ok(Breach {
            check: check.id.clone(),
            values,
            names: Vec::new(),
            records: records.collect(),
        })
    }
}
