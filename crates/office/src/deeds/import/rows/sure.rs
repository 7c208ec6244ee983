//! What a valid ID number gives: birth and sex, set beside what was typed.

use super::{EmitPlan, RANK_SURE, RowInHand, column_of};
use ledger::intake::Mention;
use pack::declare::RegisterDecl;
use vocabulary::{Finding, FindingClass, Offer, PartialDate, Value};

impl RowInHand<'_, '_> {
    /// A valid number gives birth and sex; what was typed beside it is compared.
    pub(super) fn sure_values(
        &self,
        plan: &EmitPlan<'_>,
        register: &RegisterDecl,
        mention: &mut Mention,
        label: Option<&str>,
        findings: &mut Vec<Finding>,
    ) {
        for at in 0..register.fields.len() {
            let field = &register.fields[at];
            let Some(number) = mention
                .values
                .iter()
                .find(|(f, _)| *f == at)
                .and_then(|(_, v)| v.as_text())
            else {
                continue;
            };
            let given = [
                field.gives_birth.as_deref().zip(birth_of(number)),
                field.gives_sex.as_deref().zip(sex_of(number)),
            ];
            for (name, sure) in given.into_iter().flatten() {
                let target = register
                    .field_index(name)
                    .expect("the pack check resolved what a number gives");
                let typed = mention
                    .values
                    .iter()
                    .find(|(f, _)| *f == target)
                    .map(|(_, v)| v.clone());
                let confirmed = typed.as_ref().is_some_and(|typed| agrees(typed, &sure));
                if let Some(typed) = typed.filter(|_| !confirmed) {
                    findings.push(self.at_odds(plan, register, target, at, &sure, &typed, label));
                }
                mention.values.retain(|(f, _)| *f != target);
                if !confirmed {
                    mention.cells.retain(|(f, _)| *f != target);
                    mention
                        .cells
                        .push((target, self.cell(column_of(plan, at)).to_string()));
                }
                mention.values.push((target, sure));
                mention.ranks.push((target, RANK_SURE));
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one sentence with all its parts, called from one place"
    )]
    fn at_odds(
        &self,
        plan: &EmitPlan<'_>,
        register: &RegisterDecl,
        target: usize,
        number: usize,
        sure: &Value,
        typed: &Value,
        label: Option<&str>,
    ) -> Finding {
        let field = &register.fields[target];
        let shown = |value: &Value| crate::words::shown(self.reading.pack, &field.kind, value);
        let params = [
            ("label", label.unwrap_or_default()),
            ("title", field.title.as_str()),
            ("sure", &shown(sure)),
            ("typed", &shown(typed)),
        ];
        let mut finding = self.reading.finding(
            "I105",
            FindingClass::Contradictory,
            self.cell(column_of(plan, target)),
            &params,
        );
        finding
            .cells
            .push(self.cell(column_of(plan, number)).to_string());
        finding.register = Some(register.name.clone());
        finding.field = Some(field.name.clone());
        let values = [typed, sure];
        finding.offers = finding
            .cells
            .iter()
            .zip(values)
            .map(|(place, value)| Offer {
                place: place.clone(),
                value: value.clone(),
            })
            .collect();
        finding
    }
}

fn agrees(typed: &Value, sure: &Value) -> bool {
    let date = |v: &Value| {
        v.as_int()
            .and_then(|i| i32::try_from(i).ok())
            .map(PartialDate::from_int)
    };
    match (date(typed), date(sure)) {
        (Some(a), Some(b)) => a.agrees(b),
        _ => typed == sure,
    }
}

/// GB 11643-1999: digits 7 to 14 are the birth date. The reader has checked the number.
pub(crate) fn birth_of(number: &str) -> Option<Value> {
    number.get(6..14)?.parse::<i64>().ok().map(Value::Int)
}

/// GB 11643-1999: digit 17 is odd for men; codes of GB/T 2261.1.
pub(crate) fn sex_of(number: &str) -> Option<Value> {
    let digit = number.as_bytes().get(16)?.checked_sub(b'0')?;
    Some(Value::from(if digit % 2 == 1 { "1" } else { "2" }))
}
