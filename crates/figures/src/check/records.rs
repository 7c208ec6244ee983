//! Rules over records: one statement a rule finds the records for which it is false. Unknown is no breach.

use crate::ask::FiguresError;
use crate::check::{Breach, BreachRecord, told};
use crate::compile::Slice;
use crate::plan::both;
use crate::run::Board;
use pack::declare::CheckDecl;
use pack::expr::{Expr, Type, Typed};
use vocabulary::FieldType;

/// A rule over the records of a register.
pub(super) struct Rule<'a> {
    pub(super) register: &'a str,
    pub(super) filter: Option<&'a Typed>,
    pub(super) must: &'a Typed,
    pub(super) fields: &'a [String],
}

impl Rule<'_> {
    /// A breach for each record that breaks it.
    pub(super) fn breaches(
        &self,
        board: &Board,
        check: &CheckDecl,
    ) -> Result<Vec<Breach>, FiguresError> {
        let at = board.ask.at;
        let asked = self.filter.into_iter().chain([self.must]);
        let asked: Vec<&str> = asked.flat_map(|typed| typed.expr.asks()).collect();
        if board
            .silent(&asked, board.ask.within, at, Some(at))?
            .is_some()
        {
            return Ok(Vec::new());
        }
        let mut scope = board.scope(self.register, at, Slice::InForce(at), board.ask.within)?;
        let broken = format!("NOT {}", scope.condition(&self.must.expr)?);
        let filter = match self.filter {
            Some(filter) => both(&scope.condition(&filter.expr)?, &broken),
            None => broken,
        };
        let mut columns = format!("t.record, {}", scope.value(&scope.register().label.expr)?);
        let mut fields = Vec::new();
        for field in self.fields {
            let path: Vec<String> = field.split('.').map(str::to_owned).collect();
            let (owner, register) = scope.owner(&path)?;
            let value = scope.value(&Expr::Name(path.clone()))?;
            columns.push_str(&format!(", {owner}, {value}"));
            let last = path.last().cloned().unwrap_or_default();
            let kind = register
                .field(&last)
                .map_or(Type::Text, |declared| match &declared.kind {
                    FieldType::Code(list) => Type::Code(list.clone()),
                    FieldType::Date => Type::Date,
                    FieldType::Division => Type::Division,
                    kind if kind.is_integer() => Type::Int {
                        scale: kind.scale(),
                    },
                    _ => Type::Text,
                });
            fields.push((field, register.name.clone(), last, kind));
        }
        let rows = scope.rows(Some(&filter));
        let mut found = Vec::new();
        let sql = format!("SELECT {columns}\n{rows}\nORDER BY t.record");
        board
            .source
            .query(&sql, scope.params(), &mut |row| found.push(row.to_vec()))?;
        let mut breaches = Vec::with_capacity(found.len());
        for row in found {
            let mut breach = Breach {
                check: check.id.clone(),
                values: vec![("label".to_owned(), row[1].to_string())],
                names: Vec::new(),
                records: Vec::new(),
            };
            for (i, (name, register, field, kind)) in fields.iter().enumerate() {
                let (owner, value) = (&row[2 + 2 * i], &row[3 + 2 * i]);
                breach
                    .values
                    .push(((*name).clone(), told(board, value, kind)?));
                breach
                    .records
                    .extend(owner.as_int().map(|record| BreachRecord {
                        register: register.clone(),
                        record,
                        field: Some(field.clone()),
                    }));
            }
            if breach.records.is_empty() {
                breach
                    .records
                    .extend(row[0].as_int().map(|record| BreachRecord {
                        register: self.register.to_owned(),
                        record,
                        field: None,
                    }));
            }
            breaches.push(breach);
        }
        Ok(breaches)
    }
}
