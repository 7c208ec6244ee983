//! What is asked of a register, understood: filters become trees, and nobody asks by what they may not see.

use super::ListInput;
use crate::deeds::record::refused;
use crate::error::OfficeError;
use crate::office::Office;
use crate::policy::Sight;
use crate::typed::{field_of, register_written, wrong};
use crate::words::word;
use ::pack::CheckedPack;
use ::pack::declare::{Field, RegisterDecl};
use ::pack::expr::{Binary, Expr};
use figures::Ask;
use ledger::Reader;
use vocabulary::{FieldType, Finding};

/// What is asked of a register, understood.
pub(super) struct Asked {
    pub(super) declared: RegisterDecl,
    pub(super) filter: Option<Expr>,
    pub(super) ask: Ask,
    pub(super) sight: Sight,
}

impl Office {
    pub(super) fn asked_records(
        &self,
        reader: &Reader,
        pack: &CheckedPack,
        sight: Sight,
        input: &ListInput,
    ) -> Result<Asked, OfficeError> {
        let (_, declared) = register_written(reader, pack, &sight, &input.register)?;
        let ask = self.ask(reader, &input.ask)?;
        let mut faults = Vec::new();
        let mut filter = None;
        // The role may ask for what it may open, although it is shown masked.
        let asker = self.sight();
        if let Some(text) = input
            .filter
            .as_deref()
            .filter(|text| !text.trim().is_empty())
        {
            match pack.condition(&declared.name, text) {
                Ok(typed) => {
                    may_ask(pack, &asker, &declared, &typed.expr)?;
                    filter = Some(typed.expr);
                }
                Err(wrongs) => faults.extend(wrongs.into_iter().map(|one| {
                    let said = [&*one.said, " — ", &*one.next].concat();
                    let part = text.get(one.part).unwrap_or(text);
                    let params = [("text", text), ("part", part), ("why", &said)];
                    wrong("O225", &declared, &params)
                })),
            }
        }
        for (name, text) in &input.equal {
            let read = field_of(&asker, &declared, name).and_then(|at| {
                let value = self.value(reader, &asker, pack, (&declared, at), text.trim())?;
                Ok((&declared.fields[at], value))
            });
            match read {
                Ok((field, _)) if !asker.shows(field) => return Err(personal(field)),
                Ok((field, value)) => {
                    let name = Box::new(Expr::Name(vec![field.name.clone()]));
                    let equal = if value.is_null() {
                        Expr::IsNull(name, true)
                    } else {
                        Expr::Binary(Binary::Eq, name, Box::new(Expr::Literal(value)))
                    };
                    filter = Some(match filter {
                        Some(filter) => {
                            Expr::Binary(Binary::And, Box::new(filter), Box::new(equal))
                        }
                        None => equal,
                    });
                }
                Err(fault) => faults.push(*fault),
            }
        }
        OfficeError::none_of(faults)?;
        Ok(Asked {
            declared,
            filter,
            ask,
            sight,
        })
    }
}

/// The fields named, or all that are seen.
pub(super) fn fields<'d>(
    sight: &Sight,
    declared: &'d RegisterDecl,
    names: &[String],
    faults: &mut Vec<Finding>,
) -> Vec<&'d Field> {
    if names.is_empty() {
        let seen = |field: &&Field| !sight.hides(&declared.name, &field.name);
        return declared.fields.iter().filter(seen).collect();
    }
    let mut fields = Vec::new();
    for name in names {
        match field_of(sight, declared, name) {
            Ok(at) => fields.push(&declared.fields[at]),
            Err(fault) => faults.push(*fault),
        }
    }
    fields
}

/// Whether values of a field add up to something.
pub(super) fn adds(field: &Field) -> bool {
    use FieldType as T;
    matches!(field.kind, T::Int | T::Decimal(_) | T::Money | T::Area)
}

/// That a field is not for the role to ask by.
pub(super) fn personal(field: &Field) -> OfficeError {
    refused("O226", &[("title", &field.title)])
}

/// An error when a condition asks what the role may not know: by asking often enough, one learns the answer.
fn may_ask(
    pack: &CheckedPack,
    sight: &Sight,
    declared: &RegisterDecl,
    filter: &Expr,
) -> Result<(), OfficeError> {
    if sight.closes(pack, declared, filter) {
        return Err(refused("O226", &[("title", &word("word.filter", &[]))]));
    }
    let mut hidden: Option<String> = None;
    filter.walk(&mut |node| match node {
        Expr::Name(path) => {
            let mut at = Some(declared);
            for step in &path[..path.len().saturating_sub(1)] {
                let kind = at
                    .and_then(|register| register.field(step))
                    .map(|field| &field.kind);
                at = match kind {
                    Some(FieldType::Reference(to)) => pack.register(to),
                    _ => None,
                };
                if let Some(register) = at
                    && !sight.sees_register(&register.name)
                {
                    hidden = Some(register.title.clone());
                }
            }
        }
        // Records of others count wherever they are: whose sight has limits would count those beyond them.
        Expr::Others(others)
            if !sight.sees_all_divisions() || !sight.sees_register(&others.register) =>
        {
            let title = pack
                .register(&others.register)
                .map_or(&others.register, |register| &register.title);
            hidden = Some(title.clone());
        }
        _ => {}
    });
    match hidden {
        Some(title) => Err(refused("O227", &[("register", &title)])),
        None => Ok(()),
    }
}

/// The field to sort by, and whether the greatest comes first.
pub(super) fn sorted(asked: &Asked, text: &str) -> Result<(String, bool), OfficeError> {
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text, false),
    };
    let at = field_of(&asked.sight, &asked.declared, name);
    let at = at.map_err(OfficeError::Asked)?;
    let field = &asked.declared.fields[at];
    if field.secret || matches!(field.kind, FieldType::Shape(_)) {
        let fault = wrong("O233", &asked.declared, &[("title", &field.title)]);
        return Err(OfficeError::Asked(Box::new(fault)));
    }
    // The order of masked values would tell what they are.
    if !asked.sight.shows(field) {
        return Err(personal(field));
    }
    Ok((field.name.clone(), descending))
}
